// The cloud that a server keeps running: one thread decides, batch after batch, and answers what is
// durable; everybody else reads the state between two batches.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "cloud/group_commit.h"
#include "operations/door.h"
#include "server/fair_lock.h"

namespace leasehold::server {

class RunningCloud {
 public:
  using Clock = std::function<Instant()>;
  using Answers = journal::Io<std::vector<cloud::Answer>>;
  using AllAnswer = journal::Io<Expected<std::vector<Fact>, cloud::Executor::Stopped>>;

  RunningCloud(cloud::Cloud cloud, Clock clock);
  // Answers what was accepted before.
  ~RunningCloud();
  RunningCloud(const RunningCloud&) = delete;
  RunningCloud& operator=(const RunningCloud&) = delete;

  // The state, which does not change while it is held: for as short as can be, and to be let go by
  // the thread that took it. It may be a batch ahead of the disk: see when_durable().
  operations::HeldState read() const;
  // Calls `then` when all facts up to a sequence are on disk: at once where they are.
  void when_durable(uint64_t sequence, std::function<void()> then);
  uint64_t durable() const { return durable_.load(); }

  // Decides in order, in one batch, each not before the last fact. `then` is called when it is
  // durable, on the deciding thread, which it must not keep.
  void submit(std::vector<Command> commands, std::function<void(Answers)> then);
  // All or none.
  void submit_all(std::vector<Command> commands, std::function<void(AllAnswer)> then);

  // Why nothing can be changed any more, where that is so.
  std::optional<journal::IoError> failure() const;
  // Calls `notify` after each batch that became durable, on the deciding thread.
  void on_durable(std::function<void(uint64_t)> notify);
  Instant now() const { return clock_(); }

 private:
  struct Unit {
    std::vector<Command> commands;
    std::function<void(Answers)> then;
    std::function<void(AllAnswer)> then_all;  // where all or none are wanted
    uint64_t last = 0;                        // the state's sequence when it was decided
  };

  void work();
  std::deque<Unit> take(bool wait);
  void decide(std::deque<Unit>& units);
  void decide_all(Unit& unit);
  void answer(journal::Io<std::vector<cloud::Answer>> durable);
  void become_durable(uint64_t sequence);
  bool time_brings_something() const;

  Clock clock_;
  cloud::GroupCommit group_;
  mutable FairLock state_lock_;
  std::deque<Unit> undurable_;  // decided, of the deciding thread alone

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable asked_;
  std::deque<Unit> queue_;
  std::vector<std::pair<uint64_t, std::function<void()>>> awaiting_;
  std::optional<journal::IoError> failed_;
  bool stopping_ = false;

  std::function<void(uint64_t)> notify_;

  std::atomic<uint64_t> durable_;
  std::thread thread_;
};

// What an operation of a server finds behind its door.
class RunningDoor : public operations::Door {
 public:
  // Opens the store beside the running cloud, to read.
  using OpenJournal = std::function<journal::Io<std::unique_ptr<journal::Journal>>()>;
  // `later` runs what it is given on a thread that may read the state: the deciding one must not.
  using Later = std::function<void(std::function<void()>)>;
  RunningDoor(RunningCloud& cloud, OpenJournal open, Later later, bool may_change)
      : cloud_(cloud), open_(std::move(open)), later_(std::move(later)), may_change_(may_change) {}

  journal::Io<operations::HeldState> state(std::optional<Instant> known_at,
                                           Instant moment) override;
  journal::Io<std::unique_ptr<journal::Journal>> journal() override { return open_(); }
  journal::Io<std::unique_ptr<cloud::Executor>> executor(bool keep) override;
  void submit(const Build& build, Then then) override;

  // The sequence of the newest state that was read through the door.
  uint64_t seen() const { return seen_; }
  // Whether a command was handed over, whose answer comes later.
  bool submitted() const { return submitted_; }

 private:
  RunningCloud& cloud_;
  OpenJournal open_;
  Later later_;
  bool may_change_;  // a question never changes anything
  uint64_t seen_ = 0;
  bool submitted_ = false;
};

}  // namespace leasehold::server
