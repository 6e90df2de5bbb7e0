#include "projections/maintenance.h"

#include <algorithm>
#include <map>

namespace leasehold::projections {

namespace {

std::string clause_missed(const Terms& terms, const Interval& window, Instant now) {
  if (!terms.maintenance) return "the contract has no maintenance clause";
  if (add_term(now, terms.maintenance->notice, terms.zone) > window.from)
    return "the notice is shorter than " + to_text(terms.maintenance->notice);
  int64_t allowed = terms.maintenance->hours_per_month * kSecondsPerHour;
  if (window.until.seconds - window.from.seconds > allowed)
    return "it is longer than " + std::to_string(terms.maintenance->hours_per_month) + " hours";
  return "";
}

}  // namespace

std::vector<MaintenanceImpact> maintenance_impact(const engine::State& state,
                                                  const AccountId& scope, const Interval& window,
                                                  Instant now) {
  std::vector<ServerId> servers = engine::servers_in_scope(state, scope);
  std::map<AccountId, int64_t> by_line;
  std::map<PoolId, int64_t> free_in_scope;
  for (ServerId id : servers) {
    const Server& server = state.fleet.server(id);
    if (!in_service(server.state)) continue;
    if (server.line)
      ++by_line[server.line];
    else if (server.state == ServerState::ready && !server.in_use)
      ++free_in_scope[state.pool_of(server).id];
  }
  std::vector<MaintenanceImpact> impacts;
  std::map<PoolId, int64_t> given;
  for (const auto& [line, count] : by_line) {
    PoolId pool = state.line(line).pool;
    int64_t free =
        state.fleet.holdings(account_of(pool)).free() - free_in_scope[pool] - given[pool];
    int64_t replaced = std::clamp<int64_t>(free, 0, count);
    given[pool] += replaced;
    std::string why_not = clause_missed(state.lease_of(line).offer.terms, window, now);
    impacts.push_back({line, count, replaced, why_not.empty(), why_not});
  }
  return impacts;
}

}  // namespace leasehold::projections
