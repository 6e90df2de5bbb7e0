// Whether what was signed is still used as the contracts above it allow.
#pragma once

#include <optional>
#include <string>

#include "engine/state.h"

namespace leasehold::engine {

// The clause that a lease breaks of a lease above it; nothing where it breaks none. Signing refuses
// a breach, so there is one only where parties changed since.
std::optional<std::string> broken_use(const State& state, const Lease& lease);

}  // namespace leasehold::engine
