// The capacity calendar in one pool over ten years, held against PostgreSQL doing the same work.
//   bench_capacity [--json] [--quick] FOLDER
#include <filesystem>
#include <random>

#include <sodium.h>

#include "capacity/account.h"
#include "figures.h"
#include "fixture.h"
#include "postgres_peer.h"

namespace leasehold::bench {
namespace {

constexpr int64_t kYears = 3650 * kDay;
constexpr int64_t kMeanQuantity = 33;
constexpr int64_t kMeanDays = 46;

using Random = std::mt19937_64;

int64_t below(Random& random, int64_t bound) {
  return static_cast<int64_t>(random() % static_cast<uint64_t>(bound));
}

// Starts anywhere in ten years, to the second; 1 to 90 days; 1 to 64 servers of eight.
Request promise_of(Random& random) {
  int64_t from = kStart + below(random, kYears - 91 * kDay);
  return {from, from + kDay + below(random, 90 * kDay), 8 * (1 + below(random, 64))};
}

// So much that the pool is about 90 % sold when `promises` are in it.
int64_t supply_for(int64_t promises) {
  return promises * 8 * kMeanQuantity * kMeanDays / 3650 * 11 / 10;
}

// A pool as the engine keeps it: the check of a proposal is a query of its calendar.
struct World {
  explicit World(int64_t promises) : supply(supply_for(promises)) {
    capacity::Steps steps;
    steps.add({Instant{kStart}, kForever}, supply);
    account = capacity::Account(steps);
    while (static_cast<int64_t>(kept.size()) < promises) add(promise_of(random));
  }

  bool add(const Request& request) {
    Interval interval{Instant{request.from}, Instant{request.until}};
    if (account.free().least(interval) < request.quantity) return false;
    ids.push_back(account.promise(kept.size() + 1, interval, request.quantity));
    kept.push_back(request);
    return true;
  }

