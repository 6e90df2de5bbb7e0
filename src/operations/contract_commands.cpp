// quote, lease and sublease: making contracts and looking at them.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fact_text.h"
#include "operations/lease_changes.h"
#include "operations/offer_options.h"
#include "projections/impact.h"
#include "projections/overview.h"

namespace leasehold::operations {

namespace {

constexpr const char* kPool = "--pool";
constexpr const char* kLine = "--from-line";

struct QuoteValues {
  OfferValues offer;
  std::string hold;
};
void quote_options(Form& form, QuoteValues& values) {
  offer_options(form, values.offer, kPool, "A pool or line; several in order of preference");
  form.add_option("--hold", values.hold, "Keep the capacity for so long, such as '14 days'");
}
std::optional<Instant> hold_until(Reader& reader, const std::string& hold, Instant now) {
  if (hold.empty()) return std::nullopt;
  Term term = reader.term("--hold", hold);
  return reader.good() ? std::optional(add_term(now, term, reader.zone())) : std::nullopt;
}
void issue_quote(Shell& shell, const QuoteValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    IssueQuote command{read_offer(reader, values.offer, kPool), {}};
    command.hold_until = hold_until(reader, values.hold, shell.now());
    return command;
  });
}

void say_impact(Shell& shell, const engine::State& before, const engine::State& after,
                const Offer& offer) {
  Table table({"account", "measure", "before", "after"});
  for (const projections::Impact& impact : projections::impact(before, after, offer)) {
    auto cell = [&](const std::optional<Instant>& at) { return at ? moment(*at) : text("never"); };
    std::string account = before.name_of(impact.account);
    table.add({text(account), text("least free in the term"), number(impact.free_before),
               number(impact.free_after)});
    for (const auto& ask : impact.asks)
      table.add({text(account),
                 text(fmt::format("earliest start of {} for {}", with_thousands(ask.atoms),
                                  to_text(ask.term))),
                 cell(ask.before), cell(ask.after)});
    for (const std::string& quote : impact.quotes_lost)
      table.add({text(account), text("open quote no longer fits"), text(quote), text("")});
  }
  shell.say(table);
}
void show_impact(Shell& shell, const QuoteValues& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  OfferRequest request = read_offer(reader, values.offer, kPool);
  if (!reader.good()) return shell.say(reader.errors());
  engine::State after = view->state;
  Instant at = std::max(shell.now(), after.now);
  auto signed_facts = engine::perform(after, {at, shell.actor(), SignLease{request}});
  if (!signed_facts) return shell.say(view->state, signed_facts.error());
  say_impact(shell, view->state, after, after.leases.rows().back().offer);
}

struct QuoteName {
  std::string quote, until;
};
void quote_name(Form& form, QuoteName& values) {
  form.add_option("quote", values.quote, "The quote")->required();
}
void quote_hold_options(Form& form, QuoteName& values) {
  quote_name(form, values);
  form.add_option("--for", values.until, "How long, such as '14 days'")->required();
}
void hold_quote(Shell& shell, const QuoteName& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    PlaceHold command{reader.quote("quote", values.quote), {}};
    command.until = hold_until(reader, values.until, shell.now()).value_or(shell.now());
    return command;
  });
}
void release_quote(Shell& shell, const QuoteName& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return ReleaseHold{reader.quote("quote", values.quote)};
  });
}
void sign_quote(Shell& shell, const QuoteName& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return SignQuote{reader.quote("quote", values.quote)};
  });
}

const Columns kQuotesColumns =
    columns_of("id, name, lessor, lessee, status, held until: moment, offer");
void list_quotes(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kQuotesColumns);
  for (const Quote& quote : view->state.quotes.rows()) {
    const Offer& offer = quote.offer;
    if (!shell.may_see(offer.lessor, offer.lessee)) continue;
    table.add({text(to_text(quote.id)), text(offer.name), text(view->state.name_of(offer.lessor)),
               text(view->state.name_of(offer.lessee)), text(name_of(quote.status)),
               quote.held_until ? moment(*quote.held_until) : text(""),
               text(line_text(view->state, offer.lines.front(),
                              shell.may_see_source(view->state, offer.lines.front().source)))});
  }
  shell.say(table);
}

