#include "billing/run.h"

#include <algorithm>

#include "billing/period.h"

namespace leasehold::billing {

namespace {

// When the calendar's month is over at every site: until then somebody may still use something.
Instant over_everywhere(const engine::State& state, Month month) {
  Instant over = period_of(month, "Etc/UTC", 1).until;
  for (const Site& site : state.sites.rows())
    over = std::max(over, period_of(month, site.zone, 1).until);
  return over;
}

}  // namespace

Result<MonthRun> month_of(const engine::State& state, Rater& rater, PartyId lessor, Month month,
                          Instant now) {
  MonthRun run;
  bool any_over = false;
  for (const BillTo& to : rater.bill_tos(lessor, month)) {
    if (period_of(month, to.zone, to.day).until > now) {
      run.pending.push_back(to);
      continue;
    }
    any_over = true;
    if (state.billing.billed.contains({to, month})) continue;
    if (auto draft = rater.draft(to, month, now)) run.commands.emplace_back(IssueInvoice{*draft});
  }
  if (!run.pending.empty() && !any_over) {
    const BillTo& to = run.pending.front();
    return refuse(RefusalCode::month_not_over, "period", to_text(month),
                  "a month that is over: for " + state.name_of(to.lessee) + " it ends " +
                      to_text(period_of(month, to.zone, to.day).until));
  }
  Instant over = over_everywhere(state, month);
  if (run.pending.empty() && run.commands.empty() && over > now)
    return refuse(RefusalCode::month_not_over, "period", to_text(month),
                  "a month that is over: it ends " + to_text(over));
  if (run.pending.empty() && over <= now) run.commands.emplace_back(CloseMonth{lessor, month});
  return run;
}

Result<std::vector<Month>> months_to_bill(const engine::State& state, const Rater& rater,
                                          PartyId lessor, std::optional<Month> period,
                                          Month through) {
  std::optional<Month> next = rater.first_month(lessor);
  if (auto closed = state.billing.closed.find(lessor); closed != state.billing.closed.end())
    next = closed->second + 1;
  std::vector<Month> months;
  if (!next || *next > through) return months;
  if (period && *next < *period)
    return refuse(RefusalCode::month_not_over, "period", to_text(*period),
                  to_text(*next) + ", the next of " + state.name_of(lessor) + "; or --through " +
                      to_text(*period) + " for all up to it");
  for (Month month = *next; month <= through; month = month + 1) months.push_back(month);
  return months;
}

}  // namespace leasehold::billing