  Random random{7};
  int64_t supply;
  capacity::Account account;
  std::vector<Request> kept;
  std::vector<capacity::PromiseId> ids;
};

struct Timings {
  Samples add;
  Samples free;
  Samples earliest;
  double bytes_per_promise = 0;
};

// The number of promises stays: each one added takes the place of one released, which is not timed.
Timings measure(World& world, int rounds) {
  Timings timings;
  timings.bytes_per_promise =
      static_cast<double>(world.account.bytes()) / static_cast<double>(world.kept.size());
  Random random(11);
  for (int i = 0; i < rounds; ++i) {
    auto gone = static_cast<size_t>(below(random, static_cast<int64_t>(world.ids.size())));
    world.account.release(world.ids[gone]);
    std::swap(world.ids[gone], world.ids.back());
    std::swap(world.kept[gone], world.kept.back());
    world.ids.pop_back();
    world.kept.pop_back();
    while (true) {
      Request request = promise_of(random);
      if (timings.add.time([&] { return world.add(request); })) break;
    }
    int64_t from = kStart + below(random, kYears - kDay);
    Interval window{Instant{from}, Instant{from + kDay + below(random, 3 * 365 * kDay)}};
    (void)timings.free.time([&] { return world.account.free().least(window); });
    int64_t quantity = 8 * (1 + below(random, world.supply / 80));  // up to a tenth of the pool
    int64_t seconds = kDay + below(random, 365 * kDay);
    (void)timings.earliest.time(
        [&] { return world.account.free().earliest(Instant{from}, quantity, seconds); });
  }
  return timings;
}

struct PeerTimings {
  Samples add, free_month, free_years, earliest;
  Samples our_add, our_free_month, our_free_years, our_earliest;
};

void disagree(const char* what) {
  std::cerr << "the peer and the calendar disagree about " << what << '\n';
  std::exit(1);
}

Interval interval_of(const Request& request) {
  return {Instant{request.from}, Instant{request.until}};
}

SignLease lease_of(const Request& request) {
  return {offer(PartyId{2}, interval_of(request), request.quantity)};
}

// The cloud with the world's promises as leases.
cloud::Cloud cloud_of(const World& world, const std::string& path) {
  cloud::Cloud cloud = new_cloud(path, world.supply);
  std::vector<Command> batch;
  auto flush = [&] {
    auto answers = cloud.execute(batch);
    LH_ASSERT(answers.has_value());
    for (const cloud::Answer& answer : *answers) LH_ASSERT(answer.has_value());
    batch.clear();
  };
  for (const Request& request : world.kept) {
    batch.push_back(at(0, lease_of(request)));
    if (batch.size() == 1000) flush();
  }
  flush();
  return cloud;
}

// The same requests to both, and the same answers wanted. An added promise is a lease that is
// checked, signed and durable at both, one at a time.
PeerTimings measure_peer(PostgresPeer& peer, cloud::Cloud& cloud, int rounds) {
  PeerTimings timings;
  Random random(13);
  const capacity::Account& account = *cloud.state().ledger.find(AccountId{AccountKind::pool, 1, 0});
  int64_t supply = account.supply().level_at(Instant{kStart});
  for (int i = 0; i < rounds; ++i) {
    const capacity::Calendar& free = account.free();
    int64_t from = kStart + below(random, kYears - 3 * 365 * kDay);
    for (int64_t days : {30, 3 * 365}) {
      bool month = days == 30;
      int64_t until = from + days * kDay;
      Samples& ours = month ? timings.our_free_month : timings.our_free_years;
      int64_t mine = ours.time([&] { return free.least(Interval{Instant{from}, Instant{until}}); });
      Samples& theirs = month ? timings.free_month : timings.free_years;
      if (theirs.time([&] { return peer.least_free(from, until); }) != mine) disagree("free");
    }
    int64_t quantity = 8 * (1 + below(random, supply / 80));
    int64_t seconds = kDay + below(random, 365 * kDay);
    if (i % 4 == 0) {
      auto mine = timings.our_earliest.time(
          [&] { return free.earliest(Instant{from}, quantity, seconds); });
      auto other = timings.earliest.time([&] { return peer.earliest(from, quantity, seconds); });
      if (!mine || !other || mine->seconds != *other) disagree("the earliest start");
    }
    Request request = promise_of(random);
    while (free.least(interval_of(request)) < request.quantity) request = promise_of(random);
    Command sign = at(0, lease_of(request));
    auto mine = timings.our_add.time([&] { return cloud.execute({&sign, 1}); });
    bool kept = mine && mine->front();
    if (!kept || !timings.add.time([&] { return peer.checked_insert(request); })) disagree("add");
  }
  return timings;
}

void print_calendar(const Figures& figures, Timings& small, Timings& large) {
  const char* alone = "1,000,000 promises, one core; at most 2 us";
  figures.print("add_p50_us", large.add.median_us(), "us", alone, 2 / large.add.median_us());
  figures.print("add_p999_us", large.add.quantile_us(0.999), "us", "at most 20 us",
                20 / large.add.quantile_us(0.999));
  figures.print("free_p50_us", large.free.median_us(), "us", alone, 2 / large.free.median_us());
  figures.print("free_p999_us", large.free.quantile_us(0.999), "us", "at most 20 us",
                20 / large.free.quantile_us(0.999));
  figures.print("earliest_p50_us", large.earliest.median_us(), "us", alone,
                2 / large.earliest.median_us());
  figures.print("earliest_p999_us", large.earliest.quantile_us(0.999), "us", "at most 20 us",
                20 / large.earliest.quantile_us(0.999));
  figures.print("bytes_per_promise", large.bytes_per_promise, "bytes", "at most 120 bytes",
                120 / large.bytes_per_promise);
  double growth = std::max({large.add.median_us() / small.add.median_us(),
                            large.free.median_us() / small.free.median_us(),
                            large.earliest.median_us() / small.earliest.median_us()});
  figures.print("growth_10k_to_1m", growth, "times",
                "the slowest-growing of add, free, earliest; at most 2.5", 2.5 / growth);
}

void print_peer(const Figures& figures, int64_t promises, PeerTimings& timings) {
  std::string at = fmt::format("_{}k", promises / 1000);
  auto print = [&](const char* name, Samples& ours, Samples& theirs, const char* what) {
    figures.print(name + at, ours.median_us(), "us",
                  fmt::format("PostgreSQL, {}: {:.0f} us", what, theirs.median_us()),
                  theirs.median_us() / ours.median_us());
  };
  print("free_vs_postgres", timings.our_free_month, timings.free_month, "least free over 30 days");
  print("free_3y_vs_postgres", timings.our_free_years, timings.free_years,
        "least free over 3 years");
  print("earliest_vs_postgres", timings.our_earliest, timings.earliest, "earliest start");
  print("add_vs_postgres", timings.our_add, timings.add, "a checked insert, durable at both");
}

void run(const Figures& figures, const std::string& folder, bool quick) {
  figures.note("one pool over ten years: filling it with 10,000 and with 1,000,000 promises");
  int64_t large_size = quick ? 100'000 : 1'000'000;
  int rounds = quick ? 5'000 : 100'000;
  World small(10'000);
  Timings small_timings = measure(small, rounds);
  World large(large_size);
  Timings large_timings = measure(large, rounds);
  print_calendar(figures, small_timings, large_timings);
  for (int64_t promises : {1'000, 10'000, 100'000}) {
    if (quick && promises > 1'000) break;
    World world(promises);
    auto peer = PostgresPeer::connect(world.supply);
    if (!peer) {
      figures.note("PostgreSQL does not answer: 'bench/run capacity' starts one");
      std::exit(1);
    }
    figures.note(fmt::format("PostgreSQL with {} promises", promises));
    peer->load(world.kept);
    cloud::Cloud cloud = cloud_of(world, folder + "/peer.db");
    PeerTimings timings = measure_peer(*peer, cloud, quick ? 10 : 100);
    print_peer(figures, promises, timings);
  }
}

}  // namespace
}  // namespace leasehold::bench

int main(int count, char** values) {
  using namespace leasehold::bench;
  Arguments arguments(count, values);
  if (arguments.folder.empty() || sodium_init() < 0) return 2;
  Figures figures(arguments.json);
  run(figures, arguments.folder, arguments.quick);
  measure_durable(figures, arguments.folder, arguments.quick);
  return 0;
}
