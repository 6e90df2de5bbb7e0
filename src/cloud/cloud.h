// One cloud: its state and its journal together. Commands come in batches; a batch is decided one
// command after the other, written in one transaction (group commit) and only then answered.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "domain/command.h"
#include "domain/refusal.h"
#include "engine/engine.h"
#include "journal/journal.h"

namespace leasehold::cloud {

// What a command came to: the facts it gave, or the refusal.
using Answer = Result<std::vector<Fact>>;

struct SnapshotPolicy {
  uint64_t every_facts = 10'000;  // a snapshot once so many facts came after the last one; 0: never
};

// Decides commands one after the other and keeps what they give.
class Executor {
 public:
  virtual ~Executor() = default;

  // Answers in order. A failure of the journal is sticky: what was decided is not answered, and
  // nothing is accepted any more.
  virtual journal::Io<std::vector<Answer>> execute(std::span<const Command> commands) = 0;
  // All of them or none: the first refusal stops it, with its index.
  struct Stopped {
    size_t index = 0;
    Refusal refusal;
  };
  virtual journal::Io<Expected<std::vector<Fact>, Stopped>> execute_all(
      std::span<const Command> commands) = 0;
  virtual const engine::State& state() const = 0;
  virtual journal::Io<std::monostate> take_snapshot() = 0;
};

class Cloud : public Executor {
 public:
  // Folds the journal: from its newest snapshot where that is sound, else from the start.
  static journal::Io<Cloud> open(std::unique_ptr<journal::Journal> journal,
                                 SnapshotPolicy policy = {});

  journal::Io<std::vector<Answer>> execute(std::span<const Command> commands) override;
  journal::Io<Expected<std::vector<Fact>, Stopped>> execute_all(
      std::span<const Command> commands) override;
  const engine::State& state() const override { return state_; }
  journal::Io<std::monostate> take_snapshot() override;
  // Applies what another process has written to the same store meanwhile.
  journal::Io<std::monostate> follow();
  // Goes on with another opening of the same store: what it has more is applied first.
  journal::Io<std::monostate> go_on(std::unique_ptr<journal::Journal> journal);
  journal::Hold hold() const { return journal_->hold(); }
  // Gives the state away: nothing can be asked afterwards.
  engine::State release() { return std::move(state_); }

 private:
  Cloud(std::unique_ptr<journal::Journal> journal, SnapshotPolicy policy)
      : journal_(std::move(journal)), policy_(policy) {}

  friend class GroupCommit;

  journal::Io<std::monostate> catch_up(const journal::Journal& journal);
  // Decides and applies, with what time brings before it; records pile up in batch_.
  std::vector<Answer> decide(std::span<const Command> commands);
  Answer perform(const Command& command);
  std::vector<Fact> bring(Instant now);  // what time brings
  Answer decide_and_apply(const Command& command);
  journal::Io<std::monostate> commit();
  journal::Io<std::monostate> write(std::span<const journal::Record> records);
  bool snapshot_due() const;
  // A snapshot only saves time: that one could not be kept is no failure of what was committed.
  void snapshot_if_due();

  std::unique_ptr<journal::Journal> journal_;
  SnapshotPolicy policy_;
  engine::State state_;
  journal::Head head_;  // of what is decided
  uint64_t snapshot_at_ = 0;
  std::vector<journal::Record> batch_;
  std::optional<journal::IoError> failed_;
};

// The state as it was after the last fact at or before a moment.
journal::Io<engine::State> replay(const journal::Journal& journal, Instant until);

// Checks the chain, folds every fact, holds each snapshot against the fold and lets the driver
// check its store. Gives the state.
journal::Io<engine::State> verify(const journal::Journal& journal);

}  // namespace leasehold::cloud
