#include "documents/focus.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/csv.h"
#include "billing/describe.h"
#include "documents/layout.h"

namespace leasehold::documents {

namespace {

constexpr std::array kColumns{"BilledCost",
                              "BillingAccountId",
                              "BillingAccountName",
                              "BillingAccountType",
                              "BillingCurrency",
                              "BillingPeriodEnd",
                              "BillingPeriodStart",
                              "CapacityReservationId",
                              "CapacityReservationStatus",
                              "ChargeCategory",
                              "ChargeClass",
                              "ChargeDescription",
                              "ChargeFrequency",
                              "ChargePeriodEnd",
                              "ChargePeriodStart",
                              "CommitmentDiscountCategory",
                              "CommitmentDiscountId",
                              "CommitmentDiscountName",
                              "CommitmentDiscountQuantity",
                              "CommitmentDiscountStatus",
                              "CommitmentDiscountType",
                              "CommitmentDiscountUnit",
                              "ConsumedQuantity",
                              "ConsumedUnit",
                              "ContractedCost",
                              "ContractedUnitPrice",
                              "EffectiveCost",
                              "InvoiceId",
                              "InvoiceIssuerName",
                              "ListCost",
                              "ListUnitPrice",
                              "PricingCategory",
                              "PricingQuantity",
                              "PricingUnit",
                              "ProviderName",
                              "PublisherName",
                              "RegionId",
                              "RegionName",
                              "ResourceId",
                              "ResourceName",
                              "ResourceType",
                              "ServiceCategory",
                              "ServiceName",
                              "ServiceSubcategory",
                              "SkuId",
                              "SkuMeter",
                              "SkuPriceId",
                              "SubAccountId",
                              "SubAccountName",
                              "SubAccountType"};

constexpr int64_t kMilliHour = kMilli * kSecondsPerHour;

using FocusRow = std::map<std::string, std::string>;

class Focus {
 public:
  Focus(const engine::State& state, const Invoice& invoice) : state_(state), invoice_(invoice) {}

  std::string rows() {
    for (const InvoiceLine& line : invoice_.lines) add(line);
    for (const InvoiceTax& tax : invoice_.taxes) {
      FocusRow row = common("Tax", "Recurring", tax.tax);
      row["ChargeDescription"] = fmt::format("Tax on {}", to_text(tax.base));
      row["ServiceCategory"] = "Other";
      row["ServiceName"] = "Tax";
      costs(row, tax.tax, tax.tax);
      write(row);
    }
    return std::move(out_);
  }

 private:
  FocusRow common(const char* category, const char* frequency, const Money& amount) const {
    const BillTo& to = invoice_.to;
    FocusRow row;
    row["BillingAccountId"] = to_text(to.lessee);
    row["BillingAccountName"] = state_.name_of(to.lessee);
    row["BillingAccountType"] = "Company";
    row["BillingCurrency"] = to.currency;
    row["BillingPeriodStart"] = to_text(invoice_.from);
    row["BillingPeriodEnd"] = to_text(invoice_.until);
    row["ChargePeriodStart"] = to_text(invoice_.from);
    row["ChargePeriodEnd"] = to_text(invoice_.until);
    row["ChargeCategory"] = category;
    row["ChargeFrequency"] = frequency;
    row["InvoiceId"] = billing::number_text(state_, invoice_);
    row["InvoiceIssuerName"] = billing::legal_name(state_, to.lessor);
    row["ProviderName"] = billing::legal_name(state_, to.lessor);
    row["PublisherName"] = billing::legal_name(state_, to.lessor);
    costs(row, amount, amount);
    return row;
  }
  static void costs(FocusRow& row, const Money& billed, const Money& effective) {
    row["BilledCost"] = plain_amount(billed);
    row["EffectiveCost"] = plain_amount(effective);
    row["ContractedCost"] = plain_amount(effective.zero() ? billed : effective);
    row["ListCost"] = row["ContractedCost"];
  }

