// Cost and usage of one lessee in FOCUS 1.2 (FinOps Open Cost and Usage Specification; the columns
// and what may stand in them are theirs). How our charges become rows is in
// docs/reference/focus.md.
#pragma once

#include <string>

#include "billing/rater.h"
#include "engine/state.h"

namespace leasehold::documents {

// The lines of the lessee's invoices for the periods that begin in a month, as CSV. Absent values
// are empty.
std::string focus_csv(const engine::State& state, PartyId lessee, Month month);

}  // namespace leasehold::documents
