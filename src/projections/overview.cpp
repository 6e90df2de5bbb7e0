#include "projections/overview.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "projections/accounts.h"

namespace leasehold::projections {

namespace {

using engine::State;

// Whether a lessee under such a restriction would lease on to others what it does not use.
bool resells(Use use) {
  return use == Use::resale || use == Use::sublease_once || use == Use::listed;
}

int64_t atom_hours(const std::vector<capacity::Step>& steps, Instant until) {
  Int128 sum = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    Instant end = i + 1 < steps.size() ? steps[i + 1].at : until;
    sum += Int128{std::max<int64_t>(steps[i].level, 0)} * (end.seconds - steps[i].at.seconds);
  }
  return static_cast<int64_t>(sum / kSecondsPerHour);
}

int64_t supply_hours(const capacity::Steps& supply, const Interval& window) {
  Int128 sum = 0;
  for (const auto& piece : supply.pieces(window))
    sum += Int128{piece.level} * (piece.interval.until.seconds - piece.interval.from.seconds);
  return static_cast<int64_t>(sum / kSecondsPerHour);
}

}  // namespace

Overview overview(const State& state, Instant at) {
  using Key = std::tuple<int, std::string, PartyId>;  // tier, currency, lessee
  std::map<Key, Position> positions;
  std::map<std::pair<int, std::string>, Money> totals;
  Overview overview;
  for (const Lease& lease : state.leases.rows())
    for (const Line& line : lease.offer.lines) {
      int tier = tier_of(state, line.source) + 1;
      std::string currency(line.price.amount.currency.text());
      Position& position = positions[{tier, currency, lease.offer.lessee}];
      position.lessee = lease.offer.lessee;
      position.tier = tier;
      int64_t atoms = line.atoms_at(at);
      position.atoms += atoms;
      const Sku& sku = state.sku_of(line.source);
      if (auto money = value(line, {kDawn, kForever}, sku.per_server)) {
        position.value = position.value + *money;
        Money& total = totals[{tier, currency}];
        total = total + *money;
      } else {
        ++position.open_lines;
      }
      if (tier == 1) overview.watts_leased += sku.watts(atoms, state.site_of(line.source));
    }
  for (auto& [key, position] : positions) {
    Money total = totals[{std::get<0>(key), std::get<1>(key)}];
    if (total.nanos > 0)
      position.share_permille =
          static_cast<int64_t>((position.value.nanos * 1000 + total.nanos / 2) / total.nanos);
    overview.positions.push_back(position);
  }
  std::stable_sort(overview.positions.begin(), overview.positions.end(),
                   [](const Position& a, const Position& b) {
                     if (a.tier != b.tier) return a.tier < b.tier;
                     if (a.value.currency != b.value.currency)
                       return a.value.currency.text() < b.value.currency.text();
                     return b.value.nanos < a.value.nanos;
                   });
  for (const Site& site : state.sites.rows()) {
    const capacity::Account& account = *state.ledger.find(account_of(site.id));
    int64_t watts = account.supply().level_at(at);
    overview.watts += watts;
    overview.watts_promised += watts - account.free().level_at(at);
  }
  return overview;
}

std::vector<Idle> idle(const State& state, const Interval& window) {
  std::vector<Idle> out;
  for (const Pool& pool : state.pools.rows()) {
    AccountId id = account_of(pool.id);
    const capacity::Account& account = *state.ledger.find(id);
    out.push_back({id,
                   pool.owner,
                   supply_hours(account.supply(), window),
                   atom_hours(account.free().steps(window), window.until),
                   {},
                   pool.list_price});
  }
  for (const Lease& lease : state.leases.rows())
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      AccountId id = engine::line_of(lease.id, i);
      const capacity::Account* account = state.ledger.find(id);
      if (account == nullptr && !resells(lease.offer.terms.use)) continue;
      const Line& line = lease.offer.lines[i];
      Idle idle{id, lease.offer.lessee, supply_hours(engine::supply_of(line), window), 0, {}, {}};
      idle.idle_hours =
          account ? atom_hours(account->free().steps(window), window.until) : idle.hours;
      idle.clearing_rate = hourly_rate(line, state.sku_of(id).per_server);
      if (idle.clearing_rate) idle.cost = scale(*idle.clearing_rate, idle.idle_hours, 1);
      out.push_back(idle);
    }
  std::erase_if(out, [](const Idle& idle) { return idle.hours == 0; });
  return out;
}

}  // namespace leasehold::projections