void lease_options(Form& form, OfferValues& values) {
  offer_options(form, values, kPool, "A pool or line; several in order of preference");
}
void sublease_options(Form& form, OfferValues& values) {
  offer_options(form, values, kLine, "A line of the lessor's own lease, such as comet.1");
}
void sign(Shell& shell, const OfferValues& values, const char* source_option) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return SignLease{read_offer(reader, values, source_option)};
  });
}

const Columns kLeaseLineColumns = columns_of(
    "line, lessor, lessee, source, from: moment, until: moment, runs then: number, price, use");
void list(Shell& shell, bool subleases_only) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kLeaseLineColumns);
  for (const Lease& lease : state.leases.rows()) {
    if (!shell.may_see(lease)) continue;
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      const Line& line = lease.offer.lines[i];
      if (subleases_only && line.source.kind != AccountKind::line) continue;
      AccountId id = engine::line_of(lease.id, i);
      Interval term = line.term();
      table.add({text(state.name_of(id)), text(state.name_of(lease.offer.lessor)),
                 text(state.name_of(lease.offer.lessee)),
                 text(shell.may_see_source(state, line.source) ? state.name_of(line.source)
                                                               : "a line of the lessor"),
                 line.tranches.empty() ? text("ended") : moment(term.from),
                 line.tranches.empty() ? text("") : moment(term.until),
                 number(line.atoms_at(view->moment)),
                 text(price_text(line.price, state.sku_of(line.source).atom_kind())),
                 text(name_of(lease.offer.terms.use))});
    }
  }
  shell.say(table);
}

struct LeaseValues {
  std::string lease;
};
void lease_option(Form& form, LeaseValues& values) {
  form.add_option("lease", values.lease, "The lease")->required();
}
std::string percent(int64_t permille) {
  return permille % 10 == 0 ? fmt::format("{} %", permille / 10)
                            : fmt::format("{}.{} %", permille / 10, permille % 10);
}
std::string terms_text(const engine::State& state, const Terms& terms) {
  std::string text =
      fmt::format("prepaid {}, take-or-pay {}, spares {} held by the {}, zone {}",
                  percent(terms.prepay_permille), percent(terms.take_or_pay_permille),
                  percent(terms.spares_permille), name_of(terms.spares_held_by), terms.zone);
  if (terms.notice) text += ", notice " + to_text(*terms.notice);
  if (terms.renewal)
    text += fmt::format(", renewal of {} with {} of notice", to_text(terms.renewal->term),
                        to_text(terms.renewal->notice));
  if (terms.draws_on) text += ", draws on " + state.commitments.at(*terms.draws_on).name;
  return text;
}
const Columns kLeaseColumns = columns_of(
    "line, tranche: number, amount: number, from: moment, until: moment, accepted: moment, due "
    "from: moment");
void show_lease(Shell& shell, const LeaseValues& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  LeaseId id = reader.lease("lease", values.lease);
  if (!reader.good()) return shell.say(reader.errors());
  const engine::State& state = view->state;
  const Lease& lease = state.leases.at(id);
  if (!shell.may_see(lease))
    return shell.say(InputErrors{{"lease", values.lease, "a lease that the asker is a side of"}});
  Table table(kLeaseColumns);
  for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
    const Line& line = lease.offer.lines[i];
    for (size_t t = 0; t < line.tranches.size(); ++t) {
      const Tranche& tranche = line.tranches[t];
      table.add({text(state.name_of(engine::line_of(id, i))), number(static_cast<int64_t>(t + 1)),
                 number(tranche.atoms), moment(tranche.from), moment(tranche.until),
                 tranche.accepted_at ? moment(*tranche.accepted_at) : text("not yet"),
                 tranche.accepted_at ? moment(std::max(*tranche.accepted_at, tranche.from))
                                     : text("its acceptance")});
    }
  }
  if (shell.output() == Output::table) {
    shell.out() << to_text(id) << (lease.offer.name.empty() ? "" : " " + lease.offer.name) << ": "
                << state.name_of(lease.offer.lessor) << " to " << state.name_of(lease.offer.lessee)
                << ", signed " << to_short_text(lease.signed_at) << ", use "
                << name_of(lease.offer.terms.use) << '\n';
    for (const Line& line : lease.offer.lines)
      shell.out() << line_text(state, line, shell.may_see_source(state, line.source)) << '\n';
    shell.out() << terms_text(state, lease.offer.terms) << '\n';
  }
  shell.say(table);
}