  static const char* category(ChargeKind kind) {
    switch (kind) {
      case ChargeKind::committed:
      case ChargeKind::minimum:
      case ChargeKind::exit_fee:
      case ChargeKind::prepayment:
      case ChargeKind::late_interest:
        return "Purchase";
      case ChargeKind::sla_credit:
      case ChargeKind::promotion:
      case ChargeKind::prepaid:
        return "Credit";
      case ChargeKind::used:
      case ChargeKind::overage:
      case ChargeKind::on_demand:
      case ChargeKind::preemptible:
      case ChargeKind::metered:
        break;
    }
    return "Usage";
  }
  static const char* frequency(ChargeKind kind) {
    if (kind == ChargeKind::prepayment || kind == ChargeKind::exit_fee ||
        kind == ChargeKind::sla_credit || kind == ChargeKind::promotion)
      return "One-Time";
    if (kind >= ChargeKind::used && kind <= ChargeKind::metered) return "Usage-Based";
    return "Recurring";
  }

  std::string unit(const InvoiceLine& line) const {
    if (line.kind == ChargeKind::metered) return state_.billing.meters.at(line.meter).unit + "s";
    if (!line.account) return "Units";
    return state_.sku_of(line.account).family == SkuFamily::tpu ? "Chip-Hours" : "GPU-Hours";
  }

  void pricing(FocusRow& row, const InvoiceLine& line, const std::string& quantity,
               const Money& unit_price) const {
    row["PricingQuantity"] = quantity;
    row["PricingUnit"] = unit(line);
    std::string price = plain_amount(unit_price);
    row["ContractedUnitPrice"] = price;
    row["ListUnitPrice"] = price;
    row["SkuId"] = row["SkuPriceId"] = "contract";
    row["SkuMeter"] = line.kind == ChargeKind::metered ? "Metered" : "Capacity";
    if (line.account) {
      row["SkuId"] = state_.sku_of(line.account).name;
      row["SkuPriceId"] = state_.sku_of(line.account).name + "/" + name_of(line.kind);
    }
    if (line.meter) row["SkuId"] = row["SkuPriceId"] = state_.billing.meters.at(line.meter).name;
    row["PricingCategory"] = line.kind == ChargeKind::preemptible ? "Dynamic"
                             : line.kind == ChargeKind::committed || line.kind == ChargeKind::used
                                 ? "Committed"
                                 : "Standard";
  }

  void place(FocusRow& row, const InvoiceLine& line) const {
    row["ServiceCategory"] = line.kind == ChargeKind::metered ? "Storage" : "Compute";
    row["ServiceName"] = line.kind == ChargeKind::metered
                             ? state_.billing.meters.at(line.meter).name
                             : "GPU capacity";
    row["ServiceSubcategory"] = "Other";
    row["ChargeDescription"] = billing::line_text(state_, line);
    row["ChargePeriodStart"] = to_text(line.from);
    row["ChargePeriodEnd"] = line.until == kForever ? to_text(invoice_.until) : to_text(line.until);
    if (line.service != invoice_.period && line.kind != ChargeKind::prepayment)
      row["ChargeClass"] = "Correction";
    if (line.account) {
      const Site& site = state_.site_of(line.account);
      row["RegionId"] = row["RegionName"] = site.region.empty() ? site.name : site.region;
      // Whoever resells, the servers are run by the pool's owner.
      row["PublisherName"] = billing::legal_name(state_, state_.pool_of(line.account).owner);
    }
    if (line.tenant && line.tenant != invoice_.to.lessee) {
      row["SubAccountId"] = to_text(line.tenant);
      row["SubAccountName"] = state_.name_of(line.tenant);
      row["SubAccountType"] = "Department";
    }
  }

  void reserve(FocusRow& row, const InvoiceLine& line) const {
    row["CommitmentDiscountId"] = to_text(line.account);
    row["CommitmentDiscountName"] = state_.name_of(line.account);
    row["CommitmentDiscountCategory"] = "Usage";
    row["CommitmentDiscountType"] = "Take-or-pay";
    row["CapacityReservationId"] = to_text(line.account);
  }

