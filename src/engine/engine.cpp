#include "engine/engine.h"

#include <algorithm>

#include "engine/rules.h"

namespace leasehold::engine {

Result<Facts> decide(const State& state, const Command& command) {
  if (command.at < state.now)
    return refuse(RefusalCode::time_backwards, "at", to_text(command.at),
                  "not before " + to_text(state.now) + ", the time of the last fact");
  if (command.at < kFirst || command.at > kLast)
    return refuse(RefusalCode::invalid_value, "at", "", "a moment from 1970 to 9999");
  LH_CHECK(check_text(command.actor, "actor"));
  return std::visit(
      [&](const auto& body) -> Result<Facts> { return decide_body(state, body, command.at); },
      command.body);
}

std::optional<Instant> next_due(const State& state) {
  if (line_to_fill(state)) return state.now;
  if (state.agenda.empty()) return std::nullopt;
  return state.agenda.begin()->at;
}

Result<std::vector<Fact>> perform(State& state, const Command& command) {
  Result<Facts> bodies = decide(state, command);
  if (!bodies) return Unexpected<Refusal>(std::move(bodies.error()));
  std::vector<Fact> facts;
  for (FactBody& body : *bodies) {
    facts.push_back({state.sequence + 1, command.at, command.actor, std::move(body)});
    apply(state, facts.back());
  }
  return facts;
}

std::vector<Fact> pass_time(State& state, Instant until) {
  std::vector<Fact> facts;
  while (auto due = next_due(state)) {
    if (*due > until) break;
    auto brought = perform(state, {std::max(*due, state.now), "leasehold", PassTime{}});
    LH_ASSERT(brought.has_value());
    facts.insert(facts.end(), brought->begin(), brought->end());
  }
  return facts;
}

}  // namespace leasehold::engine
