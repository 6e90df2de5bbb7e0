// The whole service: who asks, how often, what is asked, and what is said of it in logs and
// metrics.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/thread_pool.hpp>

#include "server/api.h"
#include "server/audit_trail.h"
#include "server/console.h"
#include "server/event_log.h"
#include "server/lambda_api.h"
#include "server/metrics.h"
#include "server/sign_in.h"
#include "server/webhooks.h"

namespace leasehold::server {

class Service {
 public:
  struct Settings {
    int64_t per_minute = 60'000;                  // requests of a key that says nothing else
    std::function<void(const std::string&)> log;  // one JSON object a line
    std::chrono::seconds audit_every{10};         // what was refused is told the journal
    IdentityProvider provider;                    // of the people who sign in
    bool webhooks_anywhere = false;               // also at addresses of this network
    std::string console;                          // the folder of its pages; empty for none
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

  std::optional<Caller> caller_of(const Request& request);
  std::optional<Caller> user_of(const Request& request);
  // How many seconds too early so many requests are; 0 where they are not.
  int wait_for_room(const Caller& caller, double requests);
  Response health(const std::string& path) const;
  void route(const std::shared_ptr<const Request>& request, const Caller& caller,
             const Later& later, const Reply& reply);
  Response me(const Caller& caller) const;
  void note_refused(const Request& request, const std::string& who, const std::string& path,
                    const Response& response);
  Reply observed(const std::shared_ptr<const Request>& request, const std::string& who,
                 const std::string& path, Reply reply);

  RunningCloud& cloud_;
  Outside outside_;
  Settings settings_;
  Api api_;
  lambda::LambdaApi lambda_;
  EventLog events_;
  SignIn sign_in_;
  Console console_;
  AuditTrail trail_;
  Webhooks webhooks_;
  Metrics metrics_;
  std::atomic<bool> draining_{false};
  std::mutex mutex_;  // guards the buckets
  std::map<std::string, Bucket> buckets_;
  // Those who wait for the provider, so that nobody else does; last, for they use all of the above.
  boost::asio::thread_pool signing_in_{2};
};

}  // namespace leasehold::server