const Columns kOverviewColumns = columns_of(
    "lessee, tier: number, runs then: number, contract value: money, share: share, open terms: "
    "number");
void show_overview(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  if (!shell.owner_only("lease overview")) return;
  projections::Overview overview = projections::overview(view->state, view->moment);
  Table table(kOverviewColumns);
  for (const projections::Position& position : overview.positions)
    table.add({text(view->state.name_of(position.lessee)), number(position.tier),
               number(position.atoms), money(position.value), share(position.share_permille),
               number(position.open_lines)});
  shell.say(table);
  if (shell.output() != Output::table) return;
  shell.out() << fmt::format("power: {} of {} promised to servers, {} of it under lease\n",
                             to_text(Quantity{overview.watts_promised, QuantityKind::megawatt}),
                             to_text(Quantity{overview.watts, QuantityKind::megawatt}),
                             to_text(Quantity{overview.watts_leased, QuantityKind::megawatt}));
}

struct IdleValues {
  std::string within = "90 days";
};
void idle_options(Form& form, IdleValues& values) {
  form.add_option("--within", values.within, "From the moment (--at, or now) on, for so long");
}
const Columns kIdleColumns = columns_of(
    "account, holder, idle hours: number, of hours: number, idle share: share, costs the holder: "
    "money, clears at");
void show_idle(Shell& shell, const IdleValues& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  Term term = reader.term("--within", values.within);
  if (!reader.good()) return shell.say(reader.errors());
  Interval window{view->moment, add_term(view->moment, term, reader.zone())};
  Table table(kIdleColumns);
  for (const projections::Idle& idle : projections::idle(view->state, window)) {
    if (!shell.may_see(idle.holder, idle.holder)) continue;
    table.add({text(view->state.name_of(idle.account)), text(view->state.name_of(idle.holder)),
               number(idle.idle_hours), number(idle.hours), share(idle.share_permille()),
               idle.cost ? money(*idle.cost) : text("its own"),
               idle.clearing_rate ? text(to_display(*idle.clearing_rate)) : text("no list price")});
  }
  shell.say(table);
}

struct CommitmentValues {
  std::string name, lessor, lessee, sum, floor_rate, from, until, term;
};
void commitment_options(Form& form, CommitmentValues& values) {
  form.add_option("name", values.name, "Its name")->required();
  form.add_option("--lessor", values.lessor, "From whom it is drawn")->required();
  form.add_option("--lessee", values.lessee, "Who draws it")->required();
  form.add_option("--sum", values.sum, "Such as '200 million USD'")->required();
  form.add_option("--floor", values.floor_rate, "Least price of an accelerator-hour")->required();
  form.add_option("--start", values.from, "From when")->required();
  auto* end = form.add_option("--end", values.until, "By when");
  form.add_option("--term", values.term, "Within what term")->excludes(end);
}
void sign_commitment(Shell& shell, const CommitmentValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    Interval window = read_window(reader, {values.from, values.until, values.term, false}, "--");
    return SignCommitment{{{},
                           values.name,
                           reader.party("--lessor", values.lessor),
                           reader.party("--lessee", values.lessee),
                           reader.money("--sum", values.sum),
                           reader.money("--floor", values.floor_rate),
                           window.from,
                           window.until}};
  });
}
const Columns kCommitmentsColumns = columns_of(
    "id, name, lessor, lessee, sum: money, floor, by: moment, drawn by leases: money, left: money");
