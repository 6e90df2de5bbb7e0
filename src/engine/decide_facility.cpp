// Sites and what is in them: head leases, halls, rows, feeds, pods and racks, with their budgets.
#include <algorithm>
#include <set>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {

constexpr int64_t kMostWatts = 100'000'000'000;  // 100 GW
constexpr int64_t kMostRackPositions = 10'000'000;
constexpr int64_t kMostRackUnits = 200;

Checked check_budget(int64_t watts, int64_t places, int64_t most_places) {
  LH_CHECK(check_range(watts, 0, kMostWatts, "power"));
  return check_range(places, 0, most_places, "places");
}

// Whether one more place fits into a level that states how many it has.
Checked check_place(const State& state, const AccountId& level, int64_t has, int64_t taken) {
  if (has == 0 || taken <= has) return {};
  return refuse(RefusalCode::space_short, state.name_of(level), std::to_string(taken),
                "at most " + std::to_string(has) + " racks in " + name_of(level.kind) + " " +
                    state.name_of(level));
}

// The rack positions that the site has from now on, at its tightest while any head lease runs;
// nothing where no head lease says so.
std::optional<int64_t> site_positions(const State& state, SiteId site, Instant now) {
  capacity::Steps positions;
  Instant last = now;
  for (const SiteLease& lease : state.fleet.site_leases.rows())
    if (lease.site == site && lease.rack_positions > 0) {
      positions.add(lease.interval(), lease.rack_positions);
      last = std::max(last, lease.until);
    }
  if (positions.empty()) return std::nullopt;
  return last > now ? positions.least({now, last}) : 0;
}

Checked check_rack(const State& state, const Rack& rack) {
  LH_CHECK(check_new_name(state.fleet.racks, rack.name));
  const Row* row = state.fleet.rows.find(rack.row);
  if (row == nullptr) return refuse(RefusalCode::unknown_reference, "row", to_text(rack.row));
  const Pod* pod = state.fleet.pods.find(rack.pod);
  if (pod == nullptr) return refuse(RefusalCode::unknown_reference, "pod", to_text(rack.pod));
  SiteId site = state.fleet.halls.at(row->hall).site;
  if (state.pools.at(pod->pool).site != site)
    return refuse(RefusalCode::invalid_value, "pod", pod->name,
                  "a pod of a pool at " + state.sites.at(site).name);
  LH_CHECK(check_budget(rack.watts, rack.units, kMostRackUnits));
  LH_CHECK(check_range(static_cast<int64_t>(rack.feeds.size()), 0, 8, "feeds"));
  if (rack.redundancy != Redundancy::none && rack.feeds.size() < 2)
    return refuse(RefusalCode::invalid_value, "feeds", std::to_string(rack.feeds.size()),
                  std::string("two feeds or more for ") + name_of(rack.redundancy));
  std::set<FeedId> seen;
  for (FeedId id : rack.feeds) {
    const Feed* feed = state.fleet.feeds.find(id);
    if (feed == nullptr) return refuse(RefusalCode::unknown_reference, "feed", to_text(id));
    if (feed->site != site || !seen.insert(id).second)
      return refuse(RefusalCode::invalid_value, "feed", feed->name,
                    "feeds of " + state.sites.at(site).name + ", each once");
  }
  return {};
}

}  // namespace

