// What a party means to spend in a month, and the commands and facts about it.
#pragma once

#include <vector>

#include "base/describe.h"
#include "base/money.h"
#include "domain/ids.h"
#include "domain/invoice.h"

namespace leasehold {

// Months are of the calendar, UTC. Nothing is held back where it is passed: it is told of.
struct SpendBudget {
  PartyId party;
  Money monthly;                         // zero: there is none
  std::vector<int64_t> alerts_permille;  // of it, ascending: where it is told of
  Instant since;                         // when it was set: months before are not told of
  static constexpr auto fields() {
    return describe(field("party", &SpendBudget::party), field("monthly", &SpendBudget::monthly),
                    field("alerts_permille", &SpendBudget::alerts_permille),
                    field("since", &SpendBudget::since));
  }
};

struct SpendMonth {
  PartyId party;
  Month month;
  auto operator<=>(const SpendMonth&) const = default;
  static constexpr auto fields() {
    return describe(field("party", &SpendMonth::party), field("month", &SpendMonth::month));
  }
};

struct SetSpendBudget {
  SpendBudget budget;
};
// What was spent in a month, as billing found it: the engine knows which alerts were given.
struct NoteSpend {
  SpendMonth of;
  Money spent;
};

struct SpendBudgetSet {
  static constexpr const char* kKind = "spend_budget_set";
  SpendBudget budget;
  static constexpr auto fields() { return describe(field("budget", &SpendBudgetSet::budget)); }
};
struct SpendBudgetReached {
  static constexpr const char* kKind = "spend_budget_reached";
  SpendMonth of;
  int64_t alert_permille = 0;  // the highest that was reached
  Money spent;
  static constexpr auto fields() {
    return describe(field("of", &SpendBudgetReached::of),
                    field("alert_permille", &SpendBudgetReached::alert_permille),
                    field("spent", &SpendBudgetReached::spent));
  }
};

}  // namespace leasehold