  // Accelerator-hours of the line that something ran on or that were sublet.
  int64_t used_of(const InvoiceLine& line) const {
    Interval window{line.from, line.until};
    int64_t used =
        billing::used_of(state_, billing::instance_use(state_, window), line.account, window);
    return std::clamp<int64_t>(used, 0, std::max<int64_t>(line.quantity, 0));
  }

  // The fee is one purchase; what it paid for are two rows of usage without a cost of their own.
  void add_committed(const InvoiceLine& line) {
    InvoiceLine part = line;
    Money price = line.unit_price;
    if (price.zero() && line.quantity > 0) price = scale(line.amount, kMilliHour, line.quantity);
    FocusRow fee = common("Purchase", "Recurring", line.amount);
    costs(fee, line.amount, Money{0, line.amount.currency});
    place(fee, line);
    pricing(fee, line, billing::quantity_decimal(line), price);
    reserve(fee, line);
    fee["CommitmentDiscountQuantity"] = billing::quantity_decimal(line);
    fee["CommitmentDiscountUnit"] = unit(line);
    write(fee);
    int64_t used = used_of(line);
    Money used_cost = line.quantity <= 0
                          ? Money{0, line.amount.currency}
                          : round_to_minor_unit(scale(line.amount, used, line.quantity));
    for (bool is_used : {true, false}) {
      part.quantity = is_used ? used : line.quantity - used;
      if (part.quantity <= 0) continue;
      FocusRow row = common("Usage", "Usage-Based", line.amount);
      costs(row, Money{0, line.amount.currency}, is_used ? used_cost : line.amount - used_cost);
      place(row, line);
      pricing(row, part, billing::quantity_decimal(part), price);
      reserve(row, line);
      const char* status = is_used ? "Used" : "Unused";
      row["CapacityReservationStatus"] = row["CommitmentDiscountStatus"] = status;
      row["CommitmentDiscountQuantity"] = billing::quantity_decimal(part);
      row["CommitmentDiscountUnit"] = unit(line);
      if (is_used) {
        row["ConsumedQuantity"] = billing::quantity_decimal(part);
        row["ConsumedUnit"] = unit(line);
        row["ResourceId"] = to_text(line.account);
        row["ResourceName"] = state_.name_of(line.account);
        row["ResourceType"] = "Server capacity";
      }
      write(row);
    }
  }

  void add(const InvoiceLine& line) {
    if (line.kind == ChargeKind::committed && line.service == invoice_.period)
      return add_committed(line);
    FocusRow row = common(category(line.kind), frequency(line.kind), line.amount);
    place(row, line);
    // Prepaid money costs nothing until it is used: the fee's usage rows have that cost.
    if (line.kind == ChargeKind::prepayment || line.kind == ChargeKind::prepaid)
      costs(row, line.amount, Money{0, line.amount.currency});
    std::string quantity = billing::quantity_decimal(line);
    bool usage = row["ChargeCategory"] == "Usage";
    if (usage || row["ChargeCategory"] == "Purchase")
      pricing(row, line, quantity.empty() ? "1" : quantity,
              line.unit_price.zero() ? line.amount : line.unit_price);
    if (usage) {
      row["ConsumedQuantity"] = quantity;
      row["ConsumedUnit"] = unit(line);
    }
    write(row);
  }

  void write(FocusRow& row) {
    for (size_t i = 0; i < kColumns.size(); ++i)
      out_ += (i == 0 ? "" : ",") + csv_field(row[kColumns[i]]);
    out_ += '\n';
  }

  const engine::State& state_;
  const Invoice& invoice_;
  std::string out_;
};

}  // namespace

std::string focus_csv(const engine::State& state, PartyId lessee, Month month) {
  std::string out;
  for (size_t i = 0; i < kColumns.size(); ++i)
    out += (i == 0 ? "" : ",") + std::string(kColumns[i]);
  out += '\n';
  for (const Invoice& invoice : state.billing.invoices.rows())
    if (invoice.to.lessee == lessee && invoice.period == month) out += Focus(state, invoice).rows();
  return out;
}

}  // namespace leasehold::documents
