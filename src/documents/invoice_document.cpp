#include "documents/invoice_document.h"

#include <fmt/format.h>

#include "base/csv.h"
#include "base/json.h"
#include "billing/describe.h"
#include "documents/layout.h"

namespace leasehold::documents {

namespace {

std::string render_text(const engine::State& state, const Invoice& invoice) {
  Layout layout = lay_out(state, invoice);
  std::string out = fmt::format("{} {}\n\n", layout.title, layout.number);
  auto add = [&](const char* label, const std::vector<std::string>& lines) {
    for (size_t i = 0; i < lines.size(); ++i)
      out += fmt::format("{:<10}{}\n", i == 0 ? label : "", lines[i]);
  };
  add("From", layout.from);
  add("To", layout.to);
  for (const auto& [name, value] : layout.facts) out += fmt::format("{:<10}{}\n", name, value);
  for (const Group& group : layout.groups) {
    out += fmt::format("\n{}\n", group.title);
    for (const Row& row : group.rows) {
      out += fmt::format("  {:<58}{:>22}\n", row.what, row.amount);
      std::string detail = row.time;
      if (!row.quantity.empty()) detail += ", " + row.quantity;
      if (!row.price.empty()) detail += " at " + row.price;
      out += fmt::format("    {}\n", detail);
    }
    out += fmt::format("  {:<58}{:>22}\n", "", group.sum);
  }
  out += '\n';
  for (const auto& [name, value] : layout.totals)
    out += fmt::format("  {:<58}{:>22}\n", name, value);
  out += '\n';
  for (const std::string& note : layout.notes) out += note + '\n';
  return out;
}

std::string render_csv(const engine::State& state, const Invoice& invoice) {
  std::string out =
      "invoice,kind,what,period,lease,account,from,until,quantity,unit,unit_price,amount,"
      "currency\n";
  for (const InvoiceLine& line : invoice.lines) {
    std::string cells[] = {billing::number_text(state, invoice),
                           name_of(line.kind),
                           billing::line_text(state, line),
                           to_text(line.service),
                           to_text(line.lease),
                           line.account ? to_text(line.account) : "",
                           to_text(line.from),
                           to_text(line.until),
                           billing::quantity_decimal(line),
                           billing::quantity_unit(state, line),
                           line.unit_price.zero() ? "" : plain_amount(line.unit_price),
                           plain_amount(line.amount),
                           invoice.to.currency};
    for (size_t i = 0; i < std::size(cells); ++i) out += (i == 0 ? "" : ",") + csv_field(cells[i]);
    out += '\n';
  }
  return out;
}

// An object whose values are texts, in the order given.
class JsonObject {
 public:
  JsonObject& text(const char* name, const std::string& value) {
    comma();
    write_json_string(out_, name);
    out_ += ':';
    write_json_string(out_, value);
    return *this;
  }
  JsonObject& raw(const char* name, const std::string& value) {
    comma();
    write_json_string(out_, name);
    out_ += ':' + value;
    return *this;
  }
  std::string done() const { return "{" + out_ + "}"; }

 private:
  void comma() {
    if (!out_.empty()) out_ += ',';
  }
  std::string out_;
};

std::string party_json(PartyId party, const LegalDetails& details) {
  JsonObject object;
  object.text("id", to_text(party)).text("name", details.legal_name);
  object.text("street", details.street).text("postcode", details.postcode);
  object.text("city", details.city).text("country", details.country);
  object.text("tax_id", details.tax_id);
  return object.done();
}

std::string render_json(const engine::State& state, const Invoice& invoice) {
  std::string lines;
  for (const InvoiceLine& line : invoice.lines) {
    JsonObject object;
    object.text("kind", name_of(line.kind)).text("what", billing::line_text(state, line));
    object.text("period", to_text(line.service)).text("lease", to_text(line.lease));
    object.text("account", line.account ? to_text(line.account) : "");
    object.text("from", to_text(line.from)).text("until", to_text(line.until));
    object.text("quantity", billing::quantity_decimal(line));
    object.text("unit", billing::quantity_unit(state, line));
    if (!line.unit_price.zero()) object.text("unit_price", to_text(line.unit_price));
    object.text("amount", to_text(line.amount));
    lines += (lines.empty() ? "" : ",") + object.done();
  }
  std::string taxes;
  for (const InvoiceTax& tax : invoice.taxes) {
    JsonObject object;
    object.text("category", name_of(tax.category)).raw("ppm", std::to_string(tax.ppm));
    object.text("base", to_text(tax.base)).text("tax", to_text(tax.tax));
    taxes += (taxes.empty() ? "" : ",") + object.done();
  }
  JsonObject object;
  object.text("id", to_text(invoice.id)).text("kind", name_of(invoice.kind));
  object.text("number", billing::number_text(state, invoice));
  object.raw("lessor", party_json(invoice.to.lessor, invoice.lessor_details));
  object.raw("lessee", party_json(invoice.to.lessee, invoice.lessee_details));
  object.text("period", to_text(invoice.period)).text("zone", invoice.to.zone);
  object.text("from", to_text(invoice.from)).text("until", to_text(invoice.until));
  object.text("issued_at", to_text(invoice.issued_at)).text("due", to_text(invoice.due));
  if (invoice.corrects) object.text("corrects", to_text(invoice.corrects));
  object.raw("lines", "[" + lines + "]").raw("taxes", "[" + taxes + "]");
  object.text("net", to_text(invoice.net)).text("total", to_text(invoice.total));
  return object.done() + "\n";
}

}  // namespace

const char* media_type(Format format) {
  switch (format) {
    case Format::text:
      return "text/plain; charset=utf-8";
    case Format::html:
      return "text/html; charset=utf-8";
    case Format::pdf:
      return "application/pdf";
    case Format::ubl:
      return "application/xml";
    case Format::json:
      return "application/json";
    case Format::csv:
      return "text/csv; charset=utf-8";
  }
  return "";
}

std::string render(const engine::State& state, const Invoice& invoice, Format format) {
  switch (format) {
    case Format::text:
      return render_text(state, invoice);
    case Format::html:
      return render_html(state, invoice);
    case Format::pdf:
      return render_pdf(state, invoice);
    case Format::ubl:
      return render_ubl(state, invoice);
    case Format::json:
      return render_json(state, invoice);
    case Format::csv:
      return render_csv(state, invoice);
  }
  return "";
}

}  // namespace leasehold::documents
