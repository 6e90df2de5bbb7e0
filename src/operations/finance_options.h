// What the finance reports share: whose they are, and which months.
#pragma once

#include "finance/revenue.h"
#include "operations/form.h"
#include "operations/shell.h"

namespace leasehold::operations {

struct FinanceValues {
  std::string party, from, through;
};
void finance_options(Form& form, FinanceValues& values);

struct FinanceAsked {
  Shell::View view;
  PartyId party;  // a company
  finance::Months months;
};
// Nothing (and said) where the input is wrong or the report is not the asker's.
std::optional<FinanceAsked> ask_finance(Shell& shell, const FinanceValues& values);
InputErrors not_its_own(const std::string& field, const std::string& typed);

std::string lease_name(const engine::State& state, LeaseId id);
int64_t permille_of(const Money& part, const Money& whole);
std::string quarter_text(Month month);  // "2025-Q2"
std::string roles_text(bool supplies, bool owns, bool lends);

}  // namespace leasehold::operations
