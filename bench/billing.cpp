// Money at size: usage rated on one core and on two beside a bare sum of the same bytes and beside
// PostgreSQL, a month end of 3 GW, and usage events kept durably.
//   bench_billing [--json] [--quick] FOLDER
#include <malloc.h>

#include <array>
#include <cstring>
#include <fstream>
#include <numeric>
#include <thread>

#include <libpq-fe.h>
#include <sodium.h>

#include "billing/line_rating.h"
#include "billing/meterage.h"
#include "billing/period.h"
#include "billing/run.h"
#include "billing/spend.h"
#include "cloud/cloud.h"
#include "figures.h"
#include "fleet_world.h"
#include "journal/sqlite.h"

namespace leasehold::bench {
namespace {

using billing::UsageColumns;
using billing::UsageSums;

constexpr uint32_t kKeys = 40'000;  // 10,000 contracts in four tiers
constexpr int64_t kMilliHour = kMilli * kSecondsPerHour;

// Months of 2027 in seconds since its first day.
std::vector<uint32_t> boundaries() {
  std::vector<uint32_t> all;
  Month first{2027 * 12};
  int64_t base = billing::period_start(first, "Etc/UTC", 1).seconds;
  for (int64_t i = 0; i <= 12; ++i)
    all.push_back(
        static_cast<uint32_t>(billing::period_start(first + i, "Etc/UTC", 1).seconds - base));
  return all;
}

// In the order in which usage ends, as it comes: from minutes to a day, of parts of an accelerator
// to eight of them.
UsageColumns make_usage(size_t rows) {
  UsageColumns columns;
  columns.reserve(rows);
  Random random(11);
  uint32_t year = boundaries().back();
  for (size_t i = 0; i < rows; ++i) {
    auto until = static_cast<uint32_t>(1 + static_cast<uint64_t>(i) * (year - 1) /
                                               static_cast<uint64_t>(rows));
    auto seconds = static_cast<uint32_t>(random.below(i % 16 == 0 ? 86'400 : 7'200));
    columns.add(static_cast<uint32_t>(random.below(kKeys)), until - std::min(until, seconds), until,
                static_cast<uint32_t>(250 * (1 + random.below(32))));
  }
  return columns;
}

Money price_of(size_t key) {
  return {Int128{static_cast<int64_t>(1'000'000'000 + key % 977 * 3'000'000)}, {"USD"}};
}

// An invoice line of each key and month.
std::vector<Money> rate(const UsageSums& sums) {
  std::vector<Money> lines;
  lines.reserve(sums.periods() * sums.keys());
  for (size_t period = 0; period < sums.periods(); ++period)
    for (size_t key = 0; key < sums.keys(); ++key)
      lines.push_back(round_to_minor_unit(scale(price_of(key), sums.at(period, key), kMilliHour)));
  return lines;
}

Money total_of(const std::vector<Money>& lines) {
  Money sum{0, {"USD"}};
  for (const Money& line : lines) sum = sum + line;
  return sum;
}

// What no way of rating can be faster than: every byte read once, by words into sums that do not
// wait for each other.
double bare_sum_seconds(const UsageColumns& columns) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    auto start = Clock::now();
    std::array<uint64_t, 8> sums{};
    for (const std::vector<uint32_t>* column :
         {&columns.key, &columns.from, &columns.until, &columns.milli}) {
      const auto* bytes = reinterpret_cast<const char*>(column->data());
      size_t length = column->size() * sizeof(uint32_t) / sizeof sums * sizeof sums;
      for (size_t at = 0; at < length; at += sizeof sums) {
        std::array<uint64_t, 8> words;
        std::memcpy(words.data(), bytes + at, sizeof words);
        for (size_t i = 0; i < words.size(); ++i) sums[i] += words[i];
      }
    }
    uint64_t sum = std::accumulate(sums.begin(), sums.end(), uint64_t{0});
    best = std::min(best, seconds_since(start) + (sum == 1 ? 1 : 0));
  }
  return best;
}

struct Rated {
  double seconds = 1e9;
  Money total;
};
Rated rate_with(const UsageColumns& columns, unsigned cores) {
  Rated best;
  for (int round = 0; round < 3; ++round) {
    auto start = Clock::now();
    std::vector<UsageSums> parts(cores, UsageSums(boundaries(), kKeys));
    std::vector<std::thread> threads;
    for (unsigned core = 1; core < cores; ++core)
      threads.emplace_back([&, core] {
        parts[core].add(columns, columns.size() * core / cores,
                        columns.size() * (core + 1) / cores);
      });
    parts[0].add(columns, 0, columns.size() / cores);
    for (std::thread& thread : threads) thread.join();
    for (unsigned core = 1; core < cores; ++core) parts[0].add(parts[core]);
    std::vector<Money> lines = rate(parts[0]);
    best.seconds = std::min(best.seconds, seconds_since(start));
    best.total = total_of(lines);
  }
  return best;
}

void measure_rating(const Figures& figures, bool quick) {
  UsageColumns columns = make_usage(quick ? 1'000'000 : 100'000'000);
  double bare = bare_sum_seconds(columns);
  Rated one = rate_with(columns, 1);
  Rated two = rate_with(columns, 2);
  if (one.total != two.total) figures.note("one core and two gave different totals");
  auto millions = static_cast<double>(columns.size()) / 1e6;
  figures.note(fmt::format("{:.0f} million intervals, {} keys, 12 months: {}", millions, kKeys,
                           to_display(one.total)));
  figures.print("rating_vs_column_sum", millions / one.seconds, "M intervals/s",
                fmt::format("a bare sum of the bytes: {:.0f} M/s", millions / bare),
                bare / one.seconds);
  figures.print("rating_two_cores", millions / two.seconds, "M intervals/s", "one core",
                one.seconds / two.seconds);
}

// A connection as the environment says (PGHOST and so on).
class Postgres {
 public:
  Postgres() : connection_(PQconnectdb("")) {}
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;
  ~Postgres() { PQfinish(connection_); }
  bool good() const { return PQstatus(connection_) == CONNECTION_OK; }
  std::string ask(const std::string& sql) {
    PGresult* result = PQexec(connection_, sql.c_str());
    std::string value;
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0)
      value = PQgetvalue(result, 0, 0);
    else if (PQresultStatus(result) == PGRES_FATAL_ERROR)
      value = PQerrorMessage(connection_);
    PQclear(result);
    return value;
  }
  void load(const UsageColumns& columns) {
    ask("DROP TABLE IF EXISTS usage");
    ask("CREATE UNLOGGED TABLE usage (key int4, from_s int8, until_s int8, milli int8)");
    PQclear(PQexec(connection_, "COPY usage FROM STDIN"));
    std::string rows;
    for (size_t i = 0; i < columns.size(); ++i) {
      rows += fmt::format("{}\t{}\t{}\t{}\n", columns.key[i], columns.from[i], columns.until[i],
                          columns.milli[i]);
      if (rows.size() < (1U << 20) && i + 1 < columns.size()) continue;
      PQputCopyData(connection_, rows.data(), static_cast<int>(rows.size()));
      rows.clear();
    }
    PQputCopyEnd(connection_, nullptr);
    while (PGresult* result = PQgetResult(connection_)) PQclear(result);
    ask("ANALYZE usage");
  }

 private:
  PGconn* connection_;
};

void measure_postgres(const Figures& figures, bool quick) {
  Postgres peer;
  if (!peer.good()) {
    figures.note("no PostgreSQL answers: rating_vs_postgres is left out");
    return;
  }
  UsageColumns columns = make_usage(quick ? 100'000 : 10'000'000);
  peer.load(columns);
  std::string months;
  std::vector<uint32_t> edges = boundaries();
  for (size_t i = 0; i + 1 < edges.size(); ++i)
    months +=
        fmt::format("{}({}, {}::int8, {}::int8)", i == 0 ? "" : ", ", i, edges[i], edges[i + 1]);
  peer.ask("SET max_parallel_workers_per_gather = 0");  // one core, as ours
  peer.ask("SET work_mem = '1GB'");
  peer.ask("SET jit = off");
  std::string sql = fmt::format(
      "SELECT sum(amount)::text FROM (SELECT round((1000000000 + key::int8 % 977 * "
      "3000000)::numeric * "
      "sum(milli * (least(until_s, e) - greatest(from_s, b))) / {} / 1e9, 2) AS amount FROM usage "
      "JOIN (VALUES {}) m(i, b, e) ON from_s < e AND until_s > b GROUP BY key, i) lines",
      kMilliHour, months);
  peer.ask(sql);
  auto start = Clock::now();
  std::string theirs = peer.ask(sql);
  double sql_seconds = seconds_since(start);
  Rated ours = rate_with(columns, 1);
  figures.note(fmt::format("the year by PostgreSQL: {}; by us: {}", theirs, to_text(ours.total)));
  auto millions = static_cast<double>(columns.size()) / 1e6;
  figures.print("rating_vs_postgres", millions / ours.seconds, "M intervals/s",
                fmt::format("SQL on {:.1f} million rows, one core: {:.2f} M/s", millions,
                            millions / sql_seconds),
                sql_seconds / ours.seconds);
}

int64_t peak_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::atoll(line.c_str() + 6) / 1024;
  return 0;
}

// The fleet with three tiers of leases in equal numbers, and a pool that is full of instances which
// come and go.
class MonthEnd {
 public:
  MonthEnd(int64_t servers, int64_t leases, int64_t instances) : world_(servers) {
    world_.must(SetListPrice{{{AccountKind::pool, 1, 0},
                              InstanceKind::on_demand,
                              world_.now(),
                              {{3'990'000'000, {"USD"}}, RateMode::graduated, {}}}});
    int64_t each = leases / 3;
    int64_t size = servers * 98 / 100 / each;
    for (int64_t i = 0; i < each; ++i) {
      AccountId source{AccountKind::pool, 1, 0};
      for (int64_t tier = 0; tier < 3; ++tier) {
        LeaseId lease = sign(source, std::max<int64_t>(size >> tier, 1));
        source = engine::line_of(lease, 0);
      }
    }
    world_.pass();
    run_instances(instances, servers);
  }

  // What each day of the month costs a party, as it asks on the twentieth; and what is spent of the
  // budgets of 500 parties, as a server looks. Seconds.
  double spend_by_day() {
    engine::State state = on_the_twentieth();
    std::vector<Instant> days;
    Interval month = billing::period_of(billing::month_at(state.now, "Etc/UTC", 1), "Etc/UTC", 1);
    for (Instant day = month.from; day <= month.until; day = day + kSecondsPerDay)
      days.push_back(day);
    auto start = Clock::now();
    billing::Rater rater(state);
    if (billing::spend(state, rater, PartyId{4}, days).empty()) std::abort();
    return seconds_since(start);
  }
  double look_at_budgets() {
    engine::State state = on_the_twentieth();
    for (uint32_t party = 4; party < 504 && party < 4 + parties_; ++party) {
      SpendBudget budget{PartyId{party}, {1'000'000'000, {"USD"}}, {1000}, {}};
      if (!engine::perform(state, {state.now, "bench", SetSpendBudget{budget}})) std::abort();
    }
    auto start = Clock::now();
    if (billing::spend_to_note(state, state.now).empty()) std::abort();
    return seconds_since(start);
  }

  // Every invoice of every tier of the month, as a run does it.
  struct Result {
    double seconds = 0;
    size_t invoices = 0;
    size_t lines = 0;
  };
  Result bill() {
    engine::State state = world_.state();
    Month month = billing::month_at(world_.now(), "Etc/UTC", 1);
    Instant over = billing::period_start(month + 1, "Etc/UTC", 1) + 3600;
    engine::pass_time(state, over);
    Result result;
    auto start = Clock::now();
    billing::Rater rater(state);
    std::vector<CommandBody> commands;
    for (PartyId lessor : rater.lessors()) {
      auto run = billing::month_of(state, rater, lessor, month, over);
      if (!run) std::abort();
      for (CommandBody& command : run->commands) commands.push_back(std::move(command));
    }
    for (CommandBody& command : commands) {
      if (const auto* issue = std::get_if<IssueInvoice>(&command)) {
        ++result.invoices;
        result.lines += issue->invoice.lines.size();
      }
      if (!engine::perform(state, {over, "bench", std::move(command)})) std::abort();
    }
    result.seconds = seconds_since(start);
    return result;
  }

 private:
  engine::State on_the_twentieth() const {
    engine::State state = world_.state();
    Month month = billing::month_at(world_.now(), "Etc/UTC", 1);
    Instant then = billing::period_start(month, "Etc/UTC", 1) + 20 * kSecondsPerDay;
    engine::pass_time(state, std::max(then, state.now));
    return state;
  }
  LeaseId sign(const AccountId& source, int64_t servers) {
    std::vector<Fact> made =
        world_.must(DefineParty{{{}, fmt::format("c{}", ++parties_), PartyKind::company, {}}});
    OfferRequest offer;
    offer.lessor = world_.state().promiser(source);
    offer.lessee = std::get<PartyDefined>(made.front().body).party.id;
    BillingTerms terms;
    terms.slas = {{SlaKind::data_plane,
                   999'000,
                   SlaUnit::server,
                   0,
                   false,
                   {{999'000, 100}, {990'000, 250}, {950'000, 1000}},
                   1000}};
    offer.terms.billing = terms;
    LineRequest line;
    line.sources = {source};
    line.quantity = {servers, QuantityKind::server};
    line.interval = {world_.now(), world_.now() + 365 * kSecondsPerDay};
    line.price = {PriceBasis::per_accelerator_hour, {2'040'000'000, {"USD"}}};
    offer.lines.push_back(line);
    std::vector<Fact> facts = world_.must(SignLease{offer});
    return std::get<LeaseSigned>(facts.front().body).lease.id;
  }

  // Rounds in which the pool is full of instances; while nothing is free a server that breaks
  // leaves its lines without it until the round is over.
  void run_instances(int64_t instances, int64_t servers) {
    int64_t launched = 0;
    int64_t broken = 0;
    while (launched < instances && world_.free() > 0) {
      std::vector<InstanceId> running;
      for (int64_t left = world_.free() * 8; left > 0; --left) running.push_back(launch());
      launched += static_cast<int64_t>(running.size());
      for (; broken < servers / 100 && broken * instances < servers / 100 * launched; ++broken)
        world_.must(MoveServers{{ServerId{static_cast<uint32_t>(1 + broken * 97)}},
                                ServerState::repair,
                                {},
                                0,
                                "broken"});
      world_.pass();
      world_.advance(3 * kSecondsPerHour);
      for (InstanceId id : running) world_.must(EndInstance{id, ""});
      world_.pass();
    }
  }
  InstanceId launch() {
    LaunchInstance launch;
    auto tenants = static_cast<uint64_t>(std::min<int64_t>(parties_, 500));
    launch.tenant = PartyId{static_cast<uint32_t>(4 + world_.random().below(tenants))};
    launch.kind = InstanceKind::on_demand;
    launch.account = {AccountKind::pool, 1, 0};
    launch.gpus = 1;
    std::vector<Fact> facts = world_.must(launch);
    return std::get<InstanceLaunched>(facts.front().body).instance.id;
  }

  FleetWorld world_;
  int64_t parties_ = 0;
};

void measure_month_end(const Figures& figures, bool quick) {
  MonthEnd month(quick ? 2'600 : 260'000, quick ? 300 : 5'000, quick ? 2'000 : 2'000'000);
  double day = month.spend_by_day();
  double budgets = month.look_at_budgets();
  MonthEnd::Result result = month.bill();
  figures.note(fmt::format("{} invoices with {} lines", result.invoices, result.lines));
  figures.print("month_end_3gw_s", result.seconds, "s", "limit 30 s", 30 / result.seconds);
  auto mb = static_cast<double>(peak_mb());
  figures.print("month_end_3gw_mb", mb, "MB", "limit 4096 MB, with the making of the fleet",
                4096 / mb);
  figures.print("spend_by_day_3gw_s", day, "s", "one party's month by day; limit 1 s", 1 / day);
  figures.print("budgets_500_3gw_s", budgets, "s", "limit 30 s, of every five minutes",
                30 / budgets);
}

void measure_ingest(const Figures& figures, const std::string& folder, bool quick) {
  auto journal = journal::open_sqlite(folder + "/usage.db", journal::Access::write);
  auto cloud = journal ? cloud::Cloud::open(std::move(*journal), {0})
                       : Unexpected<journal::IoError>(journal.error());
  if (!cloud) {
    figures.note("the store could not be made");
    return;
  }
  Instant now{1'800'000'000};
  auto must = [&](CommandBody body) {
    Command command{now, "bench", std::move(body)};
    auto answers = cloud->execute({&command, 1});
    if (!answers || !answers->front()) std::abort();
  };
  must(DefineParty{{{}, "cloud", PartyKind::company, {}}});
  for (int i = 0; i < 1000; ++i)
    must(DefineParty{{{}, fmt::format("tenant{}", i), PartyKind::company, {}}});
  must(DefineMeter{{{}, "storage", PartyId{1}, "GB-hour", {{1'000'000, {"USD"}}, {}, {}}}});
  constexpr int kBatch = 1000;
  int batches = quick ? 50 : 2000;
  std::vector<RecordUsage> work;
  Random random(3);
  for (int batch = 0; batch < batches; ++batch) {
    RecordUsage usage{"meter-eu-1", {}, {}};
    for (int i = 0; i < kBatch; ++i)
      usage.events.push_back({fmt::format("ev-{:010}", batch * kBatch + i),
                              MeterId{1},
                              PartyId{static_cast<uint32_t>(2 + random.below(1000))},
                              {},
                              now + -static_cast<int64_t>(random.below(30 * 86'400)),
                              static_cast<int64_t>(random.below(1'000'000'000))});
    work.push_back(std::move(usage));
  }
  auto start = Clock::now();
  for (RecordUsage& usage : work) must(std::move(usage));
  double rate = batches * kBatch / seconds_since(start);
  figures.print("ingest_per_s", rate, "events/s", "limit 200,000, each batch of 1,000 durable",
                rate / 200'000);
}

}  // namespace
}  // namespace leasehold::bench

int main(int count, char** values) {
  using namespace leasehold::bench;
  Arguments arguments(count, values);
  if (arguments.folder.empty() || sodium_init() < 0) return 2;
  Figures figures(arguments.json);
  measure_month_end(figures, arguments.quick);  // first: it measures the greatest memory
  malloc_trim(0);
  measure_ingest(figures, arguments.folder, arguments.quick);
  measure_postgres(figures, arguments.quick);
  measure_rating(figures, arguments.quick);
  return 0;
}
