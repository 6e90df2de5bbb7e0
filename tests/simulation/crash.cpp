// Invariant 7 against the real disk: a process under load is killed (SIGKILL) at random moments,
// and after each its store holds every answered command, and no half of one.
//
//   LEASEHOLD_CRASHES=200 LEASEHOLD_SEED=7 crash_test
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <random>

#include <fmt/format.h>
#include <sodium.h>

#include "cloud/group_commit.h"
#include "journal/fact_codec.h"
#include "journal/sqlite.h"

namespace leasehold {
namespace {

using journal::Access;

constexpr int64_t kStart = 1'700'000'000;
constexpr int64_t kDay = 86'400;
constexpr size_t kLargestBatch = 16;
// Facts of the batches in flight and of the one whose answers were on their way.
constexpr size_t kMostUnanswered = (cloud::GroupCommit::kMostInFlight + 1) * 4 * kLargestBatch;

// What the worker was answered, as it tells the watcher.
struct Answered {
  uint64_t sequence = 0;
  journal::Hash content{};
};
constexpr Answered kReady{0, {}};

Answered answered(const Fact& fact) {
  Answered told{fact.sequence, {}};
  std::string body = journal::encode(fact.body);
  crypto_generichash(told.content.data(), told.content.size(),
                     reinterpret_cast<const unsigned char*>(body.data()), body.size(), nullptr, 0);
  return told;
}

cloud::Cloud open_cloud(const std::string& store) {
  auto journal = journal::open_sqlite(store, Access::write);
  LH_ASSERT(journal.has_value());
  auto cloud = cloud::Cloud::open(std::move(*journal), {500});
  LH_ASSERT(cloud.has_value());
  return std::move(*cloud);
}

void make_world(const std::string& store) {
  cloud::Cloud cloud = open_cloud(store);
  auto at = [](CommandBody body) { return Command{Instant{kStart}, "test", std::move(body)}; };
  Site site;
  site.name = "hall";
  site.holder = PartyId{1};
  site.zone = "Etc/UTC";
  Sku sku;
  sku.name = "h100";
  sku.per_server = 8;
  std::vector<Command> world{
      at(DefineParty{{{}, "operator", PartyKind::company, {}}}),
      at(DefineParty{{{}, "lab", PartyKind::company, {}}}),
      at(OpenSite{site}),
      at(DefineSku{sku}),
      at(OpenPool{{{}, "gpus", PartyId{1}, SkuId{1}, SiteId{1}, "", {}}}),
      at(Deliver{"", PoolId{1}, {100'000'000, QuantityKind::server}, {Instant{kStart}, kForever}})};
  auto done = cloud.execute(world);
  LH_ASSERT(done.has_value());
}

// A quote with its hold, then its signing: two facts each, that stand or fall together.
std::vector<Command> batch_for(const engine::State& state, std::mt19937_64& random) {
  std::vector<Command> batch;
  uint32_t quote = state.quotes.next_id().number;
  for (size_t i = random() % kLargestBatch + 1; i > 0; --i, ++quote) {
    OfferRequest offer{"", PartyId{1}, PartyId{2}, {}, {}};
    LineRequest line;
    line.sources = {AccountId{AccountKind::pool, 1, 0}};
    line.quantity = {1 + quote % 64, QuantityKind::server};
    Instant from{kStart + static_cast<int64_t>(random() % 3000) * kDay};
    line.interval = {from, from + 30 * kDay};
    offer.lines.push_back(line);
    batch.push_back({Instant{kStart}, "test", IssueQuote{offer, Instant{kStart + kDay}}});
    batch.push_back({Instant{kStart}, "test", SignQuote{QuoteId{quote}}});
  }
  return batch;
}

[[noreturn]] void work(const std::string& store, int tell, uint64_t seed) {
  auto say = [tell](const Answered& told) {
    if (write(tell, &told, sizeof told) != sizeof told) _exit(3);
  };
  cloud::GroupCommit commit(open_cloud(store));
  std::mt19937_64 random(seed);
  say(kReady);
  while (true) {
    auto answers = commit.exchange(batch_for(commit.state(), random));
    if (!answers) _exit(4);
    for (const cloud::Answer& answer : *answers) {
      LH_ASSERT(answer.has_value());
      for (const Fact& fact : *answer) say(answered(fact));
    }
  }
}

struct Life {
  pid_t process = 0;
  int told = 0;  // the pipe's end to read from
};

Life start_worker(const std::string& store, uint64_t seed) {
  std::array<int, 2> pipe_ends{};
  LH_ASSERT(pipe(pipe_ends.data()) == 0);
  pid_t process = fork();
  LH_ASSERT(process >= 0);
  if (process == 0) {
    close(pipe_ends[0]);
    work(store, pipe_ends[1], seed);
  }
  close(pipe_ends[1]);
  return {process, pipe_ends[0]};
}

bool hear(const Life& life, Answered& told) {
  return read(life.told, &told, sizeof told) == sizeof told;
}

// Empty where the store is as it must be after a kill.
std::string check(const std::string& store, const std::vector<Answered>& told, uint64_t before) {
  auto journal = journal::open_sqlite(store, Access::read);
  if (!journal) return journal.error().message;
  auto state = cloud::verify(**journal);
  if (!state) return state.error().message;
  uint64_t last = told.empty() ? before : told.back().sequence;
  if (state->sequence < last) return fmt::format("answered fact {} is not there", last);
  if (state->sequence > last + kMostUnanswered) return "more facts than were in flight";
  std::string wrong;
  size_t next = 0;
  std::string unfinished;  // what the fact before wants after it
  auto done = (*journal)->read(before + 1, [&](const journal::Record& record) {
    auto fact = journal::to_fact(record);
    std::string kind = fact ? kind_of(fact->body) : "unreadable";
    bool starts = kind == "quote_issued" || kind == "hold_ended";
    if (unfinished.empty() ? !starts : kind != unfinished)
      wrong = fmt::format("record {} is {}: half a command", record.sequence, kind);
    unfinished = kind == "quote_issued" ? "hold_placed"
                 : kind == "hold_ended" ? "lease_signed"
                                        : "";
    if (next < told.size()) {
      bool same =
          told[next].sequence == record.sequence && told[next].content == answered(*fact).content;
      if (!same) wrong = fmt::format("record {} is not what was answered", record.sequence);
      ++next;
    }
    return wrong.empty();
  });
  if (!done) return done.error().message;
  if (wrong.empty() && !unfinished.empty()) return "the last command is there by half";
  return wrong;
}

uint64_t head_of(const std::string& store) {
  auto journal = journal::open_sqlite(store, Access::read);
  LH_ASSERT(journal.has_value());
  return (*journal)->head().sequence;
}

int run(const std::string& folder, int crashes, uint64_t seed) {
  std::cout << fmt::format("{} kills; LEASEHOLD_SEED={}\n", crashes, seed) << std::flush;
  std::mt19937_64 random(seed);
  std::string store;
  uint64_t facts = 0;
  uint64_t unanswered = 0;
  for (int crash = 0; crash < crashes; ++crash) {
    if (crash % 25 == 0) {  // a new store now and then, so that none grows large
      store = fmt::format("{}/store-{}.db", folder, crash);
      make_world(store);
    }
    uint64_t before = head_of(store);
    Life life = start_worker(store, random());
    Answered heard;
    LH_ASSERT(hear(life, heard) && heard.sequence == kReady.sequence);
    usleep(static_cast<useconds_t>(random() % 60'000));
    kill(life.process, SIGKILL);
    std::vector<Answered> told;
    while (hear(life, heard)) told.push_back(heard);
    close(life.told);
    int status = 0;
    waitpid(life.process, &status, 0);
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    std::string wrong = killed ? check(store, told, before) : "the worker ended by itself";
    if (!wrong.empty()) {
      std::cout << fmt::format("kill {}: {}\n", crash + 1, wrong);
      return 1;
    }
    facts += told.size();
    unanswered += head_of(store) - before - told.size();
  }
  std::cout << fmt::format("{} answered facts, all there; {} more had been in flight\n", facts,
                           unanswered);
  return facts > 0 && unanswered > 0 ? 0 : 1;  // neither: the load was none
}

}  // namespace
}  // namespace leasehold

int main() {
  if (sodium_init() < 0) return 1;
  const char* crashes = std::getenv("LEASEHOLD_CRASHES");
  const char* seed = std::getenv("LEASEHOLD_SEED");
  auto folder =
      std::filesystem::temp_directory_path() / fmt::format("leasehold-crash-{}", getpid());
  std::filesystem::create_directories(folder);
  int status = leasehold::run(folder.string(), crashes ? std::atoi(crashes) : 200,
                              seed ? std::stoull(seed) : static_cast<uint64_t>(std::time(nullptr)));
  std::filesystem::remove_all(folder);
  return status;
}
