// rate explain, focus and tape: an invoice line traced to its facts, and what others ask to be
// given.
#include <ostream>

#include <fmt/format.h>

#include "billing/describe.h"
#include "billing/line_rating.h"
#include "billing/rater.h"
#include "documents/focus.h"
#include "journal/fact_codec.h"
#include "operations/catalogue.h"
#include "operations/fact_text.h"
#include "operations/finance_options.h"
#include "operations/output_file.h"

namespace leasehold::operations {

namespace {

struct ExplainValues {
  std::string invoice, line = "1";
};
void explain_options(Form& form, ExplainValues& values) {
  form.add_option("invoice", values.invoice, "Such as invoice-3")->required();
  form.add_option("--line", values.line, "Which of its lines, from 1");
}

// Whether a charge rests on a fact.
bool rests_on(const engine::State& state, const InvoiceLine& line, const Fact& fact) {
  auto own = [&](const AccountId& account) { return line.account && account == line.account; };
  auto below = [&](const AccountId& account) {
    for (const AccountId& above : state.chain_of(account))
      if (own(above)) return true;
    return false;
  };
  struct Visit {
    const engine::State& state;
    const InvoiceLine& line;
    const decltype(own)& is_own;
    const decltype(below)& is_below;
    bool credit() const { return line.kind == ChargeKind::sla_credit; }
    bool operator()(const LeaseSigned& f) const { return f.lease.id == line.lease; }
    bool operator()(const LineAmended& f) const { return is_own(f.line); }
    bool operator()(const LineAdded& f) const { return f.lease == line.lease; }
    bool operator()(const TrancheAccepted& f) const { return is_own(f.line); }
    bool operator()(const TranchePresented& f) const { return is_own(f.line); }
    bool operator()(const LeaseAssigned& f) const { return f.lease == line.lease; }
    bool operator()(const LeaseTerminated& f) const { return f.lease == line.lease; }
    bool operator()(const OutageBegan& f) const {
      return credit() && is_below(f.outage.line) && f.outage.from < line.until;
    }
    bool operator()(const OutageEnded& f) const {
      const Outage& outage = state.fleet.outages.at(f.outage);
      return credit() && is_below(outage.line) && outage.until > line.from &&
             outage.from < line.until;
    }
    bool operator()(const IncidentRecorded& f) const {
      return credit() && is_own(f.incident.line) && f.incident.from < line.until &&
             line.from < f.incident.until;
    }
    bool matches(const Instance& instance) const {
      bool kind = line.kind == ChargeKind::preemptible ? instance.kind == InstanceKind::preemptible
                  : line.kind == ChargeKind::used      ? instance.kind == InstanceKind::committed
                                                       : instance.kind == InstanceKind::on_demand;
      bool by_instances = line.kind >= ChargeKind::used && line.kind <= ChargeKind::preemptible;
      return by_instances && kind && is_own(instance.account) &&
             (!line.tenant || instance.tenant == line.tenant) && instance.from < line.until &&
             instance.ended_at.value_or(kForever) > line.from;
    }
    bool operator()(const InstanceLaunched& f) const {
      return matches(state.instances.at(f.instance.id));
    }
    bool operator()(const InstanceEnded& f) const {
      return matches(state.instances.at(f.instance));
    }
    bool operator()(const ListPriceSet& f) const {
      return line.kind > ChargeKind::used && is_own(f.price.account);
    }
    bool operator()(const MeterDefined& f) const { return f.meter.id == line.meter; }
    bool operator()(const UsageRecorded& f) const {
      return std::any_of(f.events.begin(), f.events.end(), [&](const UsageEvent& event) {
        return line.meter && event.meter == line.meter && event.party == line.tenant &&
               event.lease == line.lease && line.from <= event.at && event.at < line.until;
      });
    }
    bool operator()(const PromotionGranted& f) const { return f.promotion.id == line.promotion; }
    bool operator()(const InvoiceIssued& f) const { return f.invoice.id == line.overdue; }
    bool operator()(const PaymentRecorded& f) const { return f.payment.invoice == line.overdue; }
  };
  Visit visit{state, line, own, below};
  return std::visit(
      [&](const auto& body) {
        if constexpr (std::is_invocable_v<Visit, decltype(body)>)
          return visit(body);
        else
          return false;
      },
      fact.body);
}

// The terms and the arithmetic of a charge, a line each.
void say_reckoning(Table& table, const engine::State& state, const InvoiceLine& line) {
  auto add = [&](const char* what, const std::string& value) {
    table.add({text(what), text(value)});
  };
  add("charge", billing::line_text(state, line));
  add("amount", to_display(line.amount));
  add("of", to_text(line.from) + " to " + to_text(line.until));
  if (line.lease) {
    const Lease& lease = state.leases.at(line.lease);
    add("contract",
        fmt::format("{}, amended {} times", to_text(lease.id), lease.amendments.size()));
    if (line.account.kind == AccountKind::line) {
      const Line& sold = state.line(line.account);
      add("price", price_text(sold.price, state.sku_of(line.account).atom_kind()));
      Interval window{line.from, line.until};
      for (size_t i = 0; i < sold.tranches.size(); ++i) {
        const Tranche& tranche = sold.tranches[i];
        Interval due = billing::payable(lease.offer.terms, tranche);
        Interval part = intersection(due, window);
        if (part.empty()) continue;
        add("tranche", fmt::format("{}: {} payable from {} to {}, {} seconds of the period", i + 1,
                                   with_thousands(tranche.atoms), to_short_text(due.from),
                                   to_short_text(due.until),
                                   with_thousands(part.until.seconds - part.from.seconds)));
      }
      if (sold.price.basis == PriceBasis::total)
        add("rule",
            "each tranche has its share of the total by planned accelerator-seconds, spread "
            "evenly over its payable time");
    }
  }
  if (line.quantity != 0) add("quantity", billing::quantity_text(state, line));
  if (!line.unit_price.zero()) add("unit price", to_text(line.unit_price));
  add("rounding", "once, half to even, to the minor unit");
}

// A lessor may know that something below its line was out, not whose it was.
std::string visible_text(const Shell& shell, const engine::State& state, const Fact& fact) {
  AccountId line;
  if (const auto* began = std::get_if<OutageBegan>(&fact.body)) line = began->outage.line;
  if (const auto* ended = std::get_if<OutageEnded>(&fact.body))
    line = state.fleet.outages.at(ended->outage).line;
  if (line && !shell.may_see(state.lease_of(line)))
    return std::holds_alternative<OutageBegan>(fact.body) ? "a line below lost a server"
                                                          : "a line below has its servers again";
  return fact_text(state, fact.body);
}

const Columns kExplainColumns = columns_of("fact: number, at: moment, actor, what");
// What the amount follows from, and the facts behind that. To people two tables; to programs one,
// in which what is no fact has no number.
void explain(Shell& shell, const ExplainValues& values) {
  auto journal = shell.journal_to_read();
  auto view = shell.view();
  if (!journal || !view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  InvoiceId id = reader.invoice("invoice", values.invoice);
  int64_t number_of = reader.whole("--line", values.line);
  if (!reader.good()) return shell.say(reader.errors());
  const Invoice& invoice = state.billing.invoices.at(id);
  if (!shell.may_see(invoice.to.lessor, invoice.to.lessee))
    return shell.say(not_its_own("invoice", values.invoice));
  if (number_of < 1 || number_of > static_cast<int64_t>(invoice.lines.size()))
    return shell.say(InputErrors{
        {"--line", values.line, fmt::format("a line from 1 to {}", invoice.lines.size())}});
  const InvoiceLine& line = invoice.lines[static_cast<size_t>(number_of - 1)];
  Table terms({"of the charge", ""});
  say_reckoning(terms, state, line);
  Table facts(kExplainColumns);
  if (shell.output() == Output::table)
    shell.say(terms);
  else
    for (const auto& row : terms.rows())
      facts.add({text(""), text(""), text(""), text(row[0].raw + ": " + row[1].raw)});
  bool issued = false;
  std::optional<journal::IoError> unreadable;
  auto read = journal->read(1, [&](const journal::Record& record) {
    auto fact = journal::to_fact(record);
    if (!fact) {
      unreadable = fact.error();
      return false;
    }
    const auto* this_one = std::get_if<InvoiceIssued>(&fact->body);
    issued = issued || (this_one != nullptr && this_one->invoice.id == id);
    if (!issued && rests_on(state, line, *fact))
      facts.add({number(static_cast<int64_t>(fact->sequence)), moment(fact->at), text(fact->actor),
                 text(visible_text(shell, state, *fact))});
    return !issued;
  });
  if (!read) return shell.say(read.error());
  if (unreadable) return shell.say(*unreadable);
  shell.say(facts);
}

struct FocusValues {
  std::string lessee, period, file;
};
void focus_options(Form& form, FocusValues& values) {
  form.add_option("lessee", values.lessee, "Whose cost and usage")->required();
  form.add_option("--period", values.period, "The month, as 2026-09")->required();
  form.add_output("--file", values.file, "Where to; the standard output where it is not said");
}
void export_focus(Shell& shell, const FocusValues& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  PartyId lessee = reader.party("lessee", values.lessee);
  Month month = reader.month("--period", values.period);
  if (!reader.good()) return shell.say(reader.errors());
  lessee = billing::company_of(view->state, lessee);
  if (!shell.may_see(lessee, lessee)) return shell.say(not_its_own("lessee", values.lessee));
  std::string csv = documents::focus_csv(view->state, lessee, month);
  give(shell, values.file, "text/csv", csv,
       fmt::format("{} rows", std::count(csv.begin(), csv.end(), '\n') - 1));
}

// Servers that a line has, by serial number, and those who hold a lien on them.
struct Assets {
  int64_t servers = 0;
  std::string serials;
  std::string lenders;
};
Assets assets_of(const engine::State& state, const AccountId& line) {
  Assets assets;
  std::set<PartyId> lenders;
  for (const Server& server : state.fleet.servers().rows()) {
    if (!server.line) continue;
    std::vector<AccountId> chain = state.chain_of(server.line);
    if (std::find(chain.begin(), chain.end(), line) == chain.end()) continue;
    ++assets.servers;
    assets.serials += (assets.serials.empty() ? "" : " ") + server.serial;
    for (const Lien& lien : state.liens.rows())
      if (lien.delivery == server.delivery) lenders.insert(lien.lender);
  }
  if (assets.servers == 0)  // its servers are not known one by one
    for (const Lien& lien : state.liens.rows())
      if (state.deliveries.at(lien.delivery).pool == state.line(line).pool)
        lenders.insert(lien.lender);
  for (PartyId lender : lenders)
    assets.lenders += (assets.lenders.empty() ? "" : " ") + state.name_of(lender);
  return assets;
}

const Columns kTapeColumns = columns_of(
    "line, counterparty, class, sku, quantity, ends: moment, months left: number, take or pay: "
    "share, prepaid left: money, backlog: money, due on early end: money, accounting, servers: "
    "number, lien, serials");
void show_tape(Shell& shell, const FinanceValues& values) {
  auto asked = ask_finance(shell, values);
  if (!asked) return;
  const engine::State& state = asked->view.state;
  std::map<AccountId, Money> backlog;
  for (const auto& row : finance::backlog(state, asked->party, asked->view.moment)) {
    Money& sum = backlog[row.line];
    sum = sum + row.amount;
  }
  std::map<LeaseId, Money> prepaid;
  for (const Invoice& invoice : state.billing.invoices.rows())
    for (const InvoiceLine& line : invoice.lines)
      if (line.kind == ChargeKind::prepayment || line.kind == ChargeKind::prepaid) {
        Money& sum = prepaid[line.lease];
        sum = sum + line.amount;
      }
  Table table(kTapeColumns);
  for (const Lease& lease : state.leases.rows()) {
    PartyId customer = billing::company_of(state, lease.offer.lessee);
    if (billing::company_of(state, lease.offer.lessor) != asked->party || customer == asked->party)
      continue;
    std::string related;
    for (const Relation& relation : state.relations)
      if (relation.subject == customer && relation.object == asked->party)
        related += (related.empty() ? "" : " ") + std::string(name_of(relation.kind));
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      const Line& line = lease.offer.lines[i];
      AccountId id = engine::line_of(lease.id, i);
      if (line.term().until <= asked->view.moment) continue;
      Assets assets = assets_of(state, id);
      Money due =
          round_to_minor_unit(scale(backlog[id], lease.offer.terms.exit_fee_permille, 1000));
      int64_t months = line.term().open()
                           ? 0
                           : (line.term().until.seconds - asked->view.moment.seconds) / 2'629'800;
      const auto& terms = lease.offer.terms.billing;
      std::string shown =
          assets.serials.size() > 24 ? assets.serials.substr(0, 21) + "..." : assets.serials;
      table.add({text(state.name_of(id)), text(state.name_of(customer)),
                 text(related.empty() ? "third party" : "related: " + related),
                 text(state.sku_of(id).name), text(to_text(line.quantity)),
                 moment(line.term().until), number(months),
                 share(lease.offer.terms.take_or_pay_permille), money(prepaid[lease.id]),
                 money(round_to_minor_unit(backlog[id])), money(due),
                 text(terms && terms->accounted_as_lease ? "lease" : "service"),
                 number(assets.servers), text(assets.lenders), Cell{shown, assets.serials, false}});
    }
  }
  shell.say(table);
}

}  // namespace

void add_rate(Noun root) {
  Noun noun = root.noun("rate", "Why an amount is what it is");
  add_command(noun, "explain",
              "Trace a charge to its terms and facts: rate explain invoice-3 --line 1",
              explain_options, explain, kExplainColumns);
}

void add_exports(Noun root) {
  Noun focus = root.noun("focus", "Cost and usage in FOCUS 1.2");
  add_command(focus, "export",
              "A lessee's month as CSV: focus export nvidia --period 2026-05 --file focus.csv",
              focus_options, export_focus);
  Noun tape = root.noun("tape", "The contract tape that a lender asks for");
  add_command(tape, "show", "Every line, and what stands behind it: tape show lambda",
              finance_options, show_tape, kTapeColumns);
}

}  // namespace leasehold::operations
