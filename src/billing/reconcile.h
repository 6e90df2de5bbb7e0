// Whether what lessors claim is what lessees owe, at every tier. A lessee's debt is reckoned anew,
// from the contracts, states and usage that were known when each invoice was issued; the lessor's
// claim is the invoice. So a fact that was altered shows as a pair that differs.
#pragma once

#include <map>
#include <vector>

#include "domain/fact.h"
#include "engine/state.h"

namespace leasehold::billing {

struct Pair {
  PartyId lessor;
  PartyId lessee;
  int64_t invoices = 0;
  Money claimed;  // by the lessor: invoices and credit notes
  Money owed;     // by the lessee, reckoned anew
  Money paid;
  std::vector<InvoiceId> differ;  // invoices that are not what was owed
};

// Is told of the facts in their order.
class Reconciler {
 public:
  void take(const Fact& fact);
  // After the last fact: by lessor and lessee.
  std::vector<Pair> done();
  const engine::State& state() const { return state_; }

 private:
  void settle();
  Pair& pair_of(const Invoice& invoice);

  engine::State state_;
  std::vector<Fact> pending_;  // invoices of one run of one lessor
  std::map<std::pair<PartyId, PartyId>, Pair> pairs_;
  std::map<InvoiceId, Money> reckoned_;
};

}  // namespace leasehold::billing
