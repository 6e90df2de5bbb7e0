// What becomes impossible when an offer is taken: the opportunity cost in capacity.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/state.h"

namespace leasehold::projections {

// A usual request, and when it could start.
struct Ask {
  int64_t atoms = 0;
  Term term;
  std::optional<Instant> before;
  std::optional<Instant> after;
};

struct Impact {
  AccountId account;
  int64_t free_before = 0;  // least, over the offer's term
  int64_t free_after = 0;
  std::vector<Ask> asks;                 // a quarter, a half and all of what was free, for a year
  std::vector<std::string> quotes_lost;  // open quotes that fitted before and do not fit after
};

// One for each account that the offer draws on.
std::vector<Impact> impact(const engine::State& before, const engine::State& after,
                           const Offer& offer);

}  // namespace leasehold::projections
