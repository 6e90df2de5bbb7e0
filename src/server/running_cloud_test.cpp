// Who is told of what became durable, and on which thread.
#include "server/running_cloud.h"

#include <future>

#include <gtest/gtest.h>

#include "journal/memory.h"

namespace leasehold::server {
namespace {

constexpr Instant kNow{1'700'000'000};

cloud::Cloud new_cloud() {
  auto cloud = cloud::Cloud::open(std::make_unique<journal::MemoryJournal>(), kSnapshots);
  EXPECT_TRUE(cloud.has_value());
  return std::move(*cloud);
}

std::vector<Command> define(const char* party) {
  return {{kNow, "test", DefineParty{{{}, party, PartyKind::company, {}}}}};
}

// Who is told may end right after it has said that it wants to hear nothing more.
TEST(RunningCloud, TellsNobodyWhoIsToldNoMore) {
  RunningCloud cloud(new_cloud(), [] { return kNow; });
  std::promise<void> told;
  std::atomic<bool> over = false;
  cloud.on_durable([&](uint64_t) {
    told.set_value();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    over = true;
  });
  ASSERT_TRUE(cloud.submit_and_wait(define("neo")).has_value());
  told.get_future().wait();
  cloud.on_durable(nullptr);
  EXPECT_TRUE(over);
}

// The deciding thread hands over: who waits may have ended, and what it would do may take long.
TEST(RunningCloud, SaysWhatBecameDurableOnAnotherThread) {
  RunningCloud cloud(new_cloud(), [] { return kNow; });
  std::promise<std::function<void()>> handed;
  std::atomic<bool> said = false;
  auto later = [&](std::function<void()> then) { handed.set_value(std::move(then)); };
  cloud.when_durable(1, later, [&](bool kept) { said = kept; });
  ASSERT_TRUE(cloud.submit_and_wait(define("neo")).has_value());
  auto then = handed.get_future().get();
  EXPECT_FALSE(said);
  then();
  EXPECT_TRUE(said);
  said = false;
  cloud.when_durable(1, later, [&](bool kept) { said = kept; });
  EXPECT_TRUE(said);
}

// Whoever asks for nothing waits for those before it, and for nobody else.
TEST(RunningCloud, AnswersWhoAsksForNothing) {
  RunningCloud cloud(new_cloud(), [] { return kNow; });
  ASSERT_TRUE(cloud.submit_and_wait({}).has_value());
  std::promise<size_t> answered;
  cloud.submit(define("neo"), [](const RunningCloud::Answers&) {});
  cloud.submit({}, [&](const RunningCloud::Answers& none) { answered.set_value(none->size()); });
  cloud.submit(define("team"), [](const RunningCloud::Answers&) {});
  EXPECT_EQ(answered.get_future().get(), 0U);
}

// Long questions look at a copy: nobody waits for them.
TEST(RunningCloud, GoesOnWhileACopyIsHeld) {
  RunningCloud cloud(new_cloud(), [] { return kNow; });
  ASSERT_TRUE(cloud.submit_and_wait(define("neo")).has_value());
  operations::HeldState before = cloud.copy();
  EXPECT_EQ(cloud.copy(), before) << "it is shared while nothing happens";
  ASSERT_TRUE(cloud.submit_and_wait(define("lab")).has_value());
  EXPECT_EQ(before->sequence, 1U);
  EXPECT_EQ(cloud.copy()->sequence, 2U);
}

}  // namespace
}  // namespace leasehold::server
