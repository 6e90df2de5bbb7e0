// Facts about the fleet become state. Nothing is checked here.
#include <algorithm>

#include "engine/become.h"
#include "engine/holder.h"

namespace leasehold::engine {

namespace {

using capacity::Account;

void change_site(State& state, const SiteLease& lease, int64_t sign) {
  if (lease.watts > 0)
    state.ledger.at(account_of(lease.site)).change_supply(lease.interval(), sign * lease.watts);
}

// A change of a pool's supply by servers of a delivery, from now on.
void change_supply(State& state, const Delivery& delivery, int64_t servers) {
  Interval interval{std::max(state.now, delivery.from), delivery.until};
  if (interval.empty() || servers == 0) return;
  int64_t atoms = servers * state.skus.at(state.pools.at(delivery.pool).sku).per_server;
  state.ledger.at(account_of(delivery.pool)).change_supply(interval, atoms);
  state.withdrawn[delivery.id].add(interval, -atoms);
}

// What runs on a server is without it from now on, or has it back.
void note_down(State& state, ServerId server, bool down) {
  for (InstanceId id : state.running_on(server)) {
    std::vector<Down>& downs = state.billing.downs[id];
    auto open = std::find_if(downs.begin(), downs.end(), [&](const Down& row) {
      return row.server == server && row.until == kForever;
    });
    if (down && open == downs.end()) downs.push_back({server, state.now, kForever});
    if (!down && open != downs.end()) open->until = state.now;
    if (downs.empty()) state.billing.downs.erase(id);
  }
}

void set_budget(int64_t& watts, int64_t& places, const BudgetChanged& fact) {
  watts = fact.watts;
  places = fact.places;
}

}  // namespace

void become(State& state, const SiteLeased& fact) {
  state.fleet.site_leases.add(fact.lease.name, fact.lease);
  change_site(state, fact.lease, +1);
}

void become(State& state, const SiteLeaseRetimed& fact) {
  SiteLease& lease = state.fleet.site_leases.at(fact.lease);
  change_site(state, lease, -1);
  lease.from = fact.from;
  change_site(state, lease, +1);
}

void become(State& state, const LienGranted& fact) { state.liens.add(fact.lien.name, fact.lien); }

void become(State& state, const DrawMeasured& fact) {
  state.measured[fact.level] = {state.now, fact.watts};
}

void become(State& state, const HallBuilt& fact) {
  state.fleet.halls.add(fact.hall.name, fact.hall);
}
void become(State& state, const RowBuilt& fact) { state.fleet.rows.add(fact.row.name, fact.row); }
void become(State& state, const FeedInstalled& fact) {
  state.fleet.feeds.add(fact.feed.name, fact.feed);
}

void become(State& state, const PodPlanned& fact) {
  bool first = !state.itemised(fact.pod.pool);
  state.fleet.add_pod(fact.pod);
  if (!first) return;
  // From now on the pool's servers are known one by one: its lines await theirs.
  for (const Lease& lease : state.leases.rows())
    for (size_t i = 0; i < lease.offer.lines.size(); ++i)
      if (lease.offer.lines[i].pool == fact.pod.pool) reschedule_line(state, line_of(lease.id, i));
  for (const Delivery& delivery : state.deliveries.rows())
    if (delivery.pool == fact.pod.pool) reschedule_delivery(state, delivery.id);
}

void become(State& state, const RacksInstalled& fact) {
  for (const Rack& rack : fact.racks) state.fleet.add_rack(rack);
}

void become(State& state, const BudgetChanged& fact) {
  fleet::Fleet& fleet = state.fleet;
  uint32_t number = fact.level.number;
  if (fact.level.kind == AccountKind::hall) {
    Hall& hall = fleet.halls.at(HallId{number});
    set_budget(hall.watts, hall.rack_positions, fact);
  } else if (fact.level.kind == AccountKind::row) {
    Row& row = fleet.rows.at(RowId{number});
    set_budget(row.watts, row.rack_positions, fact);
  } else if (fact.level.kind == AccountKind::rack) {
    Rack& rack = fleet.racks.at(RackId{number});
    set_budget(rack.watts, rack.units, fact);
  } else {
    fleet.feeds.at(FeedId{number}).watts = fact.watts;
  }
}

void become(State& state, const SparesKept& fact) {
  Spares& spares = state.spares[fact.pool];
  int64_t per_server = state.skus.at(state.pools.at(fact.pool).sku).per_server;
  Account& account = state.ledger.at(account_of(fact.pool));
  account.change_supply({state.now, spares.until}, spares.kept * per_server);
  spares = {fact.servers, spares.left + fact.servers - spares.kept, fact.until};
  account.change_supply({state.now, spares.until}, -spares.kept * per_server);
}

void become(State& state, const ServersAdded& fact) {
  const Delivery& delivery = state.deliveries.at(fact.delivery);
  bool counted = in_service(fact.state) && delivery.from <= state.now;
  fleet::Load each = state.each_of(fact.delivery);
  Server server;
  server.id = fact.first;
  server.delivery = fact.delivery;
  server.state = fact.state;
  server.since = state.now;
  server.counted = counted;
  if (in_service(fact.state)) server.tests_passed = kAllTests;
  for (const NewServer& added : fact.servers) {
    server.serial = added.serial;
    state.fleet.add_server(server);
    if (fact.rack) state.fleet.put_in_rack(server.id, fact.rack, added.unit, each);
    ++server.id.number;
  }
  if (!counted) return reschedule_delivery(state, fact.delivery);
  auto lacking = state.lacking.find(fact.delivery);
  if (lacking == state.lacking.end()) return;
  int64_t come = std::min(lacking->second, static_cast<int64_t>(fact.servers.size()));
  lacking->second -= come;
  change_supply(state, delivery, come);
}

void become(State& state, const ServersMoved& fact) {
  int64_t unit = fact.unit;
  for (ServerId id : servers_of(fact.servers)) {
    const Server& server = state.fleet.server(id);
    fleet::Load each = state.each_of(server.delivery);
    if (server.rack && !in_rack(fact.to)) {
      // What stays behind is a server too few, which the line goes on to want.
      if (AccountId line = server.line) {
        state.fleet.assign({id}, {});
        for (const AccountId& above : state.chain_of(line))
          if (above.kind == AccountKind::line) {
            --state.placements.at(above).placed;
            reschedule_line(state, above);
          }
      }
      state.fleet.take_from_rack(id, each);
    }
    state.fleet.set_state(id, fact.to, state.now);
    note_down(state, id, !in_service(fact.to));
    if (fact.to == ServerState::racked) {
      state.fleet.put_in_rack(id, fact.rack, unit, each);
      if (unit > 0) unit += std::max<int64_t>(each.places, 1);
    }
    state.splits.set_open(id, fact.to == ServerState::ready);
    if (fact.to == ServerState::ready || fact.reason.empty())
      state.remarks.erase(id);
    else
      state.remarks[id] = fact.reason;
  }
}

void become(State& state, const ServersTested& fact) {
  for (ServerId id : servers_of(fact.servers)) {
    state.fleet.record_test(id, fact.level, fact.passed);
    if (!fact.passed)
      state.remarks[id] = std::string(name_of(fact.level)) + " failed" +
                          (fact.detail.empty() ? "" : ": " + fact.detail);
  }
}

void become(State& state, const AbsencesSet& fact) {
  std::map<DeliveryId, int64_t> back;  // servers of withdrawn supply that come back
  std::set<DeliveryId> counted;
  for (ServerId id : servers_of(fact.servers)) {
    const Server& server = state.fleet.server(id);
    PoolId pool = state.pool_of(server).id;
    if (server.absence == Absence::spare) ++state.spares[pool].left;
    if (fact.absence == Absence::spare) --state.spares[pool].left;
    if (server.absence == Absence::withdrawn) ++back[server.delivery];
    if (fact.absence == Absence::withdrawn) --back[server.delivery];
    if (!server.counted) counted.insert(server.delivery);
    state.fleet.set_absence(id, fact.absence);
  }
  for (const auto& [delivery, servers] : back)
    change_supply(state, state.deliveries.at(delivery), servers);
  for (DeliveryId delivery : counted) reschedule_delivery(state, delivery);
}

void become(State& state, const DeliveryCounted& fact) {
  int64_t& lacking = state.lacking[fact.delivery];
  change_supply(state, state.deliveries.at(fact.delivery), lacking - fact.lacking);
  lacking = fact.lacking;
  reschedule_delivery(state, fact.delivery);
}

void become(State& state, const LinePlaced& fact) {
  const Line& line = state.line(fact.line);
  Placement& placement = state.placements[fact.line];
  placement.wanted = fact.wanted;
  placement.placed += count_of(fact.placed) - count_of(fact.released);
  AccountId source = line.source.kind == AccountKind::line ? line.source : AccountId{};
  state.fleet.assign(servers_of(fact.released), source);
  state.fleet.assign(servers_of(fact.placed), fact.line);
  reschedule_line(state, fact.line);
  if (placement.wanted == 0 && placement.placed == 0) state.placements.erase(fact.line);
}

void become(State& state, const ServerReplaced& fact) {
  bool in_use = state.fleet.server(fact.out).in_use;
  state.fleet.assign({fact.out}, {});
  state.fleet.assign({fact.in}, fact.line);
  if (!in_use) return;
  // What runs on the one goes on on the other.
  note_down(state, fact.out, false);
  if (state.splits.has(fact.out)) state.splits.move(fact.out, fact.in);
  state.fleet.set_in_use(fact.out, false);
  state.fleet.set_in_use(fact.in, true);
  for (InstanceId id : state.running_on(fact.out)) {
    Instance& instance = state.instances.at(id);
    std::vector<ServerId> servers = servers_of(instance.servers);
    std::replace(servers.begin(), servers.end(), fact.out, fact.in);
    instance.servers = ranges_of(servers);
    state.running[fact.in].insert(id);
    // It starts anew there, and is active again when it has passed its test there.
    if (auto report = state.workspace.reports.find(id); report != state.workspace.reports.end())
      report->second.condition = Condition::booting;
    state.workspace.booting.insert(id);
  }
  state.running.erase(fact.out);
}

void become(State& state, const OutageBegan& fact) {
  state.fleet.outages.add("", fact.outage);
  state.fleet.open_outages.insert(fact.outage.id);
}

void become(State& state, const OutageEnded& fact) {
  state.fleet.outages.at(fact.outage).until = state.now;
  state.fleet.open_outages.erase(fact.outage);
}

void become(State& state, const MaintenancePlanned& fact) {
  state.maintenances.add("", fact.maintenance);
  uint32_t number = fact.maintenance.id.number;
  schedule(state, {fact.maintenance.from, DueKind::maintenance_begins, number, number, 0, 0});
}

void become(State& state, const MaintenanceBegan& fact) {
  Maintenance& maintenance = state.maintenances.at(fact.maintenance);
  uint32_t number = maintenance.id.number;
  unschedule(state, {maintenance.from, DueKind::maintenance_begins, number, number, 0, 0});
  schedule(state, {maintenance.until, DueKind::maintenance_ends, number, number, 0, 0});
  maintenance.status = MaintenanceStatus::running;
  maintenance.servers = fact.servers;
}

void become(State& state, const MaintenanceEnded& fact) {
  Maintenance& maintenance = state.maintenances.at(fact.maintenance);
  uint32_t number = maintenance.id.number;
  unschedule(state, {maintenance.from, DueKind::maintenance_begins, number, number, 0, 0});
  unschedule(state, {maintenance.until, DueKind::maintenance_ends, number, number, 0, 0});
  maintenance.status = fact.cancelled ? MaintenanceStatus::cancelled : MaintenanceStatus::done;
  maintenance.servers.clear();
}

void promise(State& state, Instance& instance) {
  if (instance.atoms == 0) return;
  if (!state.ledger.has(instance.account))
    state.ledger.open(instance.account, supply_of(state.line(instance.account)));
  instance.promise = state.ledger.at(instance.account)
                         .promise(Holder{HolderKind::instance, instance.id.number, 0}.key(),
                                  {instance.promised_from, instance.until}, instance.atoms);
}

void release(State& state, const Instance& instance) {
  if (instance.atoms > 0) state.ledger.at(instance.account).release(instance.promise);
}

// One of the parts of an accelerator has ended or ends at another time: the promises of the others
// follow each other, so that there is one at every instant until the last has ended.
void share_promise(State& state, const Instance& changed) {
  if (changed.gpus.size() != 1 || changed.gpus.front().milli == kWholeGpu) return;
  std::vector<Instance*> parts;
  for (InstanceId id : state.running_on(changed.servers.front().first)) {
    Instance& instance = state.instances.at(id);
    if (instance.account == changed.account && instance.kind != InstanceKind::preemptible &&
        instance.gpus.front().gpu == changed.gpus.front().gpu)
      parts.push_back(&instance);
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Instance* a, const Instance* b) { return a->until < b->until; });
  Instant covered = state.now;
  for (Instance* part : parts) {
    release(state, *part);
    part->atoms = part->until > covered ? 1 : 0;
    part->promised_from = covered;
    promise(state, *part);
    covered = std::max(covered, part->until);
  }
}

