// What the desk, the finance lead and a reseller ask first: who holds how much at what value, and
// what is idle.
#pragma once

#include <optional>
#include <vector>

#include "engine/state.h"

namespace leasehold::projections {

// The lines of one lessee at one tier, of one currency: 1 from pools, 2 from lines of tier 1, and
// so on.
struct Position {
  PartyId lessee;
  int tier = 1;
  int64_t atoms = 0;           // running at the moment
  Money value;                 // of all dated lines, from start to end
  int64_t share_permille = 0;  // of the tier's value in that currency
  int64_t open_lines = 0;      // without an end, and so without a total
};

struct Overview {
  std::vector<Position> positions;  // by tier, then by value, greatest first
  int64_t watts = 0;                // critical power of all sites at the moment
  int64_t watts_promised = 0;       // to deliveries
  int64_t watts_leased = 0;         // of accelerators under lease from pools
};
Overview overview(const engine::State& state, Instant at);

// Accelerator-hours of an account in a window that nobody uses under a contract: of a pool what is
// not leased; of a line that was sublet from, or may be to others, what is not sublet (own use is
// not told apart).
struct Idle {
  AccountId account;
  PartyId holder;
  int64_t hours = 0;
  int64_t idle_hours = 0;
  std::optional<Money> cost;           // what the holder pays for the idle hours
  std::optional<Money> clearing_rate;  // a pool's list price, or what a line costs an hour
  int64_t share_permille() const { return hours == 0 ? 0 : idle_hours * 1000 / hours; }
};
std::vector<Idle> idle(const engine::State& state, const Interval& window);

}  // namespace leasehold::projections
