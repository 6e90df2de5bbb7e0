// What accelerator-hours earn, what they cost, and what is left: by contract, and of what a lessee
// leases on.
#pragma once

#include <optional>
#include <vector>

#include "finance/revenue.h"

namespace leasehold::finance {

// What the state does not know of the cost of running servers.
struct RunningCosts {
  std::optional<Money> rent_kw_month;  // where the site has no head lease with a rent
  Money energy_kwh;
  int64_t pue_permille = 1000;
  Money operations_hour;  // an accelerator
  // Months over which servers are written off; 0: as each cost says.
  int64_t life_months = 0;
};

struct MarginRow {
  AccountId line;
  PartyId customer;
  int64_t hours = 0;  // accelerator-hours served
  int64_t watts = 0;  // of critical power, on average over the months
  Money revenue;
  Money head;          // what the lessor pays for them itself
  Money depreciation;  // where it has the servers
  Money rent;
  Money energy;
  Money operations;
  Money margin() const { return revenue - head - depreciation - rent - energy - operations; }
};
std::vector<MarginRow> margins(const engine::State& state, billing::Rater& rater, PartyId lessor,
                               const Months& months, const RunningCosts& costs);

// Of a line that its holder leases on: who has its accelerator-hours in a month, and what they
// bring.
struct Sublet {
  Month month;
  int64_t hours = 0;  // all
  int64_t own = 0;    // the holder's departments'
  int64_t sublet = 0;
  int64_t idle = 0;
  Money cost;
  Money income;
  // The share that must be sublet, at the income of an hour that is, for the month to pay for
  // itself.
  int64_t break_even_permille = 0;
};
std::vector<Sublet> sublet_margin(const engine::State& state, const AccountId& line,
                                  const Months& months);

}  // namespace leasehold::finance
