// What is in a site: head leases, halls, rows, feeds, pods and racks, and how much of each budget
// is taken.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fact_text.h"
#include "operations/fleet_text.h"

namespace leasehold::operations {

namespace {

Cell watts(int64_t value) { return {watts_text(value), std::to_string(value), true}; }
Cell budget(int64_t value) { return value > 0 ? watts(value) : text("not limited"); }

struct SiteLeaseValues {
  std::string name, site, landlord, power = "0 W", racks = "0", from, until = "forever", rent,
                                    pue = "1.0";
};
void site_lease_options(Form& form, SiteLeaseValues& values) {
  form.add_option("name", values.name, "Its name, unique among head leases")->required();
  form.add_option("--site", values.site, "The site")->required();
  form.add_option("--landlord", values.landlord, "Who leases it out")->required();
  form.add_option("--power", values.power, "Critical power, such as '24 MW'");
  form.add_option("--racks", values.racks, "Rack positions");
  form.add_option("--from", values.from, "When it begins")->required();
  form.add_option("--until", values.until, "When it ends");
  form.add_option("--rent", values.rent, "A kW-month, such as '137.50 USD'");
  form.add_option("--pue", values.pue, "Facility power over critical power, such as 1.2");
}
void lease_site(Shell& shell, const SiteLeaseValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    SiteLease lease;
    lease.name = values.name;
    lease.site = reader.site("--site", values.site);
    lease.landlord = reader.party("--landlord", values.landlord);
    lease.watts = reader.watts("--power", values.power);
    lease.rack_positions = reader.whole("--racks", values.racks);
    lease.from = reader.instant("--from", values.from);
    lease.until = reader.instant("--until", values.until);
    if (!values.rent.empty()) lease.per_kw_month = reader.money("--rent", values.rent);
    lease.pue_permille = reader.ratio_permille("--pue", values.pue);
    return LeaseSite{lease};
  });
}

struct DelayValues {
  std::string lease, to;
};
void delay_options(Form& form, DelayValues& values) {
  form.add_option("lease", values.lease, "The head lease")->required();
  form.add_option("--to", values.to, "When it now begins")->required();
}
void delay(Shell& shell, const DelayValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RetimeSiteLease{reader.site_lease("lease", values.lease),
                           reader.instant("--to", values.to)};
  });
}

const Columns kSiteLeasesColumns = columns_of(
    "id, name, site, landlord, power: power, rack positions: number, from: moment, until: moment, "
    "rent a "
    "kW-month: money, rent a month: money, pue");
void list_site_leases(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view || !shell.owner_only("site leases")) return;
  Table table(kSiteLeasesColumns);
  for (const SiteLease& lease : view->state.fleet.site_leases.rows()) {
    Money rent = lease.per_kw_month.value_or(Money{});
    Cell monthly = lease.per_kw_month ? money(scale(rent, lease.watts, 1000)) : text("");
    table.add(
        {text(to_text(lease.id)), text(lease.name), text(view->state.sites.at(lease.site).name),
         text(view->state.name_of(lease.landlord)), watts(lease.watts),
         number(lease.rack_positions), moment(lease.from), moment(lease.until),
         lease.per_kw_month ? money(rent) : text(""), monthly,
         text(fmt::format("{}.{:03}", lease.pue_permille / 1000, lease.pue_permille % 1000))});
  }
  shell.say(table);
}

struct LevelValues {
  std::string name, in, power = "0 W", racks = "0";
};
void hall_options(Form& form, LevelValues& values) {
  form.add_option("name", values.name, "Its name, unique among halls")->required();
  form.add_option("--site", values.in, "The site")->required();
  form.add_option("--power", values.power, "Its power budget; not limited where it is not said");
  form.add_option("--racks", values.racks, "Its rack positions; not limited where it is not said");
}
void row_options(Form& form, LevelValues& values) {
  form.add_option("name", values.name, "Its name, unique among rows")->required();
  form.add_option("--hall", values.in, "The hall")->required();
  form.add_option("--power", values.power, "Its power budget; not limited where it is not said");
  form.add_option("--racks", values.racks, "Its rack positions; not limited where it is not said");
}
void feed_options(Form& form, LevelValues& values) {
  form.add_option("name", values.name, "Its name, unique among feeds")->required();
  form.add_option("--site", values.in, "The site")->required();
  form.add_option("--power", values.power, "What it carries, such as '400 kW'")->required();
}
void build_hall(Shell& shell, const LevelValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return BuildHall{{{},
                      values.name,
                      reader.site("--site", values.in),
                      reader.watts("--power", values.power),
                      reader.whole("--racks", values.racks)}};
  });
}
void build_row(Shell& shell, const LevelValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return BuildRow{{{},
                     values.name,
                     reader.hall("--hall", values.in),
                     reader.watts("--power", values.power),
                     reader.whole("--racks", values.racks)}};
  });
}
void install_feed(Shell& shell, const LevelValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return InstallFeed{
        {{}, values.name, reader.site("--site", values.in), reader.watts("--power", values.power)}};
  });
}

