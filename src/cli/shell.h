// What every command of the command line shares: the streams, the store, the moment, and how
// answers and errors are said. Exit status: 0 done; 1 refused, or a check that found something;
// 2 wrong input, or a store that cannot be used. Only errors go to stderr.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/reader.h"
#include "cli/table.h"
#include "cloud/cloud.h"
#include "domain/command.h"
#include "domain/refusal.h"
#include "journal/sqlite.h"

namespace leasehold::cli {

inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;
inline constexpr int kWrong = 2;

// The doors to the outside; main.cpp gives real ones, the spec runner others.
struct Environment {
  std::ostream& out;
  std::ostream& err;
  std::function<Instant()> clock;
  std::function<journal::Io<std::unique_ptr<journal::Journal>>(const std::string& store,
                                                               journal::Access)>
      open;
  std::string default_store;
  std::string user;
  bool color = false;
  int columns = 100;  // of the terminal
};

struct Options {
  std::string store;
  std::string output = "table";
  std::string now;
  std::string at;
  std::string as;
  std::string actor;
  std::string zone = "Etc/UTC";
  bool dry_run = false;
};

class Shell {
 public:
  Shell(Environment& environment, Options& options)
      : environment_(environment), options_(options) {}

  std::ostream& out() { return environment_.out; }
  std::ostream& err() { return environment_.err; }
  const Environment& environment() const { return environment_; }
  const Options& options() const { return options_; }
  Output output() const;
  Instant now() const { return now_; }
  const std::string& actor() const { return options_.actor; }

  // Reads --now and --at; false (and said) where they are wrong.
  bool prepare();

  // The state to ask, and the moment to ask about: --at in the past gives the state as it was
  // known then; in the future, today's state and that moment.
  struct View {
    engine::State state;
    Instant moment;
  };
  std::optional<View> view();
  // The journal alone, for reading.
  std::unique_ptr<journal::Journal> journal_to_read();
  // For reading where --dry-run says that nothing will be kept.
  std::optional<cloud::Cloud> cloud_to_write();

  // Decides and keeps one command and gives its facts; with --dry-run keeps nothing. Refusals and
  // errors are said; nothing is given then, and status() is set.
  struct Done {
    std::vector<Fact> facts;
    engine::State state;  // after them
  };
  using Builder = std::function<CommandBody(Reader&)>;
  std::optional<Done> submit(const Builder& build);
  // The same, and says what happened.
  void submit_and_say(const Builder& build);
  void say_facts(const engine::State& after, const std::vector<Fact>& facts);

  // What the command line asked for; run once everything is parsed.
  std::function<void()> action;

  int status() const { return status_; }
  int fail(int status) { return status_ = status; }
  void say(const InputErrors& errors);
  void say(const journal::IoError& error);
  void say(const engine::State& state, const Refusal& refusal);

  // Whether the one who asks (--as) may see whose a contract is. Without --as: the store's owner.
  bool may_see(PartyId lessor, PartyId lessee) const;
  bool may_see(const Lease& lease) const { return may_see(lease.offer.lessor, lease.offer.lessee); }
  // Whether an account may be looked into: a pool by anybody, a line by its lease's two sides. Said
  // where not.
  bool may_look(const engine::State& state, const AccountId& account);
  // False (and said) where --as narrows a command that shows the whole cloud.
  bool owner_only(const std::string& command);
  // Resolves --as; false (and said) where the party is not known.
  bool settle_asker(const engine::State& state);

 private:
  Environment& environment_;
  Options& options_;
  Instant now_;
  std::optional<Instant> at_;
  PartyId asker_;
  int status_ = kDone;
};

}  // namespace leasehold::cli
