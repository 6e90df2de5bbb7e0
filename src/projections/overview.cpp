#include "projections/overview.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace leasehold::projections {

namespace {

using engine::State;

int tier_of(const State& state, AccountId source) {
  int tier = 1;
  for (; source.kind == AccountKind::line; source = state.line(source).source) ++tier;
  return tier;
}

int64_t atom_hours(const std::vector<capacity::Step>& steps, Instant until) {
  Int128 sum = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    Instant end = i + 1 < steps.size() ? steps[i + 1].at : until;
    sum += Int128{std::max<int64_t>(steps[i].level, 0)} * (end.seconds - steps[i].at.seconds);
  }
  return static_cast<int64_t>(sum / kSecondsPerHour);
}

int64_t supply_hours(const capacity::Account& account, const Interval& window) {
  Int128 sum = 0;
  for (const auto& piece : account.supply().pieces(window))
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
      int tier = tier_of(state, line.source);
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
    const capacity::Account& account = *state.ledger.find(engine::account_of(site.id));
    int64_t watts = account.supply().level_at(at);
    overview.watts += watts;
    overview.watts_promised += watts - account.free().level_at(at);
  }
  return overview;
}

std::vector<Idle> idle(const State& state, const Interval& window) {
  std::vector<Idle> out;
  for (const auto& [id, account] : state.ledger.accounts()) {
    if (id.kind == AccountKind::site) continue;
    Idle idle{id,
              state.promiser(id),
              supply_hours(account, window),
              atom_hours(account.free().steps(window), window.until),
              {},
              {}};
    if (idle.hours == 0) continue;
    if (id.kind == AccountKind::pool) {
      idle.clearing_rate = state.pool_of(id).list_price;
    } else {
      idle.clearing_rate = hourly_rate(state.line(id), state.sku_of(id).per_server);
      if (idle.clearing_rate) idle.cost = scale(*idle.clearing_rate, idle.idle_hours, 1);
    }
    out.push_back(idle);
  }
  return out;
}

}  // namespace leasehold::projections
