#include "projections/proof.h"

#include <map>

#include "projections/accounts.h"

namespace leasehold::projections {

namespace {

using engine::State;

// Changes by account, gathered from deliveries, leases, holds and instances: not from the ledger.
struct Sweep {
  std::map<Instant, int64_t> promised;
  std::map<Instant, int64_t> supplied;
  int64_t promises = 0;
};

void add(std::map<Instant, int64_t>& changes, const Interval& interval, int64_t amount) {
  changes[interval.from] += amount;
  if (!interval.open()) changes[interval.until] -= amount;
}

using Sweeps = std::map<AccountId, Sweep>;

void gather_line(Sweeps& sweeps, const Line& line) {
  for (const Tranche& tranche : line.tranches) {
    add(sweeps[line.source].promised, tranche.interval(), tranche.atoms);
    ++sweeps[line.source].promises;
  }
}

Sweeps gather(const State& state) {
  Sweeps sweeps;
  for (const Delivery& delivery : state.deliveries.rows()) {
    const Pool& pool = state.pools.at(delivery.pool);
    int64_t watts = state.skus.at(pool.sku).watts(delivery.atoms, state.sites.at(pool.site));
    Sweep& site = sweeps[account_of(pool.site)];
    add(site.promised, {delivery.from, delivery.until}, watts);
    ++site.promises;
  }
  for (const Lease& lease : state.leases.rows())
    for (const Line& line : lease.offer.lines) gather_line(sweeps, line);
  for (const Quote& quote : state.quotes.rows())
    if (quote.status == QuoteStatus::held)
      for (const Line& line : quote.offer.lines) gather_line(sweeps, line);
  // What has ended promises nothing any more: its account has even the past of it back.
  for (const Instance& instance : state.instances.rows()) {
    if (instance.ended_at || instance.atoms == 0) continue;
    Sweep& sweep = sweeps[instance.account];
    add(sweep.promised, {instance.promised_from, instance.until}, instance.atoms);
    ++sweep.promises;
  }
  for (auto& [id, sweep] : sweeps) {
    if (id.kind == AccountKind::line)
      for (const Tranche& tranche : state.line(id).tranches)
        add(sweep.supplied, tranche.interval(), tranche.atoms);
    else
      for (const auto& change : state.ledger.find(id)->supply().changes())
        sweep.supplied[change.at] += change.delta;
  }
  return sweeps;
}

}  // namespace

std::vector<Proof> prove(const State& state) {
  std::vector<Proof> proofs;
  for (const auto& [id, sweep] : gather(state)) {
    Proof proof{id, tier_of(state, id), sweep.promises, 0, kForever.seconds, kDawn, true};
    const capacity::Account* account = state.ledger.find(id);
    std::map<Instant, std::pair<int64_t, int64_t>> changes;  // supplied, promised
    for (const auto& [at, amount] : sweep.supplied) changes[at].first += amount;
    for (const auto& [at, amount] : sweep.promised) changes[at].second += amount;
    int64_t supplied = 0;
    int64_t promised = 0;
    for (const auto& [at, change] : changes) {
      supplied += change.first;
      promised += change.second;
      int64_t free = (account ? account->limit(supplied) : supplied) - promised;
      // The least that matters is where something is promised.
      if (promised > 0 && free < proof.least_free) {
        proof.least_free = free;
        proof.least_at = at;
      }
      proof.agrees = proof.agrees && account != nullptr && account->free().level_at(at) == free;
      ++proof.instants;
    }
    if (proof.least_free == kForever.seconds) proof.least_free = 0;
    proofs.push_back(proof);
  }
  return proofs;
}

}  // namespace leasehold::projections
