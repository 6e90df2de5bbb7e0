// Revenue by month, customer, SKU, site and tier: what was owed for service, whether it was billed
// or not, and what contracts will bring.
#pragma once

#include <vector>

#include "billing/rater.h"
#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::finance {

struct Months {
  Month from;
  Month through;
};

struct RevenueRow {
  PartyId lessor;
  PartyId customer;  // a company
  LeaseId lease;
  AccountId account;
  int64_t tier = 0;  // 1: from a pool; 2: from a line of a lease of the lessor's; ...
  Month month;
  ChargeKind kind = ChargeKind::committed;
  int64_t quantity = 0;  // thousandths of an accelerator-second, where it has accelerators
  Money gross;
  // What the lessor pays its own lessor for the same accelerator-hours.
  Money cost_of_head;
  // As it is reported: gross where the reseller is the principal, else what it keeps.
  Presentation presentation = Presentation::gross;
  Money reported() const {
    return presentation == Presentation::gross ? gross : gross - cost_of_head;
  }
};

// Of one lessor, by its billing periods that begin in these months.
std::vector<RevenueRow> revenue(const engine::State& state, billing::Rater& rater, PartyId lessor,
                                const Months& months);

// The rule (ASC 606-10-55-36): who controls the accelerators before they are passed on, sets the
// price and bears the risk that they stay unsold is the principal. A reseller does where it pays
// for its own line whether it is used or not. A contract may state otherwise.
Presentation presentation_of(const engine::State& state, const Lease& lease, const Line& line);

// The price of what is contracted and not yet served after an instant: remaining performance
// obligations. Lines with an open term count to the end of their notice. By month of the calendar.
struct BacklogRow {
  PartyId lessor;
  PartyId customer;
  LeaseId lease;
  AccountId line;
  Month month;
  Money amount;
};
std::vector<BacklogRow> backlog(const engine::State& state, PartyId lessor, Instant after);

}  // namespace leasehold::finance
