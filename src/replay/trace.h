// A public GPU-sharing trace: the nodes of a cluster and the requests that came to it. The columns
// are those of the openb trace (Alibaba, cluster-trace-gpu-v2023).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace leasehold::replay {

inline constexpr int kMostGpus = 8;  // of a node

struct TraceNode {
  int64_t cpu_milli = 0;
  int64_t memory_mib = 0;
  int64_t gpus = 0;
  int model = 0;  // index into Trace::models
};

// What a request wants. Requests that want the same are one shape.
struct Shape {
  int64_t cpu_milli = 0;
  int64_t memory_mib = 0;
  int64_t gpus = 0;                // 0 to 8
  int64_t gpu_milli = 0;           // of each; below 1000 only where gpus is 1
  uint64_t models = ~uint64_t{0};  // a bit for each allowed model
  auto operator<=>(const Shape&) const = default;
  int64_t milli() const { return gpus * gpu_milli; }
};

struct Trace {
  std::vector<std::string> models;
  std::vector<TraceNode> nodes;
  std::vector<Shape> shapes;  // each once, in order
  std::vector<int> requests;  // indexes into shapes, in the order of the file
  int64_t cluster_milli() const;
};

// Reads the two files' texts; every error names the file, line, column and what would be accepted.
Expected<Trace, InputErrors> read_trace(std::string_view nodes_csv, std::string_view pods_csv);

}  // namespace leasehold::replay