Result<Facts> decide_body(const State& state, const LeaseSite& command, Instant) {
  SiteLease lease = command.lease;
  LH_CHECK(check_new_name(state.fleet.site_leases, lease.name));
  if (state.sites.find(lease.site) == nullptr)
    return refuse(RefusalCode::unknown_reference, "site", to_text(lease.site));
  if (state.parties.find(lease.landlord) == nullptr)
    return refuse(RefusalCode::unknown_reference, "landlord", to_text(lease.landlord));
  LH_CHECK(check_interval(lease.interval(), "head lease"));
  LH_CHECK(check_budget(lease.watts, lease.rack_positions, kMostRackPositions));
  LH_CHECK(check_range(lease.pue_permille, 1000, 10'000, "pue"));
  if (lease.watts == 0 && lease.rack_positions == 0)
    return refuse(RefusalCode::invalid_value, "power", "0 W", "power, rack positions or both");
  if (lease.per_kw_month)
    LH_CHECK(check_price({PriceBasis::per_accelerator_hour, *lease.per_kw_month}));
  lease.id = state.fleet.site_leases.next_id();
  return Facts{SiteLeased{lease}};
}

Result<Facts> decide_body(const State& state, const RetimeSiteLease& command, Instant now) {
  const SiteLease* lease = state.fleet.site_leases.find(command.lease);
  if (lease == nullptr)
    return refuse(RefusalCode::unknown_reference, "head lease", to_text(command.lease));
  LH_CHECK(check_interval({command.from, lease->until}, "head lease"));
  if (command.from == lease->from)
    return refuse(RefusalCode::nothing_to_change, "head lease", to_text(command.from));
  if (std::min(command.from, lease->from) < now)
    return refuse(RefusalCode::invalid_value, "from", to_text(std::min(command.from, lease->from)),
                  "a head lease that has not begun, moved to a moment not before " + to_text(now));
  capacity::Proposal proposal(state.ledger);
  proposal.change_supply(account_of(lease->site), lease->interval(), -lease->watts);
  proposal.change_supply(account_of(lease->site), {command.from, lease->until}, lease->watts);
  if (auto shortfall = proposal.check()) {
    Refusal refusal = shortage(state, *shortfall, RefusalCode::breaks_promises);
    if (refusal.first_at > lease->from)
      refusal.nearest.push_back({Alternative::later,
                                 account_of(lease->site),
                                 lease->watts,
                                 {refusal.first_at, lease->until}});
    return Unexpected<Refusal>(std::move(refusal));
  }
  return Facts{SiteLeaseRetimed{command.lease, command.from}};
}

Result<Facts> decide_body(const State& state, const BuildHall& command, Instant) {
  Hall hall = command.hall;
  LH_CHECK(check_new_name(state.fleet.halls, hall.name));
  if (state.sites.find(hall.site) == nullptr)
    return refuse(RefusalCode::unknown_reference, "site", to_text(hall.site));
  LH_CHECK(check_budget(hall.watts, hall.rack_positions, kMostRackPositions));
  hall.id = state.fleet.halls.next_id();
  return Facts{HallBuilt{hall}};
}

Result<Facts> decide_body(const State& state, const BuildRow& command, Instant) {
  Row row = command.row;
  LH_CHECK(check_new_name(state.fleet.rows, row.name));
  if (state.fleet.halls.find(row.hall) == nullptr)
    return refuse(RefusalCode::unknown_reference, "hall", to_text(row.hall));
  LH_CHECK(check_budget(row.watts, row.rack_positions, kMostRackPositions));
  row.id = state.fleet.rows.next_id();
  return Facts{RowBuilt{row}};
}

Result<Facts> decide_body(const State& state, const InstallFeed& command, Instant) {
  Feed feed = command.feed;
  LH_CHECK(check_new_name(state.fleet.feeds, feed.name));
  if (state.sites.find(feed.site) == nullptr)
    return refuse(RefusalCode::unknown_reference, "site", to_text(feed.site));
  LH_CHECK(check_range(feed.watts, 1, kMostWatts, "power"));
  feed.id = state.fleet.feeds.next_id();
  return Facts{FeedInstalled{feed}};
}

Result<Facts> decide_body(const State& state, const PlanPod& command, Instant) {
  Pod pod = command.pod;
  LH_CHECK(check_new_name(state.fleet.pods, pod.name));
  if (state.pools.find(pod.pool) == nullptr)
    return refuse(RefusalCode::unknown_reference, "pool", to_text(pod.pool));
  pod.id = state.fleet.pods.next_id();
  return Facts{PodPlanned{pod}};
}

Result<Facts> decide_body(const State& state, const InstallRacks& command, Instant now) {
  LH_CHECK(check_range(static_cast<int64_t>(command.racks.size()), 1, 10'000, "racks"));
  RacksInstalled fact;
  std::map<AccountId, int64_t> added;
  std::set<std::string> names;
  for (Rack rack : command.racks) {
    LH_CHECK(check_rack(state, rack));
    if (!names.insert(rack.name).second)
      return refuse(RefusalCode::name_taken, "name", rack.name, "a name not used yet");
    const Row& row = state.fleet.rows.at(rack.row);
    const Hall& hall = state.fleet.halls.at(row.hall);
    auto taken = [&](const AccountId& level) {
      return state.fleet.load(level).places + ++added[level];
    };
    LH_CHECK(check_place(state, account_of(row.id), row.rack_positions, taken(account_of(row.id))));
    LH_CHECK(
        check_place(state, account_of(hall.id), hall.rack_positions, taken(account_of(hall.id))));
    int64_t at_site = state.fleet.racks_at(hall.site) + ++added[account_of(hall.site)];
    if (auto positions = site_positions(state, hall.site, now); positions && at_site > *positions)
      LH_CHECK(check_place(state, account_of(hall.site), std::max<int64_t>(*positions, 1),
                           std::max<int64_t>(at_site, 2)));
    rack.id = {state.fleet.racks.next_id().number + static_cast<uint32_t>(fact.racks.size())};
    fact.racks.push_back(std::move(rack));
  }
  return Facts{std::move(fact)};
}

Result<Facts> decide_body(const State& state, const ChangeBudget& command, Instant) {
  const AccountId& level = command.level;
  int64_t watts = 0;
  int64_t places = 0;
  if (const Hall* hall =
          level.kind == AccountKind::hall ? state.fleet.halls.find(HallId{level.number}) : nullptr)
    std::tie(watts, places) = std::pair(hall->watts, hall->rack_positions);
  else if (const Row* row = level.kind == AccountKind::row
                                ? state.fleet.rows.find(RowId{level.number})
                                : nullptr)
    std::tie(watts, places) = std::pair(row->watts, row->rack_positions);
  else if (const Rack* rack = level.kind == AccountKind::rack
                                  ? state.fleet.racks.find(RackId{level.number})
                                  : nullptr)
    std::tie(watts, places) = std::pair(rack->watts, rack->units);
  else if (const Feed* feed = level.kind == AccountKind::feed
                                  ? state.fleet.feeds.find(FeedId{level.number})
                                  : nullptr)
    watts = feed->watts;
  else
    return refuse(RefusalCode::unknown_reference, "level", to_text(level),
                  "a hall, row, rack or feed");
  LH_CHECK(check_budget(command.watts, command.places,
                        level.kind == AccountKind::rack ? kMostRackUnits : kMostRackPositions));
  if (watts == command.watts && places == command.places)
    return refuse(RefusalCode::nothing_to_change, state.name_of(level));
  fleet::Load load = state.fleet.load(level);
  if (command.watts > 0 && command.watts < load.watts)
    return refuse(RefusalCode::breaks_promises, state.name_of(level),
                  to_text(Quantity{command.watts, QuantityKind::megawatt}),
                  "at least the " + to_text(Quantity{load.watts, QuantityKind::megawatt}) +
                      " that its servers draw");
  if (command.places > 0 && command.places < load.places)
    return refuse(RefusalCode::breaks_promises, state.name_of(level),
                  std::to_string(command.places),
                  "at least the " + std::to_string(load.places) + " places that are taken");
  return Facts{BudgetChanged{level, command.watts, command.places}};
}

Result<Facts> decide_body(const State& state, const MeasureDraw& command, Instant) {
  const AccountId& level = command.level;
  const fleet::Fleet& fleet = state.fleet;
  bool known = (level.kind == AccountKind::site && state.sites.find(SiteId{level.number})) ||
               (level.kind == AccountKind::hall && fleet.halls.find(HallId{level.number})) ||
               (level.kind == AccountKind::row && fleet.rows.find(RowId{level.number})) ||
               (level.kind == AccountKind::rack && fleet.racks.find(RackId{level.number})) ||
               (level.kind == AccountKind::feed && fleet.feeds.find(FeedId{level.number}));
  if (!known)
    return refuse(RefusalCode::unknown_reference, "level", to_text(level),
                  "a site, hall, row, rack or feed");
  LH_CHECK(check_range(command.watts, 0, kMostWatts, "power"));
  return Facts{DrawMeasured{level, command.watts}};
}

Result<Facts> decide_body(const State& state, const KeepSpares& command, Instant now) {
  if (state.pools.find(command.pool) == nullptr)
    return refuse(RefusalCode::unknown_reference, "pool", to_text(command.pool));
  LH_CHECK(check_range(command.servers, 0, 10'000'000, "spares"));
  auto known = state.spares.find(command.pool);
  Spares spares = known == state.spares.end() ? Spares{} : known->second;
  int64_t more = command.servers - spares.kept;
  if (more == 0) return refuse(RefusalCode::nothing_to_change, "spares");
  if (spares.left + more < 0)
    return refuse(RefusalCode::invalid_value, "spares", std::to_string(command.servers),
                  "at least the " + std::to_string(spares.kept - spares.left) +
                      " that stand in for servers now");
  AccountId account = account_of(command.pool);
  Instant until = now;  // when the pool's last delivery goes
  for (const Delivery& delivery : state.deliveries.rows())
    if (delivery.pool == command.pool) until = std::max(until, delivery.until);
  int64_t per_server = state.skus.at(state.pools.at(command.pool).sku).per_server;
  capacity::Proposal proposal(state.ledger);
  proposal.change_supply(account, {now, spares.until}, spares.kept * per_server);
  proposal.change_supply(account, {now, until}, -command.servers * per_server);
  if (auto shortfall = proposal.check())
    return Unexpected<Refusal>(shortage(state, *shortfall, RefusalCode::breaks_promises));
  return Facts{SparesKept{command.pool, command.servers, until}};
}

}  // namespace leasehold::engine
