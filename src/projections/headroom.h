// How much every site has and can still take, month by month, and what binds first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/state.h"

namespace leasehold::projections {

struct Headroom {
  SiteId site;
  Instant month;                    // its first moment, in UTC
  int64_t watts = 0;                // leased from landlords
  int64_t promised = 0;             // to deliveries
  int64_t in_use = 0;               // of lines that run: their servers at their greatest draw
  int64_t servers = 0;              // supply of the site's pools
  int64_t sold = 0;                 // servers of it that are promised
  int64_t by_power = 0;             // servers more that the power left would carry
  std::optional<int64_t> by_racks;  // servers more that the rack positions left would take
  std::string binds;                // what is used up first: "servers", "power" or "rack positions"
};

// At the beginning of each month from `from` on.
std::vector<Headroom> headroom(const engine::State& state, Instant from, int months);

}  // namespace leasehold::projections
