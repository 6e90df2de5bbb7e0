// What each lessee owes each lessor for each period, as it is known now: from contracts, the states
// of servers and instances, and usage events. An invoice is drafted as what is owed for its period,
// and what is owed for earlier periods and was not billed then: an adjustment. So nothing that
// comes late is lost, and nothing is billed twice.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "billing/sla.h"
#include "billing/use.h"
#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::billing {

// The company that a party is a part of: who is billed, and who bills.
PartyId company_of(const engine::State& state, PartyId party);

// A part of a lease's life with the same two sides.
struct Sides {
  Interval interval;
  PartyId lessor;
  PartyId lessee;
};
std::vector<Sides> sides_of(const engine::State& state, const Lease& lease);

class Rater {
 public:
  // The state must outlive it, and change by invoices that it drafted alone: it is told of them.
  explicit Rater(const engine::State& state);

  // Who is billed by a lessor for the period of a month, or was before it.
  std::vector<BillTo> bill_tos(PartyId lessor, Month month);
  // The same of one who is billed, a company, by whomever.
  std::vector<BillTo> bills_to(PartyId lessee, Month month);
  // Companies that have ever let something.
  const std::set<PartyId>& lessors() const { return lessors_; }
  // The first month in which a lessor lets anything; nothing where it never does.
  std::optional<Month> first_month(PartyId lessor) const;

  // What is owed for one period, whatever was billed.
  const std::vector<InvoiceLine>& owed(const BillTo& to, Month month);
  // What is owed for a period and was not billed; nothing where that is nothing.
  std::optional<Invoice> draft(const BillTo& to, Month month, Instant now);
  // A draft of it has become an invoice of the state.
  void issued(const Invoice& invoice);
  // What instances used in a window; it is kept, since many charges ask for the same.
  const InstanceUses& use_in(const Interval& window);
  // Finds it for all windows from an instant until some later ones, which ascend, at once.
  void find_use(Instant from, const std::vector<Instant>& untils);
  // The service levels of a lease's line in a month.
  std::vector<SlaResult> service_levels_of(const AccountId& line, Month month);

 private:
  struct Key {  // of a charge that is billed once a period
    ChargeKind kind;
    Month service;
    LeaseId lease;
    AccountId account;
    PartyId tenant;
    MeterId meter;
    auto operator<=>(const Key&) const = default;
  };
  static Key key_of(const InvoiceLine& line);
  static InvoiceLine line_for(ChargeKind kind, Month month, const Interval& window);
  static std::vector<InvoiceLine> merged(const std::vector<InvoiceLine>& lines);

  template <class Wanted>
  std::vector<BillTo> bills(Month month, Wanted wanted);
  std::vector<InvoiceLine> lease_lines(const BillTo& to, const Lease& lease, Month month);
  void add_line(std::vector<InvoiceLine>& lines, const Lease& lease, size_t index,
                const Interval& window, const Interval& period, Month month);
  void add_use(InvoiceLine committed, const Terms& terms, std::vector<InvoiceLine>& lines);
  void add_instances(std::vector<InvoiceLine>& lines, const BillTo& to, Month month);
  void add_meters(std::vector<InvoiceLine>& lines, const BillTo& to, Month month) const;
  void add_prepayment(std::vector<InvoiceLine>& lines, const BillTo& to, const Lease& lease,
                      Month month);
  Money prepaid_before(const BillTo& to, const Lease& lease, Month month, const Money& prepayment);
  std::optional<Month> first_metered(const BillTo& to) const;
  void add_billed(const Invoice& invoice);
  void add_promotions(Invoice& draft);
  void add_interest(Invoice& draft) const;
  void add_taxes(Invoice& draft) const;

  const engine::State& state_;
  OutagesByLine outages_;
  std::map<BillTo, std::vector<LeaseId>> leases_;
  std::map<BillTo, Month> first_;
  // When instances without a commitment first ran, by lessor; filled when it is first asked for.
  mutable std::optional<std::map<PartyId, Instant>> first_instance_;
  std::set<PartyId> lessors_;
  std::map<Interval, InstanceUses> use_;
  std::map<std::pair<BillTo, Month>, std::vector<InvoiceLine>> owed_;
  std::map<BillTo, std::map<Key, Money>> billed_;
  std::map<PromotionId, Money> promised_;  // of promotions, by drafts that are not issued yet
};

}  // namespace leasehold::billing
