// The invariants 1 to 7 of docs/internals.md as properties, with naive oracles.
// 10,000 cases each: RC_PARAMS="max_success=N seed=S" changes that, or plays a failure again.
#include <cstdlib>
#include <iostream>

#include <rapidcheck.h>
#include <sodium.h>

#include "cloud/cloud.h"
#include "journal/memory.h"
#include "projections/proof.h"
#include "property/billing.h"
#include "property/fleet.h"
#include "property/rolls.h"
#include "property/world.h"

namespace leasehold::property {

namespace {

// Every account at every second: promised <= supply x (1 + overcommit), and the calendar agrees.
void check_never_sold_twice(const engine::State& state, const std::vector<Fact>& history) {
  Naive naive = count(state, history);
  for (const auto& [id, promised] : naive.promised) {
    Levels supply = naive.supply[id];
    supply.resize(promised.size(), 0);
    const capacity::Account* account = state.ledger.find(id);
    RC_ASSERT(account != nullptr);
    for (size_t t = 0; t < promised.size(); ++t) {
      int64_t limit = supply[t] + supply[t] * account->overcommit_permille() / 1000;
      RC_ASSERT(promised[t] <= limit || promised[t] == 0);
      Instant at{kStart + static_cast<int64_t>(t)};
      RC_ASSERT(account->free().level_at(at) == limit - promised[t]);
    }
  }
  for (const projections::Proof& proof : projections::prove(state)) RC_ASSERT(proof.agrees);
}

// A request that is refused for capacity does not fit, second by second; the first instant and the
// shortfall are the right ones.
void check_refusal(const engine::State& state, const std::vector<Fact>& history,
                   const Command& command, const Refusal& refusal) {
  const auto* sign = std::get_if<SignLease>(&command.body);
  if (sign == nullptr || refusal.code != RefusalCode::capacity_short) return;
  Naive naive = count(state, history);
  AccountId id = sign->offer.lines.front().sources.front();
  Levels asked;
  Levels free = naive.supply[id];
  free.resize(kHorizon + 60, 0);
  Levels promised = naive.promised[id];
  promised.resize(free.size(), 0);
  const capacity::Account* account = state.ledger.find(id);
  int64_t overcommit = account == nullptr ? 0 : account->overcommit_permille();
  std::optional<std::pair<int64_t, int64_t>> first;  // second, shortfall
  for (size_t t = 0; t < free.size() && !first; ++t) {
    Instant at{kStart + static_cast<int64_t>(t)};
    int64_t wanted = 0;
    for (const LineRequest& line : sign->offer.lines) {
      if (line.interval.contains(at)) wanted += line.quantity.count;
      for (const RampStep& step : line.ramp)
        if (Interval{step.from, line.interval.until}.contains(at)) wanted += step.quantity.count;
      // Lines are taken one after the other: the first that does not fit is reported.
      int64_t left = free[t] + free[t] * overcommit / 1000 - promised[t] - wanted;
      if (left < 0 && wanted > 0) {
        first = {at.seconds, -left};
        break;
      }
    }
  }
  RC_ASSERT(first.has_value());
  if (sign->offer.lines.size() > 1) return;
  RC_ASSERT(refusal.first_at.seconds == first->first);
  RC_ASSERT(refusal.short_by == first->second);
}

// What the random commands came to, so that a run that tries too little can be seen, and fails.
std::map<std::string, int> outcomes;
std::map<int, int> signed_at_tier;

void tally(const engine::State& state, const Command& command,
           const Result<std::vector<Fact>>& facts) {
  ++outcomes[facts ? "done" : name_of(facts.error().code)];
  if (!facts) return;
  for (const Fact& fact : *facts) {
    ++outcomes[std::string("fact ") + kind_of(fact.body)];
    if (const auto* amended = std::get_if<LineAmended>(&fact.body))
      ++outcomes["amended by " + amended->change];
  }
  const auto* sign = std::get_if<SignLease>(&command.body);
  if (sign == nullptr) return;
  int tier = 1;
  for (AccountId at = sign->offer.lines.front().sources.front(); at.kind == AccountKind::line;
       at = state.line(at).source)
    ++tier;
  ++signed_at_tier[tier];
}

bool tried_enough() {
  for (const auto& [what, count] : outcomes) std::cout << "  " << what << ": " << count << '\n';
  for (const auto& [tier, count] : signed_at_tier)
    std::cout << "  signed at tier " << tier << ": " << count << '\n';
  bool enough = signed_at_tier[kTiers] > 0;
  for (const char* what : {"capacity_short", "breaks_promises", "power_short", "amended by curtail",
                           "fact delivery_retimed", "fact hold_ended"})
    enough = enough && outcomes[what] > 0;
  return enough;
}

void never_sold_twice() {
  engine::State state = new_world();
  std::vector<Fact> history;
  for (const Roll& roll : *rolls()) {
    auto command = command_of(state, roll);
    if (!command) continue;
    while (auto due = engine::next_due(state)) {
      if (*due > command->at) break;
      RC_ASSERT(engine::perform(state, {std::max(*due, state.now), "", PassTime{}}).has_value());
    }
    std::string before = state.bytes();
    auto facts = engine::perform(state, *command);
    tally(state, *command, facts);
    if (!facts) {
      RC_ASSERT(state.bytes() == before);
      check_refusal(state, history, *command, facts.error());
      continue;
    }
    history.insert(history.end(), facts->begin(), facts->end());
    check_never_sold_twice(state, history);
  }
}

// Folding from the start, or from any snapshot, gives the same bytes.
void replay_is_identity() {
  engine::State state = new_world();
  uint64_t first = state.sequence;
  std::vector<Fact> history;
  std::vector<std::string> bytes{state.bytes()};  // after each fact
  for (const Roll& roll : *rolls()) {
    auto command = command_of(state, roll);
    if (!command) continue;
    auto facts = engine::decide(state, *command);
    if (!facts) continue;
    for (const FactBody& body : *facts) {
      history.push_back({state.sequence + 1, command->at, "test", body});
      engine::apply(state, history.back());
      bytes.push_back(state.bytes());
    }
  }
  auto chosen = *rc::gen::inRange<size_t>(0, bytes.size());
  auto resumed = engine::State::from_bytes(bytes[chosen]);
  RC_ASSERT(resumed.has_value());
  RC_ASSERT(resumed->bytes() == bytes[chosen]);
  for (size_t i = chosen; i < history.size(); ++i) engine::apply(*resumed, history[i]);
  RC_ASSERT(resumed->bytes() == state.bytes());
  RC_ASSERT(resumed->sequence == first + history.size());
}

// A journal whose append fails once, before or after the records are kept.
class FailingJournal : public journal::MemoryJournal {
 public:
  FailingJournal(const MemoryJournal& kept, int fails_at, bool keeps)
      : MemoryJournal(kept), fails_at_(fails_at), keeps_(keeps) {}
  journal::Io<std::monostate> append(std::span<const journal::Record> records) override {
    if (++appends_ < fails_at_) return MemoryJournal::append(records);
    if (appends_ == fails_at_ && keeps_) (void)MemoryJournal::append(records);
    return Unexpected<journal::IoError>(journal::IoError{journal::IoCode::failed, "test", 0});
  }

