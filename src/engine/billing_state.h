// The part of the state that is about money: what was metered and priced, billed and paid. What is
// owed is not kept: src/billing computes it from here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/registry.h"
#include "domain/invoice.h"
#include "domain/spend.h"
#include "engine/known_ids.h"

namespace leasehold::engine {

// The sides of a lease until it was assigned.
struct Assignment {
  Instant until;
  PartyId lessor;
  PartyId lessee;
  static constexpr auto fields() {
    return describe(field("until", &Assignment::until), field("lessor", &Assignment::lessor),
                    field("lessee", &Assignment::lessee));
  }
};

// An instance was without one of its servers.
struct Down {
  ServerId server;
  Instant from;
  Instant until = kForever;
  static constexpr auto fields() {
    return describe(field("server", &Down::server), field("from", &Down::from),
                    field("until", &Down::until));
  }
};

// Who used a meter under which lease (none: at the list price).
struct UsageKey {
  MeterId meter;
  PartyId party;
  LeaseId lease;
  auto operator<=>(const UsageKey&) const = default;
  static constexpr auto fields() {
    return describe(field("meter", &UsageKey::meter), field("party", &UsageKey::party),
                    field("lease", &UsageKey::lease));
  }
};

// Quantities by quarter of an hour: every zone's midnight lies between two of them.
inline constexpr int64_t kBucketSeconds = 900;
using UsageBuckets = std::map<int64_t, int64_t>;

// What came in on an invoice.
struct Settled {
  Money paid;
  Money credited;
  Instant last = kDawn;  // when the last of it came
  static constexpr auto fields() {
    return describe(field("paid", &Settled::paid), field("credited", &Settled::credited),
                    field("last", &Settled::last));
  }
};

struct BillingState {
  std::map<PartyId, LegalDetails> details;
  std::vector<TaxRate> taxes;
  std::map<std::pair<AccountId, InstanceKind>, std::vector<ListPrice>> prices;  // by their start
  std::map<DeliveryId, AssetCost> costs;
  Registry<MeterId, Meter> meters;
  std::map<UsageKey, UsageBuckets> usage;
  KnownIds known;
  int64_t refused_events = 0;
  Registry<IncidentId, Incident> incidents;
  std::map<OutageId, std::string> excused;
  Registry<PromotionId, Promotion> promotions;
  Registry<InvoiceId, Invoice> invoices;
  std::map<InvoiceId, Settled> settled;
  Registry<PaymentId, Payment> payments;
  std::map<PartyId, int64_t> last_number;
  std::map<PartyId, Month> closed;  // the last closed month of a lessor
  std::map<LeaseId, std::vector<Assignment>> assignments;
  std::map<InstanceId, std::vector<Down>> downs;
  std::map<PartyId, SpendBudget> spend_budgets;
  std::map<SpendMonth, int64_t> spend_reached;  // the highest alert that was given, in permille

  // What follows from the rows above.
  std::map<std::pair<BillTo, Month>, InvoiceId> billed;

  const Settled& settled_of(InvoiceId invoice) const;
  // What is still to be paid of an invoice.
  Money open_amount(const Invoice& invoice) const;
};

}  // namespace leasehold::engine
