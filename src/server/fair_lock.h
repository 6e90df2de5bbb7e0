// A lock for many readers and one writer, who is let in before readers that came after it.
#pragma once

#include <condition_variable>
#include <mutex>

namespace leasehold::server {

class FairLock {
 public:
  void lock() {
    std::unique_lock guard(mutex_);
    ++writers_;
    free_for_writer_.wait(guard, [this] { return readers_ == 0 && !writing_; });
    writing_ = true;
  }
  void unlock() {
    std::lock_guard guard(mutex_);
    writing_ = false;
    --writers_;
    free_for_readers_.notify_all();
    free_for_writer_.notify_one();
  }
  void lock_shared() {
    std::unique_lock guard(mutex_);
    free_for_readers_.wait(guard, [this] { return writers_ == 0; });
    ++readers_;
  }
  void unlock_shared() {
    std::lock_guard guard(mutex_);
    if (--readers_ == 0) free_for_writer_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable free_for_readers_;
  std::condition_variable free_for_writer_;
  int readers_ = 0;
  int writers_ = 0;  // one that writes, and those that wait to
  bool writing_ = false;
};

}  // namespace leasehold::server
