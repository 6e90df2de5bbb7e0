// Runs .spec files: the language of docs/internals/testing.md. One file is played over memory, over
// SQLite, over memory with the journal exported, imported and folded anew between any two commands,
// through a server over HTTP, and over PostgreSQL where an empty database is named; each must give
// the same output, and all the same state in the end (but for the key of the one who asks a
// server).
//
//   spec_runner [--update] [--database ADDRESS] FILE...
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <sodium.h>

#include "cli/run.h"
#include "journal/fact_codec.h"
#include "journal/memory.h"
#include "journal/postgres.h"
#include "journal/sqlite.h"
#include "server/connection.h"
#include "server/service.h"

namespace leasehold {
namespace {

struct Statement {
  int line = 0;
  std::string command;
  std::string verdict;                // "ok", "refused capacity_short", "wrong", or "" for a query
  std::vector<std::string> expected;  // of a query
};

struct Spec {
  std::vector<std::string> head;  // title and why, up to the first blank line
  std::vector<Statement> statements;
};

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  bool quoted = false;
  bool inside = false;
  for (char c : line) {
    if (c == '\'') {
      quoted = !quoted;
      if (quoted && !inside) words.emplace_back();
      inside = true;
    } else if (c == ' ' && !quoted) {
      inside = false;
    } else {
      if (!inside) words.emplace_back();
      inside = true;
      words.back() += c;
    }
  }
  return words;
}

Spec read_spec(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  Spec spec;
  int number = 0;
  while (std::getline(file, line) && ++number > 0 && !line.empty()) spec.head.push_back(line);
  while (std::getline(file, line)) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    Statement statement{number, line, "", {}};
    // A command may go on in lines that begin with two spaces.
    std::string next;
    while (std::getline(file, next) && ++number > 0 && next.starts_with("  "))
      statement.command += next.substr(1);
    if (next == "----")
      while (std::getline(file, next) && ++number > 0 && !next.empty())
        statement.expected.push_back(next);
    else
      statement.verdict = next;
    spec.statements.push_back(std::move(statement));
  }
  return spec;
}

enum class Mode { memory, sqlite, replayed, served, postgres };
constexpr const char* kModeNames[] = {"memory", "sqlite", "replayed", "served", "postgres"};

constexpr const char* kSecret = "lh_spec";

// A server of this process over a journal in memory, with one key of the whole cloud.
class Served {
 public:
  Served(const journal::MemoryJournal& journal, std::function<Instant()> clock)
      : journal_(journal),
        cloud_(with_key(journal, clock()), clock),
        service_(cloud_,
                 {[this] { return open(); }, [] { return std::string(43, 's'); },
                  [](const std::function<void()>& work) { std::thread(work).detach(); }},
                 quiet()),
        server_(listening(), [this](const std::shared_ptr<const server::Request>& request,
                                    const server::Later& later, const server::Reply& reply) {
          service_.handle(request, later, reply);
        }) {}
  std::string address() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }

 private:
  // The same facts as over a store: none of who was refused.
  static server::Service::Settings quiet() {
    server::Service::Settings settings;
    settings.audit_every = std::chrono::hours(1);
    return settings;
  }
  static server::Listening listening() {
    server::Listening listening;
    listening.port = 0;
    listening.threads = 1;
    return listening;
  }
  static cloud::Cloud with_key(const journal::MemoryJournal& journal, Instant now) {
    auto cloud = cloud::Cloud::open(std::make_unique<journal::MemoryJournal>(journal));
    ApiKey key;
    key.name = "spec";
    key.digest = engine::hash_of(kSecret);
    key.hint = kSecret;
    key.role = Role::owner;
    Command command{std::min(now, Instant{0}), "desk", IssueKey{key}};
    LH_ASSERT(cloud && cloud->execute({&command, 1}));
    return std::move(*cloud);
  }
  journal::Io<std::unique_ptr<journal::Journal>> open() const {
    return std::make_unique<journal::MemoryJournal>(journal_);
  }

  journal::MemoryJournal journal_;
  server::RunningCloud cloud_;
  server::Service service_;
  server::HttpServer server_;
};

