// Facts in words: one line each, for those who watch and for the audit.
#pragma once

#include <optional>
#include <string>

#include "domain/fact.h"
#include "engine/state.h"

namespace leasehold::operations {

// `state` is one in which the fact has been applied.
std::string fact_text(const engine::State& state, const FactBody& body);

// Of what belongs to one party: "midjourney"; "the whole cloud" where there is none.
std::string whose(const engine::State& state, const std::optional<PartyId>& party);
// `unit` is what an hour of is priced: accelerator or chip.
std::string price_text(const Price& price, QuantityKind unit);
// "2025-09-04 to 2029-09-04", "from 2025-09-04, open".
std::string term_text(const Interval& term);
// "10,000 accelerators from b200-kansas-city, 2026-01-01 to 2030-01-01, 1,300,000,000.00 USD".
// The source is not named to those who may not see it.
std::string line_text(const engine::State& state, const Line& line, bool names_source = true);

}  // namespace leasehold::operations
