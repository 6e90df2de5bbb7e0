// What was billed, and what it was billed from: meters and their usage, incidents, prices, taxes,
// invoices with their lines, payments.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "base/money.h"
#include "base/time.h"
#include "domain/account_id.h"
#include "domain/billing_terms.h"
#include "domain/ids.h"
#include "domain/instance.h"

namespace leasehold {

// What a company is to the law and to the post, as invoices and e-invoices state it.
struct LegalDetails {
  std::string legal_name;
  std::string street;
  std::string city;
  std::string postcode;
  std::string country;  // ISO 3166-1, two letters
  std::string tax_id;
  std::string email;
  std::string iban;
  bool operator==(const LegalDetails&) const = default;
  static constexpr auto fields() {
    return describe(
        field("legal_name", &LegalDetails::legal_name), field("street", &LegalDetails::street),
        field("city", &LegalDetails::city), field("postcode", &LegalDetails::postcode),
        field("country", &LegalDetails::country), field("tax_id", &LegalDetails::tax_id),
        field("email", &LegalDetails::email), field("iban", &LegalDetails::iban));
  }
};

// UNCL 5305: S standard, Z zero, E exempt, AE the buyer accounts for it, O outside its scope.
enum class TaxCategory : uint8_t { S, Z, E, AE, O };
constexpr auto enum_names(TaxCategory) { return std::array{"S", "Z", "E", "AE", "O"}; }

// The tax that a seller adds from a day on. The rate that says most holds: of this buyer at this
// site before this buyer, before this site, before all.
struct TaxRate {
  PartyId seller;
  PartyId buyer;  // none: any
  SiteId site;    // none: any
  TaxCategory category = TaxCategory::S;
  int64_t ppm = 0;
  Instant from;
  std::string reason;  // for no tax
  bool operator==(const TaxRate&) const = default;
  static constexpr auto fields() {
    return describe(field("seller", &TaxRate::seller), field("buyer", &TaxRate::buyer),
                    field("site", &TaxRate::site), field("category", &TaxRate::category),
                    field("ppm", &TaxRate::ppm), field("from", &TaxRate::from),
                    field("reason", &TaxRate::reason));
  }
};

// A count of something beside servers: storage, egress. Its events carry millionths of its unit.
struct Meter {
  MeterId id;
  std::string name;
  PartyId owner;     // who charges for it
  std::string unit;  // "GB-month"
  Rate list;         // where a contract has no rate of its own
  static constexpr auto fields() {
    return describe(field("id", &Meter::id), field("name", &Meter::name),
                    field("owner", &Meter::owner), field("unit", &Meter::unit),
                    field("list", &Meter::list));
  }
};
inline constexpr int64_t kMicro = 1'000'000;

struct UsageEvent {
  std::string id;  // unique within its source
  MeterId meter;
  PartyId party;  // who used it
  LeaseId lease;  // whose terms hold; none: the meter's list price
  Instant at;
  int64_t micro = 0;
  static constexpr auto fields() {
    return describe(field("id", &UsageEvent::id), field("meter", &UsageEvent::meter),
                    field("party", &UsageEvent::party), field("lease", &UsageEvent::lease),
                    field("at", &UsageEvent::at), field("micro", &UsageEvent::micro));
  }
};

struct RefusedEvent {
  std::string id;
  std::string reason;
  static constexpr auto fields() {
    return describe(field("id", &RefusedEvent::id), field("reason", &RefusedEvent::reason));
  }
};

// What an accelerator-hour costs without a commitment, of a pool or of what a line has idle.
struct ListPrice {
  AccountId account;
  InstanceKind kind = InstanceKind::on_demand;
  Instant from;
  Rate rate;
  static constexpr auto fields() {
    return describe(field("account", &ListPrice::account), field("kind", &ListPrice::kind),
                    field("from", &ListPrice::from), field("rate", &ListPrice::rate));
  }
};

// A loss of service that no server's state shows.
struct Incident {
  IncidentId id;
  AccountId line;
  SlaKind kind = SlaKind::control_plane;
  Instant from;
  Instant until;
  int64_t share_permille = 1000;  // of the line that was without it
  bool excused = false;           // the contract excludes its cause
  std::string reason;
  static constexpr auto fields() {
    return describe(field("id", &Incident::id), field("line", &Incident::line),
                    field("kind", &Incident::kind), field("from", &Incident::from),
                    field("until", &Incident::until),
                    field("share_permille", &Incident::share_permille),
                    field("excused", &Incident::excused), field("reason", &Incident::reason));
  }
};

// A gift that pays what a lessee would owe, until it is used up or its day has come.
struct Promotion {
  PromotionId id;
  std::string name;
  PartyId lessor;
  PartyId lessee;
  Money amount;
  Instant from;
  Instant until = kForever;
  static constexpr auto fields() {
    return describe(field("id", &Promotion::id), field("name", &Promotion::name),
                    field("lessor", &Promotion::lessor), field("lessee", &Promotion::lessee),
                    field("amount", &Promotion::amount), field("from", &Promotion::from),
                    field("until", &Promotion::until));
  }
};

// What the servers of a delivery cost, and over how long they are written off, on a straight line
// from their first day.
struct AssetCost {
  DeliveryId delivery;
  PartyId supplier;
  Money per_server;
  int64_t life_months = 60;
  int64_t residual_permille = 0;
  static constexpr auto fields() {
    return describe(
        field("delivery", &AssetCost::delivery), field("supplier", &AssetCost::supplier),
        field("per_server", &AssetCost::per_server), field("life_months", &AssetCost::life_months),
        field("residual_permille", &AssetCost::residual_permille));
  }
};

enum class ChargeKind : uint8_t {
  committed,     // a line, used or not; the part that is always paid where that is less
  used,          // a line's use beyond the part that is always paid
  overage,       // on demand, at the contract's price
  on_demand,     //
  preemptible,   //
  metered,       // by usage events
  minimum,       // what a period's charges lack to the contract's minimum
  exit_fee,      // of a lease that was ended early
  sla_credit,    // negative
  prepayment,    // asked for at signing
  prepaid,       // drawn from the prepayment: negative
  promotion,     // negative
  late_interest  //
};
constexpr auto enum_names(ChargeKind) {
  return std::array{"committed", "used",      "overage",      "on_demand",  "preemptible",
                    "metered",   "minimum",   "exit_fee",     "sla_credit", "prepayment",
                    "prepaid",   "promotion", "late_interest"};
}
// Whether the kind is earned by serving in its period.
constexpr bool is_service(ChargeKind kind) { return kind <= ChargeKind::sla_credit; }

// A month as people name it: "2026-09" is 2026 * 12 + 8.
struct Month {
  int64_t number = 0;
  auto operator<=>(const Month&) const = default;
  static constexpr auto fields() { return describe(field("number", &Month::number)); }
};

// One amount, rounded to the currency's minor unit: what for, in which period of service.
struct InvoiceLine {
  ChargeKind kind = ChargeKind::committed;
  Month service;      // the billing period that it belongs to; before the invoice's: an adjustment
  LeaseId lease;      // none for what has no contract
  AccountId account;  // the line or pool
  PartyId tenant;     // of instances: who of the lessee
  MeterId meter;
  PromotionId promotion;
  InvoiceId overdue;  // that the interest is for
  Instant from;       // the time of service
  Instant until;
  int64_t quantity = 0;  // thousandths of an accelerator-second; millionths of a meter's unit
  Money unit_price;      // zero where it is a share of a total or follows steps
  Money amount;
  int64_t tax = -1;  // the index of its tax; -1: none
  static constexpr auto fields() {
    return describe(field("kind", &InvoiceLine::kind), field("service", &InvoiceLine::service),
                    field("lease", &InvoiceLine::lease), field("account", &InvoiceLine::account),
                    field("tenant", &InvoiceLine::tenant), field("meter", &InvoiceLine::meter),
                    field("promotion", &InvoiceLine::promotion),
                    field("overdue", &InvoiceLine::overdue), field("from", &InvoiceLine::from),
                    field("until", &InvoiceLine::until), field("quantity", &InvoiceLine::quantity),
                    field("unit_price", &InvoiceLine::unit_price),
                    field("amount", &InvoiceLine::amount), field("tax", &InvoiceLine::tax));
  }
};
inline constexpr int64_t kMilli = 1000;

struct InvoiceTax {
  TaxCategory category = TaxCategory::S;
  int64_t ppm = 0;
  std::string reason;
  Money base;
  Money tax;
  static constexpr auto fields() {
    return describe(field("category", &InvoiceTax::category), field("ppm", &InvoiceTax::ppm),
                    field("reason", &InvoiceTax::reason), field("base", &InvoiceTax::base),
                    field("tax", &InvoiceTax::tax));
  }
};

enum class InvoiceKind : uint8_t { invoice, credit_note };
constexpr auto enum_names(InvoiceKind) { return std::array{"invoice", "credit_note"}; }

// Who pays whom for what ends in the same periods.
struct BillTo {
  PartyId lessor;
  PartyId lessee;
  std::string zone = "Etc/UTC";
  int64_t day = 1;
  std::string currency = "USD";
  auto operator<=>(const BillTo&) const = default;
  static constexpr auto fields() {
    return describe(field("lessor", &BillTo::lessor), field("lessee", &BillTo::lessee),
                    field("zone", &BillTo::zone), field("day", &BillTo::day),
                    field("currency", &BillTo::currency));
  }
};

// Issued, and never changed. A credit note has the lines of what it takes back with their signs
// turned.
struct Invoice {
  InvoiceId id;
  InvoiceKind kind = InvoiceKind::invoice;
  int64_t number = 0;  // of the lessor: 1, 2, 3, ... without a gap
  BillTo to;
  Month period;
  Instant from;
  Instant until;
  Instant issued_at;
  Instant due;
  std::vector<InvoiceLine> lines;
  std::vector<InvoiceTax> taxes;
  Money net;    // the sum of the lines
  Money total;  // with taxes
  InvoiceId corrects;
  std::string reason;
  // As they were when it was issued: who moves later does not change it.
  LegalDetails lessor_details;
  LegalDetails lessee_details;
  static constexpr auto fields() {
    return describe(
        field("id", &Invoice::id), field("kind", &Invoice::kind), field("number", &Invoice::number),
        field("to", &Invoice::to), field("period", &Invoice::period), field("from", &Invoice::from),
        field("until", &Invoice::until), field("issued_at", &Invoice::issued_at),
        field("due", &Invoice::due), field("lines", &Invoice::lines),
        field("taxes", &Invoice::taxes), field("net", &Invoice::net),
        field("total", &Invoice::total), field("corrects", &Invoice::corrects),
        field("reason", &Invoice::reason), field("lessor_details", &Invoice::lessor_details),
        field("lessee_details", &Invoice::lessee_details));
  }
};

struct Payment {
  PaymentId id;
  InvoiceId invoice;
  Money amount;
  Instant on;
  std::string reference;
  static constexpr auto fields() {
    return describe(field("id", &Payment::id), field("invoice", &Payment::invoice),
                    field("amount", &Payment::amount), field("on", &Payment::on),
                    field("reference", &Payment::reference));
  }
};

// "2026-09"
std::string to_text(Month month);
Parsed<Month> parse_month(std::string_view text);
Month operator+(Month month, int64_t months);

}  // namespace leasehold
