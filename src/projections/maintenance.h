// What planned work would break: the lines that have servers in its scope.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace leasehold::projections {

struct MaintenanceImpact {
  AccountId line;
  int64_t servers = 0;   // of the line in the scope, that are in service
  int64_t replaced = 0;  // of which others of the pool can take the place
  bool excused = false;  // whether the outage of the rest does not count by the line's contract
  std::string why_not;   // the part of the clause that is not met
};

// As the fleet is now.
std::vector<MaintenanceImpact> maintenance_impact(const engine::State& state,
                                                  const AccountId& scope, const Interval& window,
                                                  Instant now);

}  // namespace leasehold::projections
