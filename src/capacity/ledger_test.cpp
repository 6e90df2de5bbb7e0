// Accounts and proposals: what is checked without being changed.
#include "capacity/ledger.h"

#include <gtest/gtest.h>

namespace leasehold::capacity {
namespace {

constexpr AccountId kPool{AccountKind::pool, 1, 0};
constexpr AccountId kLine{AccountKind::line, 1, 1};

Interval between(int64_t from, int64_t until) { return {Instant{from}, Instant{until}}; }
Steps supply_of(int64_t atoms) {
  Steps supply;
  supply.add({Instant{0}, kForever}, atoms);
  return supply;
}

TEST(Account, MayPromiseItsSupplyAndItsOvercommitRoundedDown) {
  Account account(supply_of(10), 150);
  EXPECT_EQ(account.free().level_at(Instant{0}), 11);  // 11.5
  EXPECT_EQ(account.free().level_at(Instant{-1}), 0);
  account.change_supply(between(5, 9), 10);
  EXPECT_EQ(account.free().level_at(Instant{5}), 23);
  account.set_overcommit(0);
  EXPECT_EQ(account.free().level_at(Instant{5}), 20);
  EXPECT_EQ(account.free().level_at(Instant{9}), 10);
}

TEST(Account, UsesReleasedSlotsAgain) {
  Account account(supply_of(10));
  PromiseId first = account.promise(1, between(0, 5), 3);
  PromiseId second = account.promise(2, between(0, 5), 4);
  account.release(first);
  EXPECT_EQ(account.promise(3, between(2, 4), 5), first);
  EXPECT_EQ(account.free().least(between(0, 5)), 1);
  account.release(second);
  account.release(first);
  EXPECT_EQ(account.free().least(between(0, 5)), 10);
}

// Free slots, too, are the same after a state was written and read: ids of promises follow from
// them.
TEST(Account, IsReadAsItWasWritten) {
  Account account(supply_of(10), 50);
  for (HolderKey holder = 0; holder < 6; ++holder)
    account.promise(holder, between(static_cast<int64_t>(holder), 100), 1);
  account.promise(9, {Instant{50}, kForever}, 2);
  for (PromiseId gone : {1U, 4U, 2U}) account.release(gone);
  BinaryWriter out;
  account.write(out);
  BinaryReader in(out.bytes());
  Account read = Account::read(in);
  ASSERT_TRUE(in.ok() && in.at_end());
  BinaryWriter again;
  read.write(again);
  EXPECT_EQ(again.bytes(), out.bytes());
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(read.promise(7, between(0, 1), 1), account.promise(7, between(0, 1), 1));
  EXPECT_EQ(read.free().steps({kDawn, kForever}), account.free().steps({kDawn, kForever}));
}

TEST(Proposal, NamesTheFirstInstantThatDoesNotFitAndByHowMuch) {
  Ledger ledger;
  ledger.open(kPool, supply_of(10)).promise(1, between(20, 30), 7);
  Proposal proposal(ledger);
  proposal.change(kPool, between(0, 40), -5);
  auto shortfall = proposal.check();
  ASSERT_TRUE(shortfall.has_value());
  EXPECT_EQ(shortfall->account, kPool);
  EXPECT_EQ(shortfall->at, Instant{20});
  EXPECT_EQ(shortfall->short_by, 2);
  EXPECT_EQ(proposal.least(kPool, between(0, 40)), -2);
  EXPECT_EQ(proposal.earliest(kPool, Instant{0}, 6, 10), Instant{40});
  EXPECT_EQ(ledger.find(kPool)->free().least(between(0, 40)), 3) << "nothing was changed";
}

TEST(Proposal, GivesBackBeforeItTakes) {
  Ledger ledger;
  ledger.open(kPool, supply_of(10)).promise(1, between(0, 10), 10);
  Proposal proposal(ledger);
  proposal.change(kPool, between(0, 10), -10);
  EXPECT_TRUE(proposal.check().has_value());
  proposal.change(kPool, between(0, 10), 10);
  EXPECT_FALSE(proposal.check().has_value());
}

// What was short before, as after an overcommit that was trusted, is not said of somebody who asks
// for less of it.
TEST(Proposal, DoesNotSayWhatItDidNotMakeWorse) {
  Ledger ledger;
  Account& pool = ledger.open(kPool, supply_of(10));
  pool.promise(1, between(0, 10), 12);
  Proposal proposal(ledger);
  proposal.change(kPool, between(0, 10), 1);
  EXPECT_FALSE(proposal.check().has_value());
  proposal.change(kPool, between(20, 30), -10);
  EXPECT_FALSE(proposal.check().has_value());
  proposal.change(kPool, between(5, 6), -2);
  EXPECT_EQ(proposal.check()->at, Instant{5});
}

TEST(Proposal, OpensALineThatNothingWasDrawnFrom) {
  Ledger ledger;
  ledger.open(kPool, supply_of(10));
  Proposal proposal(ledger);
  proposal.open(kLine, supply_of(4));
  proposal.change(kLine, between(0, 5), -5);
  EXPECT_EQ(proposal.check()->account, kLine);
  EXPECT_EQ(proposal.check()->short_by, 1);
  EXPECT_FALSE(ledger.has(kLine));
}

}  // namespace
}  // namespace leasehold::capacity
