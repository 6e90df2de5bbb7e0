// Group commit for a process that answers many clients at once: while a thread of its own writes
// one batch, the engine decides the next. A batch is answered only when it is durable; a crash
// loses at most the two batches that nobody was answered.
#pragma once

#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "cloud/cloud.h"

namespace leasehold::cloud {

class GroupCommit {
 public:
  using Answers = std::vector<Answer>;

  explicit GroupCommit(Cloud cloud);
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Decides a batch, and begins to write it when the batch before is durable. Gives the answers of
  // the batch before: none the first time. A failure of the journal is sticky.
  journal::Io<Answers> exchange(std::span<const Command> commands);
  // Waits for the last batch and gives its answers.
  journal::Io<Answers> finish();

  // With everything decided, also what is not durable yet.
  const engine::State& state() const { return cloud_.state(); }

 private:
  enum class Writer { idle, asked, told_to_stop };

  void write_batches();
  void tell(Writer writer);
  void wait_until_idle();

  Cloud cloud_;
  Answers undelivered_;                   // of the batch that is being written
  std::vector<journal::Record> records_;  // that batch; the writer's while it is asked
  journal::Io<std::monostate> written_;   // likewise
  std::mutex mutex_;                      // guards writer_
  std::condition_variable changed_;
  Writer writer_ = Writer::idle;
  std::thread thread_;
};

}  // namespace leasehold::cloud