 private:
  int appends_ = 0;
  int fails_at_;
  bool keeps_;
};

// What was answered is in the journal after a failure; of what was not, all or nothing of a batch.
void durable_before_said() {
  journal::MemoryJournal kept;
  int fails_at = *rc::gen::inRange(1, 12);
  bool keeps = *rc::gen::arbitrary<bool>();
  auto opened = cloud::Cloud::open(std::make_unique<FailingJournal>(kept, fails_at, keeps), {3});
  RC_ASSERT(opened.has_value());
  std::vector<Fact> answered;
  uint64_t in_flight = 0;
  bool failed = false;
  for (const auto& names : *rc::gen::container<std::vector<std::vector<int>>>(
           rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30)))) {
    std::vector<Command> batch;
    for (int name : names)
      batch.push_back({Instant{kStart}, "test",
                       DefineParty{{{}, "p" + std::to_string(name), PartyKind::company, {}}}});
    uint64_t before = opened->state().sequence;
    auto answers = opened->execute(batch);
    if (!answers) {
      if (!failed) in_flight = opened->state().sequence - before;
      failed = true;
      continue;
    }
    RC_ASSERT(!failed);  // a failure is sticky
    for (const cloud::Answer& answer : *answers)
      if (answer) answered.insert(answered.end(), answer->begin(), answer->end());
  }
  auto again = cloud::Cloud::open(std::make_unique<journal::MemoryJournal>(kept));
  RC_ASSERT(again.has_value());
  uint64_t found = again->state().sequence;
  RC_ASSERT(found == answered.size() || (keeps && found == answered.size() + in_flight));
  for (const Fact& fact : answered) {
    const auto& party = std::get<PartyDefined>(fact.body).party;
    RC_ASSERT(again->state().parties.at(party.id).name == party.name);
  }
}

}  // namespace
}  // namespace leasehold::property

int main() {
  using namespace leasehold::property;
  if (sodium_init() < 0) return 1;
  setenv("RC_PARAMS", "max_success=10000 max_size=60", 0);
  std::cout << "RC_PARAMS=" << getenv("RC_PARAMS")
            << "; rapidcheck prints the seed of each property that fails, and of this run:\n";
  int passed = 0;
  int failed = 0;
  auto check = [&](const char* name, void (*property)()) {
    std::cout << name << std::endl;
    ++(rc::check(name, property) ? passed : failed);
  };
  check("invariant 1: never sold twice, four tiers deep", never_sold_twice);
  if (!tried_enough()) {
    std::cout << "the random commands left out something that they must try" << std::endl;
    ++failed;
  }
  check("invariant 6: replay is identity", replay_is_identity);
  check("invariant 7: durable before said", durable_before_said);
  check("invariant 2, budgets, outages: the fleet is sound", fleet_is_sound);
  if (!fleet_tried_enough()) {
    std::cout << "the random commands left out something that they must try" << std::endl;
    ++failed;
  }
  check("invariants 3, 4 and 5: every second is billed once, and the books agree",
        every_second_is_billed_once);
  if (!billing_tried_enough()) {
    std::cout << "the random months left out something that they must have" << std::endl;
    ++failed;
  }
  std::cout << passed << " passed, " << failed << " failed" << std::endl;
  return failed == 0 ? 0 : 1;
}
