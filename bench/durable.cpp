// Durable commands, and the rebuild of a state from its facts.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cloud/group_commit.h"
#include "figures.h"
#include "fixture.h"

namespace leasehold::bench {
namespace {

constexpr int64_t kLargePool = 800'000'000;  // more than all of a run ask for

// The lease that a number means: everywhere in ten years, of 1 to 64 servers, for 1 to 90 days.
OfferRequest numbered_offer(int64_t number) {
  int64_t from = kStart + kDay + number * 7919 % (3000 * kDay);
  return offer(PartyId{static_cast<uint32_t>(2 + number % 2)},
               {Instant{from}, Instant{from + (1 + number % 90) * kDay}}, 8 * (1 + number % 64));
}

// Commands a second when three groups of so many clients each wait for their answers: one batch for
// a group; while one is written, one waits and one is decided.
double commands_a_second(const std::string& path, int clients, int64_t total) {
  cloud::GroupCommit commit(new_cloud(path, kLargePool));
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
    for (int i = 0; i < clients; ++i)
      batch.push_back(at(asked / 100, SignLease{numbered_offer(asked + i)}));
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

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// The disk's speed changes from second to second: ours and the limit take turns, and the medians
// count.
void measure_commands(const Figures& figures, const std::string& folder, bool quick) {
  std::string path = folder + "/commands.db";
  for (int clients : {16, 64, 256}) {
    int64_t total = clients * int64_t{quick ? 32 : 800};
    std::vector<double> ours;
    std::vector<double> limits;
    std::vector<journal::Record> records;
    for (int turn = 0; turn < (quick ? 1 : 7); ++turn) {
      ours.push_back(commands_a_second(path, clients, total));
      records = records_of(path);
      limits.push_back(raw_appends_a_second(folder + "/raw", clients, records));
    }
    bool named = clients == 64;
    figures.print(
        named ? "commands_vs_fdatasync" : fmt::format("commands_vs_fdatasync_{}", clients),
        median(ours), "commands/s",
        fmt::format("batches of {}; fdatasync of the same: {:.0f}/s", clients, median(limits)),
        median(ours) / median(limits));
    if (!named) continue;
    records.resize(std::min<size_t>(records.size(), quick ? 500 : 5'000));
    double single = single_rows_a_second(path, records);
    figures.print("commands_vs_sqlite_single", median(ours), "commands/s",
                  fmt::format("SQLite, one row a transaction: {:.0f}/s", single),
                  median(ours) / single);
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
      batch.push_back(
          at(second, IssueQuote{numbered_offer(number), Instant{kStart + second + kDay}}));
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
  std::string hash;
  {
    cloud::Cloud cloud = new_cloud(path, kLargePool);
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