void become(State& state, const InstanceLaunched& fact) {
  Instance& instance = state.instances.add(fact.instance.name, fact.instance);
  promise(state, instance);
  if (!instance.gpus.empty()) {
    ServerId server = instance.servers.front().first;
    const Server& row = state.fleet.server(server);
    if (!state.splits.has(server))
      state.splits.open(server, state.fleet.holder(row),
                        state.skus.at(state.pool_of(row).sku).per_server);
    state.splits.take(server, instance.gpus);
  }
  for (ServerId server : servers_of(instance.servers)) {
    state.running[server].insert(instance.id);
    if (!state.fleet.server(server).in_use) state.fleet.set_in_use(server, true);
  }
  if (instance.until != kForever) schedule(state, instance_due(instance));
  if (fact.setup) state.workspace.setups[instance.id] = *fact.setup;
  state.workspace.instances_of[instance.tenant].push_back(instance.id);
  state.workspace.booting.insert(instance.id);
  if (instance.kind != InstanceKind::committed)
    state.workspace.unleased[instance.tenant] += state.accelerators_of(instance);
}

void become(State& state, const InstanceReclaimed& fact) {
  Instance& instance = state.instances.at(fact.instance);
  unschedule(state, instance_due(instance));
  instance.reclaimed_at = state.now;
  instance.until = fact.ends;
  schedule(state, instance_due(instance));
}

void become(State& state, const InstanceEnded& fact) {
  Instance& instance = state.instances.at(fact.instance);
  unschedule(state, instance_due(instance));
  instance.ended_at = state.now;
  state.workspace.booting.erase(instance.id);
  if (instance.kind != InstanceKind::committed)
    state.workspace.unleased[instance.tenant] -= state.accelerators_of(instance);
  release(state, instance);
  for (ServerId server : servers_of(instance.servers)) {
    auto place = state.running.find(server);
    place->second.erase(instance.id);
    bool last = place->second.empty();
    if (last) state.running.erase(place);
    if (!instance.gpus.empty()) {
      state.splits.give(server, instance.gpus);
      if (last) state.splits.close(server);
    }
    if (last) state.fleet.set_in_use(server, false);
  }
  share_promise(state, instance);
}

void become(State& state, const TranchePresented& fact) {
  auto index = static_cast<size_t>(fact.tranche - 1);
  state.line(fact.line).tranches.at(index).deemed_on = fact.deemed_on;
  schedule(state, acceptance_due(fact.line, index, fact.deemed_on));
}

}  // namespace leasehold::engine
