// Who holds what at an instant, down the tiers.
#pragma once

#include <string>
#include <vector>

#include "engine/state.h"

namespace leasehold::projections {

struct Holding {
  int depth = 0;      // 0 for the account asked about
  AccountId account;  // of a line; none for a hold
  std::string name;
  PartyId lessor;
  PartyId lessee;
  int64_t atoms = 0;
  int64_t not_passed_on = 0;  // of a pool: free; of a line: the lessee's own use and idle
};

// The account, then its holders in the order of their contracts, each followed by its own.
// Costs the promises of the accounts it enters.
std::vector<Holding> holders(const engine::State& state, const AccountId& account, Instant at);

}  // namespace leasehold::projections
