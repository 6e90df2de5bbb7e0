#include "operations/shell.h"

#include <istream>
#include <iterator>

#include "projections/calendar_change.h"

namespace leasehold::operations {

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
  auto journal = door_.journal();
  if (journal) return std::move(*journal);
  say(journal.error());
  return nullptr;
}

std::optional<Shell::View> Shell::view() {
  std::optional<Instant> known_at = at_ && *at_ < now_ ? at_ : std::nullopt;
  Instant moment = at_.value_or(now_);
  auto held = door_.state(known_at, moment);
  if (!held) {
    say(held.error());
    return std::nullopt;
  }
  const engine::State& state = **held;
  if (!settle_asker(state)) return std::nullopt;
  return View{std::move(*held), state, moment};
}

bool Shell::no_moment_asked() {
  if (!at_) return true;
  say(InputErrors{
      {"--at", options_.at, "no --at: it is for questions; changes happen now (--now)"}});
  return false;
}

std::unique_ptr<cloud::Executor> Shell::cloud_to_write() {
  if (!no_moment_asked()) return nullptr;
  auto executor = door_.executor(!options_.dry_run);
  if (!executor) {
    say(executor.error());
    return nullptr;
  }
  if (!settle_asker((*executor)->state())) return nullptr;
  return std::move(*executor);
}

std::unique_ptr<std::istream> Shell::input(const std::string& field, const std::string& name) {
  auto in = environment_.read(name);
  if (!in) say(InputErrors{{field, name, "a file that can be read"}});
  return in;
}

std::optional<std::string> Shell::input_text(const std::string& field, const std::string& name) {
  auto in = input(field, name);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(*in), {});
}

std::optional<Command> Shell::build(const engine::State& state, const Builder& build) {
  if (!settle_asker(state)) return std::nullopt;
  Reader reader = this->reader(state);
  CommandBody body = build(reader);
  if (!reader.good()) {
    say(reader.errors());
    return std::nullopt;
  }
  if (!allowed(state, body)) return std::nullopt;
  return Command{now_, actor(), std::move(body), options_.request};
}

bool Shell::allowed(const engine::State& state, const CommandBody& command) {
  if (!options_.role) return true;
  access::Asker asker{asker_ ? std::optional(asker_) : std::nullopt, *options_.role};
  if (access::may_command(state, asker, command)) return true;
  listener_.forbidden("this is not for the role " + std::string(name_of(*options_.role)) +
                      (asker_ ? " of " + state.name_of(asker_) : ""));
  fail(kRefused);
  return false;
}

void Shell::try_out(const Builder& build, const Then& then) {
  auto executor = cloud_to_write();
  if (!executor) return;
  auto command = this->build(executor->state(), build);
  if (!command) return;
  engine::State state = executor->state();
  engine::pass_time(state, command->at);
  auto facts = engine::perform(state, *command);
  if (!facts) return say(state, facts.error());
  for (Fact& fact : engine::pass_time(state, command->at)) facts->push_back(std::move(fact));
  say_facts(state, *facts);
  say_calendars(executor->state(), state, *facts);
  if (then) then(state, *facts);
}

// Before and after, of what the one who asks may look into.
void Shell::say_calendars(const engine::State& before, const engine::State& after,
                          const std::vector<Fact>& facts) {
  Table table(
      columns_of("account, from: moment, supply: number, promised: number, supply after: "
                 "number, promised after: number"));
  for (const auto& [account, steps] : projections::calendar_changes(before, after, facts)) {
    if (!may_see_source(after, account)) continue;
    for (const auto& step : steps)
      table.add({text(after.name_of(account)), moment(step.at), number(step.supply_before),
                 number(step.promised_before), number(step.supply_after),
                 number(step.promised_after)});
  }
  if (!table.empty()) say_meaning(table);
}

void Shell::submit_and_say(const Builder& build, const Then& then) {
  if (!no_moment_asked()) return;
  if (options_.dry_run) return try_out(build, then);
  door_.submit([&](const engine::State& state) { return this->build(state, build); },
               [this, then](const HeldState& after, journal::Io<cloud::Answer> answer) {
                 if (!answer) return say(answer.error());
                 if (!*answer) return say(*after, answer->error());
                 say_facts(*after, **answer);
                 if (then) then(*after, **answer);
               });
}

void Shell::say_facts(const engine::State& after, const std::vector<Fact>& facts) {
  listener_.facts(after, facts, options_.dry_run);
}

void Shell::say(const InputErrors& errors) {
  listener_.wrong(errors);
  fail(kWrong);
}

void Shell::say(const journal::IoError& error) {
  listener_.failed(error);
  fail(kWrong);
}

MaySee Shell::sight() const {
  return [this](PartyId lessor, PartyId lessee) { return may_see(lessor, lessee); };
}

void Shell::say(const engine::State& state, const Refusal& refusal) {
  listener_.refused(state, refusal, sight());
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

}  // namespace leasehold::operations
