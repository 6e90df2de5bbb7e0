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

#include "access/authority.h"
#include "domain/command.h"
#include "domain/refusal.h"
#include "operations/door.h"
#include "operations/listener.h"
#include "operations/reader.h"

namespace leasehold::operations {

inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;
inline constexpr int kWrong = 2;

// The outside, as an operation sees it; main.cpp gives a real one, the spec runner another.
struct Environment {
  std::ostream& out;  // what people read, and documents
  std::ostream& err;
  std::function<Instant()> clock;
  StoreDoor::Open open;
  std::string default_store;
  std::string user;  // who asks where it is not said
  // An input field's file; nothing where it cannot be read.
  std::function<std::unique_ptr<std::istream>(const std::string& name)> read;
  std::function<std::string()> secret;  // 43 random characters
  std::string default_server{};         // an address; none where the store is asked itself
  std::string api_key{};                // for the server
  bool color = false;
  bool takes_bytes = false;  // `out` is no terminal but an answer of its own
  int columns = 100;         // of the terminal
};

struct Options {
  std::string store;
  std::string server;  // addresses of the one that has the store; none where it is asked itself
  std::string output = "table";
  std::string now;
  std::string at;
  std::string as;
  std::string actor;
  std::string zone = "Etc/UTC";
  bool dry_run = false;
  std::optional<Role> role;           // of the one who asks; a command line may do all
  std::optional<RequestKey> request;  // where a repetition must be known
};

class Shell {
 public:
  Shell(Environment& environment, Options& options, Door& door, Listener& listener)
      : environment_(environment), options_(options), door_(door), listener_(listener) {}

  std::ostream& out() { return environment_.out; }
  std::ostream& err() { return environment_.err; }
  Environment& environment() { return environment_; }
  const Environment& environment() const { return environment_; }
  const Options& options() const { return options_; }
  Output output() const { return output_of(options_.output); }
  Instant now() const { return now_; }
  const std::string& actor() const { return options_.actor; }

  // Reads --now and --at; false (and said) where they are wrong.
  bool prepare();

  // The state to ask, and the moment to ask about: --at in the past gives the state as it was
  // known then; in the future, today's state and that moment.
  struct View {
    HeldState held;
    const engine::State& state;
    Instant moment;
  };
  std::optional<View> view();
  // The journal alone, for reading.
  std::unique_ptr<journal::Journal> journal_to_read();
  // For reading where --dry-run says that nothing will be kept.
  std::unique_ptr<cloud::Executor> cloud_to_write();
  // What an input field names; nothing (and said) where it cannot be read.
  std::unique_ptr<std::istream> input(const std::string& field, const std::string& name);
  std::optional<std::string> input_text(const std::string& field, const std::string& name);

  // Decides and keeps one command, then says what happened and calls `then` with it; with
  // --dry-run keeps nothing. Refusals and errors are said instead, and status() is set.
  using Builder = std::function<CommandBody(Reader&)>;
  using Then = std::function<void(const engine::State& after, const std::vector<Fact>& facts)>;
  void submit_and_say(const Builder& build, const Then& then = nullptr);
  void say_facts(const engine::State& after, const std::vector<Fact>& facts);
  void say(const Table& table) { listener_.table(table); }
  void say_meaning(const Table& table) { listener_.meaning(table); }
  // Whether bytes that are no text must go to a file: to a terminal they must.
  bool needs_files() const { return !environment_.takes_bytes; }
  void writes(const std::string& media_type, const std::string& sum) {
    listener_.writes(media_type, sum);
  }
  void say_secret(const std::string& secret) { listener_.secret(secret); }

  int status() const { return status_; }
  int fail(int status) { return status_ = status; }
  void say(const InputErrors& errors);
  void say(const journal::IoError& error);
  void say(const engine::State& state, const Refusal& refusal);

  // Whether the one who asks (--as) may see whose a contract is. Without --as: the store's owner.
  bool may_see(PartyId lessor, PartyId lessee) const;
  // What is one party's, or the whole cloud's where there is none.
  bool may_see(const std::optional<PartyId>& party) const {
    return may_see(party.value_or(PartyId{}), party.value_or(PartyId{}));
  }
  bool may_see(const Lease& lease) const { return may_see(lease.offer.lessor, lease.offer.lessee); }
  // Whether the asker may know from which pool or line a contract draws.
  bool may_see_source(const engine::State& state, const AccountId& source) const {
    return source.kind != AccountKind::line || may_see(state.lease_of(source));
  }
  // Whether an account may be looked into: a pool by anybody, a line by its lease's two sides. Said
  // where not.
  bool may_look(const engine::State& state, const AccountId& account);
  // False (and said) where --as narrows a command that shows the whole cloud.
  bool owner_only(const std::string& command);
  // Reads what the one who asks may see.
  Reader reader(const engine::State& state) const { return {state, options_.zone, asker_}; }
  // Resolves --as; false (and said) where the party is not known.
  bool settle_asker(const engine::State& state);

 private:
  bool no_moment_asked();
  std::optional<Command> build(const engine::State& state, const Builder& build);
  bool allowed(const engine::State& state, const CommandBody& command);
  void try_out(const Builder& build, const Then& then);
  void say_calendars(const engine::State& before, const engine::State& after,
                     const std::vector<Fact>& facts);
  MaySee sight() const;

  Environment& environment_;
  Options& options_;
  Door& door_;
  Listener& listener_;
  Instant now_;
  std::optional<Instant> at_;
  PartyId asker_;
  int status_ = kDone;
};

}  // namespace leasehold::operations
