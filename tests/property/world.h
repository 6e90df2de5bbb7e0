// A small world for property tests: one pool, a horizon of 90 seconds, and random commands over
// four tiers. The naive model beside it counts second by second, straight from the contracts.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/engine.h"

namespace leasehold::property {

inline constexpr int64_t kStart = 1'700'000'000;
inline constexpr int64_t kHorizon = 90;
inline constexpr int kTiers = 4;

// Numbers that a command is made of; what they mean depends on the command.
struct Roll {
  int kind = 0;
  int a = 0, b = 0, c = 0, d = 0;
};

// A cloud with six parties, a site with power for `servers` and an empty pool.
engine::State new_world();
// The command that a roll means in a state; nothing where there is nothing to do it to.
std::optional<Command> command_of(const engine::State& state, const Roll& roll);

// Levels second by second over the horizon; the last one stands for everything after.
using Levels = std::vector<int64_t>;

// Counted from deliveries, withdrawals (given by the facts), leases and holds.
struct Naive {
  std::map<AccountId, Levels> supply;
  std::map<AccountId, Levels> promised;
};
Naive count(const engine::State& state, const std::vector<Fact>& history);

}  // namespace leasehold::property
