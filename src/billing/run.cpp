#include "billing/run.h"

#include "billing/period.h"

namespace leasehold::billing {

Result<std::vector<CommandBody>> month_of(const engine::State& state, Rater& rater, PartyId lessor,
                                          Month month, Instant now) {
  std::vector<CommandBody> commands;
  for (const BillTo& to : rater.bill_tos(lessor, month)) {
    Interval period = period_of(month, to.zone, to.day);
    if (period.until > now)
      return refuse(RefusalCode::month_not_over, "period", to_text(month),
                    "a month that is over: for " + state.name_of(to.lessee) + " it ends " +
                        to_text(period.until));
    if (state.billing.billed.contains({to, month})) continue;
    if (auto draft = rater.draft(to, month, now)) commands.push_back(IssueInvoice{*draft});
  }
  commands.push_back(CloseMonth{lessor, month});
  return commands;
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
