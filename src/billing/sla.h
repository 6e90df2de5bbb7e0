// Service levels: what was promised of a line in a window, what of it was missing, and what the
// contract's clauses give back for that.
#pragma once

#include <map>
#include <vector>

#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::billing {

// The outages of every line, those of lines below it included: what a sublessee lacks, its lessor
// lacks as well.
class OutagesByLine {
 public:
  explicit OutagesByLine(const engine::State& state);
  const std::vector<OutageId>& of(const AccountId& line) const;

 private:
  std::map<AccountId, std::vector<OutageId>> outages_;
};

struct SlaResult {
  SlaClause clause;
  int64_t promised = 0;  // server-seconds
  int64_t lost = 0;      // that count
  int64_t excused = 0;
  int64_t available_ppm = 1'000'000;
  Money credit;  // in whole minor units, not negative
};

// By clause, for a line of a lease in a window, for which its fee is `fee`. All credits together
// are at most the fee.
std::vector<SlaResult> service_levels(const engine::State& state, const OutagesByLine& outages,
                                      const AccountId& line, const Interval& window,
                                      const Money& fee);

}  // namespace leasehold::billing
