#include "documents/layout.h"

#include <fmt/format.h>

#include "billing/describe.h"

namespace leasehold::documents {

namespace {

std::vector<std::string> address_of(const LegalDetails& details) {
  std::vector<std::string> lines{details.legal_name};
  auto add = [&](const std::string& line) {
    if (!line.empty()) lines.push_back(line);
  };
  add(details.street);
  add(details.postcode.empty() ? details.city : details.postcode + " " + details.city);
  add(details.country);
  if (!details.tax_id.empty()) add("Tax id " + details.tax_id);
  add(details.email);
  return lines;
}

Row row_of(const engine::State& state, const Invoice& invoice, const InvoiceLine& line) {
  Row row;
  row.what = billing::line_text(state, line);
  if (line.service != invoice.period && line.kind != ChargeKind::prepayment)
    row.what += ", adjustment of " + to_text(line.service);
  row.time = day_of(line.from, invoice.to.zone);
  if (line.until != kForever) row.time += " to " + last_day(line.until, invoice.to.zone);
  row.quantity = billing::quantity_text(state, line);
  if (!line.unit_price.zero()) row.price = to_text(line.unit_price);
  row.amount = to_display(line.amount);
  return row;
}

void add_groups(const engine::State& state, const Invoice& invoice, Layout& layout) {
  std::vector<std::pair<LeaseId, Money>> sums;
  for (const InvoiceLine& line : invoice.lines) {
    size_t place = 0;
    while (place < sums.size() && sums[place].first != line.lease) ++place;
    if (place == sums.size()) {
      sums.emplace_back(line.lease, Money{});
      std::string name = "Without a contract";
      if (line.lease) {
        const Offer& offer = state.leases.at(line.lease).offer;
        name = "Lease " + (offer.name.empty() ? to_text(line.lease) : offer.name);
      }
      layout.groups.push_back({name, {}, ""});
    }
    layout.groups[place].rows.push_back(row_of(state, invoice, line));
    sums[place].second = sums[place].second + line.amount;
  }
  for (size_t i = 0; i < sums.size(); ++i) layout.groups[i].sum = to_display(sums[i].second);
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string plain_amount(const Money& amount) {
  std::string text = to_text(amount);
  return text.substr(0, text.find(' '));
}

std::string day_of(Instant at, const std::string& zone) { return local_date(at, zone); }

std::string last_day(Instant until, const std::string& zone) { return day_of(until + -1, zone); }

Layout lay_out(const engine::State& state, const Invoice& invoice) {
  const std::string& zone = invoice.to.zone;
  Layout layout;
  bool credit = invoice.kind == InvoiceKind::credit_note;
  layout.title = credit ? "Credit note" : "Invoice";
  layout.number = billing::number_text(state, invoice);
  layout.from = address_of(invoice.lessor_details);
  layout.to = address_of(invoice.lessee_details);
  layout.facts = {{"Issued", day_of(invoice.issued_at, zone)},
                  {"Due", day_of(invoice.due, zone)},
                  {"Period", day_of(invoice.from, zone) + " to " + last_day(invoice.until, zone)}};
  if (credit)
    layout.facts[1] = {"Takes back",
                       billing::number_text(state, state.billing.invoices.at(invoice.corrects))};
  add_groups(state, invoice, layout);
  layout.totals.emplace_back("Net", to_display(invoice.net));
  for (const InvoiceTax& tax : invoice.taxes) {
    layout.totals.emplace_back(
        fmt::format("Tax {} % on {}", billing::decimal_text(tax.ppm, 4), to_display(tax.base)),
        to_display(tax.tax));
    if (!tax.reason.empty()) layout.notes.push_back(tax.reason);
  }
  layout.totals.emplace_back("Total", to_display(invoice.total));
  if (!invoice.reason.empty()) layout.notes.push_back("Reason: " + invoice.reason);
  if (!credit && !invoice.lessor_details.iban.empty())
    layout.notes.push_back("Please pay to " + invoice.lessor_details.iban + " naming " +
                           layout.number);
  layout.notes.push_back("Times are of " + zone + ".");
  return layout;
}

}  // namespace leasehold::documents
