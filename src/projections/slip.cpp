#include "projections/slip.h"

#include <algorithm>

namespace leasehold::projections {

namespace {

using engine::State;

constexpr int64_t kHoursOfYear = 8766;  // 365.25 days

// The delivery last planned of those that have not begun and of which the site is short; none where
// all fit.
const Delivery* last_that_does_not_fit(const State& state, SiteId site,
                                       const capacity::Proposal& power, Instant now) {
  auto shortfall = power.check(account_of(site));
  if (!shortfall) return nullptr;
  const Delivery* last = nullptr;
  for (const Delivery& delivery : state.deliveries.rows())
    if (state.pools.at(delivery.pool).site == site && delivery.from >= now &&
        delivery.from <= shortfall->at && shortfall->at < delivery.until &&
        (last == nullptr || delivery.from >= last->from))
      last = &delivery;
  return last;
}

int64_t watts_of(const State& state, const Delivery& delivery) {
  const Pool& pool = state.pools.at(delivery.pool);
  return state.skus.at(pool.sku).watts(delivery.atoms, state.sites.at(pool.site));
}

// The deliveries of a site that have to move, each to the earliest moment at which it has its
// power.
void move_deliveries(const State& state, SiteId site, capacity::Proposal& power, Instant now,
                     std::vector<SlippedDelivery>& slipped) {
  AccountId account = account_of(site);
  std::vector<const Delivery*> moved;
  while (const Delivery* delivery = last_that_does_not_fit(state, site, power, now)) {
    if (std::find(moved.begin(), moved.end(), delivery) != moved.end()) return;
    power.change(account, {delivery->from, delivery->until}, watts_of(state, *delivery));
    moved.push_back(delivery);
  }
  for (auto place = moved.rbegin(); place != moved.rend(); ++place) {
    const Delivery& delivery = **place;
    // After the last moment with too little power.
    std::vector<capacity::Step> steps = power.free(account).steps({delivery.from, delivery.until});
    size_t first = steps.size();
    while (first > 0 && steps[first - 1].level >= watts_of(state, delivery)) --first;
    Instant later = first < steps.size() ? steps[first].at : delivery.until;
    power.change(account, {later, delivery.until}, -watts_of(state, delivery));
    slipped.push_back({delivery.id, delivery.from, later});
  }
}

Money damages(const Line& line, const DelayClause& clause, const Interval& missing, int64_t atoms,
              int64_t per_server, const std::string& zone) {
  auto rate = hourly_rate(line, per_server);
  if (!rate) return {0, line.price.amount.currency};
  Money month = scale(*rate, Int128{atoms} * kHoursOfYear, 12);
  Instant graced = add_term(missing.from, clause.grace, zone);
  int64_t days =
      missing.until > graced
          ? (missing.until.seconds - graced.seconds + kSecondsPerDay - 1) / kSecondsPerDay
          : 0;
  return scale(month, std::min(days * clause.permille_per_day, clause.cap_permille), 1000);
}

std::string another_pool(const State& state, const Line& line, int64_t atoms,
                         const Interval& missing) {
  for (const Pool& pool : state.pools.rows()) {
    bool other = pool.id != line.pool && pool.owner == state.pools.at(line.pool).owner &&
                 pool.sku == state.pools.at(line.pool).sku;
    if (other && state.ledger.find(account_of(pool.id))->free().least(missing) >= atoms)
      return pool.name;
  }
  return "";
}

SlippedLine compare(const State& before, const AccountId& id, const Line& was, const Line& is) {
  SlippedLine slipped;
  slipped.line = id;
  capacity::Steps lost = engine::supply_of(was);
  for (const auto& piece : engine::supply_of(is).pieces({kDawn, kForever}))
    lost.add(piece.interval, -piece.level);
  slipped.missing = {kForever, kDawn};
  for (const auto& piece : lost.pieces({kDawn, kForever})) {
    if (piece.level == 0) continue;
    slipped.atoms = std::max(slipped.atoms, piece.level);
    slipped.missing.from = std::min(slipped.missing.from, piece.interval.from);
    slipped.missing.until = std::max(slipped.missing.until, piece.interval.until);
    if (auto rate = hourly_rate(was, before.sku_of(id).per_server);
        rate && !piece.interval.open()) {
      int64_t hours = (piece.interval.until.seconds - piece.interval.from.seconds) / 3600;
      slipped.put_off = slipped.put_off + scale(*rate, Int128{piece.level} * hours, 1);
    }
  }
  return slipped;
}

}  // namespace

Slip slip(const engine::State& state, PartyId landlord, const Term& by, Instant now) {
  Slip result;
  std::map<SiteId, capacity::Proposal> power;
  for (const SiteLease& lease : state.fleet.site_leases.rows()) {
    if (lease.landlord != landlord || lease.from < now) continue;
    result.leases.push_back(lease.id);
    Instant later =
        std::min(add_term(lease.from, by, state.sites.at(lease.site).zone), lease.until);
    auto& proposal = power.try_emplace(lease.site, state.ledger).first->second;
    proposal.change_supply(account_of(lease.site), {lease.from, later}, -lease.watts);
  }
  for (auto& [site, proposal] : power)
    move_deliveries(state, site, proposal, now, result.deliveries);
  engine::State trial = state;
  engine::pass_time(trial, now);
  std::vector<AccountId> cut;
  for (const SlippedDelivery& delivery : result.deliveries) {
    if (delivery.now == delivery.was) continue;
    auto facts = engine::perform(
        trial, {now, "", RetimeDelivery{delivery.delivery, delivery.now, Resolve::curtail}});
    if (!facts) continue;
    for (const Fact& fact : *facts)
      if (const auto* amended = std::get_if<LineAmended>(&fact.body))
        if (std::find(cut.begin(), cut.end(), amended->line) == cut.end())
          cut.push_back(amended->line);
  }
  for (const AccountId& id : cut) {
    const Line& was = state.line(id);
    SlippedLine line = compare(state, id, was, trial.line(id));
    if (line.atoms == 0) continue;
    const Terms& terms = state.lease_of(id).offer.terms;
    line.damages.currency = was.price.amount.currency;
    line.clause = terms.delay.has_value();
    if (terms.delay) {
      line.damages = damages(was, *terms.delay, line.missing, line.atoms,
                             state.sku_of(id).per_server, terms.zone);
      if (terms.delay->walk_after) {
        Instant walk = add_term(line.missing.from, *terms.delay->walk_after, terms.zone);
        if (walk < line.missing.until) line.walk_from = walk;
      }
    }
    line.instead = another_pool(trial, was, line.atoms, line.missing);
    result.lines.push_back(line);
  }
  return result;
}

}  // namespace leasehold::projections
