// Looks what was spent of budgets, and has it told where an alert is reached: when a budget was
// set, and every few minutes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "server/running_cloud.h"

namespace leasehold::server {

class SpendWatch {
 public:
  static constexpr std::chrono::minutes kEvery{5};
  explicit SpendWatch(RunningCloud& cloud);
  ~SpendWatch();
  SpendWatch(const SpendWatch&) = delete;
  SpendWatch& operator=(const SpendWatch&) = delete;

 private:
  void run();
  bool is_due();
  void look();

  RunningCloud& cloud_;
  // Of the looking thread alone.
  std::map<PartyId, Instant> seen_;  // budgets, with when they were set
  std::chrono::steady_clock::time_point looked_at_{};

  std::mutex mutex_;  // guards what follows
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace leasehold::server
