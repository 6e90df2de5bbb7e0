// fleet generate: a synthetic fleet of any size from a seed, laid out as the field builds it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/random.h"
#include "operations/catalogue.h"
#include "operations/fleet_text.h"

namespace leasehold::operations {

namespace {

// Four air-cooled eight-GPU servers fill a rack, eight racks a pod of 32 (one scalable unit of a
// SuperPOD), two pods a row, ten rows a hall. Figures of servers: data set, server_skus.csv (S46,
// S47); 12 % on top for network, storage and management (datacenter_power.csv).
constexpr int64_t kServersOfRack = 4;
constexpr int64_t kRacksOfPod = 8;
constexpr int64_t kPodsOfRow = 2;
constexpr int64_t kRowsOfHall = 10;
constexpr int64_t kNonGpuPermille = 120;
constexpr int64_t kRackUnits = 48;

struct Kind {
  const char* name;
  const char* model;
  int64_t watts;
  int64_t units;
  uint64_t of_twenty;  // of so many sites of twenty
};
constexpr std::array kKinds{Kind{"dgx-h100", "H100-SXM", 10'200, 8, 9},
                            Kind{"dgx-h200", "H200-SXM", 10'200, 8, 9},
                            Kind{"dgx-b200", "B200-SXM", 14'300, 10, 2}};

struct GenerateValues {
  std::string power, seed = "1", owner = "operator", broken = "0.5 %";
};
void generate_options(Form& form, GenerateValues& values) {
  form.add_option("--power", values.power, "Critical power in all, such as '47 MW' or '3 GW'")
      ->required();
  form.add_option("--seed", values.seed, "The same seed gives the same fleet");
  form.add_option("--owner", values.owner, "Who holds the sites and owns the pools");
  form.add_option("--broken", values.broken, "The share of servers in repair");
}

// Executes commands in batches of one transaction each.
class Builder {
 public:
  Builder(Shell& shell, cloud::Executor& cloud, const GenerateValues& values, uint64_t seed,
          int64_t broken_permille)
      : shell_(shell), cloud_(cloud), values_(values), random_(seed), broken_(broken_permille) {}

  // False, and said, where the store or the engine said no.
  bool build(int64_t watts) {
    if (!begin()) return false;
    for (int site = 1; watts > each_site_at_least(); ++site) {
      int64_t built = build_site(fmt::format("s{:02}", site), watts);
      if (built == 0) return false;
      watts -= built;
    }
    return flush();
  }
  int64_t servers() const { return servers_; }
  int64_t sites() const { return sites_; }

 private:
  static int64_t with_overhead(int64_t watts) { return watts * (1000 + kNonGpuPermille) / 1000; }
  static int64_t each_site_at_least() { return with_overhead(kKinds[2].watts * kServersOfRack); }
  const engine::State& state() const { return cloud_.state(); }

  bool begin() {
    for (const std::string& name : {values_.owner, std::string("landlord")})
      if (!state().parties.resolve(name)) add(DefineParty{{{}, name, PartyKind::company, {}}});
    for (const Kind& kind : kKinds) {
      if (state().skus.resolve(kind.name)) continue;
      Sku sku;
      sku.name = kind.name;
      sku.model = kind.model;
      sku.per_server = 8;
      sku.watts_per_server = kind.watts;
      sku.units_per_server = kind.units;
      add(DefineSku{sku});
    }
    return flush();
  }

  const Kind& draw_kind() {
    uint64_t roll = random_.below(20);
    for (const Kind& kind : kKinds) {
      if (roll < kind.of_twenty) return kind;
      roll -= kind.of_twenty;
    }
    return kKinds[0];
  }

  // A site of 60 to 150 MW, or of what is left; gives the power that it leases, 0 on failure.
  int64_t build_site(const std::string& name, int64_t most_watts) {
    const Kind& kind = draw_kind();
    int64_t wanted = static_cast<int64_t>(60 + random_.below(91)) * kWattsPerMegawatt;
    int64_t watts = std::min(wanted, most_watts);
    int64_t racks = watts / with_overhead(kind.watts * kServersOfRack);
    if (racks == 0) {
      // What is left is less than a rack of this kind: the smallest rack fits.
      racks = 1;
    }
    int64_t servers = racks * kServersOfRack;
    Site site;
    site.name = name;
    site.holder = state().parties.resolve(values_.owner);
    site.region = fmt::format("region-{}", "abcde"[random_.below(5)]);
    site.zone = "Etc/UTC";
    site.non_gpu_permille = kNonGpuPermille;
    add(OpenSite{site});
    if (!flush()) return 0;
    SiteId id = state().sites.resolve(name);
    int64_t leased = std::max(watts, with_overhead(servers * kind.watts) + 1);
    add(LeaseSite{{{},
                   name + "-lease",
                   id,
                   state().parties.resolve("landlord"),
                   leased,
                   racks,
                   shell_.now(),
                   kForever,
                   Money{137'500'000'000, {"USD"}},
                   1250}});
    add(OpenPool{
        {{}, name + "-pool", site.holder, state().skus.resolve(kind.name), id, "infiniband", {}}});
    if (!flush()) return 0;
    PoolId pool = state().pools.resolve(name + "-pool");
    add(Deliver{name + "-all", pool, {servers, QuantityKind::server}, {shell_.now(), kForever}});
    if (!flush()) return 0;
    ++sites_;
    return build_halls(name, id, pool, kind, racks) ? leased : 0;
  }

  bool build_halls(const std::string& site, SiteId site_id, PoolId pool, const Kind& kind,
                   int64_t racks) {
    int64_t rack_watts = kind.watts * kServersOfRack;
    constexpr int64_t kRacksOfRow = kRacksOfPod * kPodsOfRow;
    for (int64_t hall = 1; racks > 0; ++hall) {
      std::string hall_name = fmt::format("{}-h{:02}", site, hall);
      int64_t hall_racks = std::min(racks, kRacksOfRow * kRowsOfHall);
      add(BuildHall{{{}, hall_name, site_id, hall_racks * rack_watts, hall_racks}});
      if (!flush()) return false;
      for (int64_t row = 1; hall_racks > 0; ++row) {
        int64_t row_racks = std::min(hall_racks, kRacksOfRow);
        if (!build_row(fmt::format("{}-r{:02}", hall_name, row), hall_name, site_id, pool, kind,
                       row_racks))
          return false;
        hall_racks -= row_racks;
        racks -= row_racks;
      }
    }
    return true;
  }

  bool build_row(const std::string& name, const std::string& hall, SiteId site, PoolId pool,
                 const Kind& kind, int64_t racks) {
    int64_t rack_watts = kind.watts * kServersOfRack;
    add(BuildRow{{{}, name, state().fleet.halls.resolve(hall), racks * rack_watts, racks}});
    for (const char* side : {"a", "b"})
      add(InstallFeed{{{}, fmt::format("{}-f{}", name, side), site, racks * rack_watts}});
    for (int64_t pod = 0; pod * kRacksOfPod < racks; ++pod)
      add(PlanPod{{{}, fmt::format("{}-p{}", name, pod + 1), pool}});
    if (!flush()) return false;
    const fleet::Fleet& fleet = state().fleet;
    Rack rack;
    rack.row = fleet.rows.resolve(name);
    rack.watts = rack_watts;
    rack.units = kRackUnits;
    rack.redundancy = Redundancy::two_n;
    rack.feeds = {fleet.feeds.resolve(name + "-fa"), fleet.feeds.resolve(name + "-fb")};
    InstallRacks install;
    for (int64_t i = 0; i < racks; ++i) {
      rack.name = fmt::format("{}-k{:02}", name, i + 1);
      rack.pod = fleet.pods.resolve(fmt::format("{}-p{}", name, i / kRacksOfPod + 1));
      install.racks.push_back(rack);
    }
    uint32_t first = fleet.racks.next_id().number;
    add(install);
    DeliveryId delivery =
        state().deliveries.resolve(state().pools.at(pool).name.substr(0, 3) + "-all");
    for (int64_t i = 0; i < racks; ++i)
      add_servers(delivery, RackId{first + static_cast<uint32_t>(i)}, kind);
    return flush();
  }

  void add_servers(DeliveryId delivery, RackId rack, const Kind& kind) {
    AddServers command{delivery, rack, ServerState::ready, {}};
    uint32_t base = static_cast<uint32_t>(servers_) + 1;
    for (int64_t i = 0; i < kServersOfRack; ++i)
      command.servers.push_back({fmt::format("SN{:07}", ++servers_), 1 + i * kind.units});
    add(std::move(command));
    for (uint32_t i = 0; i < kServersOfRack; ++i)
      if (static_cast<int64_t>(random_.below(1000)) < broken_)
        add(MoveServers{{ServerId{base + i}}, ServerState::repair, {}, 0, "Xid 79"});
  }

  void add(CommandBody body) { batch_.push_back({shell_.now(), shell_.actor(), std::move(body)}); }

  bool flush() {
    auto answers = cloud_.execute(batch_);
    batch_.clear();
    if (!answers) {
      shell_.say(answers.error());
      return false;
    }
    for (const cloud::Answer& answer : *answers)
      if (!answer) {
        shell_.say(state(), answer.error());
        return false;
      }
    return true;
  }

  Shell& shell_;
  cloud::Executor& cloud_;
  const GenerateValues& values_;
  Random random_;
  int64_t broken_;
  std::vector<Command> batch_;
  int64_t servers_ = 0;
  int64_t sites_ = 0;
};

void generate(Shell& shell, const GenerateValues& values) {
  auto cloud = shell.cloud_to_write();
  if (!cloud) return;
  Reader reader = shell.reader(cloud->state());
  int64_t watts = reader.watts("--power", values.power);
  int64_t seed = reader.whole("--seed", values.seed);
  int64_t broken = reader.permille("--broken", values.broken);
  constexpr int64_t kMostWatts = 4'000'000'000;
  if (watts < 100'000 || watts > kMostWatts)
    reader.wrong("--power", values.power, "from 100 kW to 4 GW");
  if (shell.options().dry_run)
    reader.wrong("--dry-run", "", "no --dry-run: use a store of its own");
  if (!cloud->state().fleet.servers().rows().empty())
    reader.wrong("--store", shell.options().store, "a store without servers");
  if (!reader.good()) return shell.say(reader.errors());
  Builder builder(shell, *cloud, values, static_cast<uint64_t>(seed), broken);
  if (!builder.build(watts)) return;
  if (auto kept = cloud->take_snapshot(); !kept) return shell.say(kept.error());
  shell.out() << fmt::format("{} {} with {} for {} servers, {} accelerators\n", builder.sites(),
                             builder.sites() == 1 ? "site" : "sites", watts_text(watts),
                             with_thousands(builder.servers()),
                             with_thousands(builder.servers() * 8));
}

}  // namespace

void add_generate(Noun fleet) {
  add_command(fleet, "generate",
              "A synthetic fleet in an empty store: fleet generate --power '47 MW' --seed 1",
              generate_options, generate);
}

}  // namespace leasehold::operations
