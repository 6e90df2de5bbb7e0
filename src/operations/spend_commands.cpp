// spend: what a party's capacity costs by day, and the budgets that it is told of.
#include <algorithm>

#include <fmt/format.h>

#include "billing/period.h"
#include "billing/spend.h"
#include "operations/billing_text.h"
#include "operations/catalogue.h"
#include "operations/finance_options.h"

namespace leasehold::operations {

namespace {

constexpr int64_t kMostDays = 400;

struct SpendValues {
  std::string party, from, through;
};
void spend_options(Form& form, SpendValues& values) {
  form.add_option("party", values.party, "Whose")->required();
  form.add_option("--from", values.from, "The first day, UTC; of the moment's month otherwise");
  form.add_option("--through", values.through,
                  "The last day, UTC; of the moment's month otherwise");
}

Instant midnight_before(Instant at) { return {at.seconds - at.seconds % kSecondsPerDay}; }

// Midnights, and the moment where it is among them: what was is told from what will be.
std::vector<Instant> days_of(Reader& reader, const SpendValues& values, Instant moment) {
  Interval month = billing::period_of(billing::month_at(moment, "Etc/UTC", 1), "Etc/UTC", 1);
  Instant from = month.from;
  Instant last = month.until + -kSecondsPerDay;
  if (!values.from.empty()) from = midnight_before(reader.instant("--from", values.from));
  if (!values.through.empty()) last = midnight_before(reader.instant("--through", values.through));
  if (reader.good() && (last < from || last.seconds - from.seconds >= kMostDays * kSecondsPerDay))
    reader.wrong("--through", to_text(last),
                 fmt::format("a day from {} on, at most {} days", to_short_text(from), kMostDays));
  std::vector<Instant> days;
  if (!reader.good()) return days;
  for (Instant day = from; day <= last; day = day + kSecondsPerDay) {
    days.push_back(day);
    if (day < moment && moment < day + kSecondsPerDay) days.push_back(moment);
  }
  days.push_back(last + kSecondsPerDay);
  return days;
}

int64_t hours_of(int64_t milli_seconds) { return milli_seconds / (kMilli * kSecondsPerHour); }

const Columns kSpendColumns = columns_of(
    "day: moment, lessor, charge, for, tenant, hours: number, used: number, cost: money, basis");
void show_spend(Shell& shell, const SpendValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  PartyId party = reader.party("party", values.party);
  std::vector<Instant> days = days_of(reader, values, view->moment);
  if (!reader.good()) return shell.say(reader.errors());
  billing::Rater rater(state);
  Table table(kSpendColumns);
  for (const billing::Spend& row : billing::spend(state, rater, party, days)) {
    if (!shell.may_see(row.lessor, party)) continue;
    std::string what = row.meter     ? state.billing.meters.at(row.meter).name
                       : row.account ? state.name_of(row.account)
                                     : lease_name(state, row.lease);
    bool accelerators = row.kind <= ChargeKind::preemptible;
    bool leased = row.kind == ChargeKind::committed;
    table.add({moment(midnight_before(days[row.span])), text(state.name_of(row.lessor)),
               text(name_of(row.kind)), text(what),
               text(row.tenant ? state.name_of(row.tenant) : ""),
               accelerators ? number(hours_of(row.quantity)) : text(""),
               accelerators ? number(hours_of(leased ? row.used : row.quantity)) : text(""),
               money(row.amount), text(days[row.span] < view->moment ? "actual" : "forecast")});
  }
  shell.say(table);
}

struct SpendBudgetValues {
  std::string party, monthly;
  std::vector<std::string> alerts;
};
void spend_budget_options(Form& form, SpendBudgetValues& values) {
  form.add_option("party", values.party, "Whose")->required();
  form.add_option("--monthly", values.monthly, "A calendar month, UTC; 0 USD for none any more")
      ->required();
  form.add_option("--alerts", values.alerts,
                  "Shares of it at which it is told of; 50 %, 80 % and 100 % otherwise")
      ->delimiter(',');
}
void set_spend_budget(Shell& shell, const SpendBudgetValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    SpendBudget budget{
        reader.party("party", values.party), reader.money("--monthly", values.monthly), {}, {}};
    std::vector<std::string> alerts = values.alerts;
    if (alerts.empty()) alerts = {"50 %", "80 %", "100 %"};
    for (const std::string& alert : alerts)
      budget.alerts_permille.push_back(reader.permille("--alerts", alert));
    std::sort(budget.alerts_permille.begin(), budget.alerts_permille.end());
    return SetSpendBudget{std::move(budget)};
  });
}

const Columns kSpendBudgetsColumns = columns_of(
    "party, month, monthly: money, spent: money, of it: share, expected: money, expected of it: "
    "share, alerts, reached: share");
void list_spend_budgets(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  billing::Rater rater(state);
  Month month = billing::month_at(view->moment, "Etc/UTC", 1);
  Table table(kSpendBudgetsColumns);
  for (const auto& [party, budget] : state.billing.spend_budgets) {
    if (!shell.may_see(party, party)) continue;
    billing::MonthSpend sums =
        billing::month_spend(state, rater, {party, month}, budget.monthly.currency, view->moment);
    auto given = state.billing.spend_reached.find({party, month});
    table.add({text(state.name_of(party)), text(to_text(month)), money(budget.monthly),
               money(sums.so_far), share(permille_of(sums.so_far, budget.monthly)),
               money(sums.expected), share(permille_of(sums.expected, budget.monthly)),
               text(alerts_text(budget)),
               given == state.billing.spend_reached.end() ? text("") : share(given->second)});
  }
  shell.say(table);
}

// What a server does by itself.
void check_spend(Shell& shell, const NoValues&) {
  auto cloud = shell.cloud_to_write();
  if (!cloud || !shell.owner_only("spend check")) return;
  std::vector<Command> commands;
  for (const NoteSpend& note : billing::spend_to_note(cloud->state(), shell.now()))
    commands.push_back({shell.now(), shell.actor(), note});
  auto answers = cloud->execute(commands);
  if (!answers) return shell.say(answers.error());
  for (const auto& answer : *answers)
    answer ? shell.say_facts(cloud->state(), *answer) : shell.say(cloud->state(), answer.error());
}

}  // namespace

void add_spend(Noun root) {
  Noun spend = root.noun("spend", "What capacity costs by day, and budgets for it");
  add_command(spend, "show",
              "By day and charge, before taxes: spend show ai-team --from 2026-07-01 --through "
              "2026-07-31",
              spend_options, show_spend, kSpendColumns);
  add_command(spend, "budget",
              "Be told of what is spent: spend budget ai-team --monthly '200000 USD' --alerts "
              "80%,100%",
              spend_budget_options, set_spend_budget);
  add_command<NoValues>(spend, "budgets", "Budgets, and what of them is spent", nullptr,
                        list_spend_budgets, kSpendBudgetsColumns);
  add_command<NoValues>(spend, "check",
                        "Tell of budgets that were reached, as a server does by itself", nullptr,
                        check_spend);
}

}  // namespace leasehold::operations
