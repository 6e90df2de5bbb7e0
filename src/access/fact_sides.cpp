#include "access/fact_sides.h"

namespace leasehold::access {

namespace {

struct FactSides {
  using Parties = std::vector<PartyId>;
  const engine::State& state;

  Parties operator()(const QuoteIssued& f) const { return of(f.quote.offer); }
  Parties operator()(const HoldPlaced& f) const { return of(state.quotes.at(f.quote).offer); }
  Parties operator()(const HoldEnded& f) const { return of(state.quotes.at(f.quote).offer); }
  Parties operator()(const LeaseSigned& f) const { return of(f.lease.offer); }
  Parties operator()(const TrancheAccepted& f) const { return of_line(f.line); }
  Parties operator()(const TranchePresented& f) const { return of_line(f.line); }
  Parties operator()(const LineAmended& f) const { return of_line(f.line); }
  Parties operator()(const LineAdded& f) const { return of_lease(f.lease); }
  Parties operator()(const LeaseAssigned& f) const { return of_lease(f.lease); }
  Parties operator()(const NoticeGiven& f) const { return of_lease(f.lease); }
  Parties operator()(const LeaseRenewed& f) const { return of_lease(f.lease); }
  Parties operator()(const LeaseTerminated& f) const { return of_lease(f.lease); }
  Parties operator()(const CommitmentSigned& f) const {
    return {f.commitment.lessor, f.commitment.lessee};
  }
  Parties operator()(const OutageBegan& f) const { return of_line(f.outage.line); }
  Parties operator()(const OutageEnded& f) const {
    return of_line(state.fleet.outages.at(f.outage).line);
  }
  Parties operator()(const InstanceLaunched& f) const { return of(f.instance); }
  Parties operator()(const InstanceReclaimed& f) const {
    return of(state.instances.at(f.instance));
  }
  Parties operator()(const InstanceEnded& f) const { return of(state.instances.at(f.instance)); }
  Parties operator()(const InvoiceIssued& f) const {
    return {f.invoice.to.lessor, f.invoice.to.lessee};
  }
  Parties operator()(const PaymentRecorded& f) const {
    const Invoice& invoice = state.billing.invoices.at(f.payment.invoice);
    return {invoice.to.lessor, invoice.to.lessee};
  }
  template <class Other>
  Parties operator()(const Other&) const {
    return {};
  }

  static Parties of(const Offer& offer) { return {offer.lessor, offer.lessee}; }
  Parties of_lease(LeaseId id) const { return of(state.leases.at(id).offer); }
  Parties of_line(const AccountId& line) const { return of(state.lease_of(line).offer); }
  Parties of(const Instance& instance) const {
    return {instance.tenant, state.promiser(instance.account)};
  }
};

}  // namespace

std::vector<PartyId> sides_of(const engine::State& state, const FactBody& fact) {
  return std::visit(FactSides{state}, fact);
}

}  // namespace leasehold::access
