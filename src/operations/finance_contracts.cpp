// finance: what contracts are worth, cost to leave or to change, and whether they are kept.
#include <algorithm>
#include <ostream>
#include <set>

#include <fmt/format.h>

#include "billing/line_rating.h"
#include "billing/period.h"
#include "engine/use.h"
#include "operations/catalogue.h"
#include "operations/finance_options.h"

namespace leasehold::operations {

namespace {

struct TargetValues {
  std::string party, year, target;
};
void target_options(Form& form, TargetValues& values) {
  form.add_option("party", values.party, "Whose target")->required();
  form.add_option("--year", values.year, "The year")->required();
  form.add_option("--target", values.target, "Revenue of the year")->required();
}
const Columns kTargetColumns = columns_of("of the year, amount: money, of the target: share");
// A tranche is accepted, or waits for it; before it begins its servers are still to come.
void show_target(Shell& shell, const TargetValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  PartyId party = reader.party("party", values.party);
  int64_t year = reader.whole("--year", values.year);
  Money target = reader.money("--target", values.target);
  if (reader.good() && (year < 1970 || year > 9998))
    reader.wrong("--year", values.year, "a year from 1970 to 9998");
  if (!reader.good()) return shell.say(reader.errors());
  if (!shell.may_see(party, party)) return shell.say(not_its_own("party", values.party));
  Month first{year * 12};
  Interval window{billing::period_start(first, "Etc/UTC", 1),
                  billing::period_start(first + 12, "Etc/UTC", 1)};
  Money served, accepted, energised, to_come;
  served.currency = accepted.currency = energised.currency = to_come.currency = target.currency;
  for (const Lease& lease : state.leases.rows()) {
    if (billing::company_of(state, lease.offer.lessor) != party ||
        billing::company_of(state, lease.offer.lessee) == party)
      continue;
    for (const Line& line : lease.offer.lines)
      for (const Tranche& tranche : line.tranches) {
        int64_t per_server = state.sku_of(line.source).per_server;
        auto rate = hourly_rate(line, per_server);
        if (!rate || rate->currency != target.currency) continue;
        auto worth = [&](const Interval& part) {
          Interval runs = intersection(intersection(tranche.interval(), part), window);
          if (runs.empty()) return Money{0, target.currency};
          return scale(*rate, Int128{tranche.atoms} * (runs.until.seconds - runs.from.seconds),
                       kSecondsPerHour);
        };
        Money future = worth({view->moment, kForever});
        bool due = billing::payable(lease.offer.terms, tranche).contains(view->moment);
        bool began = tranche.from <= view->moment;
        served = served + worth({kDawn, view->moment});
        (due     ? accepted
         : began ? energised
                 : to_come) = (due     ? accepted
                               : began ? energised
                                       : to_come) +
                              future;
      }
  }
  Money contracted = served + accepted + energised + to_come;
  Table table(kTargetColumns);
  auto add = [&](const char* what, const Money& amount) {
    table.add({text(what), money(amount), share(permille_of(amount, target))});
  };
  add("target", target);
  add("contracted", contracted);
  add("  served by now", served);
  add("  accepted, to be served", accepted);
  add("  energised, not accepted", energised);
  add("  to be delivered", to_come);
  add("at risk (not accepted, or to come)", energised + to_come);
  add("not contracted", target - contracted);
  shell.say(table);
}

struct ExitValues {
  std::string lessee, lessor, on, share = "100 %";
};
void exit_options(Form& form, ExitValues& values) {
  form.add_option("--lessee", values.lessee, "Who would end early")->required();
  form.add_option("--lessor", values.lessor, "Only of this lessor");
  form.add_option("--on", values.on, "When; the moment asked about where it is not said");
  form.add_option("--share", values.share, "The part that is handed back");
}
const Columns kExitColumns = columns_of(
    "lease, lessor, ends: moment, left to pay: money, falls due: money, prepaid left: money, lost "
    "to the lessor: money");
void show_exit(Shell& shell, const ExitValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  PartyId lessee = reader.party("--lessee", values.lessee);
  PartyId lessor = values.lessor.empty() ? PartyId{} : reader.party("--lessor", values.lessor);
  Instant on = values.on.empty() ? view->moment : reader.instant("--on", values.on);
  int64_t part = reader.permille("--share", values.share);
  if (!reader.good()) return shell.say(reader.errors());
  Table table(kExitColumns);
  for (const Lease& lease : state.leases.rows()) {
    if (billing::company_of(state, lease.offer.lessee) != billing::company_of(state, lessee) ||
        (lessor && lease.offer.lessor != lessor) || lease.term().until <= on ||
        !shell.may_see(lease) ||
        billing::company_of(state, lease.offer.lessor) == billing::company_of(state, lessee))
      continue;
    Interval rest{on, lease.term().until};
    if (rest.open())
      rest.until = add_term(on, lease.offer.terms.notice.value_or(Term{}), lease.offer.terms.zone);
    Money left;
    for (const Line& line : lease.offer.lines)
      if (auto worth = value(line, rest, state.sku_of(line.source).per_server))
        left = left + *worth;
    left = round_to_minor_unit(scale(left, part, 1000));
    Money due = round_to_minor_unit(scale(left, lease.offer.terms.exit_fee_permille, 1000));
    Money prepaid;
    for (const Invoice& invoice : state.billing.invoices.rows())
      for (const InvoiceLine& line : invoice.lines)
        if (line.lease == lease.id &&
            (line.kind == ChargeKind::prepayment || line.kind == ChargeKind::prepaid))
          prepaid = prepaid + line.amount;
    table.add({text(lease_name(state, lease.id)), text(state.name_of(lease.offer.lessor)),
               moment(lease.term().until), money(left), money(due),
               money(round_to_minor_unit(scale(prepaid, part, 1000))), money(left - due)});
  }
  shell.say(table);
}

struct MoveValues {
  std::string lease;
};
void move_options(Form& form, MoveValues& values) {
  form.add_option("lease", values.lease, "A lease with lines on several SKUs")->required();
}
const Columns kMoveColumns =
    columns_of("from: moment, until: moment, lines, an hour costs: money, in all: money, remark");
// From one SKU to another: what each part of a contract costs a month, and when they overlap.
void show_move(Shell& shell, const MoveValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  LeaseId id = reader.lease("lease", values.lease);
  if (!reader.good()) return shell.say(reader.errors());
  const Lease& lease = state.leases.at(id);
  if (!shell.may_see(lease)) return shell.say(not_its_own("lease", values.lease));
  std::set<Instant> changes;
  for (const Line& line : lease.offer.lines) {
    changes.insert(line.term().from);
    changes.insert(line.term().until);
  }
  std::vector<Instant> instants(changes.begin(), changes.end());
  Table table(kMoveColumns);
  for (size_t i = 0; i + 1 < instants.size(); ++i) {
    Interval part{instants[i], instants[i + 1]};
    std::string lines;
    int count = 0;
    Money cost;
    for (const Line& line : lease.offer.lines) {
      if (!line.term().overlaps(part) || part.open()) continue;
      const Sku& sku = state.sku_of(line.source);
      lines += fmt::format("{}{} {}", lines.empty() ? "" : " + ",
                           with_thousands(line.atoms_at(part.from)), sku.model);
      ++count;
      if (auto worth = value(line, part, sku.per_server)) cost = cost + *worth;
    }
    if (count == 0) continue;
    table.add({moment(part.from), moment(part.until), text(lines),
               money(scale(cost, kSecondsPerHour, part.until.seconds - part.from.seconds)),
               money(cost), text(count > 1 ? "both run" : "")});
  }
  shell.say(table);
}

const Columns kMostFavouredColumns = columns_of("lease, pays, for, less is paid by, namely");
// Contracts that promise the lowest price, and who pays less for the same SKU.
void show_most_favoured(Shell& shell, const FinanceValues& values) {
  auto asked = ask_finance(shell, values);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  Table table(kMostFavouredColumns);
  for (const Lease& favoured : state.leases.rows()) {
    const auto& billing = favoured.offer.terms.billing;
    if (!billing || !billing->most_favoured || favoured.offer.lessor != asked->party) continue;
    for (const Line& line : favoured.offer.lines)
      for (const Lease& other : state.leases.rows()) {
        if (other.id == favoured.id || other.offer.lessor != asked->party ||
            billing::company_of(state, other.offer.lessee) == asked->party)
          continue;
        for (const Line& cheaper : other.offer.lines) {
          const Sku& sku = state.sku_of(line.source);
          if (state.sku_of(cheaper.source).id != sku.id || !cheaper.term().overlaps(line.term()))
            continue;
          auto mine = hourly_rate(line, sku.per_server);
          auto theirs = hourly_rate(cheaper, sku.per_server);
          if (!mine || !theirs || mine->currency != theirs->currency || !(*theirs < *mine))
            continue;
          table.add({text(lease_name(state, favoured.id)), text(to_display(*mine)), text(sku.name),
                     text(lease_name(state, other.id)), text(to_display(*theirs))});
        }
      }
  }
  shell.say(table);
}

const Columns kRestrictionsColumns = columns_of("lease, lessor, lessee, breaks");
// Leases at any depth below what a company lets, and the clause that each breaks.
void show_restrictions(Shell& shell, const FinanceValues& values) {
  auto asked = ask_finance(shell, values);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  int64_t checked = 0;
  Table table(kRestrictionsColumns);
  for (const Lease& lease : state.leases.rows()) {
    bool below = false;
    for (const Line& line : lease.offer.lines)
      for (const AccountId& above : state.chain_of(line.source))
        below = below ||
                (above.kind == AccountKind::line &&
                 billing::company_of(state, state.lease_of(above).offer.lessor) == asked->party);
    if (!below) continue;
    ++checked;
    if (auto clause = engine::broken_use(state, lease))
      table.add({text(shell.may_see(lease) ? lease_name(state, lease.id) : "below"),
                 text(state.name_of(lease.offer.lessor)),
                 text(shell.may_see(lease) ? state.name_of(lease.offer.lessee) : "another"),
                 text(*clause)});
  }
  shell.say(table);
  if (shell.output() == Output::table)
    shell.out() << fmt::format("{} subleases checked against every lease above them\n", checked);
}

}  // namespace

void add_finance_contracts(Noun noun) {
  add_command(noun, "target",
              "How far a year's target is contracted: finance target lambda --year 2026 --target "
              "'1 billion USD'",
              target_options, show_target, kTargetColumns);
  add_command(noun, "exit",
              "What falls due where a customer ends early: finance exit --lessee nvidia --share "
              "'30 %'",
              exit_options, show_exit, kExitColumns);
  add_command(noun, "move", "What moving from one SKU to another costs: finance move midjourney",
              move_options, show_move, kMoveColumns);
  add_command(noun, "restrictions",
              "Subleases that break a use restriction above them: finance restrictions lambda",
              finance_options, show_restrictions, kRestrictionsColumns);
  add_command(noun, "most-favoured",
              "Who promises of the lowest price are broken by: finance most-favoured lambda",
              finance_options, show_most_favoured, kMostFavouredColumns);
}

}  // namespace leasehold::operations