class Player {
 public:
  Player(Mode mode, std::string database) : mode_(mode), database_(std::move(database)) {
    if (mode == Mode::served) served_.emplace(memory_, [this] { return Instant{now_.load()}; });
    if (mode != Mode::sqlite) return;
    folder_ = std::filesystem::temp_directory_path() /
              fmt::format("leasehold-spec-{}-{}", getpid(), ++count_);
    std::filesystem::create_directories(folder_);
  }
  ~Player() {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  struct Played {
    int status = 0;
    std::string out;
    std::string err;
  };

  Played play(const std::string& command) {
    std::vector<std::string> words = words_of(command);
    if (words.front() == "now" || words.front() == "advance") return set_clock(words);
    if (words.front() == "leasehold") words.erase(words.begin());
    if (mode_ == Mode::replayed) replay();
    std::ostringstream out;
    std::ostringstream err;
    operations::Environment environment{
        out,
        err,
        [this] { return Instant{now_.load()}; },
        [this](const std::string& path, journal::Access access) { return open(path, access); },
        (folder_ / "store.db").string(),
        "desk",
        [](const std::string& name) -> std::unique_ptr<std::istream> {
          auto file = std::make_unique<std::ifstream>(name);
          if (!*file) return nullptr;
          return file;
        },
        [] { return std::string(43, 's'); }};
    if (mode_ == Mode::postgres) environment.default_store = database_;
    if (served_) {
      environment.default_server = served_->address();
      environment.api_key = kSecret;
    }
    int status = cli::run(words, environment);
    return {status, out.str(), err.str()};
  }

 private:
  Played set_clock(const std::vector<std::string>& words) {
    if (words.size() < 2) return {operations::kWrong, "", "now and advance need a value"};
    if (words.front() == "now") {
      auto at = parse_instant(words[1]);
      if (at) now_ = at->seconds;
      return {at ? 0 : operations::kWrong, "", ""};
    }
    std::string text;
    for (size_t i = 1; i < words.size(); ++i) text += words[i] + " ";
    auto term = parse_term(text);
    if (term) now_ = add_term({now_.load()}, *term, "Etc/UTC").seconds;
    return {term ? 0 : operations::kWrong, "", ""};
  }

  journal::Io<std::unique_ptr<journal::Journal>> open(const std::string& path,
                                                      journal::Access access) {
    if (mode_ == Mode::sqlite) return journal::open_sqlite(path, access);
    if (mode_ == Mode::postgres) return journal::open_postgres(path, access);
    return std::unique_ptr<journal::Journal>(std::make_unique<journal::MemoryJournal>(memory_));
  }

  // Every record goes through its exported line into a new journal. The state is then folded anew,
  // or every other time resumed from a snapshot: what is kept must be all there is.
  void replay() {
    journal::MemoryJournal fresh;
    auto done = memory_.read(1, [&](const journal::Record& record) {
      auto copy = journal::from_line(journal::to_line(record));
      return copy && fresh.append({&*copy, 1}).has_value();
    });
    LH_ASSERT(done && fresh.head().hash == memory_.head().hash);
    memory_ = fresh;
    if (++replays_ % 2 == 0 || memory_.head().sequence == 0) return;
    auto cloud = cloud::Cloud::open(std::make_unique<journal::MemoryJournal>(memory_));
    LH_ASSERT(cloud);
    const engine::State& state = cloud->state();
    LH_ASSERT(
        memory_.keep_snapshot({state.sequence, memory_.head().hash, state.hash(), state.bytes()}));
  }

  static inline int count_ = 0;
  int replays_ = 0;
  Mode mode_;
  std::string database_;
  std::atomic<int64_t> now_{1'735'689'600};  // 2025-01-01
  journal::MemoryJournal memory_;
  std::optional<Served> served_;
  std::filesystem::path folder_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string verdict_of(const Player::Played& played) {
  if (played.status == operations::kDone) return "ok";
  if (played.status == operations::kWrong) return "wrong";
  constexpr std::string_view kRefused = "refused ";
  size_t at = played.err.find(kRefused);
  if (at == std::string::npos) return "refused";
  return played.err.substr(at, played.err.find(':', at) - at);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "    " + line + "\n";
  return text;
}

// Plays a spec in one mode; with `update` the expectations become what was seen.
bool play(const std::string& path, Spec& spec, Mode mode, const std::string& database, bool update,
          std::string& hash) {
  Player player(mode, database);
  bool good = true;
  for (Statement& statement : spec.statements) {
    Player::Played played = player.play(statement.command);
    bool query = statement.verdict.empty();
    std::vector<std::string> seen =
        query ? lines_of(played.out + played.err) : std::vector{verdict_of(played)};
    std::vector<std::string> expected = query ? statement.expected : std::vector{statement.verdict};
    if (seen == expected) continue;
    if (update) {
      (query ? statement.expected : expected) = seen;
      if (!query) statement.verdict = seen.front();
      continue;
    }
    good = false;
    std::cout << fmt::format("{}:{} ({}): {}\n  expected\n{}  got\n{}{}", path, statement.line,
                             kModeNames[static_cast<int>(mode)], statement.command,
                             joined(expected), joined(seen),
                             query ? "" : joined(lines_of(played.err)));
  }
  hash = lines_of(player.play("journal replay").out).back();
  return good;
}

void write_spec(const std::string& path, const Spec& spec) {
  // Only verdicts and tables change: everything else is kept as it was written.
  std::ifstream in(path);
  std::vector<std::string> lines = lines_of({std::istreambuf_iterator<char>(in), {}});
  in.close();
  std::ofstream out(path);
  size_t at = 0;
  for (const Statement& statement : spec.statements) {
    for (; at + 1 < static_cast<size_t>(statement.line); ++at) out << lines[at] << '\n';
    out << lines[at++] << '\n';
    while (at < lines.size() && lines[at].starts_with("  ")) out << lines[at++] << '\n';
    if (statement.verdict.empty()) {
      out << "----\n";
      for (const std::string& line : statement.expected) out << line << '\n';
      ++at;
      while (at < lines.size() && !lines[at].empty()) ++at;
    } else {
      out << statement.verdict << '\n';
      ++at;
    }
  }
  for (; at < lines.size(); ++at) out << lines[at] << '\n';
}

}  // namespace
}  // namespace leasehold

int main(int count, char** values) {
  using namespace leasehold;
  if (sodium_init() < 0) return 1;
  int passed = 0;
  int failed = 0;
  bool update = false;
  std::string database;
  for (int i = 1; i < count; ++i) {
    std::string path = values[i];
    if (path == "--update") {
      update = true;
      continue;
    }
    if (path == "--database" && i + 1 < count) {
      database = values[++i];
      continue;
    }
    Spec spec = read_spec(path);
    bool good = !spec.statements.empty();
    std::vector<Mode> modes{Mode::memory, Mode::sqlite, Mode::replayed, Mode::served};
    if (!database.empty()) modes.push_back(Mode::postgres);
    std::string first;
    for (Mode mode : modes) {
      std::string hash;
      good = play(path, spec, mode, database, update && mode == Mode::memory, hash) && good;
      if (first.empty()) first = hash;
      if (mode == Mode::served || hash == first) continue;
      std::cout << fmt::format("{}: over {} it ends in another state\n", path,
                               kModeNames[static_cast<int>(mode)]);
      good = false;
    }
    if (update) write_spec(path, spec);
    ++(good ? passed : failed);
  }
  std::cout << fmt::format("{} passed, {} failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
