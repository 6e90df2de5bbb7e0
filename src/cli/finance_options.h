// What the finance reports share: whose they are, and which months.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/shell.h"
#include "finance/revenue.h"

namespace leasehold::cli {

struct FinanceValues {
  std::string party, from, through;
};
void finance_options(CLI::App& app, FinanceValues& values);

struct FinanceAsked {
  engine::State state;
  Instant moment;
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

}  // namespace leasehold::cli
