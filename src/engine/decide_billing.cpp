// Money: what may be metered, priced, billed and paid. Amounts are drafted by src/billing; here is
// checked that they add up, come in order and are billed once.
#include <algorithm>
#include <set>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {

Checked check_party(const State& state, PartyId party, const char* subject) {
  if (state.parties.find(party) == nullptr)
    return refuse(RefusalCode::unknown_reference, subject, to_text(party));
  return {};
}

Checked check_amount(const Money& amount, const char* subject) {
  if (amount.nanos < 0 || amount.nanos > Int128{1'000'000'000'000} * Money::kNanosPerUnit ||
      amount.currency.code[0] == 0)
    return refuse(RefusalCode::invalid_value, subject, to_text(amount),
                  "from 0 to 1,000,000,000,000 of a currency");
  return {};
}

Checked check_rate(const Rate& rate) {
  LH_CHECK(check_amount(rate.price, "price"));
  int64_t above = 0;
  for (const RateStep& step : rate.steps) {
    LH_CHECK(check_amount(step.price, "price"));
    if (step.price.currency != rate.price.currency || step.above <= above)
      return refuse(RefusalCode::invalid_value, "steps", std::to_string(step.above),
                    "steps in ascending order, in one currency");
    above = step.above;
  }
  return {};
}

Checked check_country(const std::string& country) {
  bool good = country.empty() ||
              (country.size() == 2 && std::all_of(country.begin(), country.end(),
                                                  [](char c) { return c >= 'A' && c <= 'Z'; }));
  if (!good)
    return refuse(RefusalCode::invalid_value, "country", country,
                  "two capital letters of ISO 3166-1 such as US");
  return {};
}

