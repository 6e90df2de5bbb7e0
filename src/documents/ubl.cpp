// UBL 2.1 by the rules of EN 16931 (CEN; the validation artefacts of its rules are what tests hold
// it against). The order of elements is the schema's.
#include <fmt/format.h>

#include "billing/describe.h"
#include "documents/invoice_document.h"
#include "documents/layout.h"

namespace leasehold::documents {

namespace {

class Xml {
 public:
  void open(const std::string& name) {
    line("<" + name + ">");
    open_.push_back(name);
  }
  void close() {
    std::string name = open_.back();
    open_.pop_back();
    line("</" + name + ">");
  }
  void leaf(const std::string& name, const std::string& value, const std::string& attributes = "") {
    if (value.empty()) return;
    line("<" + name + attributes + ">" + escaped(value) + "</" + name + ">");
  }
  void head(const std::string& text) { out_ += text; }
  void push(const std::string& name) { open_.push_back(name); }
  std::string take() { return std::move(out_); }

 private:
  void line(const std::string& text) { out_ += std::string(2 * open_.size(), ' ') + text + '\n'; }
  std::string out_;
  std::vector<std::string> open_;
};

struct Tax {
  std::string category;
  std::string percent;  // empty for O
  std::string reason;
};

class Ubl {
 public:
  Ubl(const engine::State& state, const Invoice& invoice)
      : state_(state),
        invoice_(invoice),
        credit_(invoice.kind == InvoiceKind::credit_note),
        currency_(" currencyID=\"" + invoice.to.currency + "\"") {}

  std::string write() {
    const char* root = credit_ ? "CreditNote" : "Invoice";
    xml_.head("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml_.head(fmt::format(
        "<{0} xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:{0}-2\"\n"
        "  xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\"\n"
        "  xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">\n",
        root));
    xml_.push(root);
    head();
    party("cac:AccountingSupplierParty", invoice_.to.lessor, invoice_.lessor_details);
    party("cac:AccountingCustomerParty", invoice_.to.lessee, invoice_.lessee_details);
    payment();
    taxes();
    totals();
    int number = 0;
    for (const InvoiceLine& line : invoice_.lines) write_line(line, ++number);
    xml_.close();
    return xml_.take();
  }

 private:
  // As the document states it: a credit note has the amounts of what it takes back.
  std::string amount(Money money) const {
    if (credit_) money.nanos = -money.nanos;
    return plain_amount(money);
  }
  bool taxed() const { return !invoice_.taxes.empty(); }
  Tax tax_of(const InvoiceLine& line) const {
    if (line.tax < 0)
      return taxed() ? Tax{"E", "0", "Interest for late payment"}
                     : Tax{"O", "", "Not subject to tax"};
    return tax_text(invoice_.taxes[static_cast<size_t>(line.tax)]);
  }
  static Tax tax_text(const InvoiceTax& tax) {
    bool none = tax.category == TaxCategory::O;
    std::string reason = tax.category == TaxCategory::S || tax.category == TaxCategory::Z
                             ? ""
                             : (tax.reason.empty() ? "See the contract" : tax.reason);
    return {name_of(tax.category), none ? "" : billing::decimal_text(tax.ppm, 4), reason};
  }

