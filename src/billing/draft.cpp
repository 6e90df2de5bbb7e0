// From what is owed to an invoice: adjustments, promotions, interest and taxes.
#include <algorithm>

#include "billing/period.h"
#include "billing/rater.h"

namespace leasehold::billing {

namespace {

const Terms* terms_of(const engine::State& state, const std::vector<LeaseId>& leases) {
  return leases.empty() ? nullptr : &state.leases.at(leases.front()).offer.terms;
}

// The site whose tax holds for a line.
SiteId site_of(const engine::State& state, const InvoiceLine& line) {
  if (line.account) return state.pool_of(line.account).site;
  if (line.lease) return state.pools.at(state.leases.at(line.lease).offer.lines.front().pool).site;
  return {};
}

const TaxRate* tax_rate(const engine::State& state, const BillTo& to, SiteId site, Instant at) {
  const TaxRate* best = nullptr;
  int best_says = -1;
  for (const TaxRate& rate : state.billing.taxes) {
    bool fits = rate.seller == to.lessor && (!rate.buyer || rate.buyer == to.lessee) &&
                (!rate.site || rate.site == site) && rate.from <= at;
    int says = (rate.buyer ? 2 : 0) + (rate.site ? 1 : 0);
    if (fits && says >= best_says) {
      best = &rate;
      best_says = says;
    }
  }
  return best;
}

}  // namespace

void Rater::add_promotions(Invoice& draft) {
  Money net{0, *parse_currency(draft.to.currency)};
  for (const InvoiceLine& line : draft.lines)
    if (line.kind != ChargeKind::prepayment) net = net + line.amount;
  std::vector<const Promotion*> given;
  for (const Promotion& promotion : state_.billing.promotions.rows())
    if (company_of(state_, promotion.lessor) == draft.to.lessor &&
        company_of(state_, promotion.lessee) == draft.to.lessee &&
        promotion.amount.currency == net.currency &&
        Interval{promotion.from, promotion.until}.overlaps({draft.from, draft.until}))
      given.push_back(&promotion);
  std::stable_sort(given.begin(), given.end(), [](const Promotion* a, const Promotion* b) {
    return a->until < b->until;  // what ends first is used first
  });
  for (const Promotion* promotion : given) {
    Money left = promotion->amount;
    for (const Invoice& invoice : state_.billing.invoices.rows())
      for (const InvoiceLine& line : invoice.lines)
        if (line.promotion == promotion->id) left = left + line.amount;
    Money& promised = promised_[promotion->id];
    left = left - promised;
    Money take = left < net ? left : net;
    if (take.nanos <= 0) continue;
    InvoiceLine line = line_for(ChargeKind::promotion, draft.period, {draft.from, draft.until});
    line.promotion = promotion->id;
    line.amount = Money{-take.nanos, take.currency};
    net = net - take;
    promised = promised + take;
    draft.lines.push_back(line);
  }
}

// Simple interest by the day on what was open in the period after its due date, by the terms of the
// leases that the invoice is for.
void Rater::add_interest(Invoice& draft) const {
  auto leases = leases_.find(draft.to);
  if (leases == leases_.end()) return;
  const Terms* terms = terms_of(state_, leases->second);
  int64_t permille = terms->billing ? terms->billing->late_interest_permille : 0;
  if (permille == 0) return;
  constexpr int64_t kDaysOfYear = 365;
  for (const Invoice& invoice : state_.billing.invoices.rows()) {
    if (invoice.to != draft.to || invoice.kind != InvoiceKind::invoice) continue;
    Money open = invoice.total;
    Instant from = std::max(invoice.due, draft.from);
    Money interest{0, open.currency};
    auto accrue = [&](Instant until) {
      if (until <= from || open.nanos <= 0) return;
      interest = interest + scale(open, Int128{permille} * (until.seconds - from.seconds),
                                  Int128{1000} * kDaysOfYear * kSecondsPerDay);
      from = until;
    };
    open = open - state_.billing.settled_of(invoice.id).credited;
    for (const Payment& payment : state_.billing.payments.rows()) {
      if (payment.invoice != invoice.id) continue;
      accrue(std::min(payment.on, draft.until));
      open = open - payment.amount;
    }
    accrue(draft.until);
    interest = round_to_minor_unit(interest);
    if (interest.nanos <= 0) continue;
    InvoiceLine line = line_for(ChargeKind::late_interest, draft.period,
                                {std::max(invoice.due, draft.from), draft.until});
    line.overdue = invoice.id;
    line.amount = interest;
    draft.lines.push_back(line);
  }
}

void Rater::add_taxes(Invoice& draft) const {
  for (InvoiceLine& line : draft.lines) {
    if (line.kind == ChargeKind::late_interest) continue;
    const TaxRate* rate = tax_rate(state_, draft.to, site_of(state_, line), draft.until);
    if (rate == nullptr) continue;
    auto same = std::find_if(draft.taxes.begin(), draft.taxes.end(), [&](const InvoiceTax& tax) {
      return tax.category == rate->category && tax.ppm == rate->ppm && tax.reason == rate->reason;
    });
    if (same == draft.taxes.end()) {
      draft.taxes.push_back(
          {rate->category, rate->ppm, rate->reason, {0, line.amount.currency}, {}});
      same = draft.taxes.end() - 1;
    }
    same->base = same->base + line.amount;
    line.tax = same - draft.taxes.begin();
  }
  for (InvoiceTax& tax : draft.taxes)
    tax.tax = round_to_minor_unit(scale(tax.base, tax.ppm, 1'000'000));
}

std::optional<Month> Rater::first_metered(const BillTo& to) const {
  std::optional<Month> first;
  for (const auto& [key, buckets] : state_.billing.usage) {
    if (company_of(state_, state_.billing.meters.at(key.meter).owner) != to.lessor ||
        company_of(state_, key.party) != to.lessee)
      continue;
    Month month = month_at({buckets.begin()->first * engine::kBucketSeconds}, to.zone, to.day);
    first = first ? std::min(*first, month) : month;
  }
  return first;
}

std::optional<Invoice> Rater::draft(const BillTo& to, Month month, Instant now) {
  Interval period = period_of(month, to.zone, to.day);
  Invoice draft;
  draft.to = to;
  draft.period = month;
  draft.from = period.from;
  draft.until = period.until;
  draft.issued_at = now;
  std::map<Key, Money>& billed = billed_[to];
  std::set<Key> seen;
  auto first = first_.find(to);
  Month from = std::min(month, first_metered(to).value_or(month));
  if (first != first_.end()) from = std::min(from, first->second);
  for (const auto& [key, amount] : billed)
    if (key.kind < ChargeKind::promotion) from = std::min(from, key.service);
  for (Month service = from; service <= month; service = service + 1) {
    for (InvoiceLine line : owed(to, service)) {
      auto known = billed.find(key_of(line));
      seen.insert(key_of(line));
      if (known != billed.end()) line.amount = line.amount - known->second;
      if (!line.amount.zero()) draft.lines.push_back(line);
    }
  }
  // What was billed, and is not owed any more.
  for (const auto& [key, amount] : billed) {
    bool computed = key.kind < ChargeKind::promotion;
    if (!computed || key.service > month || amount.zero() || seen.contains(key)) continue;
    InvoiceLine line = line_for(key.kind, key.service, period_of(key.service, to.zone, to.day));
    line.lease = key.lease;
    line.account = key.account;
    line.tenant = key.tenant;
    line.meter = key.meter;
    line.amount = Money{-amount.nanos, amount.currency};
    draft.lines.push_back(line);
  }
  add_promotions(draft);
  add_interest(draft);
  if (draft.lines.empty()) return std::nullopt;
  add_taxes(draft);
  draft.net = Money{0, *parse_currency(to.currency)};
  for (const InvoiceLine& line : draft.lines) draft.net = draft.net + line.amount;
  draft.total = draft.net;
  for (const InvoiceTax& tax : draft.taxes) draft.total = draft.total + tax.tax;
  auto leases = leases_.find(to);
  const Terms* terms = leases == leases_.end() ? nullptr : terms_of(state_, leases->second);
  Term due = terms != nullptr && terms->billing ? terms->billing->due : BillingTerms{}.due;
  draft.due = add_term(now, due, to.zone);
  return draft;
}

}  // namespace leasehold::billing
