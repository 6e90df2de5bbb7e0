// When the tranches of a line are accepted, and the servers that hold them up.
#pragma once

#include <string>
#include <vector>

#include "engine/state.h"

namespace leasehold::projections {

struct TrancheAcceptance {
  int64_t number = 0;  // from 1
  std::string words;
};

struct HeldUpBy {
  ServerId server;
  int64_t hours = 0;  // of the tests that it has still to pass
  std::string tests;  // "soak, fabric"
};

struct Acceptance {
  std::vector<TrancheAcceptance> tranches;
  int64_t wanted = 0;
  int64_t placed = 0;
  // Servers of the line's pool that are nearest to ready, as many as are awaited, nearest first;
  // and those of the line that are out of service.
  std::vector<HeldUpBy> holding_up;
};

// At a moment; what is in burn-in is reckoned to pass every test at the first try.
Acceptance acceptance_of(const engine::State& state, const AccountId& line, Instant at);

}  // namespace leasehold::projections
