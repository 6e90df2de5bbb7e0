// Choosing servers: leases, instances and parts of an accelerator on a fleet that is nine tenths
// full, held against slurmctld's reservations and PostgreSQL's exclusion constraints; and the
// public trace.
//   bench_placement [--json] [--quick] FOLDER
#include <fstream>
#include <sstream>

#include <sodium.h>

#include "figures.h"
#include "fleet_world.h"
#include "postgres_peer.h"
#include "replay/experiment.h"
#include "slurm_peer.h"

namespace leasehold::bench {
namespace {

constexpr AccountId kPool{AccountKind::pool, 1, 0};

struct Costs {
  double launch_p50 = 0;
  double launch_p999 = 0;
  double gpu_p50 = 0;
  double part_p50 = 0;
  double release_p50 = 0;
};

LaunchInstance on_demand(int64_t servers, int64_t gpus, int64_t milli) {
  LaunchInstance launch;
  launch.tenant = PartyId{3};
  launch.kind = InstanceKind::on_demand;
  launch.account = kPool;
  launch.servers = servers;
  launch.gpus = gpus;
  launch.milli = milli;
  return launch;
}

// Launches and ends in turn, so that the fleet stays as full as it is; both are decided and
// applied.
Costs measure_instances(FleetWorld& world, int rounds) {
  Samples launch;
  Samples gpu;
  Samples part;
  Samples release;
  std::vector<InstanceId> running;
  auto start = [&](Samples& samples, const LaunchInstance& request) {
    samples.time([&] { return world.must(request); });
    running.push_back(world.state().instances.rows().back().id);
  };
  auto end_one = [&] {
    size_t chosen = world.random().below(running.size());
    std::swap(running[chosen], running.back());
    InstanceId id = running.back();
    running.pop_back();
    release.time([&] { return world.must(EndInstance{id, ""}); });
  };
  for (int i = 0; i < rounds; ++i) {
    start(launch, on_demand(1, 0, 0));
    start(gpu, on_demand(0, 1, 0));
    start(part, on_demand(0, 0, 100 + static_cast<int64_t>(world.random().below(800))));
    while (running.size() > 60) end_one();
  }
  while (!running.empty()) end_one();
  return {launch.median_us(), launch.quantile_us(0.999), gpu.median_us(), part.median_us(),
          release.median_us()};
}

// A lease that begins now: checked over its whole term, signed, and its servers chosen.
double lease_ms(FleetWorld& world, int64_t servers, int times) {
  Samples samples;
  for (int i = 0; i < times; ++i) {
    world.advance(1);
    samples.time([&] { return world.lease(servers, world.now()); });
    world.end(world.state().leases.rows().back().id);
  }
  return samples.median_us() / 1000;
}

void against_slurm(const Figures& figures, int64_t nodes, bool quick) {
  auto slurm = SlurmPeer::of(nodes);
  if (!slurm) return figures.note(fmt::format("no slurmctld with {} nodes", nodes));
  FleetWorld world(nodes);
  for (int64_t asked : {int64_t{1}, nodes / 100, nodes / 2}) {
    double theirs = slurm->reservation_us(asked, quick ? 3 : 30);
    double ours = lease_ms(world, asked, quick ? 3 : 30) * 1000;
    figures.print(
        asked == nodes / 100 && nodes == 10'000 ? "vs_slurm_reservation"
                                                : fmt::format("vs_slurm_{}_of_{}", asked, nodes),
        ours, "us", fmt::format("slurmctld, {} of {} nodes: {:.0f} us", asked, nodes, theirs),
        theirs / ours);
  }
  int64_t reserved = slurm->reserved_of(nodes / 2 + 1, nodes / 2);
  figures.note(
      fmt::format("slurmctld, asked for {} nodes when {} were free, reserved {} and said that "
                  "it was done; ours refuses and says what would fit",
                  nodes / 2 + 1, nodes - nodes / 2, reserved));
}

// Both durable: PostgreSQL commits each booking, our store each lease, on the same disk.
void against_postgres(const Figures& figures, const std::string& folder, bool quick) {
  int64_t servers = 10'000;
  auto postgres = PostgresPeer::connect(0);
  if (!postgres) return figures.note("no PostgreSQL server answers: run bench/run placement");
  postgres->load_servers(servers, servers * 9 / 10);
  FleetWorld world(servers, folder + "/placement.db");
  world.fill(970, 900);
  for (int64_t asked : {int64_t{1}, int64_t{100}, int64_t{500}}) {
    Samples theirs;
    for (int i = 0; i < (quick ? 3 : 20); ++i) {
      int64_t from = 1000 + i;
      bool booked = theirs.time([&] { return postgres->book(asked, from, from + 1'000'000); });
      if (!booked) return figures.note("PostgreSQL did not find the servers");
      postgres->unbook(from);
    }
    double ours = lease_ms(world, asked, quick ? 3 : 20) * 1000;
    figures.print(asked == 100 ? "vs_postgres" : fmt::format("vs_postgres_{}_servers", asked), ours,
                  "us",
                  fmt::format("exclusion constraint, {} of 10,000 servers: {:.0f} us", asked,
                              theirs.median_us()),
                  theirs.median_us() / ours);
  }
}

std::string read_file(const char* name) {
  std::ifstream file(name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The published means at 100 % and 130 % arrived, of FGD, the best of the published policies.
constexpr double kPublished100 = 95.23;
constexpr double kPublished130 = 95.39;
// One published experiment takes about ten minutes for some ten thousand requests.
constexpr double kPublishedDecisionsPerSecond = 20;

void play_trace(const Figures& figures, bool quick) {
  auto trace = replay::read_trace(read_file("scenarios/openb/nodes.csv"),
                                  read_file("scenarios/openb/requests.csv"));
  if (!trace) return figures.note("scenarios/openb is not there: run from the repository");
  for (replay::Policy policy : {replay::Policy::leasehold, replay::Policy::fgd}) {
    std::vector<int64_t> at_100;
    std::vector<int64_t> at_130;
    int64_t decisions = 0;
    auto start = Clock::now();
    for (uint64_t seed = 42; seed < (quick ? 43U : 52U); ++seed) {
      replay::RunResult run = replay::run_experiment(*trace, policy, seed);
      decisions += run.decisions;
      at_100.push_back(run.allocated_ppm[1]);
      at_130.push_back(run.allocated_ppm[3]);
    }
    double per_second = static_cast<double>(decisions) / seconds_since(start);
    bool ours = policy == replay::Policy::leasehold;
    std::string name = ours ? "trace_allocated_vs_best_published" : "trace_fgd_vs_published";
    double mean_100 = static_cast<double>(replay::summarize(at_100).mean_ppm) / 10'000;
    double mean_130 = static_cast<double>(replay::summarize(at_130).mean_ppm) / 10'000;
    figures.print(name, mean_100, "% at 100 %", "published FGD: 95.23 %", mean_100 / kPublished100);
    figures.print(name + "_130", mean_130, "% at 130 %", "published FGD: 95.39 %",
                  mean_130 / kPublished130);
    if (ours)
      figures.print("trace_decisions_vs_simulator", per_second, "decisions/s",
                    "the published simulator: about 20 a second",
                    per_second / kPublishedDecisionsPerSecond);
  }
}

void run(const Figures& figures, const std::string& folder, bool quick) {
  int rounds = quick ? 200 : 20'000;
  Costs small;
  Costs large;
  for (int64_t servers :
       {int64_t{2'600}, int64_t{26'000}, quick ? int64_t{52'000} : int64_t{260'000}}) {
    FleetWorld world(servers);
    world.fill(970, 900);
    figures.note(fmt::format("{} servers, {} free", servers, world.free()));
    Costs costs = measure_instances(world, rounds);
    if (servers == 2'600) small = costs;
    large = costs;
    if (servers < 50'000) continue;
    double ms = lease_ms(world, std::min<int64_t>(10'000, world.free() / 2), quick ? 3 : 30);
    figures.print("place_10k_ms", ms, "ms", "limit 20 ms", 20 / ms);
    figures.print("place_instance_p50_us", costs.launch_p50, "us", "limit 5 us",
                  5 / costs.launch_p50);
    figures.print("place_instance_p999_us", costs.launch_p999, "us", "limit 50 us",
                  50 / costs.launch_p999);
    figures.print("place_gpu_p50_us", costs.gpu_p50, "us", "limit 20 us", 20 / costs.gpu_p50);
    figures.print("place_fraction_p50_us", costs.part_p50, "us", "limit 20 us",
                  20 / costs.part_p50);
    figures.print("release_p50_us", costs.release_p50, "us", "limit 5 us", 5 / costs.release_p50);
  }
  double growth =
      std::max({large.launch_p50 / small.launch_p50, large.gpu_p50 / small.gpu_p50,
                large.part_p50 / small.part_p50, large.release_p50 / small.release_p50});
  figures.print("growth_2600_to_260000", growth, "x", "limit 3 x", 3 / growth);
  against_slurm(figures, 1'000, quick);
  against_slurm(figures, 10'000, quick);
  against_postgres(figures, folder, quick);
  play_trace(figures, quick);
}

}  // namespace
}  // namespace leasehold::bench

int main(int count, char** values) {
  using namespace leasehold::bench;
  Arguments arguments(count, values);
  if (arguments.folder.empty() || sodium_init() < 0) return 2;
  run(Figures(arguments.json), arguments.folder, arguments.quick);
  return 0;
}
