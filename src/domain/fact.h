// The closed list of facts: what happened. Facts stay readable for ever; a fact whose meaning must
// change gets a new version, and the old one is still applied as it was meant. The journal writes
// kind, version and fields (journal/fact_codec.h).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "domain/access.h"
#include "domain/billing_fact.h"
#include "domain/contract.h"
#include "domain/fleet_fact.h"
#include "domain/party.h"
#include "domain/spend.h"
#include "domain/supply.h"
#include "domain/webhook.h"

namespace leasehold {

struct PartyDefined {
  static constexpr const char* kKind = "party_defined";
  Party party;
  static constexpr auto fields() { return describe(field("party", &PartyDefined::party)); }
};

struct PartiesRelated {
  static constexpr const char* kKind = "parties_related";
  Relation relation;
  static constexpr auto fields() { return describe(field("relation", &PartiesRelated::relation)); }
};

struct SiteOpened {
  static constexpr const char* kKind = "site_opened";
  Site site;
  static constexpr auto fields() { return describe(field("site", &SiteOpened::site)); }
};

struct PowerChanged {
  static constexpr const char* kKind = "power_changed";
  SiteId site;
  Instant from;
  Instant until = kForever;
  int64_t watts = 0;
  static constexpr auto fields() {
    return describe(field("site", &PowerChanged::site), field("from", &PowerChanged::from),
                    field("until", &PowerChanged::until), field("watts", &PowerChanged::watts));
  }
};

struct SkuDefined {
  static constexpr const char* kKind = "sku_defined";
  Sku sku;
  static constexpr auto fields() { return describe(field("sku", &SkuDefined::sku)); }
};

struct SkuDescribed {
  static constexpr const char* kKind = "sku_described";
  SkuId sku;
  SkuSpecs specs;
  static constexpr auto fields() {
    return describe(field("sku", &SkuDescribed::sku), field("specs", &SkuDescribed::specs));
  }
};

struct PoolOpened {
  static constexpr const char* kKind = "pool_opened";
  Pool pool;
  static constexpr auto fields() { return describe(field("pool", &PoolOpened::pool)); }
};

struct OvercommitSet {
  static constexpr const char* kKind = "overcommit_set";
  PoolId pool;
  int64_t permille = 0;
  static constexpr auto fields() {
    return describe(field("pool", &OvercommitSet::pool),
                    field("permille", &OvercommitSet::permille));
  }
};

struct DeliveryPlanned {
  static constexpr const char* kKind = "delivery_planned";
  Delivery delivery;
  static constexpr auto fields() { return describe(field("delivery", &DeliveryPlanned::delivery)); }
};

struct DeliveryRetimed {
  static constexpr const char* kKind = "delivery_retimed";
  DeliveryId delivery;
  Instant from;
  static constexpr auto fields() {
    return describe(field("delivery", &DeliveryRetimed::delivery),
                    field("from", &DeliveryRetimed::from));
  }
};

// Part of a delivery is out of service for a while, or for ever. Its power stays promised.
struct SupplyWithdrawn {
  static constexpr const char* kKind = "supply_withdrawn";
  DeliveryId delivery;
  Instant from;
  Instant until = kForever;
  int64_t atoms = 0;
  static constexpr auto fields() {
    return describe(field("delivery", &SupplyWithdrawn::delivery),
                    field("from", &SupplyWithdrawn::from), field("until", &SupplyWithdrawn::until),
                    field("atoms", &SupplyWithdrawn::atoms));
  }
};

struct QuoteIssued {
  static constexpr const char* kKind = "quote_issued";
  Quote quote;
  static constexpr auto fields() { return describe(field("quote", &QuoteIssued::quote)); }
};

struct HoldPlaced {
  static constexpr const char* kKind = "hold_placed";
  QuoteId quote;
  Instant until;
  static constexpr auto fields() {
    return describe(field("quote", &HoldPlaced::quote), field("until", &HoldPlaced::until));
  }
};

struct HoldEnded {
  static constexpr const char* kKind = "hold_ended";
  QuoteId quote;
  QuoteStatus status = QuoteStatus::expired;  // expired, released or signed
  static constexpr auto fields() {
    return describe(field("quote", &HoldEnded::quote), field("status", &HoldEnded::status));
  }
};

struct LeaseSigned {
  static constexpr const char* kKind = "lease_signed";
  Lease lease;
  static constexpr auto fields() { return describe(field("lease", &LeaseSigned::lease)); }
};

struct TrancheAccepted {
  static constexpr const char* kKind = "tranche_accepted";
  AccountId line;
  int64_t tranche = 1;
  Instant on;
  static constexpr auto fields() {
    return describe(field("line", &TrancheAccepted::line),
                    field("tranche", &TrancheAccepted::tranche), field("on", &TrancheAccepted::on));
  }
};

// The line's tranches as they are from now on; what changed and why it was asked for.
struct LineAmended {
  static constexpr const char* kKind = "line_amended";
  AccountId line;
  std::string change;  // a Change, or "curtail", "notice", "terminate", "renew"
  std::string name;    // of the amendment; may be empty
  Price price;         // a total follows the atom-hours, so that the hourly rate stays
  std::vector<Tranche> tranches;
  static constexpr auto fields() {
    return describe(field("line", &LineAmended::line), field("change", &LineAmended::change),
                    field("name", &LineAmended::name), field("price", &LineAmended::price),
                    field("tranches", &LineAmended::tranches));
  }
};

struct LineAdded {
  static constexpr const char* kKind = "line_added";
  LeaseId lease;
  Line line;
  static constexpr auto fields() {
    return describe(field("lease", &LineAdded::lease), field("line", &LineAdded::line));
  }
};

struct LeaseAssigned {
  static constexpr const char* kKind = "lease_assigned";
  LeaseId lease;
  Side side = Side::lessee;
  PartyId to;
  static constexpr auto fields() {
    return describe(field("lease", &LeaseAssigned::lease), field("side", &LeaseAssigned::side),
                    field("to", &LeaseAssigned::to));
  }
};

struct NoticeGiven {
  static constexpr const char* kKind = "notice_given";
  LeaseId lease;
  Instant ends;
  static constexpr auto fields() {
    return describe(field("lease", &NoticeGiven::lease), field("ends", &NoticeGiven::ends));
  }
};

struct LeaseRenewed {
  static constexpr const char* kKind = "lease_renewed";
  LeaseId lease;
  Instant until;
  static constexpr auto fields() {
    return describe(field("lease", &LeaseRenewed::lease), field("until", &LeaseRenewed::until));
  }
};

struct LeaseTerminated {
  static constexpr const char* kKind = "lease_terminated";
  LeaseId lease;
  Instant on;
  std::optional<Money> fee;
  static constexpr auto fields() {
    return describe(field("lease", &LeaseTerminated::lease), field("on", &LeaseTerminated::on),
                    field("fee", &LeaseTerminated::fee));
  }
};

struct CommitmentSigned {
  static constexpr const char* kKind = "commitment_signed";
  Commitment commitment;
  static constexpr auto fields() {
    return describe(field("commitment", &CommitmentSigned::commitment));
  }
};

using FactBody = std::variant<
    PartyDefined, PartiesRelated, SiteOpened, PowerChanged, SkuDefined, PoolOpened, OvercommitSet,
    DeliveryPlanned, DeliveryRetimed, SupplyWithdrawn, QuoteIssued, HoldPlaced, HoldEnded,
    LeaseSigned, TrancheAccepted, LineAmended, LineAdded, LeaseAssigned, NoticeGiven, LeaseRenewed,
    LeaseTerminated, CommitmentSigned, SiteLeased, SiteLeaseRetimed, HallBuilt, RowBuilt,
    FeedInstalled, PodPlanned, RacksInstalled, BudgetChanged, ServersAdded, ServersMoved,
    ServersTested, AbsencesSet, DeliveryCounted, SparesKept, LinePlaced, ServerReplaced,
    OutageBegan, OutageEnded, MaintenancePlanned, MaintenanceBegan, MaintenanceEnded,
    InstanceLaunched, InstanceReclaimed, InstanceEnded, TranchePresented, LienGranted, DrawMeasured,
    PartyDescribed, TaxRateSet, ListPriceSet, AssetCostSet, MeterDefined, UsageRecorded,
    UsageRefused, IncidentRecorded, OutageExcused, PromotionGranted, InvoiceIssued, MonthClosed,
    PaymentRecorded, KeyIssued, KeyRevoked, RequestKept, UserSet, UserRemoved, RequestsRefused,
    AccessUsed, WebhookAdded, WebhookRemoved, WebhookReplayed, WebhookReported, SshKeyAdded,
    SshKeyRemoved, FileSystemCreated, FileSystemDeleted, FirewallSet, FirewallDeleted, ImageOffered,
    InstanceReported, InstanceRestarted, InstanceLabelled, SkuDescribed, QuotaSet, SpendBudgetSet,
    SpendBudgetReached>;

struct Fact {
  uint64_t sequence = 0;  // 1, 2, 3, ... without a gap
  Instant at;             // of the command that gave it
  std::string actor;
  FactBody body;
};

const char* kind_of(const FactBody& body);
// Of all facts there are, in the order of the list above.
const std::vector<std::string>& fact_kinds();

}  // namespace leasehold
