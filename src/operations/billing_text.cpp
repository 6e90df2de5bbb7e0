#include "operations/billing_text.h"

#include <fmt/format.h>

#include "billing/describe.h"

namespace leasehold::operations {

using engine::State;

std::string rate_text(const Rate& rate) {
  std::string text = to_text(rate.price);
  for (const RateStep& step : rate.steps)
    text += fmt::format(", {} above {}", to_text(step.price), with_thousands(step.above));
  return rate.mode == RateMode::volume ? text + ", by volume" : text;
}

std::string ppm_text(int64_t ppm) { return billing::decimal_text(ppm, 4) + " %"; }

std::string percent_text(int64_t permille) { return billing::decimal_text(permille, 1) + " %"; }

std::string alerts_text(const SpendBudget& budget) {
  std::string text;
  for (int64_t alert : budget.alerts_permille)
    text += (text.empty() ? "" : ", ") + percent_text(alert);
  return text.empty() ? "nothing" : text;
}

std::string words(const State& state, const PartyDescribed& fact) {
  const LegalDetails& details = fact.details;
  return fmt::format("{} is {}, {}", state.name_of(fact.party), details.legal_name,
                     details.country.empty() ? "of no country" : details.country);
}
std::string words(const State& state, const TaxRateSet& fact) {
  const TaxRate& rate = fact.rate;
  return fmt::format("tax of {}{}{}: {} {} from {}", state.name_of(rate.seller),
                     rate.buyer ? " to " + state.name_of(rate.buyer) : "",
                     rate.site ? " at " + state.sites.at(rate.site).name : "",
                     name_of(rate.category), ppm_text(rate.ppm), to_short_text(rate.from));
}
std::string words(const State& state, const ListPriceSet& fact) {
  return fmt::format("{} {}: {} an accelerator-hour from {}", state.name_of(fact.price.account),
                     name_of(fact.price.kind), rate_text(fact.price.rate),
                     to_short_text(fact.price.from));
}
std::string words(const State& state, const AssetCostSet& fact) {
  return fmt::format("servers of {} cost {} each, from {}, over {} months",
                     state.deliveries.at(fact.cost.delivery).name, to_display(fact.cost.per_server),
                     state.name_of(fact.cost.supplier), fact.cost.life_months);
}
std::string words(const State& state, const MeterDefined& fact) {
  return fmt::format("meter {} ({}) of {}: {} a {}", fact.meter.name, to_text(fact.meter.id),
                     state.name_of(fact.meter.owner), rate_text(fact.meter.list), fact.meter.unit);
}
std::string words(const State&, const UsageRecorded& fact) {
  return fmt::format("{} usage events of {} counted",
                     with_thousands(static_cast<int64_t>(fact.events.size())), fact.source);
}
std::string words(const State&, const UsageRefused& fact) {
  return fmt::format("{} usage events of {} refused; the first, {}: {}", fact.events.size(),
                     fact.source, fact.events.front().id, fact.events.front().reason);
}
std::string words(const State& state, const IncidentRecorded& fact) {
  const Incident& incident = fact.incident;
  return fmt::format("{} of {}: {} from {} to {}{}", to_text(incident.id),
                     state.name_of(incident.line), name_of(incident.kind), to_text(incident.from),
                     to_text(incident.until), incident.excused ? ", excused" : "");
}
std::string words(const State&, const OutageExcused& fact) {
  return fmt::format("{} is excused: {}", to_text(fact.outage), fact.reason);
}
std::string words(const State& state, const PromotionGranted& fact) {
  const Promotion& promotion = fact.promotion;
  return fmt::format("promotion {}: {} for {} {}", promotion.name, to_display(promotion.amount),
                     state.name_of(promotion.lessee),
                     promotion.until == kForever ? "" : "until " + to_short_text(promotion.until));
}
std::string words(const State& state, const SpendBudgetSet& fact) {
  const SpendBudget& budget = fact.budget;
  if (budget.monthly.zero())
    return fmt::format("{} has no spend budget", state.name_of(budget.party));
  return fmt::format("spend budget of {}: {} a month, told of at {}", state.name_of(budget.party),
                     to_display(budget.monthly), alerts_text(budget));
}
std::string words(const State& state, const SpendBudgetReached& fact) {
  return fmt::format("{} has spent {} in {}: {} of its budget is reached",
                     state.name_of(fact.of.party), to_display(fact.spent), to_text(fact.of.month),
                     percent_text(fact.alert_permille));
}
std::string words(const State& state, const InvoiceIssued& fact) {
  const Invoice& invoice = fact.invoice;
  return fmt::format("{} {} to {} for {}: {}, due {}",
                     invoice.kind == InvoiceKind::invoice ? "invoice" : "credit note",
                     billing::number_text(state, invoice), state.name_of(invoice.to.lessee),
                     to_text(invoice.period), to_display(invoice.total),
                     to_short_text(invoice.due));
}
std::string words(const State& state, const MonthClosed& fact) {
  return fmt::format("{} of {} is closed", to_text(fact.month), state.name_of(fact.lessor));
}
std::string words(const State& state, const PaymentRecorded& fact) {
  return fmt::format("{} paid on {}", to_display(fact.payment.amount),
                     billing::number_text(state, state.billing.invoices.at(fact.payment.invoice)));
}

}  // namespace leasehold::operations
