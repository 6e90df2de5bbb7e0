#include "cloud/group_commit.h"

#include <iterator>
#include <utility>

namespace leasehold::cloud {

GroupCommit::GroupCommit(Cloud cloud)
    : cloud_(std::move(cloud)), thread_([this] { write_batches(); }) {}

GroupCommit::~GroupCommit() {
  {
    std::unique_lock lock(mutex_);
    wait_for_room(lock, 0);
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void GroupCommit::write_batches() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !in_flight_.empty(); });
    if (in_flight_.empty()) return;
    Batch& batch = in_flight_.front();  // adding others does not move it
    lock.unlock();
    auto written = cloud_.write(batch.records);
    lock.lock();
    if (!written) {
      failed_ = written.error();
      in_flight_.clear();
    } else {
      durable_.push_back(std::move(batch));
      in_flight_.pop_front();
    }
    changed_.notify_all();
  }
}

void GroupCommit::wait_for_room(std::unique_lock<std::mutex>& lock, size_t most) {
  changed_.wait(lock, [this, most] { return in_flight_.size() <= most; });
}

journal::Io<GroupCommit::Answers> GroupCommit::take_durable() {
  // What is durable is answered before a failure is said.
  if (failed_ && durable_.empty()) return Unexpected<journal::IoError>(*failed_);
  Answers answers;
  for (Batch& batch : durable_)
    std::move(batch.answers.begin(), batch.answers.end(), std::back_inserter(answers));
  durable_.clear();  // here, where the records were made: freed by the writer they cost more
  return answers;
}

void GroupCommit::decide(std::span<const Command> commands) {
  for (Answer& answer : cloud_.decide(commands)) decided_.push_back(std::move(answer));
}

journal::Io<GroupCommit::Answers> GroupCommit::exchange(std::span<const Command> commands) {
  decide(commands);
  return commit();
}

journal::Io<GroupCommit::Answers> GroupCommit::commit() {
  std::unique_lock lock(mutex_);
  wait_for_room(lock, kMostInFlight - 1);
  if (failed_) return take_durable();
  in_flight_.push_back({std::exchange(decided_, {}), std::exchange(cloud_.batch_, {})});
  changed_.notify_all();
  if (cloud_.snapshot_due()) {
    // A snapshot must not get ahead of the facts: the engine waits for the disk.
    wait_for_room(lock, 0);
    if (!failed_) cloud_.snapshot_if_due();
  }
  return take_durable();
}

journal::Io<GroupCommit::Answers> GroupCommit::finish() {
  std::unique_lock lock(mutex_);
  wait_for_room(lock, 0);
  return take_durable();
}

}  // namespace leasehold::cloud