void list_commitments(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kCommitmentsColumns);
  for (const Commitment& commitment : view->state.commitments.rows()) {
    if (!shell.may_see(commitment.lessor, commitment.lessee)) continue;
    Money drawn = engine::drawn_from(view->state, commitment);
    table.add({text(to_text(commitment.id)), text(commitment.name),
               text(view->state.name_of(commitment.lessor)),
               text(view->state.name_of(commitment.lessee)), money(commitment.sum),
               text(to_text(commitment.floor_rate)), moment(commitment.until), money(drawn),
               money(commitment.sum - drawn)});
  }
  shell.say(table);
}

}  // namespace

void add_quote(Noun root) {
  Noun noun = root.noun("quote", "Priced offers, and the capacity they hold");
  add_command(noun, "issue",
              "Offer: quote issue --pool h100 --lessee acme --quantity '8 servers' "
              "--start 2026-01-01 --term '1 year' --price '2.35 USD/accelerator-hour' "
              "--hold '14 days'",
              quote_options, issue_quote);
  add_command(noun, "hold", "Keep its capacity: quote hold quote-3 --for '14 days'",
              quote_hold_options, hold_quote);
  add_command(noun, "release", "Give its capacity back", quote_name, release_quote);
  add_command(noun, "sign", "Make it a lease: quote sign quote-3", quote_name, sign_quote);
  add_command(noun, "impact", "What becomes impossible if this deal is taken", quote_options,
              show_impact);
  add_command<NoValues>(noun, "list", "List quotes", nullptr, list_quotes, kQuotesColumns);
}

void add_lease(Noun root) {
  Noun noun = root.noun("lease", "Contracts, their changes and their ends");
  add_command(noun, "sign",
              "Sign: lease sign --pool h100 --lessee acme --quantity '8 servers' "
              "--start 2026-01-01 --term '1 year' --price '2.35 USD/accelerator-hour'",
              lease_options, [](Shell& s, const OfferValues& values) { sign(s, values, kPool); });
  add_command<NoValues>(
      noun, "list", "List lines of leases at a moment (--at)", nullptr,
      [](Shell& s, const NoValues&) { list(s, false); }, kLeaseLineColumns);
  add_command(noun, "show", "One lease with its tranches", lease_option, show_lease, kLeaseColumns);
  add_command<NoValues>(noun, "overview", "Who holds how much, at what value and share", nullptr,
                        show_overview, kOverviewColumns);
  add_command(noun, "idle", "What is idle or not sublet: lease idle --within '90 days'",
              idle_options, show_idle, kIdleColumns);
  add_command(noun, "commit",
              "Sign a spend commitment: lease commit b --lessor lambda --lessee nvidia "
              "--sum '200 million USD' --floor '2 USD' --start 2025-09-01 --term '3 years'",
              commitment_options, sign_commitment);
  add_command<NoValues>(noun, "commitments", "List spend commitments", nullptr, list_commitments,
                        kCommitmentsColumns);
  add_lease_changes(noun);
}

void add_sublease(Noun root) {
  Noun noun = root.noun("sublease", "Leases that draw on a line of another lease");
  add_command(noun, "sign",
              "Sublet: sublease sign --from-line comet.1 --lessee acme --quantity '8 servers' "
              "--start 2026-06-01 --term '1 month' --price '4.50 USD/accelerator-hour'",
              sublease_options,
              [](Shell& s, const OfferValues& values) { sign(s, values, kLine); });
  add_command<NoValues>(
      noun, "list", "List lines of subleases at a moment (--at)", nullptr,
      [](Shell& s, const NoValues&) { list(s, true); }, kLeaseLineColumns);
}

}  // namespace leasehold::operations
