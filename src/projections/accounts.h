// Accounts as questions see them.
#pragma once

#include <optional>

#include "engine/state.h"

namespace leasehold::projections {

// An account of the ledger, or what one would be: a line that nothing was sublet from has none yet,
// and may promise all it has. Valid as long as the state is not changed.
class AccountView {
 public:
  AccountView(const engine::State& state, const AccountId& id);
  AccountView(const AccountView&) = delete;
  AccountView& operator=(const AccountView&) = delete;

  const capacity::Calendar& free() const { return account_->free(); }
  const capacity::Steps& supply() const { return account_->supply(); }

 private:
  std::optional<capacity::Account> made_;
  const capacity::Account* account_;
};

// 0 for sites and pools, 1 for a lease's line, 2 for a sublease's, ...
int tier_of(const engine::State& state, AccountId account);

}  // namespace leasehold::projections
