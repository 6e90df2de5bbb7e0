// A run of invoices: what is issued for a lessor's month, and which months are next. Every invoice
// is a command of its own, so a run that was broken off goes on where it stopped.
#pragma once

#include <optional>
#include <vector>

#include "billing/rater.h"
#include "domain/command.h"
#include "domain/refusal.h"

namespace leasehold::billing {

// What a lessor issues for a month now.
struct MonthRun {
  std::vector<CommandBody> commands;  // the invoices not issued yet; the closing, once all are
  std::vector<BillTo> pending;        // whose period, by another billing day or zone, is not over
};
// Refused where the month is over nowhere.
Result<MonthRun> month_of(const engine::State& state, Rater& rater, PartyId lessor, Month month,
                          Instant now);

// The months up to `through` that a lessor has not closed. Refused where `period` is asked for
// alone and is not the next: a month is billed after those before it.
Result<std::vector<Month>> months_to_bill(const engine::State& state, const Rater& rater,
                                          PartyId lessor, std::optional<Month> period,
                                          Month through);

}  // namespace leasehold::billing