  void head() {
    const std::string& zone = invoice_.to.zone;
    xml_.leaf("cbc:CustomizationID", "urn:cen.eu:en16931:2017");
    xml_.leaf("cbc:ID", billing::number_text(state_, invoice_));
    xml_.leaf("cbc:IssueDate", day_of(invoice_.issued_at, zone));
    if (!credit_) xml_.leaf("cbc:DueDate", day_of(invoice_.due, zone));
    xml_.leaf(credit_ ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode", credit_ ? "381" : "380");
    xml_.leaf("cbc:Note", invoice_.reason);
    xml_.leaf("cbc:DocumentCurrencyCode", invoice_.to.currency);
    xml_.open("cac:InvoicePeriod");
    xml_.leaf("cbc:StartDate", day_of(invoice_.from, zone));
    xml_.leaf("cbc:EndDate", last_day(invoice_.until, zone));
    xml_.close();
    if (!credit_) return;
    const Invoice& corrected = state_.billing.invoices.at(invoice_.corrects);
    xml_.open("cac:BillingReference");
    xml_.open("cac:InvoiceDocumentReference");
    xml_.leaf("cbc:ID", billing::number_text(state_, corrected));
    xml_.leaf("cbc:IssueDate", day_of(corrected.issued_at, zone));
    xml_.close();
    xml_.close();
  }

  void scheme() {
    xml_.open("cac:TaxScheme");
    xml_.leaf("cbc:ID", "VAT");
    xml_.close();
  }

  void party(const char* role, PartyId id, const LegalDetails& details) {
    xml_.open(role);
    xml_.open("cac:Party");
    xml_.open("cac:PartyIdentification");
    xml_.leaf("cbc:ID", to_text(id));
    xml_.close();
    xml_.open("cac:PartyName");
    xml_.leaf("cbc:Name", state_.name_of(id));
    xml_.close();
    xml_.open("cac:PostalAddress");
    xml_.leaf("cbc:StreetName", details.street);
    xml_.leaf("cbc:CityName", details.city);
    xml_.leaf("cbc:PostalZone", details.postcode);
    if (!details.country.empty()) {
      xml_.open("cac:Country");
      xml_.leaf("cbc:IdentificationCode", details.country);
      xml_.close();
    }
    xml_.close();
    // What is not subject to tax names no tax number (BR-O-02).
    if (taxed() && !details.tax_id.empty()) {
      xml_.open("cac:PartyTaxScheme");
      xml_.leaf("cbc:CompanyID", details.tax_id);
      scheme();
      xml_.close();
    }
    xml_.open("cac:PartyLegalEntity");
    xml_.leaf("cbc:RegistrationName", details.legal_name);
    xml_.leaf("cbc:CompanyID", details.tax_id);
    xml_.close();
    if (!details.email.empty()) {
      xml_.open("cac:Contact");
      xml_.leaf("cbc:ElectronicMail", details.email);
      xml_.close();
    }
    xml_.close();
    xml_.close();
  }

  void payment() {
    if (!invoice_.lessor_details.iban.empty()) {
      xml_.open("cac:PaymentMeans");
      xml_.leaf("cbc:PaymentMeansCode", "30");  // credit transfer
      xml_.open("cac:PayeeFinancialAccount");
      xml_.leaf("cbc:ID", invoice_.lessor_details.iban);
      xml_.close();
      xml_.close();
    }
    xml_.open("cac:PaymentTerms");
    xml_.leaf("cbc:Note", "Due " + day_of(invoice_.due, invoice_.to.zone));
    xml_.close();
  }

  void subtotal(const Tax& tax, const std::string& base, const std::string& due) {
    xml_.open("cac:TaxSubtotal");
    xml_.leaf("cbc:TaxableAmount", base, currency_);
    xml_.leaf("cbc:TaxAmount", due, currency_);
    xml_.open("cac:TaxCategory");
    xml_.leaf("cbc:ID", tax.category);
    xml_.leaf("cbc:Percent", tax.percent);
    xml_.leaf("cbc:TaxExemptionReason", tax.reason);
    scheme();
    xml_.close();
    xml_.close();
  }

  void taxes() {
    Money sum{0, invoice_.total.currency};
    for (const InvoiceTax& tax : invoice_.taxes) sum = sum + tax.tax;
    xml_.open("cac:TaxTotal");
    xml_.leaf("cbc:TaxAmount", amount(sum), currency_);
    for (const InvoiceTax& tax : invoice_.taxes)
      subtotal(tax_text(tax), amount(tax.base), amount(tax.tax));
    Money rest{0, invoice_.total.currency};
    const InvoiceLine* untaxed = nullptr;
    for (const InvoiceLine& line : invoice_.lines) {
      if (line.tax >= 0) continue;
      rest = rest + line.amount;
      untaxed = &line;
    }
    if (untaxed != nullptr) subtotal(tax_of(*untaxed), amount(rest), amount({0, rest.currency}));
    xml_.close();
  }

  void totals() {
    xml_.open("cac:LegalMonetaryTotal");
    xml_.leaf("cbc:LineExtensionAmount", amount(invoice_.net), currency_);
    xml_.leaf("cbc:TaxExclusiveAmount", amount(invoice_.net), currency_);
    xml_.leaf("cbc:TaxInclusiveAmount", amount(invoice_.total), currency_);
    xml_.leaf("cbc:PayableAmount", amount(invoice_.total), currency_);
    xml_.close();
  }

  // A price is not negative (BR-27): the quantity has the sign.
  void write_line(const InvoiceLine& line, int number) {
    bool priced = !line.unit_price.zero() && line.amount.nanos != 0;
    InvoiceLine shown = line;
    if (credit_) {
      shown.quantity = -shown.quantity;
      shown.amount.nanos = -shown.amount.nanos;
    }
    bool negative = shown.amount.nanos < 0;
    std::string quantity = priced ? billing::quantity_decimal(shown) : (negative ? "-1" : "1");
    bool hours = priced && line.kind != ChargeKind::metered;
    Money price = priced ? line.unit_price : shown.amount;
    if (price.nanos < 0) price.nanos = -price.nanos;
    xml_.open(credit_ ? "cac:CreditNoteLine" : "cac:InvoiceLine");
    xml_.leaf("cbc:ID", std::to_string(number));
    xml_.leaf(credit_ ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", quantity,
              fmt::format(" unitCode=\"{}\"", hours ? "HUR" : "C62"));
    xml_.leaf("cbc:LineExtensionAmount", plain_amount(shown.amount), currency_);
    if (line.until != kForever) {
      xml_.open("cac:InvoicePeriod");
      xml_.leaf("cbc:StartDate", day_of(line.from, invoice_.to.zone));
      xml_.leaf("cbc:EndDate", last_day(line.until, invoice_.to.zone));
      xml_.close();
    }
    xml_.open("cac:Item");
    xml_.leaf("cbc:Name", billing::line_text(state_, line));
    Tax tax = tax_of(line);
    xml_.open("cac:ClassifiedTaxCategory");
    xml_.leaf("cbc:ID", tax.category);
    xml_.leaf("cbc:Percent", tax.percent);
    scheme();
    xml_.close();
    xml_.close();
    xml_.open("cac:Price");
    xml_.leaf("cbc:PriceAmount", plain_amount(price), currency_);
    xml_.close();
    xml_.close();
  }

  const engine::State& state_;
  const Invoice& invoice_;
  bool credit_;
  std::string currency_;
  Xml xml_;
};

}  // namespace

std::string render_ubl(const engine::State& state, const Invoice& invoice) {
  return Ubl(state, invoice).write();
}

}  // namespace leasehold::documents
