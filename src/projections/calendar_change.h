// What a change does to the capacity calendars that it touches: before and after, side by side.
#pragma once

#include <vector>

#include "domain/fact.h"
#include "engine/state.h"

namespace leasehold::projections {

struct CalendarChange {
  struct Step {  // from an instant until the next step's
    Instant at;
    int64_t supply_before = 0;  // atoms, as the others
    int64_t promised_before = 0;
    int64_t supply_after = 0;
    int64_t promised_after = 0;
  };
  AccountId account;
  std::vector<Step> steps;
};

// Of the pools and lines that facts are about and whose supply or promises they change, each once,
// in the order of the facts. `after` is `before` with the facts. The steps go from some time before
// the first difference to some time after the last: a quarter of what lies between, in whole
// days, at least 30.
std::vector<CalendarChange> calendar_changes(const engine::State& before,
                                             const engine::State& after,
                                             const std::vector<Fact>& facts);

}  // namespace leasehold::projections
