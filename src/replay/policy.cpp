#include "replay/policy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace leasehold::replay {

namespace {

constexpr int64_t kUnfit = std::numeric_limits<int64_t>::max();
constexpr int64_t kWhole = 1000;

bool shared(const Shape& shape) { return shape.gpus == 1 && shape.gpu_milli < kWhole; }

bool fits(const NodeState& node, const Shape& shape) {
  if (node.cpu_free < shape.cpu_milli || node.memory_free < shape.memory_mib) return false;
  if ((shape.models >> node.node.model & 1) == 0) return false;
  if (!shared(shape)) return node.wholes() >= shape.gpus;
  return std::any_of(node.gpu_free.begin(), node.gpu_free.end(),
                     [&](int64_t free) { return free >= shape.gpu_milli; });
}

// The GPU that a shared request leaves the least of.
int tightest_gpu(const NodeState& node, int64_t milli) {
  int best = -1;
  for (int i = 0; i < node.node.gpus; ++i) {
    int64_t free = node.gpu_free[static_cast<size_t>(i)];
    if (free < milli) continue;
    if (best < 0 || free < node.gpu_free[static_cast<size_t>(best)]) best = i;
  }
  return best;
}

int size_class(const Shape& shape) {
  return shared(shape) ? 0 : static_cast<int>(shape.gpus == 0 ? kMostGpus + 1 : shape.gpus);
}

constexpr int64_t kRanks = 1 << 20;  // places for what decides among equal scores

// A fixed order of the nodes that has nothing to do with the order of the list: the published
// scheduler's order among equal scores is not known.
int64_t scattered(size_t node) { return static_cast<int64_t>(node * 7919 % kRanks); }

// Parts per million of a node's own size: what is free, or asked, of a resource.
int64_t ppm(int64_t part, int64_t whole) { return whole == 0 ? 0 : part * 1'000'000 / whole; }

}  // namespace

int64_t NodeState::wholes() const {
  return std::count(gpu_free.begin(), gpu_free.begin() + node.gpus, kWhole);
}
int64_t NodeState::free_milli() const {
  int64_t sum = 0;
  for (int64_t free : gpu_free) sum += free;
  return sum;
}

Cluster::Cluster(const Trace& trace, Policy policy, uint64_t seed)
    : trace_(trace), policy_(policy), random_(seed) {
  for (const TraceNode& node : trace.nodes) {
    NodeState state{node, node.cpu_milli, node.memory_mib, {}, {}};
    std::fill_n(state.gpu_free.begin(), node.gpus, kWhole);
    nodes_.push_back(state);
  }
  find_typical(trace);
  for (const NodeState& node : nodes_) fragmented_.push_back(fragmentation(node));
  shapes_.resize(trace.shapes.size());
  last_change_.resize(nodes_.size());
}

// The distinct requests without their memory, most frequent first, until 95 % of all are covered.
void Cluster::find_typical(const Trace& trace) {
  std::map<std::tuple<int64_t, int64_t, int64_t, uint64_t>, int64_t> counts;
  for (int request : trace.requests) {
    const Shape& shape = trace.shapes[static_cast<size_t>(request)];
    ++counts[{shape.cpu_milli, shape.gpus, shape.gpu_milli, shape.models}];
  }
  for (const auto& [key, count] : counts)
    typical_.push_back(
        {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), count});
  std::stable_sort(typical_.begin(), typical_.end(),
                   [](const Typical& a, const Typical& b) { return a.weight > b.weight; });
  int64_t covered = 0;
  size_t kept = 0;
  while (covered * 100 < static_cast<int64_t>(trace.requests.size()) * 95)
    covered += typical_[kept++].weight;
  typical_.resize(kept);
  for (const Typical& typical : typical_) weights_ += typical.weight;
  int64_t cpu = 0;
  int64_t milli = 0;
  for (int request : trace.requests) {
    const Shape& shape = trace.shapes[static_cast<size_t>(request)];
    if (shape.gpus > 0) cpu += shape.cpu_milli;
    milli += shape.milli();
  }
  cpu_per_gpu_ = cpu * kWhole / milli * 4 / 5;
}

