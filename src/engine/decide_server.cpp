// Servers: registered, racked within every budget, tested, put into service and taken out of it.
#include <algorithm>
#include <set>

#include "engine/absence.h"
#include "engine/placing.h"
#include "engine/rules.h"

namespace leasehold::engine {

namespace {

constexpr int64_t kMostServersAtOnce = 100'000;

Unexpected<Refusal> power_short(const State& state, const AccountId& level, int64_t budget,
                                int64_t drawn, int64_t more, Instant now) {
  Unexpected<Refusal> refusal = refuse(RefusalCode::power_short, state.name_of(level), "", "");
  Refusal& why = refusal.value();
  why.account = level;
  why.unit = QuantityKind::megawatt;
  why.first_at = now;
  why.asked = more;
  why.short_by = drawn + more - budget;
  why.rule = std::string(name_of(level.kind)) + " " + state.name_of(level) +
             " carries no more than its budget";
  return refusal;
}

// Whether so many servers more fit into a rack: its own budgets, its row's, its hall's and its
// feeds'.
Checked check_rack_budgets(const State& state, const Rack& rack, int64_t servers,
                           const fleet::Load& each, Instant now) {
  const Row& row = state.fleet.rows.at(rack.row);
  const Hall& hall = state.fleet.halls.at(row.hall);
  int64_t watts = servers * each.watts;
  auto check = [&](const AccountId& level, int64_t budget, int64_t more) -> Checked {
    int64_t drawn = state.fleet.load(level).watts;
    if (budget == 0 || drawn + more <= budget) return {};
    return power_short(state, level, budget, drawn, more, now);
  };
  LH_CHECK(check(account_of(hall.id), hall.watts, watts));
  LH_CHECK(check(account_of(row.id), row.watts, watts));
  LH_CHECK(check(account_of(rack.id), rack.watts, watts));
  for (FeedId id : rack.feeds)
    LH_CHECK(check(account_of(id), state.fleet.feeds.at(id).watts,
                   servers * rack.feed_share(each.watts)));
  int64_t units = state.fleet.load(account_of(rack.id)).places;
  if (rack.units > 0 && units + servers * each.places > rack.units)
    return refuse(RefusalCode::space_short, rack.name,
                  std::to_string(servers * each.places) + " units",
                  "at most " + std::to_string(rack.units - units) + " of the " +
                      std::to_string(rack.units) + " units of rack " + rack.name);
  return {};
}

// Whether servers stacked from each one's lowest unit up fill units that nothing else fills.
Checked check_units(const State& state, const Rack& rack, const std::vector<int64_t>& lowest,
                    int64_t height) {
  std::set<int64_t> filled;
  auto fill = [&](int64_t unit, int64_t units) {
    for (int64_t i = 0; i < std::max<int64_t>(units, 1); ++i)
      if (!filled.insert(unit + i).second) return false;
    return true;
  };
  for (ServerId id : state.fleet.servers_in(rack.id)) {
    const Server& server = state.fleet.server(id);
    if (server.unit > 0) fill(server.unit, state.each_of(server.delivery).places);
  }
  for (int64_t unit : lowest) {
    if (unit == 0) continue;
    LH_CHECK(check_range(
        unit, 1, rack.units > 0 ? rack.units - std::max<int64_t>(height, 1) + 1 : 200, "unit"));
    if (!fill(unit, height))
      return refuse(RefusalCode::space_short, rack.name, "unit " + std::to_string(unit),
                    "units of rack " + rack.name + " that no server fills");
  }
  return {};
}

Checked check_into_rack(const State& state, RackId id, DeliveryId delivery,
                        const std::vector<int64_t>& units, Instant now) {
  const Rack* rack = state.fleet.racks.find(id);
  if (rack == nullptr)
    return refuse(RefusalCode::unknown_reference, "rack", to_text(id),
                  "the rack that the servers go into");
  PoolId pool = state.fleet.pods.at(rack->pod).pool;
  if (state.deliveries.at(delivery).pool != pool)
    return refuse(
        RefusalCode::invalid_value, "rack", rack->name,
        "a rack of a pod of pool " + state.pools.at(state.deliveries.at(delivery).pool).name);
  auto count = static_cast<int64_t>(units.size());
  const std::vector<ServerId>& slots = state.fleet.slots(rack->pod);
  auto taken =
      static_cast<int64_t>(slots.size()) - std::count(slots.begin(), slots.end(), ServerId{});
  if (taken + count > kMostServersOfPod)
    return refuse(RefusalCode::space_short, state.fleet.pods.at(rack->pod).name,
                  std::to_string(taken + count),
                  "at most " + std::to_string(kMostServersOfPod) + " servers in a pod");
  LH_CHECK(check_rack_budgets(state, *rack, count, state.each_of(delivery), now));
  return check_units(state, *rack, units, state.each_of(delivery).places);
}

Checked check_new_servers(const State& state, const AddServers& command) {
  std::set<std::string> serials;
  for (const NewServer& server : command.servers) {
    LH_CHECK(check_new_name(state.fleet.servers(), server.serial));
    if (!serials.insert(server.serial).second)
      return refuse(RefusalCode::name_taken, "serial", server.serial, "each serial number once");
  }
  const Delivery& delivery = state.deliveries.at(command.delivery);
  int64_t per_server = state.skus.at(state.pools.at(delivery.pool).sku).per_server;
  int64_t room = delivery.atoms / per_server - state.fleet.registered(delivery.id);
  if (static_cast<int64_t>(command.servers.size()) > room)
    return refuse(
        RefusalCode::delivery_full, delivery.name.empty() ? to_text(delivery.id) : delivery.name,
        std::to_string(command.servers.size()),
        "at most the " + std::to_string(room) + " of its " +
            std::to_string(delivery.atoms / per_server) + " servers that are not registered yet");
  return {};
}

// One state, one pool; in the order of ids, each once.
Result<std::vector<ServerId>> check_servers(const State& state, std::vector<ServerId> servers) {
  LH_CHECK(check_range(static_cast<int64_t>(servers.size()), 1, kMostServersAtOnce, "servers"));
  std::sort(servers.begin(), servers.end());
  if (std::adjacent_find(servers.begin(), servers.end()) != servers.end())
    return refuse(RefusalCode::invalid_value, "servers", "", "each server once");
  for (ServerId id : servers)
    if (state.fleet.servers().find(id) == nullptr)
      return refuse(RefusalCode::unknown_reference, "server", to_text(id));
  return servers;
}

Checked check_step(const State& state, const MoveServers& command, Instant now) {
  for (ServerId id : command.servers) {
    const Server& server = state.fleet.server(id);
    if (!may_become(server.state, command.to))
      return refuse(
          RefusalCode::wrong_state, server.serial,
          std::string(name_of(server.state)) + " to " + name_of(command.to),
          std::string("from ") + name_of(server.state) + " to " + next_states(server.state));
    if (command.to == ServerState::ready && server.tests_passed != kAllTests) {
      std::string missing;
      for (size_t i = 0; i < enum_names(TestLevel{}).size(); ++i)
        if ((server.tests_passed >> i & 1) == 0)
          missing += (missing.empty() ? "" : ", ") + std::string(enum_names(TestLevel{})[i]);
      return refuse(RefusalCode::tests_missing, server.serial, missing,
                    "a server that has passed every level of the acceptance ladder");
    }
  }
  if (command.to != ServerState::racked) {
    if (command.rack)
      return refuse(RefusalCode::invalid_value, "rack", to_text(command.rack),
                    "no rack: only what becomes racked goes into one");
    return {};
  }
  DeliveryId delivery = state.fleet.server(command.servers.front()).delivery;
  int64_t height = std::max<int64_t>(state.each_of(delivery).places, 1);
  std::vector<int64_t> units;
  for (ServerId id : command.servers) {
    if (state.fleet.server(id).delivery != delivery)
      return refuse(RefusalCode::invalid_value, "servers", to_text(id),
                    "servers of one delivery, racked together");
    auto place = static_cast<int64_t>(units.size());
    units.push_back(command.unit == 0 ? 0 : command.unit + place * height);
  }
  return check_into_rack(state, command.rack, delivery, units, now);
}

}  // namespace

Result<Facts> decide_body(const State& state, const AddServers& command, Instant now) {
  const Delivery* delivery = state.deliveries.find(command.delivery);
  if (delivery == nullptr)
    return refuse(RefusalCode::unknown_reference, "delivery", to_text(command.delivery));
  LH_CHECK(
      check_range(static_cast<int64_t>(command.servers.size()), 1, kMostServersAtOnce, "servers"));
  LH_CHECK(check_new_servers(state, command));
  if (command.state == ServerState::rma || command.state == ServerState::retired)
    return refuse(RefusalCode::wrong_state, "state", name_of(command.state),
                  "a server that is on its way, or here");
  if (in_rack(command.state)) {
    std::vector<int64_t> units;
    units.reserve(command.servers.size());
    for (const NewServer& server : command.servers) units.push_back(server.unit);
    LH_CHECK(check_into_rack(state, command.rack, command.delivery, units, now));
  } else if (command.rack) {
    return refuse(RefusalCode::wrong_state, "rack", to_text(command.rack),
                  std::string("no rack for a server that is ") + name_of(command.state));
  }
  return Facts{ServersAdded{state.fleet.servers().next_id(), command.delivery, command.rack,
                            command.state, command.servers}};
}

Result<Facts> decide_body(const State& state, const MoveServers& asked, Instant now) {
  MoveServers command = asked;
  Result<std::vector<ServerId>> servers = check_servers(state, asked.servers);
  if (!servers) return Unexpected<Refusal>(std::move(servers.error()));
  command.servers = std::move(*servers);
  LH_CHECK(check_text(command.reason, "reason"));
  LH_CHECK(check_step(state, command, now));
  Facts facts;
  if (!in_rack(command.to)) facts = end_instances_on(state, command.servers, "its server has left");
  facts.push_back(ServersMoved{ranges_of(command.servers), command.to, command.rack, command.unit,
                               command.reason});
  Absences absences(state, now);
  std::vector<ServerId> lost;
  std::vector<ServerId> back;
  for (ServerId id : command.servers) {
    const Server& server = state.fleet.server(id);
    bool was = in_service(server.state);
    bool will = in_service(command.to);
    if (was && !will) lost.push_back(id);
    if (!was && will) back.push_back(id);
    if (!server.counted || was == will) continue;
    if (will)
      absences.returns(id);
    else
      absences.leaves(id, true);
  }
  for (FactBody& fact : absences.facts()) facts.push_back(std::move(fact));
  Placing placing(state, now, command.reason);
  placing.lose(lost, command.servers);
  placing.gain(back);
  for (FactBody& fact : placing.take_facts()) facts.push_back(std::move(fact));
  return facts;
}

Result<Facts> decide_body(const State& state, const RecordTest& command, Instant) {
  Result<std::vector<ServerId>> servers = check_servers(state, command.servers);
  if (!servers) return Unexpected<Refusal>(std::move(servers.error()));
  LH_CHECK(check_text(command.detail, "detail"));
  for (ServerId id : *servers) {
    const Server& server = state.fleet.server(id);
    if (server.state != ServerState::burn_in)
      return refuse(RefusalCode::wrong_state, server.serial, name_of(server.state),
                    "a server in burn_in");
  }
  return Facts{ServersTested{ranges_of(*servers), command.level, command.passed, command.detail}};
}

}  // namespace leasehold::engine