struct BudgetValues {
  std::string level, power = "0 W", places = "0";
};
void budget_options(Form& form, BudgetValues& values) {
  form.add_option("level", values.level, "Such as 'hall kc-1', 'row kc-1-a', 'feed kc-a' or an id")
      ->required();
  form.add_option("--power", values.power, "Its power budget; not limited where it is not said");
  form.add_option("--places", values.places, "Racks of a hall or row, units of a rack");
}
void change_budget(Shell& shell, const BudgetValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return ChangeBudget{
        reader.level("level", values.level,
                     {AccountKind::hall, AccountKind::row, AccountKind::rack, AccountKind::feed}),
        reader.watts("--power", values.power), reader.whole("--places", values.places)};
  });
}

struct MeasureValues {
  std::string level, power;
};
void measure_options(Form& form, MeasureValues& values) {
  form.add_option("level", values.level,
                  "Such as 'site kc', 'row kc-1-a', 'rack kc-1-a-01' or an id")
      ->required();
  form.add_option("power", values.power, "What it draws, such as '38.2 kW'")->required();
}
void measure(Shell& shell, const MeasureValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return MeasureDraw{reader.level("level", values.level,
                                    {AccountKind::site, AccountKind::hall, AccountKind::row,
                                     AccountKind::rack, AccountKind::feed}),
                       reader.watts("power", values.power)};
  });
}

struct PodValues {
  std::string name, pool;
};
void pod_options(Form& form, PodValues& values) {
  form.add_option("name", values.name, "Its name, unique among pods")->required();
  form.add_option("--pool", values.pool, "The pool that its servers are of")->required();
}
void plan_pod(Shell& shell, const PodValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return PlanPod{{{}, values.name, reader.pool("--pool", values.pool)}};
  });
}

const Columns kPodsColumns = columns_of("id, name, pool, fabric, servers: number, free: number");
void list_pods(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view || !shell.owner_only("rack pods")) return;
  const engine::State& state = view->state;
  Table table(kPodsColumns);
  for (const Pod& pod : state.fleet.pods.rows()) {
    const std::vector<ServerId>& slots = state.fleet.slots(pod.id);
    auto servers = std::count_if(slots.begin(), slots.end(), [](ServerId id) { return bool(id); });
    const auto* entry = state.fleet.holdings(account_of(pod.pool)).find(pod.id);
    const Pool& pool = state.pools.at(pod.pool);
    table.add({text(to_text(pod.id)), text(pod.name), text(pool.name), text(pool.fabric),
               number(servers), number(entry == nullptr ? 0 : entry->free.count())});
  }
  shell.say(table);
}

const Columns kHallsColumns = columns_of(
    "id, name, site, budget: power, drawn: power, rows: number, racks: number, rack positions: "
    "number");
void list_halls(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view || !shell.owner_only("site halls")) return;
  const fleet::Fleet& fleet = view->state.fleet;
  Table table(kHallsColumns);
  for (const Hall& hall : fleet.halls.rows()) {
    fleet::Load load = fleet.load(account_of(hall.id));
    auto rows = std::count_if(fleet.rows.rows().begin(), fleet.rows.rows().end(),
                              [&](const Row& row) { return row.hall == hall.id; });
    table.add({text(to_text(hall.id)), text(hall.name), text(view->state.sites.at(hall.site).name),
               budget(hall.watts), watts(load.watts), number(rows), number(load.places),
               hall.rack_positions > 0 ? number(hall.rack_positions) : text("not limited")});
  }
  shell.say(table);
}

struct RackValues {
  std::vector<std::string> names, feeds;
  std::string row, pod, power = "0 W", units = "0", redundancy = "none";
};
void rack_options(Form& form, RackValues& values) {
  form.add_option("names", values.names, "Their names, unique among racks")->required();
  form.add_option("--row", values.row, "The row that they stand in")->required();
  form.add_option("--pod", values.pod, "The pod of their servers")->required();
  form.add_option("--power", values.power, "Each one's power budget");
  form.add_option("--units", values.units, "Each one's height for servers");
  form.add_option("--feeds", values.feeds, "The feeds, such as kc-a,kc-b")->delimiter(',');
  form.add_option("--redundancy", values.redundancy, "none, n_plus_1 or two_n");
}
void install_racks(Shell& shell, const RackValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    Rack rack;
    rack.row = reader.row("--row", values.row);
    rack.pod = reader.pod("--pod", values.pod);
    rack.watts = reader.watts("--power", values.power);
    rack.units = reader.whole("--units", values.units);
    rack.redundancy = reader.choice<Redundancy>("--redundancy", values.redundancy);
    for (const std::string& feed : values.feeds) rack.feeds.push_back(reader.feed("--feeds", feed));
    InstallRacks command;
    for (const std::string& name : values.names) {
      rack.name = name;
      command.racks.push_back(rack);
    }
    return command;
  });
}

