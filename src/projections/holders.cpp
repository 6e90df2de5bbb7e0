#include "projections/holders.h"

#include <map>

#include "engine/holder.h"

namespace leasehold::projections {

namespace {

using engine::Holder;
using engine::HolderKind;
using engine::State;

std::map<capacity::HolderKey, int64_t> promised_at(const State& state, const AccountId& account,
                                                   Instant at) {
  std::map<capacity::HolderKey, int64_t> held;
  if (const capacity::Account* known = state.ledger.find(account))
    for (const capacity::Promise& promise : known->slots())
      if (promise.quantity > 0 && promise.interval.contains(at))
        held[promise.holder] += promise.quantity;
  return held;
}

void descend(const State& state, const Holding& holding, Instant at, std::vector<Holding>& out) {
  size_t place = out.size();
  out.push_back(holding);
  int64_t passed_on = 0;
  for (const auto& [key, atoms] : promised_at(state, holding.account, at)) {
    passed_on += atoms;
    Holder holder = Holder::from(key);
    Holding below{holding.depth + 1, {}, "", {}, {}, atoms, 0};
    if (holder.kind == HolderKind::line) {
      const Lease& lease = state.leases.at(LeaseId{holder.number});
      below.account = holder.line_account();
      below.name = state.name_of(below.account);
      below.lessor = lease.offer.lessor;
      below.lessee = lease.offer.lessee;
      descend(state, below, at, out);
      continue;
    }
    if (holder.kind == HolderKind::hold) {
      const Quote& quote = state.quotes.at(QuoteId{holder.number});
      below.name = to_text(quote.id) + " (hold)";
      below.lessor = quote.offer.lessor;
      below.lessee = quote.offer.lessee;
    } else {
      below.name = to_text(DeliveryId{holder.number});
    }
    out.push_back(below);
  }
  out[place].not_passed_on = holding.atoms - passed_on;
}

}  // namespace

std::vector<Holding> holders(const State& state, const AccountId& account, Instant at) {
  Holding top{0, account, state.name_of(account), {}, state.promiser(account), 0, 0};
  top.lessor = top.lessee;
  if (account.kind == AccountKind::line) {
    top.lessor = state.lease_of(account).offer.lessor;
    top.atoms = state.line(account).atoms_at(at);
  } else {
    top.atoms = state.ledger.find(account)->supply().level_at(at);
  }
  std::vector<Holding> out;
  descend(state, top, at, out);
  return out;
}

}  // namespace leasehold::projections
