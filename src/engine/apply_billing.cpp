// Facts about money become state. Nothing is checked here.
#include <algorithm>

#include "engine/become.h"

namespace leasehold::engine {

const Settled& BillingState::settled_of(InvoiceId invoice) const {
  static const Settled kNothing{};
  auto found = settled.find(invoice);
  return found == settled.end() ? kNothing : found->second;
}

Money BillingState::open_amount(const Invoice& invoice) const {
  const Settled& done = settled_of(invoice.id);
  return invoice.total - done.paid - done.credited;
}

void become(State& state, const PartyDescribed& fact) {
  state.billing.details[fact.party] = fact.details;
}

void become(State& state, const TaxRateSet& fact) { state.billing.taxes.push_back(fact.rate); }

void become(State& state, const ListPriceSet& fact) {
  state.billing.prices[{fact.price.account, fact.price.kind}].push_back(fact.price);
}

void become(State& state, const AssetCostSet& fact) {
  state.billing.costs[fact.cost.delivery] = fact.cost;
}

void become(State& state, const MeterDefined& fact) {
  state.billing.meters.add(fact.meter.name, fact.meter);
}

void become(State& state, const UsageRecorded& fact) {
  std::vector<Fingerprint> ids;
  ids.reserve(fact.events.size());
  for (const UsageEvent& event : fact.events) {
    ids.push_back(fingerprint_of(fact.source, event.id));
    state.billing
        .usage[{event.meter, event.party, event.lease}][event.at.seconds / kBucketSeconds] +=
        event.micro;
  }
  state.billing.known.add(std::move(ids));
}

void become(State& state, const UsageRefused& fact) {
  state.billing.refused_events += static_cast<int64_t>(fact.events.size());
}

void become(State& state, const IncidentRecorded& fact) {
  state.billing.incidents.add("", fact.incident);
}

void become(State& state, const OutageExcused& fact) {
  state.fleet.outages.at(fact.outage).excused = true;
  state.billing.excused[fact.outage] = fact.reason;
}

void become(State& state, const PromotionGranted& fact) {
  state.billing.promotions.add(fact.promotion.name, fact.promotion);
}

void become(State& state, const SpendBudgetSet& fact) {
  auto& budgets = state.billing.spend_budgets;
  if (fact.budget.monthly.zero())
    budgets.erase(fact.budget.party);
  else
    budgets[fact.budget.party] = fact.budget;
  // Another budget is another question: what was reached of the last one says nothing of it.
  std::erase_if(state.billing.spend_reached,
                [&](const auto& row) { return row.first.party == fact.budget.party; });
}
void become(State& state, const SpendBudgetReached& fact) {
  state.billing.spend_reached[fact.of] = fact.alert_permille;
}

void become(State& state, const InvoiceIssued& fact) {
  const Invoice& invoice = state.billing.invoices.add("", fact.invoice);
  state.billing.last_number[invoice.to.lessor] = invoice.number;
  if (invoice.kind == InvoiceKind::invoice) {
    state.billing.billed[{invoice.to, invoice.period}] = invoice.id;
    return;
  }
  Settled& settled = state.billing.settled[invoice.corrects];
  settled.credited = settled.credited - invoice.total;  // a credit note's total is negative
  settled.last = state.now;
  Settled& own = state.billing.settled[invoice.id];
  own.credited = invoice.total;
}

void become(State& state, const MonthClosed& fact) {
  state.billing.closed[fact.lessor] = fact.month;
}

void become(State& state, const PaymentRecorded& fact) {
  state.billing.payments.add("", fact.payment);
  Settled& settled = state.billing.settled[fact.payment.invoice];
  settled.paid = settled.paid + fact.payment.amount;
  settled.last = std::max(settled.last, fact.payment.on);
}

}  // namespace leasehold::engine
