// The capacity ledger: every account, in order. Proposal (below) checks a set of changes to
// several accounts together without touching them: that is how a request over several pools is
// all or nothing, and how an amendment is checked against the promises below it.
#pragma once

#include <map>
#include <optional>

#include "capacity/account.h"
#include "domain/account_id.h"

namespace leasehold::capacity {

class Ledger {
 public:
  bool has(const AccountId& id) const { return accounts_.contains(id); }
  const Account* find(const AccountId& id) const;
  Account& at(const AccountId& id);
  Account& open(const AccountId& id, const Steps& supply, int64_t overcommit_permille = 0);
  const std::map<AccountId, Account>& accounts() const { return accounts_; }

  void write(BinaryWriter& out) const;
  static Ledger read(BinaryReader& in);

 private:
  std::map<AccountId, Account> accounts_;
};

// Where a proposal does not fit: the first instant at which an account would be short.
struct Shortfall {
  AccountId account;
  Instant at;
  int64_t short_by = 0;  // at that instant, in the account's atoms
};

class Proposal {
 public:
  explicit Proposal(const Ledger& ledger) : ledger_(&ledger) {}

  // Gives an account that the ledger does not have (a line that nothing was sublet from yet).
  void open(const AccountId& id, const Steps& supply);
  bool knows(const AccountId& id) const;

  // Changes of what is free: a promise is negative, a release or a delivery positive.
  void change(const AccountId& id, const Interval& interval, int64_t delta);

  // A change of what the account has, through its overcommit policy.
  void change_supply(const AccountId& id, const Interval& interval, int64_t delta);

  // The first account, in order, and in it the first instant that would be below zero because of
  // the changes. What was short before and is not made worse is not reported.
  std::optional<Shortfall> check() const;
  // The same for one account.
  std::optional<Shortfall> check(const AccountId& id) const;
  // What would be free in the window at least, with the changes.
  int64_t least(const AccountId& id, const Interval& window) const;
  // The earliest start (Calendar::earliest), with the changes.
  std::optional<Instant> earliest(const AccountId& id, Instant from, int64_t quantity,
                                  int64_t seconds) const;
  // What would be free at every instant, with the changes: a copy of the whole calendar.
  Calendar free(const AccountId& id) const;

 private:
  const Account& account(const AccountId& id) const;

  const Ledger* ledger_;
  std::map<AccountId, Account> opened_;
  std::map<AccountId, Steps> changes_;
};

}  // namespace leasehold::capacity
