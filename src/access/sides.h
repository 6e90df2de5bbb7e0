// The parties that a thing is between.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/state.h"

namespace leasehold::access {

using Parties = std::vector<PartyId>;

inline Parties sides_of(const Offer& offer) { return {offer.lessor, offer.lessee}; }
inline Parties sides_of(const Commitment& one) { return {one.lessor, one.lessee}; }
inline Parties sides_of(const Invoice& invoice) { return {invoice.to.lessor, invoice.to.lessee}; }
// Who runs it, and whose the line or pool is that it draws on.
inline Parties sides_of(const engine::State& state, const Instance& instance) {
  return {instance.tenant, state.promiser(instance.account)};
}

// Of what belongs to one party, or to the whole cloud.
inline Parties only(const std::optional<PartyId>& party) {
  return party ? Parties{*party} : Parties{};
}

inline bool among(const Parties& parties, PartyId party) {
  return std::find(parties.begin(), parties.end(), party) != parties.end();
}

}  // namespace leasehold::access
