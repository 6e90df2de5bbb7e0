// finance: what a company earns, is owed, depends on and keeps, by month.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "billing/period.h"
#include "finance/dependence.h"
#include "finance/margin.h"
#include "operations/catalogue.h"
#include "operations/finance_options.h"
#include "projections/accounts.h"

namespace leasehold::operations {

namespace {

using finance::Months;

std::string key_of(const engine::State& state, const finance::RevenueRow& row,
                   const std::string& by) {
  if (by == "month") return to_text(row.month);
  if (by == "quarter") return quarter_text(row.month);
  if (by == "customer") return state.name_of(row.customer);
  if (by == "lease") return lease_name(state, row.lease);
  if (by == "tier") return std::to_string(row.tier);
  if (by == "kind") return name_of(row.kind);
  if (!row.account) return "none";
  return by == "sku" ? state.sku_of(row.account).name : state.site_of(row.account).name;
}

struct RevenueValues {
  FinanceValues asked;
  std::string by = "customer";
};
void revenue_options(Form& form, RevenueValues& values) {
  finance_options(form, values.asked);
  form.add_option("--by", values.by, "month, quarter, customer, lease, sku, site, tier or kind");
}
const Columns kRevenueColumns = columns_of(
    "by, accelerator-hours: number, gross: money, of it credits: money, as reported: money, share: "
    "share");
void show_revenue(Shell& shell, const RevenueValues& values) {
  auto asked = ask_finance(shell, values.asked);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  const std::vector<std::string> known{"month", "quarter", "customer", "lease",
                                       "sku",   "site",    "tier",     "kind"};
  if (std::find(known.begin(), known.end(), values.by) == known.end())
    return shell.say(InputErrors{
        {"--by", values.by, "month, quarter, customer, lease, sku, site, tier or kind"}});
  billing::Rater rater(state);
  struct Sum {
    Money gross, reported, invoiced, credits;
    Int128 quantity = 0;
  };
  std::map<std::string, Sum> sums;
  Sum total;
  for (const finance::RevenueRow& row : finance::revenue(state, rater, asked->party, asked->months))
    for (Sum* sum : {&sums[key_of(state, row, values.by)], &total}) {
      sum->gross = sum->gross + row.gross;
      sum->reported = sum->reported + row.reported();
      if (row.kind == ChargeKind::sla_credit) sum->credits = sum->credits + row.gross;
      sum->quantity += row.quantity;
    }
  Columns columns = kRevenueColumns;
  if (shell.output() == Output::table) columns.front() = Column(values.by);  // people know which
  Table table(columns);
  auto add = [&](const std::string& key, const Sum& sum) {
    table.add({text(key),
               number(static_cast<int64_t>(sum.quantity / (Int128{kMilli} * kSecondsPerHour))),
               money(sum.gross), money(sum.credits), money(sum.reported),
               share(permille_of(sum.gross, total.gross))});
  };
  for (const auto& [key, sum] : sums) add(key, sum);
  add("total", total);
  shell.say(table);
}

const Columns kBacklogColumns =
    columns_of("quarter, to be recognised: money, left after it: money");
void show_backlog(Shell& shell, const FinanceValues& values) {
  auto asked = ask_finance(shell, values);
  if (!asked) return;
  std::map<std::string, Money> quarters;
  Money total;
  for (const finance::BacklogRow& row :
       finance::backlog(asked->view.state, asked->party, asked->view.moment)) {
    Money& sum = quarters[quarter_text(row.month)];
    sum = sum + row.amount;
    total = total + row.amount;
  }
  Table table(kBacklogColumns);
  Money left = total;
  for (const auto& [quarter, amount] : quarters) {
    left = left - amount;
    table.add({text(quarter), money(amount), money(left)});
  }
  table.add({text("total"), money(total), text("")});
  shell.say(table);
}

const Columns kConcentrationColumns = columns_of(
    "customer, revenue: money, share: share, backlog: money, share of backlog: share, 10 % or "
    "more, also");
// By company and by group, in revenue and in backlog apart: they move in opposite directions.
void show_concentration(Shell& shell, const FinanceValues& values) {
  auto asked = ask_finance(shell, values);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  billing::Rater rater(state);
  std::map<PartyId, Money> revenue;
  std::map<PartyId, Money> backlog;
  auto add = [](std::map<PartyId, Money>& sums, PartyId party, const Money& amount) {
    Money& sum = sums[party];
    sum = sum + amount;
  };
  for (const auto& row : finance::revenue(state, rater, asked->party, asked->months))
    add(revenue, finance::group_of(state, row.customer), row.gross);
  for (const auto& row : finance::backlog(state, asked->party, asked->view.moment))
    add(backlog, finance::group_of(state, row.customer), row.amount);
  finance::Concentration by_revenue = finance::concentration(revenue);
  finance::Concentration by_backlog = finance::concentration(backlog);
  std::vector<finance::Circle> circles =
      finance::circularity(state, rater, asked->party, asked->months);
  std::map<PartyId, int64_t> backlog_share;
  for (const auto& row : by_backlog.rows) backlog_share[row.customer] = row.share_permille;
  Table table(kConcentrationColumns);
  std::vector<finance::Concentration::Row> rows = by_revenue.rows;
  for (const auto& row : by_backlog.rows)
    if (!revenue.contains(row.customer)) rows.push_back({row.customer, {}, 0});
  for (const auto& row : rows) {
    std::string also;
    for (const finance::Circle& circle : circles)
      if (finance::group_of(state, circle.other) == row.customer)
        also = roles_text(circle.supplies, circle.owns, circle.lends);
    bool large = row.share_permille >= 100 || backlog_share[row.customer] >= 100;
    table.add({text(state.name_of(row.customer)), money(row.amount), share(row.share_permille),
               money(backlog[row.customer]), share(backlog_share[row.customer]),
               text(large ? "yes" : ""), text(also)});
  }
  table.add({text("total"), money(by_revenue.total), share(1000), money(by_backlog.total),
             share(1000), text(""), text("")});
  shell.say(table);
  if (shell.output() == Output::table)
    shell.out() << fmt::format("HHI (0 to 10,000): {} in revenue, {} in backlog\n",
                               with_thousands(by_revenue.hhi), with_thousands(by_backlog.hhi));
}

const Columns kCircularityColumns = columns_of(
    "quarter, party, is, owns, bought from it: money, sold to it: money, net to it: money, share "
    "of revenue: share");
void show_circularity(Shell& shell, const FinanceValues& values) {
  auto asked = ask_finance(shell, values);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  billing::Rater rater(state);
  Table table(kCircularityColumns);
  for (Month month = asked->months.from; month <= asked->months.through;) {
    Month last = std::min(asked->months.through, month + (2 - month.number % 3));
    Months quarter{month, last};
    Money all;
    for (const auto& row : finance::revenue(state, rater, asked->party, quarter))
      all = all + row.gross;
    for (const finance::Circle& circle :
         finance::circularity(state, rater, asked->party, quarter)) {
      if (circle.bought.zero() && circle.sold.zero()) continue;
      std::string owns = !circle.owns ? "" : "not public";
      if (circle.owns_ppm > 0)
        owns = fmt::format("{}.{:02} %", circle.owns_ppm / 10'000, circle.owns_ppm % 10'000 / 100);
      table.add({text(quarter_text(month)), text(state.name_of(circle.other)),
                 text(roles_text(circle.supplies, circle.owns, circle.lends)), text(owns),
                 money(circle.bought), money(circle.sold), money(circle.net()),
                 share(permille_of(circle.sold, all))});
    }
    month = last + 1;
  }
  shell.say(table);
}

const Columns kDeferredColumns =
    columns_of("lease, customer, opening: money, asked for: money, drawn: money, left: money");
// A roll-forward of prepayments by contract: what was asked for, what was drawn, what is left to
// serve.
void show_deferred(Shell& shell, const FinanceValues& values) {
  auto asked = ask_finance(shell, values);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  struct Roll {
    PartyId customer;
    Money opening, asked, drawn;
  };
  std::map<LeaseId, Roll> rolls;
  for (const Invoice& invoice : state.billing.invoices.rows()) {
    if (invoice.to.lessor != asked->party || invoice.period > asked->months.through) continue;
    for (const InvoiceLine& line : invoice.lines) {
      if (line.kind != ChargeKind::prepayment && line.kind != ChargeKind::prepaid) continue;
      Roll& roll = rolls[line.lease];
      roll.customer = invoice.to.lessee;
      Money& sum = invoice.period < asked->months.from   ? roll.opening
                   : line.kind == ChargeKind::prepayment ? roll.asked
                                                         : roll.drawn;
      sum = sum + line.amount;
    }
  }
  Table table(kDeferredColumns);
  Roll total;
  for (const auto& [lease, roll] : rolls) {
    table.add({text(lease_name(state, lease)), text(state.name_of(roll.customer)),
               money(roll.opening), money(roll.asked), money(roll.drawn),
               money(roll.opening + roll.asked + roll.drawn)});
    total.opening = total.opening + roll.opening;
    total.asked = total.asked + roll.asked;
    total.drawn = total.drawn + roll.drawn;
  }
  table.add({text("total"), text(""), money(total.opening), money(total.asked), money(total.drawn),
             money(total.opening + total.asked + total.drawn)});
  shell.say(table);
}

struct MarginValues {
  FinanceValues asked;
  std::string rent, energy = "0 USD", pue = "1", operations = "0 USD", life = "0", by = "lease";
};
void margin_options(Form& form, MarginValues& values) {
  finance_options(form, values.asked);
  form.add_option("--rent", values.rent, "A kW and month, where the site has no head lease");
  form.add_option("--energy", values.energy, "A kWh");
  form.add_option("--pue", values.pue, "Facility power over critical power, such as 1.25");
  form.add_option("--operations", values.operations, "An accelerator-hour");
  form.add_option("--life", values.life, "Months that servers are written off over; 0: as known");
}
const Columns kMarginColumns = columns_of(
    "line, customer, hours: number, MW, an hour earns: money, head lease: money, depreciation: "
    "money, rent: money, energy: money, "
    "operations: money, margin: money, of revenue: share, margin a MW: money");
void show_margin(Shell& shell, const MarginValues& values) {
  auto asked = ask_finance(shell, values.asked);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  Reader reader = shell.reader(state);
  finance::RunningCosts costs;
  if (!values.rent.empty()) costs.rent_kw_month = reader.money("--rent", values.rent);
  costs.energy_kwh = reader.money("--energy", values.energy);
  costs.pue_permille = reader.ratio_permille("--pue", values.pue);
  costs.operations_hour = reader.money("--operations", values.operations);
  costs.life_months = reader.whole("--life", values.life);
  if (!reader.good()) return shell.say(reader.errors());
  billing::Rater rater(state);
  Table table(kMarginColumns);
  for (const finance::MarginRow& row :
       finance::margins(state, rater, asked->party, asked->months, costs)) {
    auto an_hour = [&](const Money& amount) {
      return row.hours == 0 ? text("")
                            : text(to_text(round_to_minor_unit(scale(amount, 1, row.hours))));
    };
    Money a_megawatt = row.watts == 0
                           ? Money{}
                           : round_to_minor_unit(scale(row.margin(), kWattsPerMegawatt, row.watts));
    table.add({text(state.name_of(row.line)), text(state.name_of(row.customer)), number(row.hours),
               text(fmt::format("{}.{:02}", row.watts / kWattsPerMegawatt,
                                row.watts % kWattsPerMegawatt / 10'000)),
               an_hour(row.revenue), an_hour(row.head), an_hour(row.depreciation),
               an_hour(row.rent), an_hour(row.energy), an_hour(row.operations), money(row.margin()),
               share(permille_of(row.margin(), row.revenue)), money(a_megawatt)});
  }
  shell.say(table);
}

struct SubletValues {
  std::string line, from, through;
};
void sublet_options(Form& form, SubletValues& values) {
  form.add_option("line", values.line, "The line that is leased on, such as comet.1")->required();
  form.add_option("--from", values.from, "The first month")->required();
  form.add_option("--through", values.through, "The last month")->required();
}
const Columns kSubletColumns = columns_of(
    "month, hours: number, own use: number, sublet: number, idle: number, costs: money, brings: "
    "money, margin: money, of income: share, breaks even sublet: share");
void show_sublet(Shell& shell, const SubletValues& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  AccountId line = reader.line("line", values.line);
  Months months{reader.month("--from", values.from), reader.month("--through", values.through)};
  if (!reader.good()) return shell.say(reader.errors());
  PartyId lessee = view->state.lease_of(line).offer.lessee;
  if (!shell.may_see(lessee, lessee))
    return shell.say(InputErrors{{"line", values.line, "a line of the company that asks (--as)"}});
  Table table(kSubletColumns);
  for (const finance::Sublet& row : finance::sublet_margin(view->state, line, months))
    table.add({text(to_text(row.month)), number(row.hours), number(row.own), number(row.sublet),
               number(row.idle), money(row.cost), money(row.income), money(row.income - row.cost),
               row.income.zero() ? text("") : share(permille_of(row.income - row.cost, row.income)),
               row.break_even_permille == 0 ? text("never") : share(row.break_even_permille)});
  shell.say(table);
}

const Columns kUtilisationColumns = columns_of(
    "pool, has hours: number, leased: number, on demand: number, not sold: number, sold: share, "
    "MW, MW sold");
// Pools: what they have, what of it is leased, what instances run on, and what is neither.
void show_utilisation(Shell& shell, const FinanceValues& values) {
  auto asked = ask_finance(shell, values);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  Interval window{billing::period_start(asked->months.from, "Etc/UTC", 1),
                  billing::period_start(asked->months.through + 1, "Etc/UTC", 1)};
  auto hours_of = [&](const capacity::Steps& steps) {
    Int128 sum = 0;
    for (const auto& piece : steps.pieces(window)) {
      Interval part = intersection(piece.interval, window);
      if (!part.empty()) sum += Int128{piece.level} * (part.until.seconds - part.from.seconds);
    }
    return static_cast<int64_t>(sum / kSecondsPerHour);
  };
  auto use = billing::instance_use(state, window);
  Table table(kUtilisationColumns);
  for (const Pool& pool : state.pools.rows()) {
    if (billing::company_of(state, pool.owner) != asked->party) continue;
    AccountId id = account_of(pool.id);
    int64_t has = hours_of(state.ledger.find(id)->supply());
    capacity::Steps leased;
    for (const Lease& lease : state.leases.rows())
      for (const Line& line : lease.offer.lines)
        if (line.source == id)
          for (const Tranche& tranche : line.tranches)
            leased.add(tranche.interval(), tranche.atoms);
    int64_t sold = hours_of(leased);
    int64_t on_demand = 0;
    for (const auto& [key, quantity] : use)
      if (key.account == id && key.kind != InstanceKind::committed)
        on_demand += quantity / (kMilli * kSecondsPerHour);
    int64_t hours = (window.until.seconds - window.from.seconds) / kSecondsPerHour;
    const Sku& sku = state.skus.at(pool.sku);
    const Site& site = state.sites.at(pool.site);
    auto megawatts = [&](int64_t atom_hours) {
      int64_t watts = sku.watts(atom_hours / hours, site);
      return text(
          fmt::format("{}.{:02}", watts / kWattsPerMegawatt, watts % kWattsPerMegawatt / 10'000));
    };
    table.add({text(pool.name), number(has), number(sold), number(on_demand),
               number(has - sold - on_demand),
               has == 0 ? text("") : share((sold + on_demand) * 1000 / has), megawatts(has),
               megawatts(sold + on_demand)});
  }
  shell.say(table);
}

}  // namespace

void add_finance(Noun root) {
  Noun noun = root.noun("finance", "Reports as of any date, actual and contracted");
  add_command(noun, "revenue",
              "Revenue: finance revenue lambda --from 2025-04 --through 2025-06 --by customer",
              revenue_options, show_revenue, kRevenueColumns);
  add_command(noun, "backlog", "RPO by quarter: finance backlog lambda", finance_options,
              show_backlog, kBacklogColumns);
  add_command(noun, "deferred",
              "Prepayments, what is left of each: finance deferred lambda --from 2026-01 --through "
              "2026-03",
              finance_options, show_deferred, kDeferredColumns);
  add_command(noun, "concentration",
              "Who revenue and backlog depend on: finance concentration lambda --from 2025-04 "
              "--through 2025-06",
              finance_options, show_concentration, kConcentrationColumns);
  add_command(noun, "circularity",
              "What passes to and from related parties: finance circularity lambda --from 2025-04 "
              "--through 2026-06",
              finance_options, show_circularity, kCircularityColumns);
  add_command(noun, "margin",
              "What hours earn, cost and leave: finance margin lambda --from 2026-05 --through "
              "2026-05 --rent '137.50 USD' --energy '0.07 USD' --pue 1.25 --life 48",
              margin_options, show_margin, kMarginColumns);
  add_command(
      noun, "sublet",
      "Of a line that is leased on: finance sublet comet.1 --from 2026-05 --through 2026-10",
      sublet_options, show_sublet, kSubletColumns);
  add_command(noun, "utilisation",
              "Sold, used and idle, in hours and MW: finance utilisation lambda --from 2026-05 "
              "--through 2026-05",
              finance_options, show_utilisation, kUtilisationColumns);
  add_finance_contracts(noun);
}

}  // namespace leasehold::operations
