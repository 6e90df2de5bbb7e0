// Group commit for a process that answers many clients at once: while a thread of its own writes
// one batch, the next waits and the one after is decided, so that neither the disk nor the engine
// waits for the other. Answers are given when their batch is durable; a crash loses at most the
// batches that nobody was answered.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "cloud/cloud.h"

namespace leasehold::cloud {

class GroupCommit {
 public:
  using Answers = std::vector<Answer>;
  static constexpr size_t kMostInFlight = 2;  // batches: one being written, one waiting

  explicit GroupCommit(Cloud cloud);
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Decides a batch and hands it to the writer, waiting while as many as may be are in flight.
  // Gives the answers that have become durable meanwhile, in order: often those of an earlier
  // batch. A failure of the journal is sticky.
  journal::Io<Answers> exchange(std::span<const Command> commands);
  // Its two halves, for those who keep readers of the state away while it changes: decides, and
  // hands over what was decided.
  void decide(std::span<const Command> commands);
  journal::Io<Answers> commit();
  // All of the commands or none, on their own; what was handed over before must be finished.
  journal::Io<Expected<std::vector<Fact>, Executor::Stopped>> execute_all(
      std::span<const Command> commands) {
    return cloud_.execute_all(commands);
  }
  // Waits for all batches and gives the answers that were not given yet.
  journal::Io<Answers> finish();

  journal::Hold hold() const { return cloud_.hold(); }
  // With everything decided, also what is not durable yet.
  const engine::State& state() const { return cloud_.state(); }

 private:
  struct Batch {
    Answers answers;
    std::vector<journal::Record> records;
  };

  void write_batches();
  void wait_for_room(std::unique_lock<std::mutex>& lock, size_t most);
  journal::Io<Answers> take_durable();

  Cloud cloud_;
  Answers decided_;   // and not handed over yet
  std::mutex mutex_;  // guards what follows, but for the batch being written
  std::condition_variable changed_;
  std::deque<Batch> in_flight_;  // the first is being written
  std::vector<Batch> durable_;   // whose answers were not given yet
  std::optional<journal::IoError> failed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace leasehold::cloud