const Columns kRacksColumns = columns_of(
    "id, name, site, hall, row, pod, budget: power, drawn: power, units: number, filled: number, "
    "feeds, redundancy, servers: number, in service: number");
void list_racks(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view || !shell.owner_only("rack list")) return;
  const fleet::Fleet& fleet = view->state.fleet;
  Table table(kRacksColumns);
  for (const Rack& rack : fleet.racks.rows()) {
    fleet::Load load = fleet.load(account_of(rack.id));
    std::string feeds;
    for (FeedId feed : rack.feeds) feeds += (feeds.empty() ? "" : " ") + fleet.feeds.at(feed).name;
    const Row& row = fleet.rows.at(rack.row);
    const Hall& hall = fleet.halls.at(row.hall);
    std::vector<ServerId> servers = fleet.servers_in(rack.id);
    auto serve = std::count_if(servers.begin(), servers.end(), [&](ServerId server) {
      return in_service(fleet.server(server).state);
    });
    table.add({text(to_text(rack.id)), text(rack.name), text(view->state.sites.at(hall.site).name),
               text(hall.name), text(row.name), text(fleet.pods.at(rack.pod).name),
               budget(rack.watts), watts(load.watts),
               rack.units > 0 ? number(rack.units) : text("not limited"), number(load.places),
               text(feeds), text(name_of(rack.redundancy)),
               number(static_cast<int64_t>(servers.size())), number(serve)});
  }
  shell.say(table);
}

// What a feed carries, and what it would carry if another were lost.
struct PowerView {
  const engine::State& state;
  Instant moment;
  Table table{{"level", "name", "power", "planned", "drawn", "measured", "free", "racks",
               "rack positions"}};

  Cell measured(const AccountId& id) const {
    auto found = state.measured.find(id);
    return found == state.measured.end() ? text("") : watts(found->second.watts);
  }

  void site(const Site& site) {
    const capacity::Account& account = *state.ledger.find(account_of(site.id));
    int64_t supply = account.supply().level_at(moment);
    int64_t free = account.free().level_at(moment);
    int64_t drawn = 0;
    for (const Hall& hall : state.fleet.halls.rows())
      if (hall.site == site.id) drawn += state.fleet.load(account_of(hall.id)).watts;
    int64_t positions = 0;
    for (const SiteLease& lease : state.fleet.site_leases.rows())
      if (lease.site == site.id && lease.interval().contains(moment))
        positions += lease.rack_positions;
    // What is drawn includes the site's network, storage and management.
    drawn += drawn * site.non_gpu_permille / 1000;
    table.add({text("site"), text(site.name), watts(supply), watts(supply - free), watts(drawn),
               measured(account_of(site.id)), watts(free), number(state.fleet.racks_at(site.id)),
               positions > 0 ? number(positions) : text("not limited")});
  }
  void level(const AccountId& id, int64_t power, int64_t positions) {
    fleet::Load load = state.fleet.load(id);
    bool space = id.kind == AccountKind::hall || id.kind == AccountKind::row;
    Cell unlimited = text("not limited");
    table.add({text(name_of(id.kind)), text(state.name_of(id)), budget(power), text(""),
               watts(load.watts), measured(id), power > 0 ? watts(power - load.watts) : unlimited,
               space ? number(load.places) : text(""),
               !space          ? text("")
               : positions > 0 ? number(positions)
                               : unlimited});
  }
};

void show_power(Shell& shell, const std::string& site_name, bool rows) {
  auto view = shell.view();
  if (!view || !shell.owner_only("site power")) return;
  Reader reader = shell.reader(view->state);
  SiteId only = site_name.empty() ? SiteId{} : reader.site("site", site_name);
  if (!reader.good()) return shell.say(reader.errors());
  const fleet::Fleet& fleet = view->state.fleet;
  PowerView power{view->state, view->moment};
  for (const Site& site : view->state.sites.rows()) {
    if (only && site.id != only) continue;
    power.site(site);
    for (const Hall& hall : fleet.halls.rows()) {
      if (hall.site != site.id) continue;
      power.level(account_of(hall.id), hall.watts, hall.rack_positions);
      for (const Row& row : fleet.rows.rows())
        if (rows && row.hall == hall.id)
          power.level(account_of(row.id), row.watts, row.rack_positions);
    }
    for (const Feed& feed : fleet.feeds.rows())
      if (rows && feed.site == site.id) power.level(account_of(feed.id), feed.watts, 0);
  }
  shell.say(power.table);
}

