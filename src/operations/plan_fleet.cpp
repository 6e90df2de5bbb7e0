// The plan's head leases, halls, rows, feeds, pods, racks, servers, spares and liens.
#include "operations/plan.h"

#include <fmt/format.h>

namespace leasehold::operations {

namespace {

using Commands = std::vector<CommandBody>;
using Build = std::function<CommandBody(Reader&)>;

// What exists under a name is left as it is: a fleet changes by its own commands.
void plan_once(Plan& plan, YamlMap& map, PlanRank rank, const std::string& what,
               const std::function<bool(const engine::State&)>& exists, const Build& build) {
  plan.steps.push_back(
      {map.text("at"), rank, map.path(), what, [=](Reader& reader, Instant) -> Commands {
         if (exists(reader.state())) return {};
         return {build(reader)};
       }});
  map.finish();
}

void plan_head_lease(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string site = map.required("site", "a 'site'");
  std::string landlord = map.required("landlord", "a 'landlord'");
  std::string power = map.text("power", "0 W");
  std::string racks = map.text("racks", "0");
  std::string from = map.required("from", "a 'from' date");
  std::string until = map.text("until", "forever");
  std::string rent = map.text("rent");
  std::string pue = map.text("pue", "1.0");
  auto exists = [name](const engine::State& state) {
    return bool(state.fleet.site_leases.resolve(name));
  };
  plan_once(plan, map, PlanRank::head_lease, "head lease " + name, exists,
            [=, path = map](Reader& reader) -> CommandBody {
              SiteLease lease;
              lease.name = name;
              lease.site = reader.site(path.path("site"), site);
              lease.landlord = reader.party(path.path("landlord"), landlord);
              lease.watts = reader.watts(path.path("power"), power);
              lease.rack_positions = reader.whole(path.path("racks"), racks);
              lease.from = reader.instant(path.path("from"), from);
              lease.until = reader.instant(path.path("until"), until);
              if (!rent.empty()) lease.per_kw_month = reader.money(path.path("rent"), rent);
              lease.pue_permille = reader.ratio_permille(path.path("pue"), pue);
              return LeaseSite{lease};
            });
}

void plan_hall(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string site = map.required("site", "a 'site'");
  std::string power = map.text("power", "0 W");
  std::string racks = map.text("racks", "0");
  auto exists = [name](const engine::State& state) {
    return bool(state.fleet.halls.resolve(name));
  };
  plan_once(plan, map, PlanRank::hall, "hall " + name, exists,
            [=, path = map](Reader& reader) -> CommandBody {
              return BuildHall{{{},
                                name,
                                reader.site(path.path("site"), site),
                                reader.watts(path.path("power"), power),
                                reader.whole(path.path("racks"), racks)}};
            });
}

void plan_row(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string hall = map.required("hall", "a 'hall'");
  std::string power = map.text("power", "0 W");
  std::string racks = map.text("racks", "0");
  auto exists = [name](const engine::State& state) { return bool(state.fleet.rows.resolve(name)); };
  plan_once(plan, map, PlanRank::row, "row " + name, exists,
            [=, path = map](Reader& reader) -> CommandBody {
              return BuildRow{{{},
                               name,
                               reader.hall(path.path("hall"), hall),
                               reader.watts(path.path("power"), power),
                               reader.whole(path.path("racks"), racks)}};
            });
}

void plan_feed(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string site = map.required("site", "a 'site'");
  std::string power = map.required("power", "a 'power' such as '400 kW'");
  auto exists = [name](const engine::State& state) {
    return bool(state.fleet.feeds.resolve(name));
  };
  plan_once(plan, map, PlanRank::feed, "feed " + name, exists,
            [=, path = map](Reader& reader) -> CommandBody {
              return InstallFeed{{{},
                                  name,
                                  reader.site(path.path("site"), site),
                                  reader.watts(path.path("power"), power)}};
            });
}

void plan_pod(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string pool = map.required("pool", "a 'pool'");
  auto exists = [name](const engine::State& state) { return bool(state.fleet.pods.resolve(name)); };
  plan_once(plan, map, PlanRank::pod, "pod " + name, exists,
            [=, path = map](Reader& reader) -> CommandBody {
              return PlanPod{{{}, name, reader.pool(path.path("pool"), pool)}};
            });
}

// Racks that differ in their names alone are one entry.
void plan_racks(Plan& plan, YamlMap& map) {
  std::vector<std::string> names = map.texts("names");
  std::string row = map.required("row", "a 'row'");
  std::string pod = map.required("pod", "a 'pod'");
  std::string power = map.text("power", "0 W");
  std::string units = map.text("units", "0");
  std::string redundancy = map.text("redundancy", "none");
  std::vector<std::string> feeds = map.texts("feeds");
  std::string first = names.empty() ? "" : names.front();
  auto exists = [first](const engine::State& state) {
    return bool(state.fleet.racks.resolve(first));
  };
  plan_once(plan, map, PlanRank::rack, "racks " + first, exists,
            [=, path = map](Reader& reader) -> CommandBody {
              if (names.empty())
                reader.wrong(path.path("names"), "nothing", "the 'names' of one rack or more");
              Rack rack;
              rack.row = reader.row(path.path("row"), row);
              rack.pod = reader.pod(path.path("pod"), pod);
              rack.watts = reader.watts(path.path("power"), power);
              rack.units = reader.whole(path.path("units"), units);
              rack.redundancy = reader.choice<Redundancy>(path.path("redundancy"), redundancy);
              for (const std::string& feed : feeds)
                rack.feeds.push_back(reader.feed(path.path("feeds"), feed));
              InstallRacks command;
              for (const std::string& name : names) {
                rack.name = name;
                command.racks.push_back(rack);
              }
              return command;
            });
}

void plan_servers(Plan& plan, YamlMap& map) {
  std::vector<std::string> serials = map.texts("serials");
  std::string delivery = map.required("delivery", "a 'delivery'");
  std::string state_text = map.text("state", "ordered");
  std::string rack = map.text("rack");
  std::string unit = map.text("unit", "0");
  std::string first = serials.empty() ? "" : serials.front();
  auto exists = [first](const engine::State& state) {
    return bool(state.fleet.servers().resolve(first));
  };
  plan_once(
      plan, map, PlanRank::servers, "servers " + first, exists,
      [=, path = map](Reader& reader) -> CommandBody {
        if (serials.empty())
          reader.wrong(path.path("serials"), "nothing", "the 'serials' of one server or more");
        AddServers command;
        command.delivery = reader.delivery(path.path("delivery"), delivery);
        command.state = reader.choice<ServerState>(path.path("state"), state_text);
        if (!rack.empty()) command.rack = reader.rack(path.path("rack"), rack);
        int64_t lowest = reader.whole(path.path("unit"), unit);
        int64_t height = reader.good()
                             ? std::max<int64_t>(reader.state().each_of(command.delivery).places, 1)
                             : 1;
        for (const std::string& serial : serials) {
          command.servers.push_back({serial, lowest});
          if (lowest > 0) lowest += height;
        }
        return command;
      });
}

void plan_spares(Plan& plan, YamlMap& map) {
  std::string pool = map.required("pool", "a 'pool'");
  std::string servers = map.required("servers", "how many 'servers'");
  auto exists = [pool](const engine::State& state) {
    return state.spares.contains(state.pools.resolve(pool));
  };
  plan_once(plan, map, PlanRank::spares, "spares of " + pool, exists,
            [=, path = map](Reader& reader) -> CommandBody {
              return KeepSpares{reader.pool(path.path("pool"), pool),
                                reader.whole(path.path("servers"), servers)};
            });
}

void plan_lien(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string lender = map.required("lender", "a 'lender'");
  std::string delivery = map.required("delivery", "a 'delivery'");
  auto exists = [name](const engine::State& state) { return bool(state.liens.resolve(name)); };
  plan_once(plan, map, PlanRank::lien, "lien " + name, exists,
            [=, path = map](Reader& reader) -> CommandBody {
              return GrantLien{{{},
                                name,
                                reader.party(path.path("lender"), lender),
                                reader.delivery(path.path("delivery"), delivery)}};
            });
}

}  // namespace

void plan_fleet(Plan& plan, YamlMap& root) {
  for (YamlMap& map : root.maps("head_leases")) plan_head_lease(plan, map);
  for (YamlMap& map : root.maps("halls")) plan_hall(plan, map);
  for (YamlMap& map : root.maps("rows")) plan_row(plan, map);
  for (YamlMap& map : root.maps("feeds")) plan_feed(plan, map);
  for (YamlMap& map : root.maps("pods")) plan_pod(plan, map);
  for (YamlMap& map : root.maps("racks")) plan_racks(plan, map);
  for (YamlMap& map : root.maps("servers")) plan_servers(plan, map);
  for (YamlMap& map : root.maps("spares")) plan_spares(plan, map);
  for (YamlMap& map : root.maps("liens")) plan_lien(plan, map);
}

}  // namespace leasehold::operations
