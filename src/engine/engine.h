// The engine: one deterministic function from a state and a command to facts or a refusal, and one
// from a state and a fact to the next state. No I/O, no clock, no randomness.
//
// decide() checks everything before it gives facts; apply() checks nothing and cannot fail, so a
// journal that was once written can always be read. All facts of one command stand or fall
// together.
#pragma once

#include <optional>
#include <vector>

#include "domain/command.h"
#include "domain/fact.h"
#include "domain/refusal.h"
#include "engine/state.h"

namespace leasehold::engine {

using Facts = std::vector<FactBody>;

Result<Facts> decide(const State& state, const Command& command);
void apply(State& state, const Fact& fact);

// When time itself will ask for a command (PassTime, which does the first thing due). Nothing
// when nothing is due ever.
std::optional<Instant> next_due(const State& state);

// What leases take from a commitment: to their end, or to the commitment's where they run longer.
Money drawn_from(const State& state, const Commitment& commitment);

// The servers that work on a rack, a feed or a pod takes out of service: those of a pod or rack,
// and of a feed those that have no other.
std::vector<ServerId> servers_in_scope(const State& state, const AccountId& scope);

// A command that is decided and applied to a state in memory: what a dry run shows.
Result<std::vector<Fact>> perform(State& state, const Command& command);

// What time brings up to a moment, in a state in memory: what a question about it must see.
std::vector<Fact> pass_time(State& state, Instant until);

}  // namespace leasehold::engine