// Why an event cannot count; empty where it can.
std::string fault_of(const State& state, const UsageEvent& event, Instant now) {
  if (event.id.empty() || !check_text(event.id, "id")) return "id: 1 to 256 bytes of plain UTF-8";
  const Meter* meter = state.billing.meters.find(event.meter);
  if (meter == nullptr) return "type: a meter that is defined";
  if (state.parties.find(event.party) == nullptr) return "subject: a party or a lease";
  if (event.lease) {
    const Lease* lease = state.leases.find(event.lease);
    if (lease == nullptr || !is_part_of(state, event.party, lease->offer.lessee))
      return "subject: a lease of the party";
    if (lease->offer.lessor != meter->owner) return "subject: a lease that the meter's owner lets";
  }
  if (event.at < kFirst || event.at > now) return "time: from 1970 to now";
  if (event.micro < 0 || event.micro > 1'000'000'000'000'000)
    return "quantity: from 0 to 1,000,000,000 units";
  return "";
}

// A company's legal details; its name alone where nothing was said of it.
LegalDetails details_of(const State& state, PartyId party) {
  auto known = state.billing.details.find(party);
  if (known != state.billing.details.end()) return known->second;
  LegalDetails details;
  details.legal_name = state.name_of(party);
  return details;
}

Money sum_of(const std::vector<InvoiceLine>& lines, const Currency& currency) {
  Money sum{0, currency};
  for (const InvoiceLine& line : lines) sum = sum + line.amount;
  return sum;
}

Unexpected<Refusal> bad_sum(const char* field, const Money& is, const Money& should) {
  return refuse(RefusalCode::invalid_value, field, to_text(is), to_text(should));
}

Checked check_sums(const Invoice& invoice) {
  auto currency = parse_currency(invoice.to.currency);
  if (!currency) return refuse(RefusalCode::invalid_value, "currency", invoice.to.currency);
  Money net = sum_of(invoice.lines, *currency);
  if (net != invoice.net) return bad_sum("net", invoice.net, net);
  Money total = net;
  for (const InvoiceLine& line : invoice.lines)
    if (round_to_minor_unit(line.amount) != line.amount ||
        line.tax >= static_cast<int64_t>(invoice.taxes.size()))
      return refuse(RefusalCode::invalid_value, "amount", to_text(line.amount),
                    "an amount in whole minor units, with a tax that the invoice has");
  for (size_t i = 0; i < invoice.taxes.size(); ++i) {
    const InvoiceTax& tax = invoice.taxes[i];
    Money base{0, *currency};
    for (const InvoiceLine& line : invoice.lines)
      if (line.tax == static_cast<int64_t>(i)) base = base + line.amount;
    if (base != tax.base) return bad_sum("base", tax.base, base);
    Money due = round_to_minor_unit(scale(base, tax.ppm, 1'000'000));
    if (due != tax.tax) return bad_sum("tax", tax.tax, due);
    total = total + tax.tax;
  }
  if (total != invoice.total) return bad_sum("total", invoice.total, total);
  return {};
}

Checked check_sla(const SlaClause& clause) {
  LH_CHECK(check_range(clause.target_ppm, 1, 1'000'000, "service level, in millionths"));
  LH_CHECK(check_range(clause.tolerated, 0, 1000, "servers tolerated"));
  LH_CHECK(check_range(clause.cap_permille, 0, 1000, "cap, in thousandths"));
  int64_t last = 1'000'001;
  for (const SlaStep& step : clause.steps) {
    LH_CHECK(check_range(step.below_ppm, 1, last - 1, "steps, in descending order"));
    LH_CHECK(check_range(step.credit_permille, 0, 100'000, "credit, in thousandths"));
    last = step.below_ppm;
  }
  return {};
}

}  // namespace

Checked check_billing(const State& state, const BillingTerms& terms) {
  LH_CHECK(check_range(terms.day, 1, 31, "billing day"));
  LH_CHECK(check_range(terms.late_interest_permille, 0, 1000, "late interest, in thousandths"));
  if (terms.escalator) {
    LH_CHECK(check_range(terms.escalator->permille, 0, 1000, "escalator, in thousandths"));
    if (terms.escalator->every.months < 1)
      return refuse(RefusalCode::invalid_value, "escalator", to_text(terms.escalator->every),
                    "a term of at least a month, such as 1 year");
  }
  if (terms.minimum) LH_CHECK(check_amount(*terms.minimum, "minimum"));
  if (terms.overage) LH_CHECK(check_amount(*terms.overage, "overage"));
  LH_CHECK(check_text(terms.accounting_reason, "accounting"));
  for (const MeterRate& rate : terms.rates) {
    if (state.billing.meters.find(rate.meter) == nullptr)
      return refuse(RefusalCode::unknown_reference, "meter", to_text(rate.meter));
    LH_CHECK(check_rate(rate.rate));
  }
  for (const SlaClause& clause : terms.slas) LH_CHECK(check_sla(clause));
  return {};
}

Result<Facts> decide_body(const State& state, const DescribeParty& command, Instant) {
  LH_CHECK(check_party(state, command.party, "party"));
  for (const std::string* text :
       {&command.details.legal_name, &command.details.street, &command.details.city,
        &command.details.postcode, &command.details.tax_id, &command.details.email,
        &command.details.iban})
    LH_CHECK(check_text(*text, "details"));
  LH_CHECK(check_country(command.details.country));
  auto known = state.billing.details.find(command.party);
  if (known != state.billing.details.end() && known->second == command.details)
    return refuse(RefusalCode::nothing_to_change, state.name_of(command.party));
  return Facts{PartyDescribed{command.party, command.details}};
}

Result<Facts> decide_body(const State& state, const SetTaxRate& command, Instant) {
  const TaxRate& rate = command.rate;
  LH_CHECK(check_party(state, rate.seller, "seller"));
  if (rate.buyer) LH_CHECK(check_party(state, rate.buyer, "buyer"));
  if (rate.site && state.sites.find(rate.site) == nullptr)
    return refuse(RefusalCode::unknown_reference, "site", to_text(rate.site));
  LH_CHECK(check_range(rate.ppm, 0, 1'000'000, "rate, in millionths"));
  LH_CHECK(check_text(rate.reason, "reason"));
  if ((rate.category == TaxCategory::S) != (rate.ppm > 0))
    return refuse(RefusalCode::invalid_value, "rate", std::to_string(rate.ppm),
                  "a rate above 0 for category S, and 0 for the others");
  bool known = std::find(state.billing.taxes.begin(), state.billing.taxes.end(), rate) !=
               state.billing.taxes.end();
  if (known) return refuse(RefusalCode::nothing_to_change, "tax");
  return Facts{TaxRateSet{rate}};
}

Result<Facts> decide_body(const State& state, const SetListPrice& command, Instant now) {
  const ListPrice& price = command.price;
  bool pool = price.account.kind == AccountKind::pool &&
              state.pools.find(PoolId{price.account.number}) != nullptr;
  if (!pool && state.find_line(price.account) == nullptr)
    return refuse(RefusalCode::unknown_reference, "account", to_text(price.account));
  LH_CHECK(check_rate(price.rate));
  if (price.from < now)
    return refuse(RefusalCode::invalid_value, "from", to_text(price.from),
                  "not before " + to_text(now) + ": what was used is not priced anew");
  if (price.kind == InstanceKind::committed)
    return refuse(RefusalCode::invalid_value, "kind", "committed", "on_demand or preemptible");
  auto known = state.billing.prices.find({price.account, price.kind});
  if (known != state.billing.prices.end() && known->second.back().from > price.from)
    return refuse(
        RefusalCode::invalid_value, "from", to_text(price.from),
        "not before " + to_text(known->second.back().from) + ", when the last one begins");
  return Facts{ListPriceSet{price}};
}

Result<Facts> decide_body(const State& state, const SetAssetCost& command, Instant) {
  const AssetCost& cost = command.cost;
  if (state.deliveries.find(cost.delivery) == nullptr)
    return refuse(RefusalCode::unknown_reference, "delivery", to_text(cost.delivery));
  LH_CHECK(check_party(state, cost.supplier, "supplier"));
  LH_CHECK(check_amount(cost.per_server, "price"));
  LH_CHECK(check_range(cost.life_months, 1, 240, "life, in months"));
  LH_CHECK(check_range(cost.residual_permille, 0, 1000, "residual, in thousandths"));
  if (state.billing.costs.contains(cost.delivery))
    return refuse(RefusalCode::nothing_to_change, "delivery", to_text(cost.delivery),
                  "a delivery whose cost is not known yet");
  return Facts{AssetCostSet{cost}};
}

Result<Facts> decide_body(const State& state, const DefineMeter& command, Instant) {
  Meter meter = command.meter;
  LH_CHECK(check_new_name(state.billing.meters, meter.name));
  LH_CHECK(check_party(state, meter.owner, "owner"));
  LH_CHECK(check_text(meter.unit, "unit"));
  if (meter.unit.empty())
    return refuse(RefusalCode::invalid_value, "unit", "", "a unit such as GB-month");
  LH_CHECK(check_rate(meter.list));
  meter.id = state.billing.meters.next_id();
  return Facts{MeterDefined{std::move(meter)}};
}

Result<Facts> decide_body(const State& state, const RecordUsage& command, Instant now) {
  LH_CHECK(check_text(command.source, "source"));
  if (command.source.empty())
    return refuse(RefusalCode::invalid_value, "source", "", "the source of the events");
  UsageRecorded counted{command.source, {}};
  UsageRefused refused{command.source, command.refused};
  std::set<Fingerprint> here;
  for (const UsageEvent& event : command.events) {
    Fingerprint id = fingerprint_of(command.source, event.id);
    if (state.billing.known.contains(id) || !here.insert(id).second) continue;
    if (std::string fault = fault_of(state, event, now); fault.empty())
      counted.events.push_back(event);
    else
      refused.events.push_back({event.id, std::move(fault)});
  }
  Facts facts;
  if (!counted.events.empty()) facts.emplace_back(std::move(counted));
  if (!refused.events.empty()) facts.emplace_back(std::move(refused));
  return facts;
}

Result<Facts> decide_body(const State& state, const RecordIncident& command, Instant now) {
  Incident incident = command.incident;
  if (state.find_line(incident.line) == nullptr)
    return refuse(RefusalCode::unknown_reference, "line", to_text(incident.line));
  if (incident.kind == SlaKind::data_plane)
    return refuse(RefusalCode::invalid_value, "kind", "data_plane",
                  "control_plane or performance: what servers lack is known from their states");
  LH_CHECK(check_interval({incident.from, incident.until}, "incident"));
  if (incident.until > now)
    return refuse(RefusalCode::invalid_value, "until", to_text(incident.until),
                  "an incident that is over by " + to_text(now));
  LH_CHECK(check_range(incident.share_permille, 1, 1000, "share, in thousandths"));
  LH_CHECK(check_text(incident.reason, "reason"));
  incident.id = state.billing.incidents.next_id();
  return Facts{IncidentRecorded{std::move(incident)}};
}

Result<Facts> decide_body(const State& state, const ExcuseOutage& command, Instant) {
  const Outage* outage = state.fleet.outages.find(command.outage);
  if (outage == nullptr)
    return refuse(RefusalCode::unknown_reference, "outage", to_text(command.outage));
  LH_CHECK(check_text(command.reason, "reason"));
  if (command.reason.empty())
    return refuse(RefusalCode::invalid_value, "reason", "", "the clause that excludes it");
  if (outage->excused)
    return refuse(RefusalCode::nothing_to_change, to_text(command.outage), "excused already");
  return Facts{OutageExcused{command.outage, command.reason}};
}

Result<Facts> decide_body(const State& state, const GrantPromotion& command, Instant) {
  Promotion promotion = command.promotion;
  LH_CHECK(check_new_name(state.billing.promotions, promotion.name));
  LH_CHECK(check_party(state, promotion.lessor, "lessor"));
  LH_CHECK(check_party(state, promotion.lessee, "lessee"));
  LH_CHECK(check_amount(promotion.amount, "amount"));
  LH_CHECK(check_interval({promotion.from, promotion.until}, "promotion"));
  promotion.id = state.billing.promotions.next_id();
  return Facts{PromotionGranted{std::move(promotion)}};
}

Result<Facts> decide_body(const State& state, const IssueInvoice& command, Instant now) {
  Invoice invoice = command.invoice;
  LH_CHECK(check_party(state, invoice.to.lessor, "lessor"));
  LH_CHECK(check_party(state, invoice.to.lessee, "lessee"));
  if (invoice.kind != InvoiceKind::invoice || invoice.lines.empty())
    return refuse(RefusalCode::invalid_value, "lines", "", "an invoice with lines");
  if (invoice.until > now)
    return refuse(RefusalCode::month_not_over, "period", to_text(invoice.period),
                  "a period that is over: it ends " + to_text(invoice.until));
  auto closed = state.billing.closed.find(invoice.to.lessor);
  bool billed = state.billing.billed.contains({invoice.to, invoice.period});
  if (billed || (closed != state.billing.closed.end() && invoice.period <= closed->second))
    return refuse(RefusalCode::month_closed, "period", to_text(invoice.period));
  LH_CHECK(check_sums(invoice));
  auto last = state.billing.last_number.find(invoice.to.lessor);
  invoice.id = state.billing.invoices.next_id();
  invoice.number = last == state.billing.last_number.end() ? 1 : last->second + 1;
  invoice.issued_at = now;
  invoice.lessor_details = details_of(state, invoice.to.lessor);
  invoice.lessee_details = details_of(state, invoice.to.lessee);
  return Facts{InvoiceIssued{std::move(invoice)}};
}

Result<Facts> decide_body(const State& state, const CloseMonth& command, Instant) {
  LH_CHECK(check_party(state, command.lessor, "lessor"));
  auto closed = state.billing.closed.find(command.lessor);
  if (closed != state.billing.closed.end()) {
    if (command.month <= closed->second)
      return refuse(RefusalCode::month_closed, "month", to_text(command.month));
    if (command.month != closed->second + 1)
      return refuse(RefusalCode::month_not_over, "month", to_text(command.month),
                    to_text(closed->second + 1) + ", the next of " + state.name_of(command.lessor));
  }
  return Facts{MonthClosed{command.lessor, command.month}};
}

Result<Facts> decide_body(const State& state, const CreditInvoice& command, Instant now) {
  const Invoice* invoice = state.billing.invoices.find(command.invoice);
  if (invoice == nullptr)
    return refuse(RefusalCode::unknown_reference, "invoice", to_text(command.invoice));
  LH_CHECK(check_text(command.reason, "reason"));
  if (command.reason.empty())
    return refuse(RefusalCode::invalid_value, "reason", "", "why it is taken back");
  if (invoice->kind != InvoiceKind::invoice ||
      !state.billing.settled_of(invoice->id).credited.zero())
    return refuse(RefusalCode::nothing_to_change, to_text(command.invoice), "",
                  "an invoice that was not taken back");
  Invoice note = *invoice;
  note.id = state.billing.invoices.next_id();
  note.kind = InvoiceKind::credit_note;
  note.number = state.billing.last_number.at(note.to.lessor) + 1;
  note.corrects = invoice->id;
  note.reason = command.reason;
  note.issued_at = now;
  note.due = now;
  for (InvoiceLine& line : note.lines) {
    line.quantity = -line.quantity;
    line.amount.nanos = -line.amount.nanos;
  }
  for (InvoiceTax& tax : note.taxes) {
    tax.base.nanos = -tax.base.nanos;
    tax.tax.nanos = -tax.tax.nanos;
  }
  note.net.nanos = -note.net.nanos;
  note.total.nanos = -note.total.nanos;
  return Facts{InvoiceIssued{std::move(note)}};
}

Result<Facts> decide_body(const State& state, const RecordPayment& command, Instant now) {
  const Invoice* invoice = state.billing.invoices.find(command.invoice);
  if (invoice == nullptr)
    return refuse(RefusalCode::unknown_reference, "invoice", to_text(command.invoice));
  LH_CHECK(check_text(command.reference, "reference"));
  Money open = state.billing.open_amount(*invoice);
  if (command.amount.nanos <= 0 || command.amount.currency != invoice->total.currency ||
      round_to_minor_unit(command.amount) != command.amount)
    return refuse(RefusalCode::invalid_value, "amount", to_text(command.amount),
                  "an amount above 0 in whole minor units of " + invoice->to.currency);
  if (command.on > now || command.on < invoice->issued_at)
    return refuse(RefusalCode::invalid_value, "on", to_text(command.on),
                  "a day from the invoice's to now");
  if (open < command.amount)
    return refuse(RefusalCode::beyond_due, to_text(command.invoice), to_text(command.amount),
                  "at most " + to_text(open) + ", which is open");
  return Facts{PaymentRecorded{{state.billing.payments.next_id(), command.invoice, command.amount,
                                command.on, command.reference}}};
}

}  // namespace leasehold::engine