// What of a node's free GPUs the typical requests cannot use, times the weights of the requests:
// the expected fragmentation, in thousandths of a GPU, times the sum of the weights.
int64_t Cluster::fragmentation(const NodeState& node) const {
  int64_t all = node.free_milli();
  if (all == 0) return 0;
  int64_t wholes = node.wholes();
  int64_t most = *std::max_element(node.gpu_free.begin(), node.gpu_free.end());
  int64_t sum = 0;
  for (const Typical& typical : typical_) {
    bool part = typical.gpus == 1 && typical.gpu_milli < kWhole;
    bool lacks = typical.gpus == 0 || node.cpu_free < typical.cpu_milli ||
                 (typical.models >> node.node.model & 1) == 0 ||
                 (part ? most < typical.gpu_milli : wholes < typical.gpus);
    if (lacks) {
      sum += typical.weight * all;
      continue;
    }
    for (int64_t free : node.gpu_free)
      if (free < typical.gpu_milli) sum += typical.weight * free;
  }
  return sum;
}

Cluster::Score Cluster::score_fragmentation(const NodeState& node, const Shape& shape) {
  auto index = static_cast<size_t>(&node - nodes_.data());
  int64_t before = fragmented_[index];
  Score best{kUnfit, -1};
  NodeState after = node;
  auto consider = [&](int gpu) {
    after = node;
    take(after, shape, gpu);
    int64_t growth = fragmentation(after) - before;
    int64_t value = policy_ == Policy::fgd ? published_score(growth) * kRanks + scattered(index)
                                           : our_score(growth, after);
    if (value < best.value) best = {value, gpu};
  };
  if (!shared(shape)) {
    consider(-1);
    return best;
  }
  int64_t tried = 0;  // GPUs with as much free are the same
  std::array<int64_t, kMostGpus> seen{};
  for (int gpu = 0; gpu < node.node.gpus; ++gpu) {
    int64_t free = node.gpu_free[static_cast<size_t>(gpu)];
    auto end = seen.begin() + tried;
    if (free < shape.gpu_milli || std::find(seen.begin(), end, free) != end) continue;
    seen[static_cast<size_t>(tried++)] = free;
    consider(gpu);
  }
  return best;
}

// The published code turns the growth into a whole score from 0 to 100, higher is better:
// differences of less than some forty thousandths of a GPU are none to it.
int64_t Cluster::published_score(int64_t growth) const {
  double milli = static_cast<double>(growth) / static_cast<double>(weights_);
  return 100 - static_cast<int64_t>(100 / (1 + std::exp(milli / 1000)));
}

// A growth of less than an eighth of a GPU is none. Then the node counts on which the fewest free
// GPUs are stranded: left with less CPU than four fifths of what a GPU of the requests asks for on
// average.
int64_t Cluster::our_score(int64_t growth, const NodeState& after) const {
  int64_t step = weights_ * kWhole / 8;
  int64_t steps = growth >= 0 ? growth / step : -((-growth + step - 1) / step);
  int64_t fed = cpu_per_gpu_ == 0 ? after.free_milli() : after.cpu_free * kWhole / cpu_per_gpu_;
  return steps * kRanks + std::max<int64_t>(0, after.free_milli() - fed);
}

