// One account of the ledger: what it has (supply), what it may promise (supply and its overcommit
// policy), and what it has promised. Whoever changes an account has checked the change with a
// Proposal (proposal.h): the account itself only keeps the sums.
#pragma once

#include <cstdint>
#include <vector>

#include "base/binary.h"
#include "base/time.h"
#include "capacity/calendar.h"
#include "capacity/steps.h"

namespace leasehold::capacity {

// Who holds a promise: a delivery, a line, the hold of a quote, packed to eight bytes. The engine
// gives and reads them (engine/holder.h); the account only keeps them.
using HolderKey = uint64_t;

using PromiseId = uint32_t;  // a slot of the account; reused after release

struct Promise {
  HolderKey holder = 0;
  Interval interval;
  int64_t quantity = 0;  // 0 marks a free slot
};

class Account {
 public:
  Account() = default;
  explicit Account(Steps supply, int64_t overcommit_permille = 0);

  void change_supply(const Interval& interval, int64_t delta);
  void set_overcommit(int64_t permille);
  PromiseId promise(HolderKey holder, const Interval& interval, int64_t quantity);
  void release(PromiseId id);

  // What may still be promised at every instant; below zero only where supply went away.
  const Calendar& free() const { return free_; }
  const Steps& supply() const { return supply_; }
  int64_t overcommit_permille() const { return overcommit_permille_; }
  // supply x (1 + overcommit policy), rounded down.
  int64_t limit(int64_t supply) const { return supply + supply * overcommit_permille_ / 1000; }
  // All slots; those with quantity 0 are free.
  const std::vector<Promise>& slots() const { return slots_; }

  size_t bytes() const;
  void write(BinaryWriter& out) const;
  static Account read(BinaryReader& in);

 private:
  static constexpr int64_t kNoSlot = -1;

  void rebuild_free();

  Steps supply_;
  int64_t overcommit_permille_ = 0;
  Calendar free_;
  std::vector<Promise> slots_;
  int64_t next_free_slot_ = kNoSlot;  // a chain through the free slots' `from`
};

}  // namespace leasehold::capacity
