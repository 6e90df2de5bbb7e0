// free, earliest, calendar and promises: what the capacity calendar answers.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/drawing.h"
#include "operations/offer_options.h"
#include "operations/refusal_text.h"
#include "projections/accounts.h"

namespace leasehold::operations {

namespace {

using capacity::Calendar;

// The accounts named, or all pools.
std::vector<AccountId> accounts(Reader& reader, const std::vector<std::string>& names) {
  std::vector<AccountId> out;
  out.reserve(names.size());
  for (const std::string& name : names) out.push_back(reader.source("account", name));
  if (names.empty())
    for (const Pool& pool : reader.state().pools.rows()) out.push_back(account_of(pool.id));
  return out;
}

struct FreeValues {
  std::vector<std::string> accounts;
  WindowValues window;
};
void window_options(Form& form, WindowValues& values) {
  form.add_option("--start", values.from, "From when; the moment (--at, or now) otherwise");
  auto* end = form.add_option("--end", values.until, "To when");
  auto* term = form.add_option("--term", values.term, "How long")->excludes(end);
  form.add_flag("--open", values.open, "With no end")->excludes(end)->excludes(term);
}
void free_options(Form& form, FreeValues& values) {
  form.add_option("account", values.accounts, "Pools or lines; all pools where none is named");
  window_options(form, values.window);
}
const Columns kFreeColumns =
    columns_of("account, sku, site, free: number, unit, tightest at: moment");
void show_free(Shell& shell, FreeValues values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  if (values.window.from.empty()) values.window.from = to_text(view->moment);
  Interval window = read_window(reader, values.window, "--");
  std::vector<AccountId> asked = accounts(reader, values.accounts);
  if (reader.good() && window.empty())
    reader.wrong("--end", to_text(window.until), "an end after " + to_text(window.from));
  if (!reader.good()) return shell.say(reader.errors());
  Table table(kFreeColumns);
  for (const AccountId& id : asked) {
    if (!shell.may_look(view->state, id)) return;
    projections::AccountView account(view->state, id);
    const Calendar& free = account.free();
    int64_t least = free.least(window);
    table.add({text(view->state.name_of(id)), text(view->state.sku_of(id).name),
               text(view->state.site_of(id).name), number(least),
               text(name_of(view->state.sku_of(id).atom_kind())),
               moment(*free.first_below(window, least + 1))});
  }
  shell.say(table);
}

struct EarliestValues {
  std::vector<std::string> accounts;
  std::string quantity, duration, from, deadline = "forever";
  bool open = false;
};
void earliest_options(Form& form, EarliestValues& values) {
  form.add_option("account", values.accounts, "Pools or lines; all pools where none is named");
  form.add_option("--quantity", values.quantity, "Such as '8 servers'")->required();
  auto* term = form.add_option("--for", values.duration, "How long, such as '30 days'");
  form.add_flag("--open", values.open, "With no end")->excludes(term);
  form.add_option("--start", values.from, "Not before; the moment (--at, or now) otherwise");
  form.add_option("--deadline", values.deadline, "Ended by then");
}
const Columns kEarliestColumns =
    columns_of("account, amount: number, unit, earliest start: moment, until: moment");
void show_earliest(Shell& shell, const EarliestValues& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  Quantity quantity = reader.quantity("--quantity", values.quantity);
  Instant from = values.from.empty() ? view->moment : reader.instant("--start", values.from);
  Instant deadline = reader.instant("--deadline", values.deadline);
  Term term;
  if (!values.open) term = reader.term("--for", values.duration);
  std::vector<AccountId> asked = accounts(reader, values.accounts);
  if (!reader.good()) return shell.say(reader.errors());
  // A calendar term is as long as it is from the first moment asked about.
  int64_t seconds =
      values.open ? Calendar::kOpenRun : add_term(from, term, reader.zone()).seconds - from.seconds;
  Table table(kEarliestColumns);
  bool any = false;
  for (const AccountId& id : asked) {
    if (!shell.may_look(view->state, id)) return;
    const Sku& sku = view->state.sku_of(id);
    auto atoms = sku.atoms(quantity, view->state.site_of(id));
    if (!atoms) continue;
    auto start =
        projections::AccountView(view->state, id).free().earliest(from, *atoms, seconds, deadline);
    any = any || start.has_value();
    table.add({text(view->state.name_of(id)), number(*atoms), text(name_of(sku.atom_kind())),
               start ? moment(*start) : text("never"),
               start ? moment(values.open ? kForever : *start + seconds) : text("")});
  }
  shell.say(table);
  if (!any) shell.fail(kRefused);
}

struct CalendarValues {
  std::string account;
  WindowValues window;
};
void calendar_options(Form& form, CalendarValues& values) {
  form.add_option("account", values.account, "A pool or a line")->required();
  window_options(form, values.window);
}
const Columns kCalendarColumns =
    columns_of("from: moment, supply: number, promised: number, free: number");
void show_calendar(Shell& shell, CalendarValues values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  AccountId id = reader.source("account", values.account);
  if (values.window.from.empty()) values.window.from = to_text(view->moment);
  if (values.window.until.empty() && values.window.term.empty()) values.window.term = "5 years";
  Interval window = read_window(reader, values.window, "--");
  if (window.open() || window.empty())
    reader.wrong("--end", to_text(window.until), "an end after " + to_text(window.from));
  if (!reader.good()) return shell.say(reader.errors());
  if (!shell.may_look(view->state, id)) return;
  projections::AccountView account(view->state, id);
  const Calendar& free = account.free();
  const capacity::Steps& supply = account.supply();
  if (shell.output() == Output::table) {
    Drawing drawing{view->state.name_of(id), name_of(view->state.sku_of(id).atom_kind()), window,
                    shell.environment().columns, shell.environment().color};
    shell.out() << draw(drawing, supply, free);
    return;
  }
  Table table(kCalendarColumns);
  Instant last = window.from;
  auto add = [&](Instant at) {
    int64_t has = supply.level_at(at);
    int64_t left = free.level_at(at);
    table.add({moment(at), number(has), number(has - left), number(left)});
    last = at;
  };
  add(window.from);
  std::vector<Instant> instants;
  for (const capacity::Step& step : free.steps(window)) instants.push_back(step.at);
  for (const auto& piece : supply.pieces(window)) instants.push_back(piece.interval.from);
  std::sort(instants.begin(), instants.end());
  for (Instant at : instants)
    if (at > last) add(at);
  shell.say(table);
}

struct PromisesValues {
  std::string account;
};
void promises_options(Form& form, PromisesValues& values) {
  form.add_option("account", values.account, "A pool or a line")->required();
}
const Columns kPromisesColumns =
    columns_of("line, lessee, kind, amount: number, from: moment, until: moment");
// The parts that a calendar is the sum of, but for instances. Of a pool a party sees its own; of a
// line its two sides see how much is sublet, and who is no side of that not to whom.
void list_promises(Shell& shell, const PromisesValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  AccountId id = reader.source("account", values.account);
  if (!reader.good()) return shell.say(reader.errors());
  if (!shell.may_look(state, id)) return;
  Table table(kPromisesColumns);
  auto add = [&](const Offer& offer, const Line& line, const std::string& name, const char* kind) {
    if (line.source != id) return;
    bool seen = shell.may_see(offer.lessor, offer.lessee);
    if (!seen && id.kind != AccountKind::line) return;
    for (const Tranche& tranche : line.tranches)
      table.add({text(seen ? name : ""), text(seen ? state.name_of(offer.lessee) : ""), text(kind),
                 number(tranche.atoms), moment(tranche.from), moment(tranche.until)});
  };
  for (const Lease& lease : state.leases.rows())
    for (size_t i = 0; i < lease.offer.lines.size(); ++i)
      add(lease.offer, lease.offer.lines[i], state.name_of(engine::line_of(lease.id, i)), "lease");
  for (const Quote& quote : state.quotes.rows())
    if (quote.status == QuoteStatus::held)
      for (const Line& line : quote.offer.lines)
        add(quote.offer, line, quote.offer.name.empty() ? to_text(quote.id) : quote.offer.name,
            "hold");
  shell.say(table);
}

}  // namespace

void add_questions(Noun root) {
  add_command(root, "free",
              "Least free over a window: free h100 --start 2026-01-01 --term '1 year'",
              free_options, show_free, kFreeColumns);
  add_command(root, "earliest",
              "Earliest start: earliest h100 --quantity '100 servers' --for '30 days'",
              earliest_options, show_earliest, kEarliestColumns);
  add_command(root, "calendar",
              "Draw supply, promised and free: calendar h100 --start 2025-07-01 --term '5 years'",
              calendar_options, show_calendar, kCalendarColumns);
  add_command(root, "promises",
              "What a calendar is the sum of, tranche by tranche: promises b200-home",
              promises_options, list_promises, kPromisesColumns);
}

}  // namespace leasehold::operations
