// Engine and journal together: snapshots, replay, failures and group commit.
#include "cloud/cloud.h"

#include <gtest/gtest.h>

#include "cloud/group_commit.h"
#include "journal/memory.h"

namespace leasehold::cloud {
namespace {

using journal::MemoryJournal;

Command define(int number) {
  return {Instant{1'700'000'000 + number}, "test",
          DefineParty{{{}, "p" + std::to_string(number), PartyKind::company, {}}}};
}

std::vector<Command> define(int first, int last) {
  std::vector<Command> commands;
  for (int number = first; number < last; ++number) commands.push_back(define(number));
  return commands;
}

Cloud open(const MemoryJournal& kept, SnapshotPolicy policy = {}) {
  auto cloud = Cloud::open(std::make_unique<MemoryJournal>(kept), policy);
  EXPECT_TRUE(cloud.has_value());
  return std::move(*cloud);
}

// Fails from one append on; the ones before are kept.
class FailingJournal : public MemoryJournal {
 public:
  FailingJournal(const MemoryJournal& kept, int good) : MemoryJournal(kept), good_(good) {}
  journal::Io<std::monostate> append(std::span<const journal::Record> records) override {
    if (good_-- > 0) return MemoryJournal::append(records);
    return Unexpected<journal::IoError>(journal::IoError{journal::IoCode::disk_full, "full", 0});
  }

 private:
  int good_;
};

TEST(Cloud, OpensFromItsNewestSnapshotToTheSameState) {
  MemoryJournal kept;
  Cloud cloud = open(kept, {10});
  for (int number = 0; number < 25; ++number) {
    Command command = define(number);
    ASSERT_TRUE(cloud.execute({&command, 1}).has_value());
  }
  auto snapshot = kept.snapshot(1000);
  ASSERT_TRUE(snapshot && *snapshot);
  EXPECT_EQ((*snapshot)->sequence, 20U);
  EXPECT_EQ(open(kept).state().hash(), cloud.state().hash());
  EXPECT_EQ(verify(kept)->hash(), cloud.state().hash());
}

// A damaged snapshot is passed over: the facts are the truth. verify names it.
TEST(Cloud, DoesNotTrustASnapshotThatIsDamaged) {
  MemoryJournal kept;
  Cloud cloud = open(kept, {10});
  ASSERT_TRUE(cloud.execute(define(0, 10)).has_value());
  ASSERT_TRUE(cloud.execute(define(10, 15)).has_value());
  journal::Snapshot snapshot = **kept.snapshot(1000);
  for (size_t i = 0; i < snapshot.bytes.size(); ++i) {
    journal::Snapshot damaged = snapshot;
    damaged.bytes[i] = static_cast<char>(damaged.bytes[i] ^ 4);
    ASSERT_TRUE(kept.keep_snapshot(damaged).has_value());
    ASSERT_EQ(open(kept).state().hash(), cloud.state().hash());
    auto verified = verify(kept);
    ASSERT_FALSE(verified.has_value());
    ASSERT_EQ(verified.error().message, "the snapshot at record 10 is not the fold of its facts");
  }
}

// As after an update of the program: the facts are folded, and nothing is called damaged.
TEST(Cloud, PassesOverASnapshotOfAnotherLayout) {
  MemoryJournal kept;
  Cloud cloud = open(kept, {10});
  ASSERT_TRUE(cloud.execute(define(0, 10)).has_value());
  journal::Snapshot snapshot = **kept.snapshot(1000);
  snapshot.bytes = "\x7f" + snapshot.bytes;
  snapshot.state_hash = engine::hash_of(snapshot.bytes);
  ASSERT_TRUE(kept.keep_snapshot(snapshot).has_value());
  EXPECT_EQ(open(kept).state().hash(), cloud.state().hash());
  EXPECT_TRUE(verify(kept).has_value());
}

TEST(Cloud, ReplaysToAnyMoment) {
  MemoryJournal kept;
  Cloud cloud = open(kept, {4});
  ASSERT_TRUE(cloud.execute(define(0, 9)).has_value());
  EXPECT_EQ(replay(kept, Instant{1'700'000'004})->parties.rows().size(), 5U);
  EXPECT_EQ(replay(kept, Instant{0})->sequence, 0U);
  EXPECT_EQ(replay(kept, kForever)->hash(), cloud.state().hash());
}

TEST(Cloud, KeepsAllCommandsOrNone) {
  MemoryJournal kept;
  Cloud cloud = open(kept);
  std::vector<Command> commands = define(0, 3);
  commands.push_back(commands.back());
  std::string before = cloud.state().hash();
  auto done = cloud.execute_all(commands);
  ASSERT_TRUE(done.has_value());
  ASSERT_FALSE(done->has_value());
  EXPECT_EQ(done->error().index, 3U);
  EXPECT_EQ(done->error().refusal.code, RefusalCode::name_taken);
  EXPECT_EQ(cloud.state().hash(), before);
  EXPECT_EQ(kept.head().sequence, 0U);
  ASSERT_TRUE(cloud.execute(define(5, 6)).has_value());
  EXPECT_TRUE(verify(kept).has_value());
}

TEST(Cloud, AcceptsNothingAfterAFailure) {
  MemoryJournal kept;
  auto cloud = Cloud::open(std::make_unique<FailingJournal>(kept, 1));
  ASSERT_TRUE(cloud->execute(define(0, 2)).has_value());
  for (int i = 0; i < 3; ++i) {
    auto failed = cloud->execute(define(2 + i, 3 + i));
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().code, journal::IoCode::disk_full);
  }
  EXPECT_EQ(open(kept).state().parties.rows().size(), 2U);
}

TEST(GroupCommit, AnswersABatchWhenItIsDurable) {
  MemoryJournal kept;
  {
    GroupCommit commit(open(kept, {7}));
    size_t answered = 0;
    for (int batch = 0; batch < 20; ++batch) {
      auto before = commit.exchange(define(batch * 3, batch * 3 + 3));
      ASSERT_TRUE(before.has_value());
      answered += before->size();
      ASSERT_LE(answered, static_cast<size_t>(3 * batch + 3));
      for (const Answer& answer : *before) ASSERT_TRUE(answer.has_value());
    }
    EXPECT_EQ(answered + commit.finish()->size(), 60U);
    EXPECT_EQ(commit.finish()->size(), 0U);
    EXPECT_EQ(kept.head().sequence, 60U);
  }
  EXPECT_EQ(verify(kept)->parties.rows().size(), 60U);
}

TEST(GroupCommit, SaysAFailureInsteadOfAnAnswer) {
  MemoryJournal kept;
  auto cloud = Cloud::open(std::make_unique<FailingJournal>(kept, 2), {0});
  GroupCommit commit(std::move(*cloud));
  size_t answered = 0;
  bool failed = false;
  for (int batch = 0; batch < 6; ++batch) {
    auto before = commit.exchange(define(batch * 2, batch * 2 + 2));
    if (before) answered += before->size();
    failed = failed || !before;
    EXPECT_FALSE(failed && before.has_value());
  }
  EXPECT_TRUE(failed);
  EXPECT_FALSE(commit.finish().has_value());
  EXPECT_EQ(answered, 4U);
  EXPECT_EQ(open(kept).state().parties.rows().size(), 4U);
}

}  // namespace
}  // namespace leasehold::cloud
