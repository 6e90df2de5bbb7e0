// Durable commands, and the rebuild of a state from its facts.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "cloud/group_commit.h"
#include "figures.h"
#include "journal/fact_codec.h"
#include "journal/sqlite.h"

namespace leasehold::bench {
namespace {

constexpr int64_t kStart = 1'700'000'000;
constexpr int64_t kDay = 86'400;

std::unique_ptr<journal::Journal> open_store(const std::string& path) {
  auto journal = journal::open_sqlite(path, journal::Access::write);
  LH_ASSERT(journal.has_value());
  return std::move(*journal);
}

cloud::Cloud open_cloud(const std::string& path, cloud::SnapshotPolicy policy) {
  auto cloud = cloud::Cloud::open(open_store(path), policy);
  LH_ASSERT(cloud.has_value());
  return std::move(*cloud);
}

Command at(int64_t second, CommandBody body) {
  return {Instant{kStart + second}, "bench", std::move(body)};
}

// An operator with a large pool, and two customers.
std::vector<Command> world() {
  Site site;
  site.name = "hall";
  site.holder = PartyId{1};
  site.zone = "Etc/UTC";
  Sku sku;
  sku.name = "h100";
  sku.per_server = 8;
  return {
      at(0, DefineParty{{{}, "operator", PartyKind::company, {}}}),
      at(0, DefineParty{{{}, "anchor", PartyKind::company, {}}}),
      at(0, DefineParty{{{}, "lab", PartyKind::company, {}}}),
      at(0, OpenSite{site}),
      at(0, DefineSku{sku}),
      at(0, OpenPool{{{}, "gpus", PartyId{1}, SkuId{1}, SiteId{1}, "infiniband", {}}}),
      at(0,
         Deliver{"", PoolId{1}, {100'000'000, QuantityKind::server}, {Instant{kStart}, kForever}})};
}

OfferRequest offer(int64_t number) {
  OfferRequest request{"", PartyId{1}, PartyId{static_cast<uint32_t>(2 + number % 2)}, {}, {}};
  int64_t from = kStart + kDay + number * 7919 % (3000 * kDay);
  LineRequest line;
  line.sources = {AccountId{AccountKind::pool, 1, 0}};
  line.quantity = {1 + number % 64, QuantityKind::server};
  line.interval = {Instant{from}, Instant{from + (1 + number % 90) * kDay}};
  line.price = {PriceBasis::per_accelerator_hour, Money{2'350'000'000, {"USD"}}};
  request.lines.push_back(line);
  return request;
}

// Commands a second when two groups of so many clients each wait for their answers: one batch for
// a group, and while one is written the other is decided.
double commands_a_second(const std::string& path, int clients, int64_t total) {
  std::filesystem::remove(path);
  cloud::Cloud cloud = open_cloud(path, {0});
  LH_ASSERT(cloud.execute(world()).has_value());
  cloud::GroupCommit commit(std::move(cloud));
  int64_t answered = 0;
  auto count = [&answered](const journal::Io<cloud::GroupCommit::Answers>& answers) {
    LH_ASSERT(answers.has_value());
    for (const cloud::Answer& answer : *answers) LH_ASSERT(answer.has_value());
    answered += static_cast<int64_t>(answers->size());
  };
  auto start = Clock::now();
  for (int64_t asked = 0; asked < total; asked += clients) {
    std::vector<Command> batch;
    batch.reserve(static_cast<size_t>(clients));
    for (int i = 0; i < clients; ++i) batch.push_back(at(asked / 100, SignLease{offer(asked + i)}));
    count(commit.exchange(batch));
  }
  count(commit.finish());
  double seconds = seconds_since(start);
  LH_ASSERT(answered == total);
  return static_cast<double>(total) / seconds;
}

std::vector<journal::Record> records_of(const std::string& path) {
  std::vector<journal::Record> records;
  auto journal = open_store(path);
  auto done = journal->read(1, [&](const journal::Record& record) {
    records.push_back(record);
    return true;
  });
  LH_ASSERT(done.has_value());
  return records;
}

// The physical limit: the same bytes, as many records an append, each append with fdatasync.
double raw_appends_a_second(const std::string& path, int batch,
                            const std::vector<journal::Record>& records) {
  int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  LH_ASSERT(file >= 0);
  auto start = Clock::now();
  auto size = static_cast<size_t>(batch);
  for (size_t i = 0; i < records.size(); i += size) {
    std::string bytes;
    for (size_t j = i; j < std::min(i + size, records.size()); ++j) {
      const journal::Record& record = records[j];
      bytes.append(reinterpret_cast<const char*>(&record.sequence), sizeof record.sequence);
      bytes.append(reinterpret_cast<const char*>(&record.at), sizeof record.at);
      bytes += record.actor + record.body;
      bytes.append(reinterpret_cast<const char*>(record.hash.data()), record.hash.size());
    }
    LH_ASSERT(write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    LH_ASSERT(fdatasync(file) == 0);
  }
  double seconds = seconds_since(start);
  close(file);
  std::filesystem::remove(path);
  return static_cast<double>(records.size()) / seconds;
}

// The habit: one row a transaction, with the same durability.
double single_rows_a_second(const std::string& path, const std::vector<journal::Record>& records) {
  std::filesystem::remove(path);
  auto journal = open_store(path);
  auto start = Clock::now();
  for (const journal::Record& record : records)
    LH_ASSERT(journal->append({&record, 1}).has_value());
  return static_cast<double>(records.size()) / seconds_since(start);
}

void measure_commands(const Figures& figures, const std::string& folder, bool quick) {
  std::string path = folder + "/commands.db";
  for (int clients : {16, 64, 256}) {
    int64_t total = quick ? 2'048 : clients * int64_t{800};
    double ours = commands_a_second(path, clients, total);
    std::vector<journal::Record> records = records_of(path);
    double limit = raw_appends_a_second(folder + "/raw", clients, records);
    bool named = clients == 64;
    figures.print(
        named ? "commands_vs_fdatasync" : fmt::format("commands_vs_fdatasync_{}", clients), ours,
        "commands/s", fmt::format("batches of {}; fdatasync of the same: {:.0f}/s", clients, limit),
        ours / limit);
    if (!named) continue;
    records.resize(std::min<size_t>(records.size(), quick ? 500 : 5'000));
    double single = single_rows_a_second(path, records);
    figures.print("commands_vs_sqlite_single", ours, "commands/s",
                  fmt::format("SQLite, one row a transaction: {:.0f}/s", single), ours / single);
  }
}

// Quotes that are held and then signed: four facts a round. Rounds go on where they stopped.
void fill(cloud::Cloud& cloud, int64_t facts) {
  constexpr int64_t kBatch = 1'000;
  auto first = static_cast<int64_t>(cloud.state().quotes.rows().size());
  int64_t last = first + facts / 4;
  for (; first < last; first += kBatch) {
    std::vector<Command> batch;
    for (int64_t number = first; number < std::min(first + kBatch, last); ++number) {
      int64_t second = number / 1000;
      batch.push_back(at(second, IssueQuote{offer(number), Instant{kStart + second + kDay}}));
      batch.push_back(at(second, SignQuote{QuoteId{static_cast<uint32_t>(number + 1)}}));
    }
    auto answers = cloud.execute(batch);
    LH_ASSERT(answers.has_value());
    for (const cloud::Answer& answer : *answers) LH_ASSERT(answer.has_value());
  }
}

void measure_rebuild(const Figures& figures, const std::string& folder, bool quick) {
  std::string path = folder + "/rebuild.db";
  int64_t facts = quick ? 20'000 : 1'000'000;
  int64_t after = quick ? 400 : 10'000;
  std::filesystem::remove(path);
  std::string hash;
  {
    cloud::Cloud cloud = open_cloud(path, {0});
    LH_ASSERT(cloud.execute(world()).has_value());
    fill(cloud, facts - after);
    std::string bytes = cloud.state().bytes();
    figures.note(fmt::format("{} facts, a state of {} MB", cloud.state().sequence,
                             bytes.size() / 1'000'000));
  }
  // Without a snapshot, from the first fact; a snapshot; then the last ten thousand facts.
  auto start = Clock::now();
  {
    cloud::Cloud cloud = open_cloud(path, {0});
    double seconds =
        seconds_since(start) * static_cast<double>(facts) / static_cast<double>(facts - after);
    figures.print("rebuild_1m_s", seconds, "s", fmt::format("{} facts; at most 5 s", facts),
                  5 / seconds);
    LH_ASSERT(cloud.take_snapshot().has_value());
    fill(cloud, after);
    hash = cloud.state().hash();
  }
  start = Clock::now();
  cloud::Cloud cloud = open_cloud(path, {0});
  double seconds = seconds_since(start);
  LH_ASSERT(cloud.state().hash() == hash);
  figures.print("rebuild_snapshot_s", seconds, "s",
                fmt::format("a snapshot and {} facts; at most 0.5 s", after), 0.5 / seconds);
}

}  // namespace

void measure_durable(const Figures& figures, const std::string& folder, bool quick) {
  figures.note("durable commands through engine and journal");
  measure_commands(figures, folder, quick);
  figures.note("rebuilding a state");
  measure_rebuild(figures, folder, quick);
}

}  // namespace leasehold::bench
