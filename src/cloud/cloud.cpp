#include "cloud/cloud.h"

#include <fmt/format.h>

#include "journal/fact_codec.h"

namespace leasehold::cloud {

using journal::Io;
using journal::IoCode;
using journal::IoError;

namespace {

// Applies records from a sequence on while `wanted` says so, checking the chain on the way.
Io<std::monostate> fold(const journal::Journal& journal, engine::State& state, journal::Head& head,
                        const std::function<bool(const journal::Record&)>& wanted) {
  std::optional<IoError> wrong;
  auto done = journal.read(state.sequence + 1, [&](const journal::Record& record) {
    if (!wanted(record)) return false;
    bool follows =
        record.sequence == head.sequence + 1 && journal::chain(head.hash, record) == record.hash;
    if (!follows) {
      wrong = IoError{IoCode::corrupt,
                      fmt::format("record {} is damaged or missing: its hash does not follow from "
                                  "record {}; 'leasehold journal verify' says more",
                                  head.sequence + 1, head.sequence),
                      head.sequence + 1};
      return false;
    }
    auto fact = journal::to_fact(record);
    if (!fact) {
      wrong = fact.error();
      return false;
    }
    engine::apply(state, *fact);
    head = {record.sequence, record.hash};
    return true;
  });
  if (!done) return done;
  if (wrong) return Unexpected<IoError>(*wrong);
  return {};
}

// The newest snapshot at or before a sequence whose bytes are what they should be. A damaged one
// is passed over: the facts are the truth, a snapshot only saves time.
std::optional<engine::State> sound_snapshot(const journal::Journal& journal, uint64_t at_most,
                                            journal::Head& head) {
  for (uint64_t limit = at_most; limit > 0;) {
    auto found = journal.snapshot(limit);
    if (!found || !*found) return std::nullopt;
    const journal::Snapshot& snapshot = **found;
    // The hash first: only bytes that were written as they are may be taken for a state.
    bool whole = engine::hash_of(snapshot.bytes) == snapshot.state_hash;
    auto state = whole ? engine::State::from_bytes(snapshot.bytes) : std::nullopt;
    if (state && state->sequence == snapshot.sequence) {
      head = {snapshot.sequence, snapshot.chained};
      return state;
    }
    limit = snapshot.sequence - 1;
  }
  return std::nullopt;
}

// The refusal where a request was answered before.
Result<std::monostate> check_new(const engine::State& state, const Command& command) {
  if (!command.request) return {};
  auto kept = state.access.requests.find(command.request->key);
  if (kept == state.access.requests.end() || kept->second.at + kRequestKeptSeconds < command.at)
    return {};
  if (kept->second.body == command.request->body)
    return refuse(RefusalCode::request_repeated, "Idempotency-Key", "", "done already");
  return refuse(RefusalCode::request_differs, "Idempotency-Key", "",
                "a key of its own: another request had this one");
}

}  // namespace

Io<Cloud> Cloud::open(std::unique_ptr<journal::Journal> journal, SnapshotPolicy policy) {
  Cloud cloud(std::move(journal), policy);
  uint64_t last = cloud.journal_->head().sequence;
  if (auto state = sound_snapshot(*cloud.journal_, last, cloud.head_)) {
    cloud.state_ = std::move(*state);
    cloud.snapshot_at_ = cloud.head_.sequence;
  }
  auto folded = cloud.catch_up(*cloud.journal_);
  if (!folded) return Unexpected<IoError>(folded.error());
  return cloud;
}

Io<std::monostate> Cloud::catch_up(const journal::Journal& journal) {
  auto folded = fold(journal, state_, head_, [](const journal::Record&) { return true; });
  if (!folded) return folded;
  journal::Head kept = journal.head();
  if (kept.sequence == head_.sequence && kept.hash == head_.hash) return {};
  return journal::io_error(
      IoCode::corrupt,
      fmt::format("record {} is missing: the store says that its last record is {}",
                  head_.sequence + 1, kept.sequence),
      head_.sequence + 1);
}

Io<std::monostate> Cloud::follow() {
  if (auto fresh = journal_->refresh(); !fresh) return fresh;
  return catch_up(*journal_);
}

Io<std::monostate> Cloud::go_on(std::unique_ptr<journal::Journal> journal) {
  if (auto done = catch_up(*journal); !done) return done;
  journal_ = std::move(journal);
  return {};
}

Answer Cloud::decide_and_apply(const Command& command) {
  Answer facts = engine::perform(state_, command);
  if (!facts) return facts;
  for (const Fact& fact : *facts) {
    journal::Record record = journal::to_record(fact);
    record.hash = journal::chain(head_.hash, record);
    head_ = {record.sequence, record.hash};
    batch_.push_back(std::move(record));
  }
  return facts;
}

std::vector<Fact> Cloud::bring(Instant now) {
  std::vector<Fact> facts;
  while (auto due = engine::next_due(state_)) {
    if (*due > now) break;
    Answer brought = decide_and_apply({std::max(*due, state_.now), "leasehold", PassTime{}});
    LH_ASSERT(brought.has_value());
    facts.insert(facts.end(), brought->begin(), brought->end());
  }
  return facts;
}

Answer Cloud::perform(const Command& command) {
  bring(command.at);
  if (auto fresh = check_new(state_, command); !fresh)
    return Unexpected<Refusal>(std::move(fresh.error()));
  Answer answer = decide_and_apply(command);
  if (!answer) return answer;
  // What the command makes due at once is part of its answer: the servers of a lease that begins.
  std::vector<Fact> at_once = bring(command.at);
  answer->insert(answer->end(), at_once.begin(), at_once.end());
  if (command.request && !answer->empty()) {
    KeepRequest keep{*command.request, static_cast<int64_t>(answer->front().sequence),
                     static_cast<int64_t>(answer->back().sequence)};
    auto kept = decide_and_apply({state_.now, command.actor, std::move(keep)});
    LH_ASSERT(kept.has_value());
  }
  return answer;
}

Io<std::monostate> Cloud::write(std::span<const journal::Record> records) {
  return records.empty() ? Io<std::monostate>() : journal_->append(records);
}

bool Cloud::snapshot_due() const {
  return policy_.every_facts > 0 && state_.sequence - snapshot_at_ >= policy_.every_facts;
}

void Cloud::snapshot_if_due() {
  if (snapshot_due()) (void)take_snapshot();
}

Io<std::monostate> Cloud::commit() {
  if (failed_) return Unexpected<IoError>(*failed_);
  auto written = write(batch_);
  batch_.clear();
  if (written)
    snapshot_if_due();
  else
    failed_ = written.error();
  return written;
}

std::vector<Answer> Cloud::decide(std::span<const Command> commands) {
  std::vector<Answer> answers;
  answers.reserve(commands.size());
  for (const Command& command : commands) answers.push_back(perform(command));
  return answers;
}

Io<std::vector<Answer>> Cloud::execute(std::span<const Command> commands) {
  if (failed_) return Unexpected<IoError>(*failed_);
  std::vector<Answer> answers = decide(commands);
  if (auto done = commit(); !done) return Unexpected<IoError>(done.error());
  return answers;
}

Io<Expected<std::vector<Fact>, Cloud::Stopped>> Cloud::execute_all(
    std::span<const Command> commands) {
  if (failed_) return Unexpected<IoError>(*failed_);
  engine::State before = state_;
  journal::Head head_before = head_;
  std::vector<Fact> facts;
  for (size_t i = 0; i < commands.size(); ++i) {
    Answer answer = perform(commands[i]);
    if (!answer) {
      state_ = std::move(before);
      head_ = head_before;
      batch_.clear();
      return Expected<std::vector<Fact>, Stopped>(
          Unexpected<Stopped>(Stopped{i, std::move(answer.error())}));
    }
    facts.insert(facts.end(), answer->begin(), answer->end());
  }
  if (auto done = commit(); !done) return Unexpected<IoError>(done.error());
  return Expected<std::vector<Fact>, Stopped>(std::move(facts));
}

Io<std::monostate> Cloud::take_snapshot() {
  std::string bytes = state_.bytes();
  journal::Snapshot snapshot{state_.sequence, head_.hash, engine::hash_of(bytes), bytes};
  auto kept = journal_->keep_snapshot(snapshot);
  if (kept) snapshot_at_ = state_.sequence;
  return kept;
}

Io<engine::State> replay(const journal::Journal& journal, Instant until) {
  engine::State state;
  journal::Head head;
  auto folded = fold(journal, state, head,
                     [until](const journal::Record& record) { return record.at <= until; });
  if (!folded) return Unexpected<IoError>(folded.error());
  return state;
}

Io<engine::State> verify(const journal::Journal& journal) {
  auto chained = journal::verify_chain(journal);
  if (!chained) return Unexpected<IoError>(chained.error());
  std::map<uint64_t, journal::Snapshot> snapshots;
  for (uint64_t limit = chained->sequence; limit > 0;) {
    auto found = journal.snapshot(limit);
    if (!found) return Unexpected<IoError>(found.error());
    if (!*found) break;
    limit = (*found)->sequence - 1;
    // One of another version is whole where its hash holds; its bytes cannot be compared.
    if (engine::State::laid_out_as_now((*found)->bytes) ||
        engine::hash_of((*found)->bytes) != (*found)->state_hash)
      snapshots[(*found)->sequence] = std::move(**found);
  }
  engine::State state;
  journal::Head head;
  for (auto& [sequence, snapshot] : snapshots) {
    uint64_t last = sequence;
    auto folded = fold(journal, state, head,
                       [last](const journal::Record& record) { return record.sequence <= last; });
    if (!folded) return Unexpected<IoError>(folded.error());
    bool same = snapshot.bytes == state.bytes() && snapshot.state_hash == state.hash() &&
                snapshot.chained == head.hash;
    if (!same)
      return journal::io_error(
          IoCode::corrupt,
          fmt::format("the snapshot at record {} is not the fold of its facts", sequence),
          sequence);
  }
  auto folded = fold(journal, state, head, [](const journal::Record&) { return true; });
  if (!folded) return Unexpected<IoError>(folded.error());
  if (auto whole = journal.check_store(); !whole) return Unexpected<IoError>(whole.error());
  return state;
}

}  // namespace leasehold::cloud
