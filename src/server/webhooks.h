// Tells webhooks what happens, as it becomes durable: in order, signed, again and again until it is
// taken. docs/reference/webhooks.md says what is sent and how it is signed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include <boost/asio/thread_pool.hpp>

#include "server/event_log.h"
#include "server/running_cloud.h"

namespace leasehold::server {

class Webhooks {
 public:
  // Whether those of a party may also be at addresses that only this network has.
  Webhooks(RunningCloud& cloud, EventLog& events, bool anywhere);
  ~Webhooks();
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

 private:
  using Steady = std::chrono::steady_clock;
  // How far a webhook was told, ahead of what the journal knows of it.
  struct Progress {
    int64_t told = 0;
    int64_t replays = 0;
    int failures = 0;  // one after the other
    std::string error;
    bool busy = false;
    bool sent = false;          // something, since the last report
    Steady::time_point next{};  // not before it
    // What the journal was told.
    int64_t reported = 0;
    std::string reported_error;
    Steady::time_point reported_at{};
  };
  using Rows = std::map<std::string, engine::ToldWebhook>;

  static Progress starting_from(const engine::ToldWebhook& row);
  void run();
  void begin(const Rows& rows, int64_t durable);
  void tell(const Webhook& webhook);
  bool tell_some(const Webhook& webhook);
  // The next events that it is to be told, as a body, and the last that is then known; an empty
  // body where it is to be told of none of them.
  struct Next {
    std::string id;
    std::string body;
    int64_t last = 0;
  };
  Next next_for(const Webhook& webhook, const Progress& progress);
  std::string send(const Webhook& webhook, const Next& next) const;
  void report(bool all);

  RunningCloud& cloud_;
  EventLog& events_;
  bool anywhere_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::map<std::string, Progress> progress_;
  boost::asio::thread_pool senders_;
  std::thread thread_;
};

// The signature of a message: "v1," and the HMAC-SHA256 of "id.seconds.body" in base64, with the
// 32 bytes that the secret has after "whsec_" (Standard Webhooks 1.0).
std::string webhook_signature(const std::string& secret, const std::string& id, int64_t seconds,
                              const std::string& body);

}  // namespace leasehold::server
