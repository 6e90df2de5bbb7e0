#include "server/lambda_capacity.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/engine.h"
#include "projections/accounts.h"

namespace leasehold::server::lambda {

using engine::State;

namespace {

// Lines that the party, or who it is a part of, leases and that run; then pools with a list price.
std::vector<AccountId> accounts_for(const State& state, const Type& type, PartyId party,
                                    const std::string& region, Instant now) {
  std::vector<AccountId> found;
  auto fits = [&](const AccountId& account) {
    return state.pool_of(account).sku == type.sku &&
           (region.empty() || engine::region_of(state.site_of(account)) == region);
  };
  for (const Lease& lease : state.leases.rows()) {
    if (!engine::is_part_of(state, party, lease.offer.lessee)) continue;
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      AccountId line = engine::line_of(lease.id, i);
      if (state.line(line).atoms_at(now) > 0 && fits(line)) found.push_back(line);
    }
  }
  for (const Pool& pool : state.pools.rows())
    if (pool.list_price && fits(account_of(pool.id))) found.push_back(account_of(pool.id));
  return found;
}

}  // namespace

LaunchInstance launch_on(const State& state, const AccountId& account, const Type& type,
                         PartyId party) {
  LaunchInstance launch;
  launch.tenant = party;
  launch.account = account;
  launch.kind =
      account.kind == AccountKind::line ? InstanceKind::committed : InstanceKind::on_demand;
  bool whole = type.accelerators == state.skus.at(type.sku).per_server;
  (whole ? launch.servers : launch.gpus) = whole ? 1 : type.accelerators;
  return launch;
}

std::vector<AccountId> where_now(const State& state, const Type& type, PartyId party,
                                 const std::string& region, Instant now) {
  std::vector<AccountId> found = accounts_for(state, type, party, region, now);
  std::erase_if(found, [&](const AccountId& account) {
    auto facts = engine::decide(
        state, {std::max(now, state.now), "", launch_on(state, account, type, party)});
    return !facts || !std::holds_alternative<InstanceLaunched>(facts->front());
  });
  return found;
}

std::string suggestion(const State& state, const Type& type, int64_t quantity, PartyId party,
                       const std::string& region, Instant now) {
  int64_t atoms = quantity * type.accelerators;
  std::optional<Instant> soonest;
  AccountId where;
  std::set<std::string> elsewhere;
  for (const AccountId& account : accounts_for(state, type, party, "", now)) {
    projections::AccountView view(state, account);
    auto start = view.free().earliest(now, atoms, capacity::Calendar::kOpenRun, kForever);
    if (!start && account.kind == AccountKind::line) continue;
    std::string at = engine::region_of(state.site_of(account));
    if (at != region && start && *start <= now) elsewhere.insert(at);
    if (at == region && start && (!soonest || *start < *soonest)) {
      soonest = start;
      where = account;
    }
  }
  std::string said;
  std::string what = fmt::format("{} x {}", quantity, type.name);
  if (soonest && *soonest > now)
    said = fmt::format(
        "The earliest start of {} in {} is {} (on {}); a quote holds it: POST /v1/quotes.", what,
        region, to_text(*soonest), state.name_of(where));
  else if (soonest)
    said = fmt::format("{} are free in {}, on servers that are not ready or not together.", what,
                       region);
  else
    said = fmt::format("{} are never free in {}, as far as is known.", what, region);
  for (const std::string& other : elsewhere) said += fmt::format(" {} has them now.", other);
  return said;
}

}  // namespace leasehold::server::lambda
