#include "finance/revenue.h"

#include <algorithm>

#include "billing/line_rating.h"
#include "billing/period.h"

namespace leasehold::finance {

namespace {

// What a line's lessor pays for so many accelerator-seconds of the line that it is drawn from.
Money head_cost(const engine::State& state, const Line& line, int64_t milli_seconds) {
  if (line.source.kind != AccountKind::line) return {};
  auto rate = hourly_rate(state.line(line.source), state.sku_of(line.source).per_server);
  if (!rate) return {};
  return round_to_minor_unit(scale(*rate, milli_seconds, Int128{kMilli} * kSecondsPerHour));
}

int64_t tier_of(const engine::State& state, const AccountId& account) {
  return static_cast<int64_t>(state.chain_of(account).size()) - 1;
}

}  // namespace

Presentation presentation_of(const engine::State& state, const Lease& lease, const Line& line) {
  const auto& billing = lease.offer.terms.billing;
  if (billing && billing->presentation) return *billing->presentation;
  if (line.source.kind != AccountKind::line) return Presentation::gross;
  return state.lease_of(line.source).offer.terms.take_or_pay_permille > 0 ? Presentation::gross
                                                                          : Presentation::net;
}

std::vector<RevenueRow> revenue(const engine::State& state, billing::Rater& rater, PartyId lessor,
                                const Months& months) {
  std::vector<RevenueRow> rows;
  for (Month month = months.from; month <= months.through; month = month + 1)
    for (const BillTo& to : rater.bill_tos(lessor, month))
      for (const InvoiceLine& line : rater.owed(to, month)) {
        if (!is_service(line.kind)) continue;
        RevenueRow row{lessor,
                       to.lessee,
                       line.lease,
                       line.account,
                       1,
                       month,
                       line.kind,
                       0,
                       line.amount,
                       {0, line.amount.currency},
                       Presentation::gross};
        bool accelerators = line.kind <= ChargeKind::preemptible;
        if (accelerators) row.quantity = line.quantity;
        if (line.account) row.tier = std::max<int64_t>(tier_of(state, line.account), 1);
        if (line.lease && line.account.kind == AccountKind::line) {
          const Line& sold = state.line(line.account);
          row.presentation = presentation_of(state, state.leases.at(line.lease), sold);
          if (accelerators) row.cost_of_head = head_cost(state, sold, line.quantity);
        }
        rows.push_back(row);
      }
  return rows;
}

std::vector<BacklogRow> backlog(const engine::State& state, PartyId lessor, Instant after) {
  std::vector<BacklogRow> rows;
  for (const Lease& lease : state.leases.rows()) {
    PartyId customer = billing::company_of(state, lease.offer.lessee);
    if (billing::company_of(state, lease.offer.lessor) != lessor || customer == lessor) continue;
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      const Line& line = lease.offer.lines[i];
      const Terms& terms = lease.offer.terms;
      Interval left = intersection(line.term(), {after, kForever});
      if (left.open()) left.until = add_term(after, terms.notice.value_or(Term{}), terms.zone);
      if (left.empty()) continue;
      for (Month month = billing::month_at(left.from, "Etc/UTC", 1);; month = month + 1) {
        Interval part = intersection(left, billing::period_of(month, "Etc/UTC", 1));
        if (part.empty()) break;
        auto worth = value(line, part, state.sku_of(line.source).per_server);
        if (worth && !worth->zero())
          rows.push_back({lessor, customer, lease.id, engine::line_of(lease.id, i), month,
                          scale(*worth, terms.take_or_pay_permille, 1000)});
      }
    }
  }
  return rows;
}

}  // namespace leasehold::finance
