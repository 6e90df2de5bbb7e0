// Refusals in words. The only place where a refusal becomes a sentence.
#pragma once

#include <functional>
#include <string>

#include "domain/refusal.h"
#include "engine/state.h"

namespace leasehold::operations {

using MaySee = std::function<bool(PartyId lessor, PartyId lessee)>;

// Several lines: the code and what is short, who holds it as far as the asker may see, and the
// nearest that would fit.
std::string refusal_text(const engine::State& state, const Refusal& refusal, const MaySee& may_see);

// "10,000 accelerators (1,250 servers)", or megawatts for a site.
std::string amount_text(int64_t atoms, QuantityKind unit, int64_t atoms_per_server);

}  // namespace leasehold::operations
