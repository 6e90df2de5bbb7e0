#include "replay/experiment.h"

#include <gtest/gtest.h>

namespace leasehold::replay {
namespace {

constexpr const char* kNodes =
    "sn,cpu_milli,memory_mib,gpu,model\n"
    "a,8000,1000,2,T4\n"
    "b,4000,1000,2,G2\n";

Trace trace_of(const std::string& pods, const char* nodes = kNodes) {
  auto trace = read_trace(nodes, "cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n" + pods);
  EXPECT_TRUE(trace.has_value());
  return trace ? *trace : Trace{};
}

TEST(Trace, EqualRowsAreOneShapeAndCountedRowsAreMany) {
  auto trace =
      read_trace("cpu_milli,memory_mib,gpu,model,count\n1000,10,1,T4,3\n",
                 "cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,count\n100,1,1,500,,4\n");
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->nodes.size(), 3U);
  EXPECT_EQ(trace->requests.size(), 4U);
  EXPECT_EQ(trace->shapes.size(), 1U);
  EXPECT_EQ(trace->cluster_milli(), 3000);
}

TEST(Trace, EveryErrorNamesFileLineAndWhatWouldBeAccepted) {
  auto trace = read_trace(kNodes, "cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n-1,1,9,500,\n");
  ASSERT_FALSE(trace.has_value());
  ASSERT_EQ(trace.error().size(), 2U);
  EXPECT_EQ(trace.error()[0].path, "--pods");
  EXPECT_EQ(trace.error()[0].line, 2);
  EXPECT_EQ(trace.error()[1].expected, "a whole number from 0 to 8");
}

TEST(Cluster, ARequestFitsOnlyWhereCpuMemoryModelAndGpusDo) {
  Trace trace = trace_of("4000,10,1,600,T4\n9000,10,1,1000,\n100,10,2,,G2\n100,2000,1,100,\n");
  for (size_t i = 0; i < enum_names(Policy{}).size(); ++i) {
    Cluster cluster(trace, static_cast<Policy>(i), 1);
    EXPECT_TRUE(cluster.place(0));
    EXPECT_TRUE(cluster.place(0));   // on the other GPU of the T4 node
    EXPECT_FALSE(cluster.place(0));  // no CPU there any more
    EXPECT_FALSE(cluster.place(1));  // no node has so much CPU
    EXPECT_TRUE(cluster.place(2));
    EXPECT_FALSE(cluster.place(2));  // the G2 node has no GPU left
    EXPECT_FALSE(cluster.place(3));  // nor has any so much memory
  }
}

TEST(Cluster, NothingIsGivenBeyondWhatANodeHas) {
  Trace trace = trace_of("500,10,1,300,\n700,10,1,1000,\n100,10,0,,\n900,10,2,,\n");
  for (size_t i = 0; i < enum_names(Policy{}).size(); ++i) {
    Cluster cluster(trace, static_cast<Policy>(i), 7);
    Random random(7);
    for (int request = 0; request < 200; ++request)
      cluster.place(static_cast<int>(random.below(trace.shapes.size())));
    for (const NodeState& node : cluster.nodes()) {
      EXPECT_GE(node.cpu_free, 0);
      EXPECT_GE(node.memory_free, 0);
      for (int64_t free : node.gpu_free) EXPECT_GE(free, 0);
    }
  }
}

// A shared request that no half of a fresh GPU is needed for goes onto the GPU that is open
// already.
TEST(Cluster, FragmentationAwarePoliciesKeepGpusWhole) {
  Trace trace = trace_of("100,10,1,500,\n100,10,1,1000,\n");
  for (Policy policy : {Policy::leasehold, Policy::fgd}) {
    Cluster cluster(trace, policy, 1);
    EXPECT_TRUE(cluster.place(0));
    EXPECT_TRUE(cluster.place(0));
    int64_t wholes = 0;
    for (const NodeState& node : cluster.nodes()) wholes += node.wholes();
    EXPECT_EQ(wholes, 3);
  }
}

TEST(Experiment, ARunIsTheSameForASeedAndNoPolicyExceedsTheBound) {
  Trace trace = trace_of("500,10,1,300,\n700,10,1,1000,\n900,10,2,,\n");
  for (uint64_t seed = 1; seed < 20; ++seed) {
    auto bound = upper_bound_ppm(trace, seed);
    for (size_t i = 0; i < enum_names(Policy{}).size(); ++i) {
      RunResult run = run_experiment(trace, static_cast<Policy>(i), seed);
      EXPECT_EQ(run.allocated_ppm,
                run_experiment(trace, static_cast<Policy>(i), seed).allocated_ppm);
      for (size_t k = 0; k < kMarks.size(); ++k) EXPECT_LE(run.allocated_ppm[k], bound[k]);
    }
  }
}

TEST(Experiment, MeanAndDeviationAreThoseOfTheSample) {
  Summary summary = summarize({10, 20, 30});
  EXPECT_EQ(summary.mean_ppm, 20);
  EXPECT_EQ(summary.deviation_ppm, 10);
}

}  // namespace
}  // namespace leasehold::replay
