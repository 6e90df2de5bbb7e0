#include "replay/experiment.h"

#include <algorithm>

namespace leasehold::replay {

namespace {

constexpr int64_t kMillion = 1'000'000;

int64_t milli_of(const Trace& trace, int request) {
  return trace.shapes[static_cast<size_t>(request)].milli();
}

}  // namespace

std::vector<int> arrivals(const Trace& trace, uint64_t seed) {
  Random random(seed);
  std::vector<int> drawn;
  int64_t wanted = trace.cluster_milli() * 13 / 10;
  for (int64_t asked = 0; asked < wanted;) {
    drawn.push_back(trace.requests[random.below(trace.requests.size())]);
    asked += milli_of(trace, drawn.back());
  }
  random.shuffle(drawn);
  return drawn;
}

RunResult run_experiment(const Trace& trace, Policy policy, uint64_t seed) {
  Cluster cluster(trace, policy, seed);
  RunResult result;
  int64_t capacity = trace.cluster_milli();
  int64_t arrived = 0;
  int64_t allocated = 0;
  size_t mark = 0;
  for (int request : arrivals(trace, seed)) {
    int64_t milli = milli_of(trace, request);
    arrived += milli;
    ++result.decisions;
    if (cluster.place(request)) allocated += milli;
    for (; mark < kMarks.size() && arrived * 100 >= capacity * kMarks[mark]; ++mark)
      result.allocated_ppm[mark] = allocated * kMillion / capacity;
  }
  return result;
}

std::array<int64_t, kMarks.size()> upper_bound_ppm(const Trace& trace, uint64_t seed) {
  // Requests of any model: their GPU may go anywhere while CPU and memory last in total. Without
  // CPU or memory binding, the cluster's GPUs are the bound; requests are taken by how little CPU
  // (or memory) a GPU of them costs, fractions of one allowed.
  int64_t capacity = trace.cluster_milli();
  int64_t cpu = 0;
  int64_t memory = 0;
  for (const TraceNode& node : trace.nodes) {
    cpu += node.cpu_milli;
    memory += node.memory_mib;
  }
  auto bound = [&](std::vector<Shape> asked, int64_t Shape::* cost, int64_t budget) {
    std::sort(asked.begin(), asked.end(), [cost](const Shape& a, const Shape& b) {
      return a.*cost * b.milli() < b.*cost * a.milli();
    });
    int64_t gpu = 0;
    for (const Shape& shape : asked) {
      if (shape.*cost > budget)
        return gpu + shape.milli() * budget / std::max<int64_t>(shape.*cost, 1);
      budget -= shape.*cost;
      gpu += shape.milli();
    }
    return gpu;
  };
  std::array<int64_t, kMarks.size()> result{};
  std::vector<Shape> asked;
  int64_t arrived = 0;
  size_t mark = 0;
  for (int request : arrivals(trace, seed)) {
    const Shape& shape = trace.shapes[static_cast<size_t>(request)];
    arrived += shape.milli();
    if (shape.milli() > 0) asked.push_back(shape);
    for (; mark < kMarks.size() && arrived * 100 >= capacity * kMarks[mark]; ++mark) {
      int64_t most = std::min({capacity, bound(asked, &Shape::cpu_milli, cpu),
                               bound(asked, &Shape::memory_mib, memory)});
      result[mark] = most * kMillion / capacity;
    }
  }
  return result;
}

Summary summarize(const std::vector<int64_t>& values) {
  auto count = static_cast<int64_t>(values.size());
  if (count == 0) return {};
  int64_t sum = 0;
  for (int64_t value : values) sum += value;
  int64_t mean = sum / count;
  int64_t squares = 0;
  for (int64_t value : values) squares += (value - mean) * (value - mean);
  int64_t variance = count > 1 ? squares / (count - 1) : 0;
  int64_t root = 0;
  while ((root + 1) * (root + 1) <= variance) ++root;
  return {mean, root};
}

}  // namespace leasehold::replay
