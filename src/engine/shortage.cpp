// What a refusal for capacity or power says: who holds it, and what would fit instead.
#include <algorithm>
#include <map>

#include "engine/holder.h"
#include "engine/rules.h"

namespace leasehold::engine {

namespace {

constexpr size_t kMostHolders = 8;
constexpr size_t kMostElsewhere = 3;

HeldBy held_by(const State& state, const Holder& holder, int64_t atoms) {
  switch (holder.kind) {
    case HolderKind::delivery: {
      const Delivery& delivery = state.deliveries.at(DeliveryId{holder.number});
      return {delivery.name.empty() ? to_text(delivery.id) : delivery.name, {}, {}, atoms};
    }
    case HolderKind::hold: {
      const Quote& quote = state.quotes.at(QuoteId{holder.number});
      return {to_text(quote.id), quote.offer.lessor, quote.offer.lessee, atoms};
    }
    case HolderKind::instance: {
      const Instance& instance = state.instances.at(InstanceId{holder.number});
      return {to_text(instance.id), state.promiser(instance.account), instance.tenant, atoms};
    }
    case HolderKind::line: {
      const Lease& lease = state.leases.at(LeaseId{holder.number});
      return {state.name_of(holder.line_account()), lease.offer.lessor, lease.offer.lessee, atoms};
    }
  }
  return {};
}

// The accounts from which the lessor could promise the same instead.
std::vector<AccountId> other_sources(const State& state, const AccountId& account, PartyId lessor) {
  std::vector<AccountId> others;
  for (const Pool& pool : state.pools.rows())
    if (pool.owner == lessor && account_of(pool.id) != account)
      others.push_back(account_of(pool.id));
  if (account.kind != AccountKind::line) return others;
  for (const Lease& lease : state.leases.rows()) {
    if (lease.offer.lessee != lessor) continue;
    for (size_t i = 0; i < lease.offer.lines.size(); ++i)
      if (line_of(lease.id, i) != account) others.push_back(line_of(lease.id, i));
  }
  return others;
}

int64_t least_free(const State& state, const capacity::Proposal& proposal, const AccountId& account,
                   const Interval& window) {
  if (proposal.knows(account)) return proposal.least(account, window);
  return supply_of(state.line(account)).least(window);
}

}  // namespace

Refusal shortage(const State& state, const capacity::Shortfall& shortfall, RefusalCode code) {
  Refusal refusal;
  refusal.code = code;
  refusal.subject = state.name_of(shortfall.account);
  refusal.account = shortfall.account;
  refusal.first_at = shortfall.at;
  refusal.short_by = shortfall.short_by;
  if (shortfall.account.kind == AccountKind::site) {
    refusal.unit = QuantityKind::megawatt;
  } else {
    refusal.unit = state.sku_of(shortfall.account).atom_kind();
    refusal.atoms_per_server = state.sku_of(shortfall.account).per_server;
  }
  const capacity::Account* account = state.ledger.find(shortfall.account);
  if (account == nullptr) return refusal;
  std::map<capacity::HolderKey, int64_t> held;  // a ramp is several promises of one holder
  for (const capacity::Promise& promise : account->slots())
    if (promise.quantity > 0 && promise.interval.contains(shortfall.at))
      held[promise.holder] += promise.quantity;
  for (const auto& [key, atoms] : held)
    refusal.held_by.push_back(held_by(state, Holder::from(key), atoms));
  std::stable_sort(refusal.held_by.begin(), refusal.held_by.end(),
                   [](const HeldBy& a, const HeldBy& b) { return a.atoms > b.atoms; });
  if (refusal.held_by.size() > kMostHolders) refusal.held_by.resize(kMostHolders);
  return refusal;
}

void add_less(Refusal& refusal, const capacity::Proposal& proposal, int64_t asked,
              const Interval& window) {
  int64_t missing = 0;
  for (const auto& low : low_stretches(proposal, refusal.account))
    missing = std::max(missing, low.level);
  if (asked > missing)
    refusal.nearest.push_back({Alternative::fewer, refusal.account, asked - missing, window});
}

void add_needed_end(Refusal& refusal, const capacity::Proposal& proposal) {
  auto low = low_stretches(proposal, refusal.account);
  if (!low.empty() && !low.back().interval.open())
    refusal.nearest.push_back(
        {Alternative::until, refusal.account, 0, {kDawn, low.back().interval.until}});
}

void add_fitting_end(Refusal& refusal, Instant present_end) {
  if (refusal.first_at > present_end)
    refusal.nearest.push_back({Alternative::until, refusal.account, 0, {kDawn, refusal.first_at}});
}

void add_later_part(Refusal& refusal, const capacity::Calendar& free, int64_t atoms,
                    const Interval& window) {
  std::vector<capacity::Step> steps = free.steps(window);
  size_t first = steps.size();
  while (first > 0 && steps[first - 1].level >= atoms) --first;
  if (first < steps.size())
    refusal.nearest.push_back(
        {Alternative::later, refusal.account, atoms, {steps[first].at, window.until}});
}

void add_nearest(Refusal& refusal, const State& state, const capacity::Proposal& before,
                 const AccountId& account, const Quantity& quantity, const Interval& window,
                 PartyId lessor) {
  const Sku& sku = state.sku_of(account);
  const Site& site = state.site_of(account);
  int64_t atoms = sku.atoms(quantity, site).value_or(0);
  refusal.asked = atoms;
  int64_t free = least_free(state, before, account, window);
  Quantity one{quantity.kind == QuantityKind::megawatt ? sku.watts(sku.per_server, site) : 1,
               quantity.kind};
  int64_t unit = std::max<int64_t>(sku.atoms(one, site).value_or(1), 1);
  if (free / unit > 0)
    refusal.nearest.push_back({Alternative::fewer, account, free / unit * unit, window});
  if (before.knows(account)) {
    int64_t seconds =
        window.open() ? capacity::Calendar::kOpenRun : window.until.seconds - window.from.seconds;
    auto later = before.earliest(account, window.from, atoms, seconds);
    if (later)
      refusal.nearest.push_back({Alternative::later,
                                 account,
                                 atoms,
                                 {*later, window.open() ? kForever : *later + seconds}});
  }
  size_t elsewhere = 0;
  for (const AccountId& other : other_sources(state, account, lessor)) {
    auto there = state.sku_of(other).atoms(quantity, state.site_of(other));
    if (!there || state.sku_of(other).atom_kind() != sku.atom_kind()) continue;
    if (least_free(state, before, other, window) < *there) continue;
    refusal.nearest.push_back({Alternative::elsewhere, other, *there, window});
    if (++elsewhere == kMostElsewhere) break;
  }
}

}  // namespace leasehold::engine
