#include "cloud/group_commit.h"

#include <utility>

namespace leasehold::cloud {

GroupCommit::GroupCommit(Cloud cloud)
    : cloud_(std::move(cloud)), thread_([this] { write_batches(); }) {}

GroupCommit::~GroupCommit() {
  wait_until_idle();
  tell(Writer::told_to_stop);
  thread_.join();
}

void GroupCommit::write_batches() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return writer_ != Writer::idle; });
    if (writer_ == Writer::told_to_stop) return;
    lock.unlock();
    written_ = cloud_.write(records_);
    lock.lock();
    writer_ = Writer::idle;
    changed_.notify_all();
  }
}

void GroupCommit::tell(Writer writer) {
  std::lock_guard lock(mutex_);
  writer_ = writer;
  changed_.notify_all();
}

void GroupCommit::wait_until_idle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return writer_ == Writer::idle; });
}

journal::Io<GroupCommit::Answers> GroupCommit::exchange(std::span<const Command> commands) {
  if (cloud_.failed_) return Unexpected<journal::IoError>(*cloud_.failed_);
  Answers decided = cloud_.decide(commands);
  auto before = finish();
  if (!before) return before;
  undelivered_ = std::move(decided);
  records_ = std::exchange(cloud_.batch_, {});
  tell(Writer::asked);
  if (cloud_.snapshot_due()) {
    // A snapshot must not get ahead of the facts: the engine waits for the disk.
    wait_until_idle();
    if (written_) cloud_.snapshot_if_due();
  }
  return before;
}

journal::Io<GroupCommit::Answers> GroupCommit::finish() {
  wait_until_idle();
  if (!written_) cloud_.failed_ = written_.error();
  if (cloud_.failed_) return Unexpected<journal::IoError>(*cloud_.failed_);
  return std::exchange(undelivered_, {});
}

}  // namespace leasehold::cloud
