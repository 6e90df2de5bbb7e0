#include "cli/shell.h"

#include <ostream>

#include <fmt/format.h>

#include "cli/fact_text.h"
#include "cli/refusal_text.h"
#include "journal/memory.h"

namespace leasehold::cli {

Output Shell::output() const {
  if (options_.output == "json") return Output::json;
  return options_.output == "csv" ? Output::csv : Output::table;
}

bool Shell::prepare() {
  InputErrors errors;
  auto read = [&](const std::string& option, const std::string& value) {
    auto parsed = parse_instant(value, options_.zone);
    if (!parsed) {
      errors.push_back(parsed.error());
      errors.back().path = option;
      return Instant{};
    }
    return *parsed;
  };
  now_ = options_.now.empty() ? environment_.clock() : read("--now", options_.now);
  if (!options_.at.empty()) at_ = read("--at", options_.at);
  if (!errors.empty()) say(errors);
  return errors.empty();
}

std::unique_ptr<journal::Journal> Shell::journal_to_read() {
  auto journal = environment_.open(options_.store, journal::Access::read);
  if (!journal) {
    say(journal.error());
    return nullptr;
  }
  return std::move(*journal);
}

std::optional<Shell::View> Shell::view() {
  auto journal = journal_to_read();
  if (!journal) return std::nullopt;
  journal::Io<engine::State> state = Unexpected<journal::IoError>(journal::IoError{});
  if (at_ && *at_ < now_) {
    state = cloud::replay(*journal, *at_);
  } else if (auto cloud = cloud::Cloud::open(std::move(journal)); cloud) {
    state = cloud->state();
  } else {
    state = Unexpected<journal::IoError>(cloud.error());
  }
  if (!state) {
    say(state.error());
    return std::nullopt;
  }
  if (!settle_asker(*state)) return std::nullopt;
  Instant moment = at_.value_or(now_);
  engine::pass_time(*state, moment);
  return View{std::move(*state), moment};
}

std::optional<cloud::Cloud> Shell::cloud_to_write() {
  if (at_) {
    say(InputErrors{
        {"--at", options_.at, "no --at: it is for questions; changes happen now (--now)"}});
    return std::nullopt;
  }
  auto access = options_.dry_run ? journal::Access::read : journal::Access::write;
  auto journal = environment_.open(options_.store, access);
  if (!journal && options_.dry_run && journal.error().code == journal::IoCode::missing)
    journal = std::make_unique<journal::MemoryJournal>();
  if (!journal) {
    say(journal.error());
    return std::nullopt;
  }
  auto cloud = cloud::Cloud::open(std::move(*journal));
  if (!cloud) {
    say(cloud.error());
    return std::nullopt;
  }
  if (!settle_asker(cloud->state())) return std::nullopt;
  return std::move(*cloud);
}

std::optional<Shell::Done> Shell::submit(const Builder& build) {
  auto cloud = cloud_to_write();
  if (!cloud) return std::nullopt;
  Reader reader(cloud->state(), options_.zone);
  CommandBody body = build(reader);
  if (!reader.good()) {
    say(reader.errors());
    return std::nullopt;
  }
  Command command{now_, actor(), std::move(body)};
  if (options_.dry_run) {
    engine::State state = cloud->state();
    engine::pass_time(state, command.at);
    auto facts = engine::perform(state, command);
    if (facts) {
      for (Fact& fact : engine::pass_time(state, command.at)) facts->push_back(std::move(fact));
      return Done{std::move(*facts), std::move(state)};
    }
    say(state, facts.error());
    return std::nullopt;
  }
  auto answers = cloud->execute({&command, 1});
  if (!answers) {
    say(answers.error());
    return std::nullopt;
  }
  cloud::Answer& answer = answers->front();
  if (answer) return Done{std::move(*answer), cloud->state()};
  say(cloud->state(), answer.error());
  return std::nullopt;
}

void Shell::submit_and_say(const Builder& build) {
  if (auto done = submit(build)) say_facts(done->state, done->facts);
}

void Shell::say_facts(const engine::State& after, const std::vector<Fact>& facts) {
  if (output() == Output::table) {
    for (const Fact& fact : facts)
      out() << (options_.dry_run ? "would be: " : "") << fact_text(after, fact.body) << '\n';
    return;
  }
  Table table({"sequence", "at", "kind", "what"});
  for (const Fact& fact : facts)
    table.add({number(static_cast<int64_t>(fact.sequence)), moment(fact.at),
               text(kind_of(fact.body)), text(fact_text(after, fact.body))});
  table.print(out(), output());
}

void Shell::say(const InputErrors& errors) {
  for (const InputError& error : errors) err() << "leasehold: " << error.to_text() << '\n';
  fail(kWrong);
}

void Shell::say(const journal::IoError& error) {
  // What a damaged file says of itself may hold any bytes: none of them reaches a terminal.
  std::string message = error.message;
  for (char& c : message)
    if (c < ' ' || c > '~') c = '?';
  err() << "leasehold: " << message << '\n';
  fail(kWrong);
}

void Shell::say(const engine::State& state, const Refusal& refusal) {
  err() << refusal_text(state, refusal,
                        [this](PartyId lessor, PartyId lessee) { return may_see(lessor, lessee); });
  fail(kRefused);
}

bool Shell::may_see(PartyId lessor, PartyId lessee) const {
  return !asker_ || asker_ == lessor || asker_ == lessee;
}

bool Shell::may_look(const engine::State& state, const AccountId& account) {
  if (account.kind != AccountKind::line || may_see(state.lease_of(account))) return true;
  say(InputErrors{{"account", state.name_of(account),
                   "a pool, or a line of a lease that " + options_.as + " is a side of"}});
  return false;
}

bool Shell::owner_only(const std::string& command) {
  if (options_.as.empty()) return true;
  say(InputErrors{{"--as", options_.as, "no --as: '" + command + "' shows the whole cloud"}});
  return false;
}

bool Shell::settle_asker(const engine::State& state) {
  if (options_.as.empty()) return true;
  asker_ = state.parties.resolve(options_.as);
  if (asker_) return true;
  say(InputErrors{{"--as", options_.as, "a party's name or id; 'leasehold party list' has them"}});
  return false;
}

}  // namespace leasehold::cli
