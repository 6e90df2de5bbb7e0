#include "projections/acceptance.h"

#include <algorithm>
#include <tuple>

#include "projections/placements.h"

namespace leasehold::projections {

namespace {

HeldUpBy held_up_by(const Server& server) {
  HeldUpBy held{server.id, 0, ""};
  bool tested = server.state == ServerState::burn_in;
  for (size_t i = 0; i < enum_names(TestLevel{}).size(); ++i) {
    if (tested && (server.tests_passed >> i & 1) != 0) continue;
    held.hours += test_hours(static_cast<TestLevel>(i));
    held.tests += (held.tests.empty() ? "" : ", ") + std::string(enum_names(TestLevel{})[i]);
  }
  return held;
}

// How far a server is from service: what is under test first, then racked, delivered, ordered, and
// what is broken last.
int distance(ServerState state) {
  switch (state) {
    case ServerState::burn_in:
      return 0;
    case ServerState::racked:
      return 1;
    case ServerState::delivered:
      return 2;
    case ServerState::ordered:
      return 3;
    default:
      return 4;
  }
}

std::vector<HeldUpBy> holding_up(const engine::State& state, const AccountId& line,
                                 int64_t awaited) {
  std::vector<std::tuple<int, int64_t, ServerId>> nearest;
  std::vector<HeldUpBy> held;
  PoolId pool = state.line(line).pool;
  for (const Server& server : state.fleet.servers().rows()) {
    if (in_service(server.state) || server.state == ServerState::retired) continue;
    if (state.pool_of(server).id != pool) continue;
    if (!server.line) {
      nearest.emplace_back(distance(server.state), held_up_by(server).hours, server.id);
      continue;
    }
    std::vector<AccountId> chain = state.chain_of(server.line);
    if (std::find(chain.begin(), chain.end(), line) != chain.end())
      held.push_back(held_up_by(server));
  }
  std::sort(nearest.begin(), nearest.end());
  if (static_cast<int64_t>(nearest.size()) > awaited)
    nearest.resize(static_cast<size_t>(std::max<int64_t>(awaited, 0)));
  for (const auto& [far, hours, server] : nearest)
    held.push_back(held_up_by(state.fleet.server(server)));
  return held;
}

std::string words_of(const engine::State& state, const AccountId& id, const Tranche& tranche,
                     const Acceptance& acceptance, Instant at) {
  if (tranche.accepted_at)
    return (tranche.deemed_on == tranche.accepted_at ? "deemed accepted on " : "accepted on ") +
           to_short_text(*tranche.accepted_at);
  if (tranche.deemed_on)
    return "offered; accepted by " + to_short_text(*tranche.deemed_on) +
           " where the lessee says nothing";
  if (tranche.from > at) return "begins " + to_short_text(tranche.from);
  if (!state.itemised(state.line(id).pool)) return "begun, not offered yet";
  int64_t awaited = acceptance.wanted - acceptance.placed;
  if (awaited == 0) return "all its servers are in place: it can be offered";
  int64_t hours = 0;
  for (const HeldUpBy& held : acceptance.holding_up)
    if (distance(state.fleet.server(held.server).state) <= 1) hours = std::max(hours, held.hours);
  bool all_racked = static_cast<int64_t>(acceptance.holding_up.size()) >= awaited &&
                    std::all_of(acceptance.holding_up.begin(), acceptance.holding_up.end(),
                                [&](const auto& held) {
                                  return distance(state.fleet.server(held.server).state) <= 1;
                                });
  if (!all_racked) return "awaits servers that are not in their racks or not in order";
  const Terms& terms = state.lease_of(id).offer.terms;
  Instant ready = at + hours * kSecondsPerHour;
  Instant deemed = add_term(ready, terms.acceptance_window.value_or(Term{0, 14, 0}), terms.zone);
  return "can be offered from " + to_short_text(ready) +
         " if every test passes, and is accepted by " + to_short_text(deemed) +
         " where the lessee says nothing";
}

}  // namespace

Acceptance acceptance_of(const engine::State& state, const AccountId& id, Instant at) {
  Acceptance acceptance;
  LineServers has = servers_of_line(state, id);
  acceptance.wanted = has.wanted;
  acceptance.placed = has.placed;
  acceptance.holding_up = holding_up(state, id, has.wanted - has.placed);
  const std::vector<Tranche>& tranches = state.line(id).tranches;
  for (size_t i = 0; i < tranches.size(); ++i)
    acceptance.tranches.push_back(
        {static_cast<int64_t>(i + 1), words_of(state, id, tranches[i], acceptance, at)});
  return acceptance;
}

}  // namespace leasehold::projections
