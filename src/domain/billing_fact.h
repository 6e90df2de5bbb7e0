// Facts about money: what was metered, priced, billed and paid. Part of the closed list of fact.h.
#pragma once

#include <string>
#include <vector>

#include "domain/invoice.h"

namespace leasehold {

struct PartyDescribed {
  static constexpr const char* kKind = "party_described";
  PartyId party;
  LegalDetails details;
  static constexpr auto fields() {
    return describe(field("party", &PartyDescribed::party),
                    field("details", &PartyDescribed::details));
  }
};

struct TaxRateSet {
  static constexpr const char* kKind = "tax_rate_set";
  TaxRate rate;
  static constexpr auto fields() { return describe(field("rate", &TaxRateSet::rate)); }
};

struct ListPriceSet {
  static constexpr const char* kKind = "list_price_set";
  ListPrice price;
  static constexpr auto fields() { return describe(field("price", &ListPriceSet::price)); }
};

struct AssetCostSet {
  static constexpr const char* kKind = "asset_cost_set";
  AssetCost cost;
  static constexpr auto fields() { return describe(field("cost", &AssetCostSet::cost)); }
};

struct MeterDefined {
  static constexpr const char* kKind = "meter_defined";
  Meter meter;
  static constexpr auto fields() { return describe(field("meter", &MeterDefined::meter)); }
};

// Events that were not known before, in the order of their arrival.
struct UsageRecorded {
  static constexpr const char* kKind = "usage_recorded";
  std::string source;
  std::vector<UsageEvent> events;
  static constexpr auto fields() {
    return describe(field("source", &UsageRecorded::source),
                    field("events", &UsageRecorded::events));
  }
};

struct UsageRefused {
  static constexpr const char* kKind = "usage_refused";
  std::string source;
  std::vector<RefusedEvent> events;
  static constexpr auto fields() {
    return describe(field("source", &UsageRefused::source), field("events", &UsageRefused::events));
  }
};

struct IncidentRecorded {
  static constexpr const char* kKind = "incident_recorded";
  Incident incident;
  static constexpr auto fields() {
    return describe(field("incident", &IncidentRecorded::incident));
  }
};

// The contract excludes the cause of an outage.
struct OutageExcused {
  static constexpr const char* kKind = "outage_excused";
  OutageId outage;
  std::string reason;
  static constexpr auto fields() {
    return describe(field("outage", &OutageExcused::outage),
                    field("reason", &OutageExcused::reason));
  }
};

struct PromotionGranted {
  static constexpr const char* kKind = "promotion_granted";
  Promotion promotion;
  static constexpr auto fields() {
    return describe(field("promotion", &PromotionGranted::promotion));
  }
};

struct InvoiceIssued {
  static constexpr const char* kKind = "invoice_issued";
  Invoice invoice;
  static constexpr auto fields() { return describe(field("invoice", &InvoiceIssued::invoice)); }
};

// A lessor has billed a month: nothing more is billed in it.
struct MonthClosed {
  static constexpr const char* kKind = "month_closed";
  PartyId lessor;
  Month month;
  static constexpr auto fields() {
    return describe(field("lessor", &MonthClosed::lessor), field("month", &MonthClosed::month));
  }
};

struct PaymentRecorded {
  static constexpr const char* kKind = "payment_recorded";
  Payment payment;
  static constexpr auto fields() { return describe(field("payment", &PaymentRecorded::payment)); }
};

}  // namespace leasehold
