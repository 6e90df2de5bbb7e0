// The whole service: who asks, how often, what is asked, and what is said of it in logs and
// metrics.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "server/api.h"
#include "server/event_log.h"
#include "server/lambda_api.h"
#include "server/metrics.h"

namespace leasehold::server {

class Service {
 public:
  struct Settings {
    int64_t per_minute = 60'000;                  // requests of a key that says nothing else
    std::function<void(const std::string&)> log;  // one JSON object a line
  };

  Service(RunningCloud& cloud, Outside outside, Settings settings);

  void handle(const std::shared_ptr<const Request>& request, const Later& later,
              const Reply& reply);
  // From now on /readyz says no: the server is about to stop.
  void drain() { draining_ = true; }

 private:
  // What a key has left of its minute.
  struct Bucket {
    double tokens = 0;
    std::chrono::steady_clock::time_point at;
  };

  std::optional<Caller> caller_of(const Request& request) const;
  // How many seconds too early so many requests are; 0 where they are not.
  int wait_for_room(const Caller& caller, double requests);
  Response health(const std::string& path) const;
  void route(const std::shared_ptr<const Request>& request, const Caller& caller,
             const Later& later, const Reply& reply);
  Reply observed(const std::shared_ptr<const Request>& request, const std::string& who,
                 const std::string& path, Reply reply);

  RunningCloud& cloud_;
  Outside outside_;
  Settings settings_;
  Api api_;
  lambda::LambdaApi lambda_;
  EventLog events_;
  Metrics metrics_;
  std::atomic<bool> draining_{false};
  std::mutex mutex_;  // guards the buckets
  std::map<std::string, Bucket> buckets_;
};

}  // namespace leasehold::server
