#include "replay/trace.h"

#include <algorithm>
#include <charconv>
#include <map>

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

// The rows of a CSV file without quotes, by the names of its columns.
class Csv {
 public:
  Csv(const char* file, std::string_view text, InputErrors& errors) : file_(file), errors_(errors) {
    for (std::string_view line : split(text, '\n')) {
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      lines_.push_back(line);
    }
    while (!lines_.empty() && lines_.back().empty()) lines_.pop_back();
    if (!lines_.empty()) heading_ = split(lines_.front(), ',');
  }

  size_t rows() const { return lines_.empty() ? 0 : lines_.size() - 1; }
  void go_to(size_t row) {
    row_ = row;
    values_ = split(lines_[row + 1], ',');
    if (values_.size() != heading_.size())
      wrong(std::string(lines_[row + 1]),
            std::to_string(heading_.size()) + " columns, as the heading");
  }
  std::string_view text(std::string_view column) {
    for (size_t i = 0; i < heading_.size() && i < values_.size(); ++i)
      if (heading_[i] == column) return values_[i];
    if (row_ == 0) wrong(std::string(column), "a column of this name");
    return "";
  }
  // How many rows this one stands for: 1 where there is no such column.
  int64_t count() {
    if (std::find(heading_.begin(), heading_.end(), "count") == heading_.end()) return 1;
    return number("count", 1'000'000);
  }
  // A whole number from 0 to `most`; an empty text is 0 where it may be.
  int64_t number(std::string_view column, int64_t most, bool may_be_empty = false) {
    std::string_view value = text(column);
    if (value.empty() && may_be_empty) return 0;
    int64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < 0 || number > most)
      wrong(std::string(column) + " " + std::string(value),
            "a whole number from 0 to " + std::to_string(most));
    return number;
  }
  void wrong(std::string got, std::string expected) {
    constexpr size_t kMostErrors = 20;
    if (errors_.size() < kMostErrors)
      errors_.push_back(
          {file_, std::move(got), std::move(expected), static_cast<int>(row_ + 2), 1});
  }

 private:
  const char* file_;
  InputErrors& errors_;
  std::vector<std::string_view> lines_;
  std::vector<std::string_view> heading_;
  std::vector<std::string_view> values_;
  size_t row_ = 0;
};

constexpr int64_t kMostMilli = 1'000'000'000;
constexpr size_t kMostModels = 64;

void read_nodes(Trace& trace, Csv csv) {
  for (size_t row = 0; row < csv.rows(); ++row) {
    csv.go_to(row);
    TraceNode node{csv.number("cpu_milli", kMostMilli), csv.number("memory_mib", kMostMilli),
                   csv.number("gpu", kMostGpus), 0};
    std::string model(csv.text("model"));
    auto known = std::find(trace.models.begin(), trace.models.end(), model);
    if (known == trace.models.end() && trace.models.size() == kMostModels)
      csv.wrong(model, "at most 64 models");
    node.model = static_cast<int>(known - trace.models.begin());
    if (known == trace.models.end()) trace.models.push_back(model);
    trace.nodes.insert(trace.nodes.end(), static_cast<size_t>(csv.count()), node);
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

std::vector<Shape> read_requests(const Trace& trace, Csv csv) {
  std::vector<Shape> requests;
  for (size_t row = 0; row < csv.rows(); ++row) {
    csv.go_to(row);
    Shape shape{csv.number("cpu_milli", kMostMilli), csv.number("memory_mib", kMostMilli),
                csv.number("num_gpu", kMostGpus), csv.number("gpu_milli", 1000, true),
                models_of(trace, csv.text("gpu_spec"))};
    if (shape.gpus != 1) shape.gpu_milli = shape.gpus > 1 ? 1000 : 0;
    if (shape.gpus == 1 && shape.gpu_milli == 0)
      csv.wrong("gpu_milli 0", "a part of the one GPU, from 1 to 1000");
    requests.insert(requests.end(), static_cast<size_t>(csv.count()), shape);
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
  read_nodes(trace, Csv("--nodes", nodes_csv, errors));
  std::vector<Shape> requests = read_requests(trace, Csv("--pods", pods_csv, errors));
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
