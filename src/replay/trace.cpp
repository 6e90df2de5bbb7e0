#include "replay/trace.h"

#include <algorithm>
#include <map>

#include "base/csv.h"

namespace leasehold::replay {

namespace {

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (size_t at = 0;;) {
    size_t next = text.find(by, at);
    parts.push_back(text.substr(at, next - at));
    if (next == std::string_view::npos) return parts;
    at = next + 1;
  }
}

constexpr int64_t kMostMilli = 1'000'000'000;
constexpr size_t kMostModels = 64;

// How many rows one stands for.
size_t count_of(CsvFile& csv) { return static_cast<size_t>(csv.number("count", 1, 1'000'000, 1)); }

void read_nodes(Trace& trace, CsvFile csv) {
  csv.need({"cpu_milli", "memory_mib", "gpu", "model"});
  for (size_t row = 0; row < csv.rows(); ++row) {
    csv.go_to(row);
    TraceNode node{csv.number("cpu_milli", 0, kMostMilli), csv.number("memory_mib", 0, kMostMilli),
                   csv.number("gpu", 0, kMostGpus), 0};
    const std::string& model = csv.text("model");
    auto known = std::find(trace.models.begin(), trace.models.end(), model);
    if (known == trace.models.end() && trace.models.size() == kMostModels)
      csv.wrong(model, "at most 64 models");
    node.model = static_cast<int>(known - trace.models.begin());
    if (known == trace.models.end()) trace.models.push_back(model);
    trace.nodes.insert(trace.nodes.end(), count_of(csv), node);
  }
}

uint64_t models_of(const Trace& trace, std::string_view spec) {
  if (spec.empty()) return ~uint64_t{0};
  uint64_t bits = 0;
  for (std::string_view name : split(spec, '|'))
    for (size_t i = 0; i < trace.models.size(); ++i)
      if (trace.models[i] == name) bits |= uint64_t{1} << i;
  return bits;
}

std::vector<Shape> read_requests(const Trace& trace, CsvFile csv) {
  csv.need({"cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "gpu_spec"});
  std::vector<Shape> requests;
  for (size_t row = 0; row < csv.rows(); ++row) {
    csv.go_to(row);
    Shape shape{csv.number("cpu_milli", 0, kMostMilli), csv.number("memory_mib", 0, kMostMilli),
                csv.number("num_gpu", 0, kMostGpus), csv.number("gpu_milli", 0, 1000, 0),
                models_of(trace, csv.text("gpu_spec"))};
    if (shape.gpus != 1) shape.gpu_milli = shape.gpus > 1 ? 1000 : 0;
    if (shape.gpus == 1 && shape.gpu_milli == 0)
      csv.wrong("gpu_milli 0", "a part of the one GPU, from 1 to 1000");
    requests.insert(requests.end(), count_of(csv), shape);
  }
  return requests;
}

}  // namespace

int64_t Trace::cluster_milli() const {
  int64_t milli = 0;
  for (const TraceNode& node : nodes) milli += node.gpus * 1000;
  return milli;
}

Expected<Trace, InputErrors> read_trace(std::string_view nodes_csv, std::string_view pods_csv) {
  Trace trace;
  InputErrors errors;
  read_nodes(trace, CsvFile("--nodes", nodes_csv, errors));
  std::vector<Shape> requests = read_requests(trace, CsvFile("--pods", pods_csv, errors));
  if (errors.empty() && trace.cluster_milli() == 0)
    errors.push_back({"--nodes", "no GPUs", "a node list with GPUs", 0, 0});
  bool any = std::any_of(requests.begin(), requests.end(),
                         [](const Shape& shape) { return shape.milli() > 0; });
  if (errors.empty() && !any)
    errors.push_back({"--pods", "no request for a GPU", "a list of requests", 0, 0});
  if (!errors.empty()) return Unexpected<InputErrors>(std::move(errors));
  std::map<Shape, int> known;
  for (const Shape& shape : requests) {
    auto [place, fresh] = known.try_emplace(shape, static_cast<int>(trace.shapes.size()));
    if (fresh) trace.shapes.push_back(shape);
    trace.requests.push_back(place->second);
  }
  return trace;
}

}  // namespace leasehold::replay
