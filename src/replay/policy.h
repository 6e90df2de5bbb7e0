// Placement policies over the nodes of a trace. A policy gives each node on which a request fits a
// score and the GPU that it would take there; the node with the least score has the request.
//
// Scores of a shape are kept and are worked out anew only for nodes that have changed since the
// shape was last asked for: a decision costs what has changed, not the size of the cluster.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/describe.h"
#include "base/random.h"
#include "replay/trace.h"

namespace leasehold::replay {

enum class Policy : uint8_t {
  leasehold,       // ours: fragmentation grows least, then the fewest GPUs are left without CPU
  fgd,             // Fragmentation Gradient Descent (Weng et al., USENIX ATC'23)
  best_fit,        // least weighted sum of what is left
  gpu_packing,     // GPUs already shared, then idle GPUs of busy nodes, then empty nodes
  gpu_clustering,  // nodes that host requests of the same size first
  dot_prod,        // highest product of what is asked and what is free
  random,          // any node that fits, any GPU of it
};
constexpr auto enum_names(Policy) {
  return std::array{"leasehold",      "fgd",      "best_fit", "gpu_packing",
                    "gpu_clustering", "dot_prod", "random"};
}

struct NodeState {
  TraceNode node;
  int64_t cpu_free = 0;
  int64_t memory_free = 0;
  std::array<int64_t, kMostGpus> gpu_free{};  // thousandths
  std::array<int, kMostGpus + 2> hosted{};    // requests by size: shared, 1 to 8 whole GPUs, none

  int64_t wholes() const;
  int64_t free_milli() const;
};

class Cluster {
 public:
  Cluster(const Trace& trace, Policy policy, uint64_t seed);

  // Places the request or drops it; gives whether it was placed.
  bool place(int shape);
  const std::vector<NodeState>& nodes() const { return nodes_; }

 private:
  // A request of the list that stands for many: with its share of them.
  struct Typical {
    int64_t cpu_milli = 0;
    int64_t gpus = 0;
    int64_t gpu_milli = 0;
    uint64_t models = 0;
    int64_t weight = 0;
  };
  struct Score {
    int64_t value = 0;
    int gpu = -1;  // for a shared request
  };
  struct ShapeScores {
    std::vector<Score> scores;  // by node; kUnfit where it does not fit
    size_t seen = 0;            // of the log
  };

  void find_typical(const Trace& trace);
  Score score(const NodeState& node, const Shape& shape);
  Score score_fragmentation(const NodeState& node, const Shape& shape);
  Score score_packing(const NodeState& node, const Shape& shape) const;
  int64_t fragmentation(const NodeState& node) const;
  int64_t published_score(int64_t growth) const;
  int64_t our_score(int64_t growth, const NodeState& after) const;
  int choose(const ShapeScores& scores);
  static void take(NodeState& node, const Shape& shape, int gpu);

  const Trace& trace_;
  Policy policy_;
  Random random_;
  std::vector<Typical> typical_;
  int64_t weights_ = 0;      // of the typical requests together
  int64_t cpu_per_gpu_ = 0;  // thousandths of a CPU that keep a GPU from being stranded
  std::vector<NodeState> nodes_;
  std::vector<int64_t> fragmented_;  // by node, before a placement
  std::vector<ShapeScores> shapes_;
  std::vector<int> log_;             // nodes in the order of their changes
  std::vector<size_t> last_change_;  // by node: its last place in the log
};

}  // namespace leasehold::replay
