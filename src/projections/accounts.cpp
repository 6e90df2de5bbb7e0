#include "projections/accounts.h"

namespace leasehold::projections {

AccountView::AccountView(const engine::State& state, const AccountId& id)
    : account_(state.ledger.find(id)) {
  if (account_ == nullptr) account_ = &made_.emplace(engine::supply_of(state.line(id)));
}

int tier_of(const engine::State& state, AccountId account) {
  int tier = 0;
  for (; account.kind == AccountKind::line; account = state.line(account).source) ++tier;
  return tier;
}

}  // namespace leasehold::projections
