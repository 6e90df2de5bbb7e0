#include "access/fact_sides.h"

#include "access/sides.h"

namespace leasehold::access {

namespace {

struct FactSides {
  const engine::State& state;

  Parties operator()(const QuoteIssued& f) const { return sides_of(f.quote.offer); }
  Parties operator()(const HoldPlaced& f) const { return sides_of(state.quotes.at(f.quote).offer); }
  Parties operator()(const HoldEnded& f) const { return sides_of(state.quotes.at(f.quote).offer); }
  Parties operator()(const LeaseSigned& f) const { return sides_of(f.lease.offer); }
  Parties operator()(const TrancheAccepted& f) const { return of_line(f.line); }
  Parties operator()(const TranchePresented& f) const { return of_line(f.line); }
  Parties operator()(const LineAmended& f) const { return of_line(f.line); }
  Parties operator()(const LineAdded& f) const { return of_lease(f.lease); }
  Parties operator()(const LeaseAssigned& f) const { return of_lease(f.lease); }
  Parties operator()(const NoticeGiven& f) const { return of_lease(f.lease); }
  Parties operator()(const LeaseRenewed& f) const { return of_lease(f.lease); }
  Parties operator()(const LeaseTerminated& f) const { return of_lease(f.lease); }
  Parties operator()(const CommitmentSigned& f) const { return sides_of(f.commitment); }
  Parties operator()(const OutageBegan& f) const { return of_line(f.outage.line); }
  Parties operator()(const OutageEnded& f) const {
    return of_line(state.fleet.outages.at(f.outage).line);
  }
  Parties operator()(const InstanceLaunched& f) const { return sides_of(state, f.instance); }
  Parties operator()(const InstanceReclaimed& f) const {
    return sides_of(state, state.instances.at(f.instance));
  }
  Parties operator()(const InstanceEnded& f) const {
    return sides_of(state, state.instances.at(f.instance));
  }
  Parties operator()(const InstanceReported& f) const { return of_instance(f.instance); }
  Parties operator()(const InstanceRestarted& f) const { return of_instance(f.instance); }
  Parties operator()(const InstanceLabelled& f) const { return of_instance(f.instance); }
  Parties operator()(const KeyIssued& f) const { return only(f.key.party); }
  Parties operator()(const KeyRevoked& f) const { return only(state.access.keys.at(f.key).party); }
  Parties operator()(const UserSet& f) const { return only(f.user.party); }
  Parties operator()(const WebhookAdded& f) const { return only(f.webhook.party); }
  Parties operator()(const SshKeyAdded& f) const { return {f.key.party}; }
  Parties operator()(const FileSystemCreated& f) const { return {f.file_system.party}; }
  Parties operator()(const FirewallSet& f) const { return {f.firewall.party}; }
  Parties operator()(const InvoiceIssued& f) const { return sides_of(f.invoice); }
  Parties operator()(const SpendBudgetSet& f) const { return {f.budget.party}; }
  Parties operator()(const SpendBudgetReached& f) const { return {f.of.party}; }
  Parties operator()(const PaymentRecorded& f) const {
    return sides_of(state.billing.invoices.at(f.payment.invoice));
  }
  template <class Other>
  Parties operator()(const Other&) const {
    return {};
  }

  Parties of_lease(LeaseId id) const { return sides_of(state.leases.at(id).offer); }
  Parties of_instance(InstanceId id) const { return sides_of(state, state.instances.at(id)); }
  Parties of_line(const AccountId& line) const { return sides_of(state.lease_of(line).offer); }
};

}  // namespace

std::vector<PartyId> sides_of(const engine::State& state, const FactBody& fact) {
  return std::visit(FactSides{state}, fact);
}

}  // namespace leasehold::access
