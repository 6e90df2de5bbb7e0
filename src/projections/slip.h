// What follows where a landlord is late: which deliveries slip for want of power, which contracts
// with them, what is owed and what is put off, and where else it could run.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace leasehold::projections {

struct SlippedDelivery {
  DeliveryId delivery;
  Instant was;
  Instant now;
};

struct SlippedLine {
  AccountId line;
  int64_t atoms = 0;                 // of the line that come late, at most
  Interval missing;                  // from when to when they are missing
  Money put_off;                     // what the line earns in the missing time
  Money damages;                     // by the contract's delay clause
  bool clause = false;               // whether it has one
  std::optional<Instant> walk_from;  // when the lessee may leave the late part
  std::string instead;               // another pool of the lessor that has as much meanwhile
};

struct Slip {
  std::vector<SiteLeaseId> leases;  // that slip
  std::vector<SlippedDelivery> deliveries;
  std::vector<SlippedLine> lines;
};

// Every head lease of the landlord that has not begun comes so much later. A delivery that then has
// no power moves to when it has; what was promised from it is cut while it is missing, the latest
// signed first. Nothing is changed: this is a trial over a copy of the state.
Slip slip(const engine::State& state, PartyId landlord, const Term& by, Instant now);

}  // namespace leasehold::projections
