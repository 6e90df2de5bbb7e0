// On whom a company depends: how much of what it sells goes to few, and how much of it comes from
// those who also supply, own or fund it.
#pragma once

#include <map>
#include <vector>

#include "finance/revenue.h"

namespace leasehold::finance {

// Companies of which one owns another by half or more count as one group: the first of them by id.
PartyId group_of(const engine::State& state, PartyId company);

struct Concentration {
  struct Row {
    PartyId customer;
    Money amount;
    int64_t share_permille = 0;
  };
  std::vector<Row> rows;  // the largest first
  Money total;
  int64_t hhi = 0;  // sum of squared shares in percent: 0 to 10,000
};
Concentration concentration(const std::map<PartyId, Money>& amounts);

// What passed between a company and one that it is related to, in a window of time.
struct Circle {
  PartyId other;
  Money bought;  // servers that were delivered
  Money sold;    // service that was given
  bool supplies = false;
  bool owns = false;
  int64_t owns_ppm = 0;  // 0 where it is not public
  bool lends = false;
  // Money that went to the other, less what came from it.
  Money net() const { return bought - sold; }
};
std::vector<Circle> circularity(const engine::State& state, billing::Rater& rater, PartyId company,
                                const Months& months);

}  // namespace leasehold::finance
