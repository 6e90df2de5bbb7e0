// What the server counts of itself, for Prometheus.
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace leasehold::server {

class Metrics {
 public:
  Metrics();
  ~Metrics();
  // `route` is the path as it is documented: few values.
  void answered(const std::string& method, const std::string& route, int status,
                std::chrono::nanoseconds took);
  // In Prometheus' text format; `facts` and `durable` are sequences.
  std::string text(uint64_t durable, size_t streams) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leasehold::server