// What is left of a site when a feed is lost: what the racks on it draw from others then.
void show_without(Shell& shell, const std::string& name) {
  auto view = shell.view();
  if (!view || !shell.owner_only("site power")) return;
  Reader reader = shell.reader(view->state);
  FeedId lost = reader.feed("--without", name);
  if (!reader.good()) return shell.say(reader.errors());
  const fleet::Fleet& fleet = view->state.fleet;
  std::map<FeedId, int64_t> carried;
  int64_t dark_racks = 0;
  int64_t dark_servers = 0;
  for (const Rack& rack : fleet.racks.rows()) {
    int64_t load = fleet.load(account_of(rack.id)).watts;
    bool on_it = std::find(rack.feeds.begin(), rack.feeds.end(), lost) != rack.feeds.end();
    if (on_it && rack.redundancy == Redundancy::none) {
      ++dark_racks;
      dark_servers += static_cast<int64_t>(fleet.servers_in(rack.id).size());
      continue;
    }
    auto left = static_cast<int64_t>(rack.feeds.size()) - (on_it ? 1 : 0);
    for (FeedId feed : rack.feeds)
      if (feed != lost) carried[feed] += (load + left - 1) / left;
  }
  Table table({"feed", "power", "carries", "free"});
  for (const Feed& feed : fleet.feeds.rows())
    if (feed.id != lost && feed.site == fleet.feeds.at(lost).site)
      table.add({text(feed.name), watts(feed.watts), watts(carried[feed.id]),
                 watts(feed.watts - carried[feed.id])});
  shell.say(table);
  if (shell.output() == Output::table)
    shell.out() << fmt::format("without {}: {} racks with {} servers are dark\n",
                               fleet.feeds.at(lost).name, dark_racks, dark_servers);
}

}  // namespace

void show_site_power(Shell& shell, const std::string& site, const std::string& without, bool rows) {
  if (without.empty())
    show_power(shell, site, rows);
  else
    show_without(shell, without);
}

void add_facility(Noun site, Noun root) {
  add_command(
      site, "lease",
      "Sign a head lease: site lease kc-phase-1 --site kansas-city --landlord edgecore "
      "--power '24 MW' --racks 400 --from 2026-01-01 --until 2036-01-01 --rent '137.50 USD'",
      site_lease_options, lease_site);
  add_command(site, "delay", "Move a head lease: site delay kc-phase-2 --to 2027-09-01",
              delay_options, delay);
  add_command<NoValues>(site, "leases", "List head leases", nullptr, list_site_leases,
                        kSiteLeasesColumns);
  add_command(site, "hall", "Add a hall: site hall kc-1 --site kansas-city --power '12 MW'",
              hall_options, build_hall);
  add_command<NoValues>(site, "halls", "List halls with their budgets", nullptr, list_halls,
                        kHallsColumns);
  add_command(site, "row", "Add a row: site row kc-1-a --hall kc-1 --racks 20", row_options,
              build_row);
  add_command(site, "feed", "Add a feed: site feed kc-a --site kansas-city --power '6 MW'",
              feed_options, install_feed);
  add_command(site, "budget", "Change a budget: site budget 'hall kc-1' --power '14 MW'",
              budget_options, change_budget);
  add_command(site, "measure", "Record what a level draws: site measure 'row kc-1-a' '214 kW'",
              measure_options, measure);
  add_site_questions(site);
  Noun rack = root.noun("rack", "Racks, and the pods that their servers make");
  add_command(rack, "add",
              "Add racks: rack add kc-1-a-01 kc-1-a-02 --row kc-1-a --pod kc-p1 --power '60 kW' "
              "--units 48 --feeds kc-a,kc-b --redundancy two_n",
              rack_options, install_racks);
  add_command<NoValues>(rack, "list", "List racks with their budgets", nullptr, list_racks,
                        kRacksColumns);
  add_command(rack, "pod", "Plan a pod: rack pod kc-p1 --pool b200-kansas-city", pod_options,
              plan_pod);
  add_command<NoValues>(rack, "pods", "List pods", nullptr, list_pods, kPodsColumns);
}

}  // namespace leasehold::operations
