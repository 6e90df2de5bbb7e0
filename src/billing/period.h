// Billing periods: from one billing day to the next on the wall clock of a contract's zone. A month
// of 30 days and one in which the clock changes are as long as they are.
#pragma once

#include <string>

#include "base/time.h"
#include "domain/invoice.h"

namespace leasehold::billing {

// Midnight of the day in the zone; of the month's last day where it has no such day.
Instant period_start(Month month, const std::string& zone, int64_t day);
// The period that begins in the month.
Interval period_of(Month month, const std::string& zone, int64_t day);
// The month in which the period that has the instant began.
Month month_at(Instant at, const std::string& zone, int64_t day);

}  // namespace leasehold::billing
