#include "server/metrics.h"

#include <map>
#include <tuple>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace leasehold::server {

struct Metrics::State {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("leasehold_http_requests_total")
                                                          .Help("Requests that were answered")
                                                          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("leasehold_http_request_seconds")
          .Help("Time from a request to its answer")
          .Register(registry);
  prometheus::Gauge& facts = prometheus::BuildGauge()
                                 .Name("leasehold_journal_facts")
                                 .Help("Facts that are on disk")
                                 .Register(registry)
                                 .Add({});
  prometheus::Gauge& streams = prometheus::BuildGauge()
                                   .Name("leasehold_event_streams")
                                   .Help("Clients that follow events")
                                   .Register(registry)
                                   .Add({});
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

namespace {

// What was counted is found again without the registry's locks and labels.
struct Counted {
  prometheus::Counter* requests = nullptr;
  prometheus::Histogram* seconds = nullptr;
};
using CountedKey = std::tuple<const void*, std::string, std::string, int>;

}  // namespace

void Metrics::answered(const std::string& method, const std::string& route, int status,
                       std::chrono::nanoseconds took) {
  thread_local std::map<CountedKey, Counted> known;
  Counted& counted = known[{state_.get(), method, route, status}];
  if (counted.requests != nullptr) {
    counted.requests->Increment();
    return counted.seconds->Observe(std::chrono::duration<double>(took).count());
  }
  static const prometheus::Histogram::BucketBoundaries kBounds{
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 30};
  counted.requests = &state_->requests.Add(
      {{"method", method}, {"route", route}, {"status", std::to_string(status)}});
  counted.seconds = &state_->seconds.Add({{"method", method}, {"route", route}}, kBounds);
  counted.requests->Increment();
  counted.seconds->Observe(std::chrono::duration<double>(took).count());
}

std::string Metrics::text(uint64_t durable, size_t streams) const {
  state_->facts.Set(static_cast<double>(durable));
  state_->streams.Set(static_cast<double>(streams));
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace leasehold::server
