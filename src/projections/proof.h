// The proof that nothing is sold twice: every account swept anew from the contracts themselves,
// without the calendar that decided them. Past and future, at every tier.
#pragma once

#include <vector>

#include "engine/state.h"

namespace leasehold::projections {

struct Proof {
  AccountId account;
  int tier = 0;  // 0 for sites and pools, 1 for a lease's line, 2 for a sublease's, ...
  int64_t promises = 0;
  int64_t instants = 0;  // at which something changes: all were looked at
  int64_t least_free = 0;
  Instant least_at;
  bool agrees = true;  // the calendar says the same at every one of them
  bool sound() const { return least_free >= 0 && agrees; }
};

// One for each account that has promised something. O(n log n) in the promises.
std::vector<Proof> prove(const engine::State& state);

}  // namespace leasehold::projections
