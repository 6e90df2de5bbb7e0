// Spend budgets: what may be set, and when its party is told. What was spent is found by
// src/billing.
#include <algorithm>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {
constexpr Int128 kMostSpent = Int128{1'000'000'000'000} * Money::kNanosPerUnit;
}  // namespace

Result<Facts> decide_body(const State& state, const SetSpendBudget& command, Instant now) {
  SpendBudget budget = command.budget;
  if (state.parties.find(budget.party) == nullptr)
    return refuse(RefusalCode::unknown_reference, "party", to_text(budget.party));
  if (budget.monthly.nanos < 0 || budget.monthly.nanos > kMostSpent ||
      budget.monthly.currency.code[0] == 0)
    return refuse(RefusalCode::invalid_value, "monthly", to_text(budget.monthly),
                  "from 0 to 1,000,000,000,000 of a currency");
  LH_CHECK(check_range(static_cast<int64_t>(budget.alerts_permille.size()), 0, 10, "alerts"));
  int64_t last = 0;
  for (int64_t alert : budget.alerts_permille) {
    LH_CHECK(check_range(alert, last + 1, 10'000, "alerts, ascending, in thousandths"));
    last = alert;
  }
  auto known = state.billing.spend_budgets.find(budget.party);
  bool same = known == state.billing.spend_budgets.end()
                  ? budget.monthly.zero()
                  : known->second.monthly == budget.monthly &&
                        known->second.alerts_permille == budget.alerts_permille;
  if (same)
    return refuse(RefusalCode::nothing_to_change, "spend budget", state.name_of(budget.party),
                  "another sum, or other alerts");
  budget.since = now;
  return Facts{SpendBudgetSet{std::move(budget)}};
}

// Nothing happens where every alert that was reached was given before.
Result<Facts> decide_body(const State& state, const NoteSpend& command, Instant) {
  auto known = state.billing.spend_budgets.find(command.of.party);
  if (known == state.billing.spend_budgets.end() ||
      known->second.monthly.currency != command.spent.currency)
    return refuse(RefusalCode::unknown_reference, "party", to_text(command.of.party),
                  "a party with a budget in " + std::string(command.spent.currency.text()));
  auto given = state.billing.spend_reached.find(command.of);
  int64_t reached = given == state.billing.spend_reached.end() ? 0 : given->second;
  int64_t highest = reached;
  for (int64_t alert : known->second.alerts_permille)
    if (command.spent.nanos * 1000 >= known->second.monthly.nanos * alert)
      highest = std::max(highest, alert);
  if (highest == reached) return Facts{};
  return Facts{SpendBudgetReached{command.of, highest, command.spent}};
}

}  // namespace leasehold::engine