Cluster::Score Cluster::score_packing(const NodeState& node, const Shape& shape) const {
  int gpu = shared(shape) ? tightest_gpu(node, shape.gpu_milli) : -1;
  int64_t gpu_free = ppm(node.free_milli(), node.node.gpus * kWhole);
  int64_t cpu_free = ppm(node.cpu_free, node.node.cpu_milli);
  int64_t memory_free = ppm(node.memory_free, node.node.memory_mib);
  int64_t cpu = ppm(shape.cpu_milli, node.node.cpu_milli);
  int64_t memory = ppm(shape.memory_mib, node.node.memory_mib);
  int64_t gpus = ppm(shape.milli(), node.node.gpus * kWhole);
  switch (policy_) {
    case Policy::best_fit:
      return {gpu_free - gpus + cpu_free - cpu + memory_free - memory, gpu};
    case Policy::gpu_packing: {
      bool empty = node.wholes() == node.node.gpus;
      bool onto_shared = gpu >= 0 && node.gpu_free[static_cast<size_t>(gpu)] < kWhole;
      int64_t rank = onto_shared ? 0 : empty ? 2 : 1;
      return {rank * 10'000'000 + gpu_free, gpu};
    }
    case Policy::gpu_clustering: {
      bool same = node.hosted[static_cast<size_t>(size_class(shape))] > 0;
      return {(same ? 0 : 10'000'000) + gpu_free, gpu};
    }
    case Policy::dot_prod:
      return {-(gpus * gpu_free + cpu * cpu_free + memory * memory_free) / 1000, gpu};
    default:
      return {0, gpu};
  }
}

Cluster::Score Cluster::score(const NodeState& node, const Shape& shape) {
  if (!fits(node, shape)) return {kUnfit, -1};
  bool by_fragmentation = policy_ == Policy::fgd || policy_ == Policy::leasehold;
  return by_fragmentation ? score_fragmentation(node, shape) : score_packing(node, shape);
}

// The least score; of equal ones the first, at random any.
int Cluster::choose(const ShapeScores& shape) {
  int best = -1;
  int64_t least = kUnfit;
  uint64_t equal = 0;
  for (size_t i = 0; i < shape.scores.size(); ++i) {
    int64_t value = shape.scores[i].value;
    if (value < least) {
      least = value;
      best = static_cast<int>(i);
      equal = 1;
    } else if (policy_ == Policy::random && value == least && value != kUnfit &&
               random_.one_in(++equal)) {
      best = static_cast<int>(i);
    }
  }
  return best;
}

void Cluster::take(NodeState& node, const Shape& shape, int gpu) {
  node.cpu_free -= shape.cpu_milli;
  node.memory_free -= shape.memory_mib;
  if (gpu >= 0) {
    node.gpu_free[static_cast<size_t>(gpu)] -= shape.gpu_milli;
  } else {
    int64_t left = shape.gpus;
    for (int64_t& free : node.gpu_free) {
      if (left == 0 || free != kWhole) continue;
      free = 0;
      --left;
    }
  }
  ++node.hosted[static_cast<size_t>(size_class(shape))];
}

bool Cluster::place(int index) {
  const Shape& shape = trace_.shapes[static_cast<size_t>(index)];
  ShapeScores& known = shapes_[static_cast<size_t>(index)];
  if (known.scores.empty()) {
    for (const NodeState& node : nodes_) known.scores.push_back(score(node, shape));
  } else {
    for (; known.seen < log_.size(); ++known.seen) {
      auto changed = static_cast<size_t>(log_[known.seen]);
      if (last_change_[changed] != known.seen) continue;  // it comes again
      known.scores[changed] = score(nodes_[changed], shape);
    }
  }
  known.seen = log_.size();
  int chosen = choose(known);
  if (chosen < 0) return false;
  auto node = static_cast<size_t>(chosen);
  int gpu = known.scores[node].gpu;
  if (policy_ == Policy::random && gpu >= 0) {
    uint64_t fitting = 0;
    for (int i = 0; i < nodes_[node].node.gpus; ++i)
      if (nodes_[node].gpu_free[static_cast<size_t>(i)] >= shape.gpu_milli &&
          random_.one_in(++fitting))
        gpu = i;
  }
  take(nodes_[node], shape, gpu);
  fragmented_[node] = fragmentation(nodes_[node]);
  last_change_[node] = log_.size();
  log_.push_back(chosen);
  return true;
}

}  // namespace leasehold::replay
