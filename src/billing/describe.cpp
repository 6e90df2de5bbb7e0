#include "billing/describe.h"

#include <cctype>

#include <fmt/format.h>

namespace leasehold::billing {

namespace {

constexpr int64_t kMilliHour = kMilli * kSecondsPerHour;

// Quantities of accelerators have thousandths times seconds; of meters millionths.
int64_t per_unit(const InvoiceLine& line) {
  if (line.kind == ChargeKind::metered) return kMicro;
  return kMilliHour;
}

bool has_quantity(const InvoiceLine& line) { return line.quantity != 0; }

std::string what(const engine::State& state, const InvoiceLine& line) {
  std::string account = line.account ? state.name_of(line.account) : "";
  switch (line.kind) {
    case ChargeKind::committed:
      return account + ", committed";
    case ChargeKind::used:
      return account + ", used beyond what is always paid";
    case ChargeKind::overage:
      return account + ", overage";
    case ChargeKind::on_demand:
      return account + ", on demand";
    case ChargeKind::preemptible:
      return account + ", preemptible";
    case ChargeKind::metered:
      return state.billing.meters.at(line.meter).name;
    case ChargeKind::minimum:
      return "to the minimum of the period";
    case ChargeKind::exit_fee:
      return "fee for the early end";
    case ChargeKind::sla_credit:
      return account + ", service credit";
    case ChargeKind::prepayment:
      return "prepayment";
    case ChargeKind::prepaid:
      return "drawn from the prepayment";
    case ChargeKind::promotion:
      return "promotion " + state.billing.promotions.at(line.promotion).name;
    case ChargeKind::late_interest:
      return "interest on " + number_text(state, state.billing.invoices.at(line.overdue));
  }
  return "";
}

}  // namespace

std::string number_text(const engine::State& state, const Invoice& invoice) {
  std::string name = state.name_of(invoice.to.lessor);
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return fmt::format("{}-{:06}", name, invoice.number);
}

std::string line_text(const engine::State& state, const InvoiceLine& line) {
  std::string text = what(state, line);
  if (line.lease && line.kind != ChargeKind::committed)
    text += fmt::format(" ({})", state.leases.at(line.lease).offer.name.empty()
                                     ? to_text(line.lease)
                                     : state.leases.at(line.lease).offer.name);
  if (line.kind == ChargeKind::committed && line.account.kind == AccountKind::line) {
    const Price& price = state.line(line.account).price;
    if (price.basis == PriceBasis::per_server_month)
      text += ", " + to_text(price.amount) + " a server-month";
  }
  if (line.tenant && line.kind != ChargeKind::metered) text += ", " + state.name_of(line.tenant);
  return text;
}

std::string decimal_text(int64_t value, int places) {
  int64_t unit = 1;
  for (int i = 0; i < places; ++i) unit *= 10;
  int64_t magnitude = value < 0 ? -value : value;
  std::string text = fmt::format("{}.{:0{}}", magnitude / unit, magnitude % unit, places);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return value < 0 ? "-" + text : text;
}

std::string quantity_decimal(const InvoiceLine& line) {
  if (!has_quantity(line)) return "";
  Int128 micro = Int128{line.quantity} * kMicro / per_unit(line);
  return decimal_text(static_cast<int64_t>(micro), 6);
}

std::string quantity_unit(const engine::State& state, const InvoiceLine& line) {
  if (!has_quantity(line)) return "";
  if (line.kind == ChargeKind::metered) return state.billing.meters.at(line.meter).unit;
  if (line.kind == ChargeKind::sla_credit) return "server-hour";
  return fmt::format("{}-hour", name_of(state.sku_of(line.account).atom_kind()));
}

std::string quantity_text(const engine::State& state, const InvoiceLine& line) {
  std::string decimal = quantity_decimal(line);
  if (decimal.empty()) return "";
  size_t point = std::min(decimal.find('.'), decimal.size());
  std::string fraction = decimal.substr(point, 4);
  std::string whole = decimal.substr(0, point);
  return with_thousands(std::stoll(whole)) + fraction + " " + quantity_unit(state, line) +
         (decimal == "1" ? "" : "s");
}

InvoiceStatus status_of(const engine::State& state, const Invoice& invoice, Instant now) {
  const engine::Settled& settled = state.billing.settled_of(invoice.id);
  Money open = state.billing.open_amount(invoice);
  if (!settled.credited.zero()) return InvoiceStatus::credited;
  if (open.nanos <= 0) return InvoiceStatus::paid;
  if (invoice.due <= now) return InvoiceStatus::overdue;
  return settled.paid.zero() ? InvoiceStatus::open : InvoiceStatus::partly_paid;
}

std::string legal_name(const engine::State& state, PartyId party) {
  auto details = state.billing.details.find(party);
  if (details == state.billing.details.end() || details->second.legal_name.empty())
    return state.name_of(party);
  return details->second.legal_name;
}

}  // namespace leasehold::billing
