// The cloud that a server keeps running: one thread decides, batch after batch, and answers what is
// durable; everybody else reads the state between two batches.
//
// Where another process writes the store, the same thread follows what it writes, a twentieth of a
// second behind, and takes over when the store lets it: the other was stopped, or fell silent. One
// that was cut off itself (Hold::lost, or a store that failed) answers nothing more of its own
// making: it reads the store anew and follows.
#pragma once

#include <atomic>
#include <chrono>
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

// Everybody waits while a snapshot is taken, and so many facts are folded in less than a second.
inline constexpr cloud::SnapshotPolicy kSnapshots{200'000};

class RunningCloud {
 public:
  using Clock = std::function<Instant()>;
  using Answers = journal::Io<std::vector<cloud::Answer>>;
  using AllAnswer = journal::Io<Expected<std::vector<Fact>, cloud::Executor::Stopped>>;

  using OpenStore = std::function<journal::Io<std::unique_ptr<journal::Journal>>(journal::Access)>;
  // Writes, and never follows.
  RunningCloud(cloud::Cloud cloud, Clock clock) : RunningCloud(std::move(cloud), clock, true, {}) {}
  // May follow: from the start where it does not write.
  RunningCloud(cloud::Cloud cloud, Clock clock, bool writes, OpenStore open);
  // Answers what was accepted before.
  ~RunningCloud();
  RunningCloud(const RunningCloud&) = delete;
  RunningCloud& operator=(const RunningCloud&) = delete;

  // The state, which does not change while it is held: for as short as can be, and to be let go by
  // the thread that took it. It may be a batch ahead of the disk: see when_durable().
  operations::HeldState read() const;
  // The state as it is now, to be held for as long as one likes while the cloud goes on. At 3 GW it
  // takes a twentieth of a second to copy; those who ask for the same one share it.
  operations::HeldState copy();
  // Runs something on another thread than the deciding one.
  using Later = std::function<void(std::function<void()>)>;
  // Calls `then` when all facts up to a sequence are on disk: at once where they are, else by
  // `later`; with false where they will never be.
  void when_durable(uint64_t sequence, const Later& later, std::function<void(bool)> then);
  uint64_t durable() const { return durable_.load(); }

  // Decides in order, in one batch, each not before the last fact. `then` is called when it is
  // durable, on the deciding thread, which it must not keep.
  void submit(std::vector<Command> commands, std::function<void(Answers)> then);
  // The same, and waits for it: not on the deciding thread, and not while the state is held.
  Answers submit_and_wait(std::vector<Command> commands);
  // All or none.
  void submit_all(std::vector<Command> commands, std::function<void(AllAnswer)> then);

  bool writes() const { return writes_.load(); }
  // How far what is read may be behind what is written; nothing where this process writes it.
  std::optional<std::chrono::milliseconds> staleness() const;
  // Why what is read may not be said now, where that is so: the store failed, another may have
  // taken over, or what is followed has not been seen for kMostStale.
  static constexpr std::chrono::seconds kMostStale{10};
  std::optional<journal::IoError> silenced() const;

  // Why nothing can be changed any more, where that is so.
  std::optional<journal::IoError> failure() const;
  // Calls `notify` after each batch that became durable, on the deciding thread; nothing of the one
  // before is running when this is over.
  void on_durable(std::function<void(uint64_t)> notify);
  Instant now() const { return clock_(); }

 private:
  struct Unit {
    std::vector<Command> commands;
    std::function<void(Answers)> then;
    std::function<void(AllAnswer)> then_all;  // where all or none are wanted
    uint64_t last = 0;                        // the state's sequence when it was decided
  };

  const engine::State& state() const { return group_ ? group_->state() : followed_->state(); }
  void work();
  bool write_on();  // one round; false when it is over
  bool follow_on();
  void refuse_changes();
  void try_to_take_over();
  void stand_down();
  std::deque<Unit> take(bool wait);
  void decide(std::deque<Unit>& units);
  void decide_all(Unit& unit);
  void answer(journal::Io<std::vector<cloud::Answer>> durable);
  void become_durable(uint64_t sequence);
  bool time_brings_something() const;

  Clock clock_;
  OpenStore open_;
  // One of both: what is written, or what is followed.
  std::unique_ptr<cloud::GroupCommit> group_;
  std::optional<cloud::Cloud> followed_;
  std::atomic<bool> writes_;
  std::atomic<std::chrono::steady_clock::time_point> seen_at_;  // the store, as it then was
  std::chrono::steady_clock::time_point tried_at_{};            // to take over
  mutable FairLock state_lock_;
  std::mutex copy_mutex_;  // guards what follows; taken before the state's
  std::weak_ptr<const engine::State> copy_;
  std::deque<Unit> undurable_;  // decided, of the deciding thread alone

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable asked_;
  std::deque<Unit> queue_;
  std::vector<std::pair<uint64_t, std::function<void(bool)>>> awaiting_;
  std::optional<journal::IoError> failed_;
  bool stopping_ = false;

  std::mutex notify_mutex_;  // guards what follows, also while it runs
  std::function<void(uint64_t)> notify_;

  std::atomic<uint64_t> durable_;
  std::thread thread_;
};

// What comes through a door: a question never changes anything, and a long one looks at a copy.
enum class Asks : uint8_t { question, long_question, change };

// What an operation of a server finds behind its door.
class RunningDoor : public operations::Door {
 public:
  // Opens the store beside the running cloud, to read.
  using OpenJournal = std::function<journal::Io<std::unique_ptr<journal::Journal>>()>;
  // `later` runs what it is given on a thread that may read the state: the deciding one must not.
  RunningDoor(RunningCloud& cloud, OpenJournal open, RunningCloud::Later later, Asks asks)
      : cloud_(cloud), open_(std::move(open)), later_(std::move(later)), asks_(asks) {}

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
  RunningCloud::Later later_;
  Asks asks_;
  uint64_t seen_ = 0;
  bool submitted_ = false;
};

}  // namespace leasehold::server
