#include "operations/fleet_text.h"

#include <fmt/format.h>

#include "operations/fact_text.h"

namespace leasehold::operations {

using engine::State;

namespace {

std::string servers_count(int64_t count) { return to_text(Quantity{count, QuantityKind::server}); }

std::string budget(int64_t watts, int64_t places, const char* unit) {
  std::string text = watts > 0 ? watts_text(watts) : "";
  if (places > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", places, unit);
  return text.empty() ? "no budget of its own" : text;
}

std::string because(const std::string& reason) { return reason.empty() ? "" : ": " + reason; }

}  // namespace

std::string watts_text(int64_t watts) {
  if (watts <= -kWattsPerMegawatt || watts >= kWattsPerMegawatt || watts == 0)
    return to_text(Quantity{watts, QuantityKind::megawatt});
  return fmt::format("{:g} kW", static_cast<double>(watts) / 1000);
}

std::string servers_text(const State& state, const ServerRanges& servers) {
  if (servers.size() == 1 && servers.front().count == 1)
    return state.fleet.server(servers.front().first).serial;
  return to_text(servers);
}

std::string size_text(const Instance& instance) {
  if (instance.gpus.empty()) return servers_count(count_of(instance.servers));
  int64_t milli = instance.gpus.front().milli;
  if (milli != kWholeGpu) return fmt::format("{}/1000 of an accelerator", milli);
  return to_text(Quantity{static_cast<int64_t>(instance.gpus.size()), QuantityKind::accelerator});
}

std::string words(const State& state, const SiteLeased& fact) {
  const SiteLease& lease = fact.lease;
  std::string price = lease.per_kw_month ? ", " + to_text(*lease.per_kw_month) + " a kW-month" : "";
  return fmt::format("head lease {} of {} from {}: {} {}{}", lease.name,
                     state.sites.at(lease.site).name, state.name_of(lease.landlord),
                     budget(lease.watts, lease.rack_positions, "rack positions"),
                     term_text(lease.interval()), price);
}
std::string words(const State& state, const SiteLeaseRetimed& fact) {
  return fmt::format("head lease {} now begins {}", state.fleet.site_leases.at(fact.lease).name,
                     to_short_text(fact.from));
}
std::string words(const State& state, const LienGranted& fact) {
  const Delivery& delivery = state.deliveries.at(fact.lien.delivery);
  return fmt::format("lien {}: {} has delivery {} as security", fact.lien.name,
                     state.name_of(fact.lien.lender),
                     delivery.name.empty() ? to_text(delivery.id) : delivery.name);
}
std::string words(const State& state, const DrawMeasured& fact) {
  return fmt::format("{} {} draws {}", name_of(fact.level.kind), state.name_of(fact.level),
                     watts_text(fact.watts));
}
std::string words(const State& state, const HallBuilt& fact) {
  return fmt::format("hall {} at {}: {}", fact.hall.name, state.sites.at(fact.hall.site).name,
                     budget(fact.hall.watts, fact.hall.rack_positions, "rack positions"));
}
std::string words(const State& state, const RowBuilt& fact) {
  return fmt::format("row {} in {}: {}", fact.row.name, state.fleet.halls.at(fact.row.hall).name,
                     budget(fact.row.watts, fact.row.rack_positions, "rack positions"));
}
std::string words(const State& state, const FeedInstalled& fact) {
  return fmt::format("feed {} at {}: {}", fact.feed.name, state.sites.at(fact.feed.site).name,
                     watts_text(fact.feed.watts));
}
std::string words(const State& state, const PodPlanned& fact) {
  return fmt::format("pod {} of {}", fact.pod.name, state.pools.at(fact.pod.pool).name);
}
std::string words(const State& state, const RacksInstalled& fact) {
  const Rack& first = fact.racks.front();
  std::string where = fmt::format("in {}, {}", state.fleet.rows.at(first.row).name,
                                  budget(first.watts, first.units, "units"));
  if (fact.racks.size() == 1) return fmt::format("rack {} {}", first.name, where);
  return fmt::format("{} racks, {} to {}, {}", fact.racks.size(), first.name,
                     fact.racks.back().name, where);
}
std::string words(const State& state, const BudgetChanged& fact) {
  return fmt::format("budget of {} {}: {}", name_of(fact.level.kind), state.name_of(fact.level),
                     budget(fact.watts, fact.places, "places"));
}
std::string words(const State& state, const SparesKept& fact) {
  return fmt::format("{} keeps {} as spares", state.pools.at(fact.pool).name,
                     servers_count(fact.servers));
}
std::string words(const State& state, const ServersAdded& fact) {
  std::string rack = fact.rack ? " in " + state.fleet.racks.at(fact.rack).name : "";
  auto count = static_cast<int64_t>(fact.servers.size());
  std::string what = count == 1
                         ? "server " + fact.servers.front().serial
                         : fmt::format("{}, {} to {}", servers_count(count),
                                       fact.servers.front().serial, fact.servers.back().serial);
  return fmt::format("{} ({}): {}{}", what, to_text(ServerRanges{{fact.first, count}}),
                     name_of(fact.state), rack);
}
std::string words(const State& state, const ServersMoved& fact) {
  std::string rack = fact.rack ? " in " + state.fleet.racks.at(fact.rack).name : "";
  return fmt::format("{}: {}{}{}", servers_text(state, fact.servers), name_of(fact.to), rack,
                     because(fact.reason));
}
std::string words(const State& state, const ServersTested& fact) {
  return fmt::format("{}: test {} {}{}", servers_text(state, fact.servers), name_of(fact.level),
                     fact.passed ? "passed" : "failed", because(fact.detail));
}
std::string words(const State& state, const AbsencesSet& fact) {
  std::string who = servers_text(state, fact.servers);
  switch (fact.absence) {
    case Absence::none:
      return who + ": counts as supply";
    case Absence::spare:
      return who + ": a spare stands in";
    case Absence::withdrawn:
      return who + ": no longer supply";
    case Absence::missing:
      return who + ": promised and not there";
  }
  return who;
}
std::string words(const State& state, const DeliveryCounted& fact) {
  const Delivery& delivery = state.deliveries.at(fact.delivery);
  std::string name = delivery.name.empty() ? to_text(delivery.id) : delivery.name;
  if (fact.lacking == 0) return "delivery " + name + ": all its servers are registered";
  return fmt::format("delivery {}: {} not registered, no supply until they are", name,
                     servers_count(fact.lacking));
}
std::string words(const State& state, const LinePlaced& fact) {
  std::string text = fmt::format("{} has {}", state.name_of(fact.line), servers_count(fact.wanted));
  if (count_of(fact.placed) > 0) text += ", placed " + to_text(fact.placed);
  if (count_of(fact.released) > 0) text += ", gave back " + to_text(fact.released);
  auto placement = state.placements.find(fact.line);
  int64_t awaited =
      placement == state.placements.end() ? 0 : placement->second.wanted - placement->second.placed;
  return awaited > 0 ? text + fmt::format(", awaits {}", awaited) : text;
}
std::string words(const State& state, const ServerReplaced& fact) {
  std::string where = fact.line ? " in " + state.name_of(fact.line) : "";
  return fmt::format("{} takes the place of {}{}", state.fleet.server(fact.in).serial,
                     state.fleet.server(fact.out).serial, where);
}
std::string words(const State& state, const OutageBegan& fact) {
  const Outage& outage = fact.outage;
  return fmt::format("{}: {} is without {}{}{}", to_text(outage.id), state.name_of(outage.line),
                     state.fleet.server(outage.server).serial, because(outage.reason),
                     outage.excused ? " (excused by the contract)" : "");
}
std::string words(const State& state, const OutageEnded& fact) {
  return fmt::format("{} of {} is over", to_text(fact.outage),
                     state.name_of(state.fleet.outages.at(fact.outage).line));
}
std::string words(const State& state, const MaintenancePlanned& fact) {
  const Maintenance& planned = fact.maintenance;
  return fmt::format("{} of {} {} {}{}", to_text(planned.id), name_of(planned.scope.kind),
                     state.name_of(planned.scope), term_text({planned.from, planned.until}),
                     because(planned.reason));
}
std::string words(const State&, const MaintenanceBegan& fact) {
  return fmt::format("{} begins: {} out of service", to_text(fact.maintenance),
                     servers_count(count_of(fact.servers)));
}
std::string words(const State&, const MaintenanceEnded& fact) {
  return fmt::format("{} is {}", to_text(fact.maintenance), fact.cancelled ? "cancelled" : "over");
}
std::string words(const State& state, const InstanceLaunched& fact) {
  const Instance& instance = fact.instance;
  return fmt::format("{} for {}: {} of {} on {}, {}", to_text(instance.id),
                     state.name_of(instance.tenant), size_text(instance),
                     state.name_of(instance.account), servers_text(state, instance.servers),
                     name_of(instance.kind));
}
std::string words(const State&, const InstanceReclaimed& fact) {
  return fmt::format("{} is wanted back: it ends {}", to_text(fact.instance), to_text(fact.ends));
}
std::string words(const State&, const InstanceEnded& fact) {
  return fmt::format("{} ended{}", to_text(fact.instance), because(fact.reason));
}
std::string words(const State& state, const TranchePresented& fact) {
  return fmt::format("tranche {} of {} is offered: deemed accepted on {}", fact.tranche,
                     state.name_of(fact.line), to_short_text(fact.deemed_on));
}

}  // namespace leasehold::operations
