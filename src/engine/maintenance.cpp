// Planned work on a rack, a feed or a pod.
#include <algorithm>

#include "engine/absence.h"
#include "engine/placing.h"
#include "engine/rules.h"

namespace leasehold::engine {

std::vector<ServerId> servers_in_scope(const State& state, const AccountId& scope) {
  const fleet::Fleet& fleet = state.fleet;
  std::vector<ServerId> servers;
  if (scope.kind == AccountKind::pod) {
    for (ServerId id : fleet.slots(PodId{scope.number}))
      if (id) servers.push_back(id);
  } else if (scope.kind == AccountKind::rack) {
    servers = fleet.servers_in(RackId{scope.number});
  } else {
    // A rack that may lose a feed goes on without it.
    for (const Rack& rack : fleet.racks.rows()) {
      bool fed =
          std::find(rack.feeds.begin(), rack.feeds.end(), FeedId{scope.number}) != rack.feeds.end();
      if (!fed || rack.redundancy != Redundancy::none) continue;
      std::vector<ServerId> of_rack = fleet.servers_in(rack.id);
      servers.insert(servers.end(), of_rack.begin(), of_rack.end());
    }
  }
  std::sort(servers.begin(), servers.end());
  return servers;
}

Facts begin_maintenance(const State& state, MaintenanceId id, Instant now) {
  const Maintenance& maintenance = state.maintenances.at(id);
  std::vector<ServerId> servers;
  for (ServerId server : servers_in_scope(state, maintenance.scope))
    if (in_service(state.fleet.server(server).state)) servers.push_back(server);
  Facts facts{MaintenanceBegan{id, ranges_of(servers)}};
  if (servers.empty()) return facts;
  std::string reason = to_text(id) + ": " + maintenance.reason;
  facts.push_back(ServersMoved{ranges_of(servers), ServerState::repair, {}, 0, reason});
  Absences absences(state, now);
  for (ServerId server : servers)
    if (state.fleet.server(server).counted) absences.leaves(server, true);
  for (FactBody& fact : absences.facts()) facts.push_back(std::move(fact));
  Placing placing(state, now, reason);
  placing.excuse(maintenance.planned_at, maintenance.until);
  placing.lose(servers, servers);
  for (FactBody& fact : placing.take_facts()) facts.push_back(std::move(fact));
  return facts;
}

Facts end_maintenance(const State& state, MaintenanceId id, Instant now, bool cancelled) {
  Facts facts{MaintenanceEnded{id, cancelled}};
  std::vector<ServerId> servers;
  // What was found broken meanwhile has gone its own way.
  for (ServerId server : servers_of(state.maintenances.at(id).servers)) {
    const Server& row = state.fleet.server(server);
    bool waiting = row.state == ServerState::repair && row.tests_passed == kAllTests;
    if (waiting) servers.push_back(server);
  }
  if (servers.empty()) return facts;
  facts.push_back(
      ServersMoved{ranges_of(servers), ServerState::ready, {}, 0, to_text(id) + " is over"});
  Absences absences(state, now);
  for (ServerId server : servers)
    if (state.fleet.server(server).counted) absences.returns(server);
  for (FactBody& fact : absences.facts()) facts.push_back(std::move(fact));
  Placing placing(state, now, "");
  placing.gain(servers);
  for (FactBody& fact : placing.take_facts()) facts.push_back(std::move(fact));
  return facts;
}

Result<Facts> decide_body(const State& state, const PlanMaintenance& command, Instant now) {
  const AccountId& scope = command.scope;
  bool known = (scope.kind == AccountKind::rack && state.fleet.racks.find(RackId{scope.number})) ||
               (scope.kind == AccountKind::feed && state.fleet.feeds.find(FeedId{scope.number})) ||
               (scope.kind == AccountKind::pod && state.fleet.pods.find(PodId{scope.number}));
  if (!known)
    return refuse(RefusalCode::unknown_reference, "scope", to_text(scope), "a rack, feed or pod");
  LH_CHECK(check_interval(command.interval, "window"));
  LH_CHECK(check_text(command.reason, "reason"));
  if (command.interval.open() || command.interval.from < now)
    return refuse(RefusalCode::invalid_value, "window", to_text(command.interval.from),
                  "a window that ends, from a moment not before " + to_text(now));
  for (const Maintenance& other : state.maintenances.rows()) {
    bool open =
        other.status == MaintenanceStatus::planned || other.status == MaintenanceStatus::running;
    if (open && other.scope == scope &&
        Interval{other.from, other.until}.overlaps(command.interval))
      return refuse(RefusalCode::invalid_value, "window", to_text(command.interval.from),
                    "a window apart from that of " + to_text(other.id));
  }
  Maintenance maintenance{state.maintenances.next_id(), scope, command.interval.from,
                          command.interval.until,       now,   command.reason,
                          MaintenanceStatus::planned,   {}};
  return Facts{MaintenancePlanned{maintenance}};
}

Result<Facts> decide_body(const State& state, const CancelMaintenance& command, Instant now) {
  const Maintenance* maintenance = state.maintenances.find(command.maintenance);
  if (maintenance == nullptr)
    return refuse(RefusalCode::unknown_reference, "maintenance", to_text(command.maintenance));
  if (maintenance->status != MaintenanceStatus::planned &&
      maintenance->status != MaintenanceStatus::running)
    return refuse(RefusalCode::nothing_to_change, to_text(command.maintenance),
                  name_of(maintenance->status), "maintenance that is planned or running");
  return end_maintenance(state, command.maintenance, now, true);
}

}  // namespace leasehold::engine
