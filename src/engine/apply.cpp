// Facts become state. Nothing is checked here: decide() did, when the fact was made.
#include "engine/become.h"
#include "engine/engine.h"
#include "engine/holder.h"

namespace leasehold::engine {

namespace {

using capacity::Account;

void become(State& state, const PartyDefined& fact) {
  state.parties.add(fact.party.name, fact.party);
}

void become(State& state, const PartiesRelated& fact) {
  const Relation& relation = fact.relation;
  for (Relation& known : state.relations)
    if (known.subject == relation.subject && known.kind == relation.kind &&
        known.object == relation.object) {
      known.share_ppm = relation.share_ppm;
      return;
    }
  state.relations.push_back(relation);
}

void become(State& state, const SiteOpened& fact) {
  state.sites.add(fact.site.name, fact.site);
  state.ledger.open(account_of(fact.site.id), {});
}

void become(State& state, const PowerChanged& fact) {
  state.ledger.at(account_of(fact.site)).change_supply({fact.from, fact.until}, fact.watts);
}

void become(State& state, const SkuDefined& fact) { state.skus.add(fact.sku.name, fact.sku); }

void become(State& state, const PoolOpened& fact) {
  state.pools.add(fact.pool.name, fact.pool);
  state.ledger.open(account_of(fact.pool.id), {});
}

void become(State& state, const OvercommitSet& fact) {
  state.ledger.at(account_of(fact.pool)).set_overcommit(fact.permille);
}

uint32_t promise_power(State& state, const Delivery& delivery) {
  const Pool& pool = state.pools.at(delivery.pool);
  int64_t watts = state.skus.at(pool.sku).watts(delivery.atoms, state.sites.at(pool.site));
  if (watts == 0) return 0;
  Holder holder{HolderKind::delivery, delivery.id.number, 0};
  return state.ledger.at(account_of(pool.site))
      .promise(holder.key(), {delivery.from, delivery.until}, watts);
}

void become(State& state, const DeliveryPlanned& fact) {
  Delivery& delivery = state.deliveries.add(fact.delivery.name, fact.delivery);
  delivery.power_promise = promise_power(state, delivery);
  state.ledger.at(account_of(delivery.pool))
      .change_supply({delivery.from, delivery.until}, delivery.atoms);
  reschedule_delivery(state, delivery.id);
}

void become(State& state, const DeliveryRetimed& fact) {
  Delivery& delivery = state.deliveries.at(fact.delivery);
  const Pool& pool = state.pools.at(delivery.pool);
  Account& supply = state.ledger.at(account_of(delivery.pool));
  if (state.skus.at(pool.sku).watts(delivery.atoms, state.sites.at(pool.site)) > 0)
    state.ledger.at(account_of(pool.site)).release(delivery.power_promise);
  supply.change_supply({delivery.from, delivery.until}, -delivery.atoms);
  unschedule(state, delivery_due(delivery));
  // What comes later cannot be out of service before it is there.
  auto withdrawn = state.withdrawn.find(fact.delivery);
  if (withdrawn != state.withdrawn.end())
    for (const auto& piece : withdrawn->second.pieces({delivery.from, fact.from})) {
      supply.change_supply(piece.interval, piece.level);
      withdrawn->second.add(piece.interval, -piece.level);
    }
  delivery.from = fact.from;
  supply.change_supply({delivery.from, delivery.until}, delivery.atoms);
  delivery.power_promise = promise_power(state, delivery);
  reschedule_delivery(state, delivery.id);
}

void become(State& state, const SupplyWithdrawn& fact) {
  const Delivery& delivery = state.deliveries.at(fact.delivery);
  state.ledger.at(account_of(delivery.pool)).change_supply({fact.from, fact.until}, -fact.atoms);
  state.withdrawn[fact.delivery].add({fact.from, fact.until}, fact.atoms);
}

Account& account_for(State& state, const AccountId& id) {
  if (!state.ledger.has(id)) return state.ledger.open(id, supply_of(state.line(id)));
  return state.ledger.at(id);
}

void promise(State& state, Line& line, const Holder& holder) {
  if (line.tranches.empty()) return;
  Account& account = account_for(state, line.source);
  for (Tranche& tranche : line.tranches)
    tranche.promise = account.promise(holder.key(), tranche.interval(), tranche.atoms);
}

void release(State& state, const Line& line) {
  if (line.tranches.empty()) return;
  Account& account = state.ledger.at(line.source);
  for (const Tranche& tranche : line.tranches) account.release(tranche.promise);
}

Holder hold_of(const Quote& quote, size_t line) {
  return {HolderKind::hold, quote.id.number, static_cast<uint16_t>(line + 1)};
}

void hold(State& state, Quote& quote, Instant until) {
  for (size_t i = 0; i < quote.offer.lines.size(); ++i)
    promise(state, quote.offer.lines[i], hold_of(quote, i));
  quote.status = QuoteStatus::held;
  quote.held_until = until;
  schedule(state, hold_due(quote));
}

void become(State& state, const QuoteIssued& fact) {
  state.quotes.add(fact.quote.offer.name, fact.quote);
}

void become(State& state, const HoldPlaced& fact) {
  hold(state, state.quotes.at(fact.quote), fact.until);
}

void become(State& state, const HoldEnded& fact) {
  Quote& quote = state.quotes.at(fact.quote);
  if (quote.status == QuoteStatus::held) {
    for (const Line& line : quote.offer.lines) release(state, line);
    unschedule(state, hold_due(quote));
  }
  quote.status = fact.status;
}

void become(State& state, const LeaseSigned& fact) {
  Lease& lease = state.leases.add(fact.lease.offer.name, fact.lease);
  LeaseId id = lease.id;
  for (size_t i = 0; i < lease.offer.lines.size(); ++i)
    promise(state, lease.offer.lines[i], holder_of(line_of(id, i)));
  if (lease.offer.terms.draws_on) state.draws[*lease.offer.terms.draws_on].push_back(id);
  for (size_t i = 0; i < lease.offer.lines.size(); ++i) reschedule_line(state, line_of(id, i));
}

void become(State& state, const TrancheAccepted& fact) {
  Line& line = state.line(fact.line);
  auto index = static_cast<size_t>(fact.tranche - 1);
  Tranche& tranche = line.tranches.at(index);
  if (tranche.deemed_on) unschedule(state, acceptance_due(fact.line, index, *tranche.deemed_on));
  tranche.accepted_at = fact.on;
}

// The supply of a line's own account follows its tranches.
void change_own_supply(State& state, const AccountId& id, const Line& line, int64_t sign) {
  if (!state.ledger.has(id)) return;
  for (const Tranche& tranche : line.tranches)
    state.ledger.at(id).change_supply(tranche.interval(), sign * tranche.atoms);
}

void schedule_acceptances(State& state, const AccountId& id, bool due) {
  const std::vector<Tranche>& tranches = state.line(id).tranches;
  for (size_t i = 0; i < tranches.size(); ++i)
    if (tranches[i].deemed_on && !tranches[i].accepted_at) {
      Due acceptance = acceptance_due(id, i, *tranches[i].deemed_on);
      due ? schedule(state, acceptance) : unschedule(state, acceptance);
    }
}

void become(State& state, const LineAmended& fact) {
  Line& line = state.line(fact.line);
  schedule_acceptances(state, fact.line, false);
  release(state, line);
  change_own_supply(state, fact.line, line, -1);
  line.tranches = fact.tranches;
  line.price = fact.price;
  promise(state, line, holder_of(fact.line));
  change_own_supply(state, fact.line, line, +1);
  state.leases.at(LeaseId{fact.line.number}).amendments.push_back(fact.name);
  schedule_acceptances(state, fact.line, true);
  reschedule_line(state, fact.line);
}

void become(State& state, const LineAdded& fact) {
  Lease& lease = state.leases.at(fact.lease);
  lease.offer.lines.push_back(fact.line);
  AccountId id = line_of(fact.lease, lease.offer.lines.size() - 1);
  promise(state, lease.offer.lines.back(), holder_of(id));
  reschedule_line(state, id);
}

void remember_sides(State& state, const Lease& lease) {
  state.billing.assignments[lease.id].push_back(
      {state.now, lease.offer.lessor, lease.offer.lessee});
}

void become(State& state, const LeaseAssigned& fact) {
  Lease& lease = state.leases.at(fact.lease);
  remember_sides(state, lease);
  (fact.side == Side::lessor ? lease.offer.lessor : lease.offer.lessee) = fact.to;
  if (fact.side == Side::lessor) return;
  // Who holds the head lease is the lessor of what was sublet from it.
  for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
    const Account* account = state.ledger.find(line_of(fact.lease, i));
    if (account == nullptr) continue;
    for (const capacity::Promise& promise : account->slots()) {
      Holder holder = Holder::from(promise.holder);
      if (promise.quantity <= 0 || holder.kind != HolderKind::line) continue;
      Lease& below = state.leases.at(LeaseId{holder.number});
      if (below.offer.lessor == fact.to) continue;
      remember_sides(state, below);
      below.offer.lessor = fact.to;
    }
  }
}

void become(State& state, const NoticeGiven& fact) {
  state.leases.at(fact.lease).notice_given_at = state.now;
}

void become(State& state, const LeaseRenewed& fact) { state.leases.at(fact.lease).renewed = true; }

void become(State& state, const LeaseTerminated& fact) {
  Lease& lease = state.leases.at(fact.lease);
  lease.terminated_at = fact.on;
  lease.exit_fee = fact.fee;
}

void become(State& state, const CommitmentSigned& fact) {
  state.commitments.add(fact.commitment.name, fact.commitment);
}

}  // namespace

void apply(State& state, const Fact& fact) {
  LH_ASSERT(fact.sequence == state.sequence + 1);
  state.sequence = fact.sequence;
  state.now = fact.at;
  std::visit([&state](const auto& body) { become(state, body); }, fact.body);
}

}  // namespace leasehold::engine
