#include "capacity/account.h"

#include <algorithm>

#include "base/result.h"

namespace leasehold::capacity {

Account::Account(Steps supply, int64_t overcommit_permille)
    : supply_(std::move(supply)), overcommit_permille_(overcommit_permille) {
  rebuild_free();
}

void Account::change_supply(const Interval& interval, int64_t delta) {
  if (interval.empty()) return;
  for (const Steps::Piece& piece : supply_.pieces(interval))
    free_.add(piece.interval, limit(piece.level + delta) - limit(piece.level));
  supply_.add(interval, delta);
}

void Account::set_overcommit(int64_t permille) {
  overcommit_permille_ = permille;
  rebuild_free();
}

PromiseId Account::promise(HolderKey holder, const Interval& interval, int64_t quantity) {
  LH_ASSERT(quantity > 0 && !interval.empty());
  free_.add(interval, -quantity);
  if (next_free_slot_ == kNoSlot) {
    slots_.push_back({holder, interval, quantity});
    return static_cast<PromiseId>(slots_.size() - 1);
  }
  auto slot = static_cast<size_t>(next_free_slot_);
  next_free_slot_ = slots_[slot].interval.from.seconds;
  slots_[slot] = {holder, interval, quantity};
  return static_cast<PromiseId>(slot);
}

void Account::release(PromiseId id) {
  Promise& promise = slots_.at(id);
  LH_ASSERT(promise.quantity > 0);
  free_.add(promise.interval, promise.quantity);
  promise = {0, {Instant{next_free_slot_}, Instant{0}}, 0};
  next_free_slot_ = id;
}

void Account::rebuild_free() {
  std::vector<Change> changes;
  changes.reserve(slots_.size() * 2 + supply_.changes().size());
  int64_t level = 0;
  for (const Change& change : supply_.changes()) {
    changes.push_back({change.at, limit(level + change.delta) - limit(level)});
    level += change.delta;
  }
  for (const Promise& promise : slots_) {
    if (promise.quantity == 0) continue;
    changes.push_back({promise.interval.from, -promise.quantity});
    if (!promise.interval.open()) changes.push_back({promise.interval.until, promise.quantity});
  }
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.at < b.at; });
  free_ = Calendar(changes);
}

size_t Account::bytes() const {
  return sizeof(*this) + free_.bytes() + slots_.capacity() * sizeof(Promise) +
         supply_.changes().capacity() * sizeof(Change);
}

void Account::write(BinaryWriter& out) const {
  supply_.write(out);
  out.number(overcommit_permille_);
  out.number(static_cast<int64_t>(slots_.size()));
  for (const Promise& promise : slots_) {
    out.number(static_cast<int64_t>(promise.holder));
    out.instant(promise.interval.from);
    // Most promises end days to years after they begin: the difference is shorter than the end.
    bool open = promise.interval.open();
    out.number(open ? -1 : promise.interval.until.seconds - promise.interval.from.seconds);
    out.number(promise.quantity);
  }
  out.number(next_free_slot_);
}

Account Account::read(BinaryReader& in) {
  Account account;
  account.supply_ = Steps::read(in);
  account.overcommit_permille_ = in.number();
  account.slots_.resize(in.length());
  for (Promise& promise : account.slots_) {
    promise.holder = static_cast<HolderKey>(in.number());
    promise.interval.from = in.instant();
    int64_t seconds = in.number();
    // A free slot keeps the next free one in `from`; its end is nothing.
    promise.interval.until = seconds < 0 ? kForever : promise.interval.from + seconds;
    promise.quantity = in.number();
    if (promise.quantity == 0) promise.interval.until = Instant{0};
  }
  account.next_free_slot_ = in.number();
  account.rebuild_free();
  return account;
}

}  // namespace leasehold::capacity
