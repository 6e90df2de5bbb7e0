// Where a party can launch a type now: on lines of its own first, then on pools on demand.
#pragma once

#include <string>
#include <vector>

#include "server/lambda_shapes.h"

namespace leasehold::server::lambda {

// The command that launches one of a type on an account.
LaunchInstance launch_on(const engine::State& state, const AccountId& account, const Type& type,
                         PartyId party);
// Accounts of the party where one more of the type would start now, in the order in which they are
// to be asked; of one region, or of all where it is empty.
std::vector<AccountId> where_now(const engine::State& state, const Type& type, PartyId party,
                                 const std::string& region, Instant now);
// In words: when so many accelerators are free at once for good, and where else they are now.
std::string suggestion(const engine::State& state, const Type& type, int64_t quantity,
                       PartyId party, const std::string& region, Instant now);

}  // namespace leasehold::server::lambda
