#include "capacity/ledger.h"

#include <algorithm>

#include "base/result.h"

namespace leasehold::capacity {

const Account* Ledger::find(const AccountId& id) const {
  auto found = accounts_.find(id);
  return found == accounts_.end() ? nullptr : &found->second;
}

Account& Ledger::at(const AccountId& id) {
  auto found = accounts_.find(id);
  LH_ASSERT(found != accounts_.end());
  return found->second;
}

Account& Ledger::open(const AccountId& id, const Steps& supply, int64_t overcommit_permille) {
  auto [place, fresh] = accounts_.try_emplace(id, supply, overcommit_permille);
  LH_ASSERT(fresh);
  return place->second;
}

void Ledger::write(BinaryWriter& out) const {
  out.number(static_cast<int64_t>(accounts_.size()));
  for (const auto& [id, account] : accounts_) {
    out.number(static_cast<int64_t>(id.kind));
    out.number(id.number);
    out.number(id.line);
    account.write(out);
  }
}

Ledger Ledger::read(BinaryReader& in) {
  Ledger ledger;
  for (size_t i = in.length(); i > 0; --i) {
    AccountId id;
    id.kind = static_cast<AccountKind>(in.number());
    id.number = static_cast<uint32_t>(in.number());
    id.line = static_cast<uint16_t>(in.number());
    ledger.accounts_.emplace_hint(ledger.accounts_.end(), id, Account::read(in));
  }
  return ledger;
}

void Proposal::open(const AccountId& id, const Steps& supply) {
  LH_ASSERT(!knows(id));
  opened_.try_emplace(id, supply);
}

bool Proposal::knows(const AccountId& id) const { return ledger_->has(id) || opened_.contains(id); }

void Proposal::change(const AccountId& id, const Interval& interval, int64_t delta) {
  changes_[id].add(interval, delta);
}

void Proposal::change_supply(const AccountId& id, const Interval& interval, int64_t delta) {
  const Account& known = account(id);
  for (const Steps::Piece& piece : known.supply().pieces(interval))
    change(id, piece.interval, known.limit(piece.level + delta) - known.limit(piece.level));
}

const Account& Proposal::account(const AccountId& id) const {
  if (const Account* known = ledger_->find(id)) return *known;
  auto found = opened_.find(id);
  LH_ASSERT(found != opened_.end());
  return found->second;
}

std::optional<Shortfall> Proposal::check() const {
  for (const auto& [id, unused] : changes_)
    if (auto shortfall = check(id)) return shortfall;
  return std::nullopt;
}

std::optional<Shortfall> Proposal::check(const AccountId& id) const {
  auto changes = changes_.find(id);
  if (changes == changes_.end()) return std::nullopt;
  const Calendar& free = account(id).free();
  for (const Steps::Piece& piece : changes->second.pieces({kDawn, kForever})) {
    if (piece.level >= 0) continue;
    // Below -level here means below zero with the change.
    auto at = free.first_below(piece.interval, -piece.level);
    if (at) return Shortfall{id, *at, -piece.level - free.level_at(*at)};
  }
  return std::nullopt;
}

int64_t Proposal::least(const AccountId& id, const Interval& window) const {
  const Calendar& free = account(id).free();
  auto changes = changes_.find(id);
  if (changes == changes_.end()) return free.least(window);
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const Steps::Piece& piece : changes->second.pieces(window))
    least = std::min(least, free.least(piece.interval) + piece.level);
  return least;
}

std::optional<Instant> Proposal::earliest(const AccountId& id, Instant from, int64_t quantity,
                                          int64_t seconds) const {
  auto changes = changes_.find(id);
  bool changed = changes != changes_.end() && !changes->second.empty();
  if (changed) return free(id).earliest(from, quantity, seconds);
  return account(id).free().earliest(from, quantity, seconds);
}

Calendar Proposal::free(const AccountId& id) const {
  Calendar changed = account(id).free();
  auto changes = changes_.find(id);
  if (changes == changes_.end()) return changed;
  for (const Steps::Piece& piece : changes->second.pieces({kDawn, kForever}))
    changed.add(piece.interval, piece.level);
  return changed;
}

}  // namespace leasehold::capacity
