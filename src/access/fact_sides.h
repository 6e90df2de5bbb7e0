// To whom a fact belongs: those are told of it.
#pragma once

#include <vector>

#include "domain/fact.h"
#include "engine/state.h"

namespace leasehold::access {

// The parties that a fact's contract, instance or invoice is between; none for what only the whole
// cloud sees. `state` is one in which the fact has been applied.
std::vector<PartyId> sides_of(const engine::State& state, const FactBody& fact);

}  // namespace leasehold::access
