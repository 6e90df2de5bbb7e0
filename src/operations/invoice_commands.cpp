// invoice: a month is billed, shown, paid, or taken back.
#include <ostream>

#include <fmt/format.h>

#include "billing/describe.h"
#include "billing/run.h"
#include "documents/invoice_document.h"
#include "operations/catalogue.h"
#include "operations/fact_text.h"
#include "operations/output_file.h"

namespace leasehold::operations {

namespace {

struct RunValues {
  std::string period, through, lessor;
};
void run_options(Form& form, RunValues& values) {
  auto* period = form.add_option("--period", values.period,
                                 "The month in which the periods begin, as 2026-09");
  form.add_option("--through", values.through, "All months that are not billed yet, to this one")
      ->excludes(period);
  form.add_option("--lessor", values.lessor, "Only this company's");
}

struct RunTotals {
  int64_t invoices = 0;
  int64_t pending = 0;
  std::map<std::string, Money> sums;
};

// Decides and keeps some commands; a dry run keeps them in a state in memory.
bool keep(Shell& shell, cloud::Executor& cloud, engine::State& dry,
          const std::vector<CommandBody>& bodies, billing::Rater& rater, Table& table,
          RunTotals& totals) {
  std::vector<Command> commands;
  commands.reserve(bodies.size());
  for (const CommandBody& body : bodies) commands.push_back({shell.now(), shell.actor(), body});
  std::vector<cloud::Answer> answers;
  if (shell.options().dry_run) {
    for (const Command& command : commands) answers.push_back(engine::perform(dry, command));
  } else {
    auto done = cloud.execute(commands);
    if (!done) {
      shell.say(done.error());
      return false;
    }
    answers = std::move(*done);
  }
  const engine::State& state = shell.options().dry_run ? dry : cloud.state();
  for (const cloud::Answer& answer : answers) {
    if (!answer) {
      shell.say(state, answer.error());
      return false;
    }
    for (const Fact& fact : *answer) {
      const auto* issued = std::get_if<InvoiceIssued>(&fact.body);
      if (issued == nullptr) continue;
      const Invoice& invoice = issued->invoice;
      rater.issued(invoice);
      ++totals.invoices;
      Money& sum = totals.sums[invoice.to.currency];
      sum = sum + invoice.total;
      table.add({text(billing::number_text(state, invoice)), text(to_text(invoice.period)),
                 text(state.name_of(invoice.to.lessor)), text(state.name_of(invoice.to.lessee)),
                 number(static_cast<int64_t>(invoice.lines.size())), money(invoice.total),
                 moment(invoice.due)});
    }
  }
  return true;
}

// What time has brought by now is part of what is billed: it comes before anything is drafted.
bool bring_time(Shell& shell, cloud::Executor& cloud, engine::State& dry) {
  if (shell.options().dry_run) {
    engine::pass_time(dry, shell.now());
    return true;
  }
  Command pass{shell.now(), shell.actor(), PassTime{}};  // refused once nothing more is due
  auto brought = cloud.execute({&pass, 1});
  if (!brought) shell.say(brought.error());
  return brought.has_value();
}

void run_invoices(Shell& shell, const RunValues& values) {
  auto cloud = shell.cloud_to_write();
  if (!cloud || !shell.owner_only("invoice run")) return;
  Reader reader = shell.reader(cloud->state());
  std::optional<Month> period;
  if (!values.period.empty()) period = reader.month("--period", values.period);
  Month through = period ? *period : reader.month("--through", values.through);
  PartyId only;
  if (!values.lessor.empty()) only = reader.party("--lessor", values.lessor);
  if (!reader.good()) return shell.say(reader.errors());
  engine::State dry;
  if (shell.options().dry_run) dry = cloud->state();
  const engine::State& state = shell.options().dry_run ? dry : cloud->state();
  if (!bring_time(shell, *cloud, dry)) return;
  Table table({"invoice", "period", "lessor", "lessee", "lines", "total", "due"});
  RunTotals totals;
  bool good = true;
  // One for the whole run: at size it is the scan of all instances that takes time.
  billing::Rater rater(state);
  for (PartyId lessor : rater.lessors()) {
    if (only && lessor != only) continue;
    auto months = billing::months_to_bill(state, rater, lessor, period, through);
    if (!months) {
      shell.say(state, months.error());
      good = false;
      break;
    }
    for (Month month : *months) {
      auto run = billing::month_of(state, rater, lessor, month, shell.now());
      if (!run) shell.say(state, run.error());
      good = run && keep(shell, *cloud, dry, run->commands, rater, table, totals);
      if (run) totals.pending += static_cast<int64_t>(run->pending.size());
      // A month that stays open is not followed by the next.
      bool closed =
          run && !run->commands.empty() && std::holds_alternative<CloseMonth>(run->commands.back());
      if (!closed) break;
      if (!good) break;
    }
    if (!good) break;
  }
  shell.say(table);
  if (shell.output() != Output::table || !good) return;
  for (const auto& [currency, sum] : totals.sums)
    shell.out() << fmt::format("{} invoices, {}\n", totals.invoices, to_display(sum));
  if (totals.pending > 0)
    shell.out() << fmt::format("{} to bill when their period is over; the month stays open\n",
                               totals.pending);
}

struct PreviewValues {
  std::string lessor, lessee, period;
};
void preview_options(Form& form, PreviewValues& values) {
  form.add_option("--lessor", values.lessor, "Who bills")->required();
  form.add_option("--lessee", values.lessee, "Who is billed")->required();
  form.add_option("--period", values.period, "The month, as 2026-09")->required();
}
const Columns kInvoiceLineColumns = columns_of(
    "invoice, what, period, from: moment, until: moment, quantity, price, amount: money");
void say_lines(Table& table, const engine::State& state, const std::string& invoice,
               const std::vector<InvoiceLine>& lines) {
  for (const InvoiceLine& line : lines)
    table.add({text(invoice), text(billing::line_text(state, line)), text(to_text(line.service)),
               moment(line.from), moment(line.until), text(billing::quantity_text(state, line)),
               text(line.unit_price.zero() ? "" : to_text(line.unit_price)), money(line.amount)});
}
void preview(Shell& shell, const PreviewValues& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  PartyId lessor = reader.party("--lessor", values.lessor);
  PartyId lessee = reader.party("--lessee", values.lessee);
  Month month = reader.month("--period", values.period);
  if (!reader.good()) return shell.say(reader.errors());
  if (!shell.may_see(lessor, lessee))
    return shell.say(InputErrors{
        {"--as", shell.options().as, "the lessor or the lessee of what is asked about"}});
  billing::Rater rater(view->state);
  Table table(kInvoiceLineColumns);
  for (const BillTo& to : rater.bill_tos(lessor, month))
    if (to.lessee == lessee && !view->state.billing.billed.contains({to, month}))
      if (auto draft = rater.draft(to, month, view->moment))
        say_lines(table, view->state, "draft", draft->lines);
  shell.say(table);
}

struct InvoiceListValues {
  std::string lessor, lessee, period, status;
};
void invoice_list_options(Form& form, InvoiceListValues& values) {
  form.add_option("--lessor", values.lessor, "Only this company's");
  form.add_option("--lessee", values.lessee, "Only to this company");
  form.add_option("--period", values.period, "Only of this month, as 2026-09");
  form.add_option("--status", values.status, names_of<billing::InvoiceStatus>());
}
// How often it should have been asked for, and when next.
std::string dunning_text(const engine::State& state, const Invoice& invoice, Instant now) {
  for (const InvoiceLine& line : invoice.lines) {
    if (!line.lease) continue;
    const Terms& terms = state.leases.at(line.lease).offer.terms;
    if (!terms.billing || terms.billing->dunning.empty()) continue;
    int level = 0;
    for (const Term& after : terms.billing->dunning) {
      Instant at = add_term(invoice.due, after, terms.zone);
      if (at > now) return fmt::format("{}, next {}", level, to_short_text(at));
      ++level;
    }
    return std::to_string(level);
  }
  return "";
}
const Columns kInvoicesColumns = columns_of(
    "id, number, kind, lessor, lessee, period, issued: moment, due: moment, total: money, open: "
    "money, status, dunned");
void list_invoices(Shell& shell, const InvoiceListValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  PartyId lessor = values.lessor.empty() ? PartyId{} : reader.party("--lessor", values.lessor);
  PartyId lessee = values.lessee.empty() ? PartyId{} : reader.party("--lessee", values.lessee);
  Month month = values.period.empty() ? Month{} : reader.month("--period", values.period);
  std::optional<billing::InvoiceStatus> status;
  if (!values.status.empty())
    status = reader.choice<billing::InvoiceStatus>("--status", values.status);
  if (!reader.good()) return shell.say(reader.errors());
  Table table(kInvoicesColumns);
  for (const Invoice& invoice : state.billing.invoices.rows()) {
    auto is = billing::status_of(state, invoice, view->moment);
    if ((lessor && invoice.to.lessor != lessor) || (lessee && invoice.to.lessee != lessee) ||
        (!values.period.empty() && invoice.period != month) || (status && is != *status) ||
        !shell.may_see(invoice.to.lessor, invoice.to.lessee))
      continue;
    bool overdue = is == billing::InvoiceStatus::overdue;
    table.add({text(to_text(invoice.id)), text(billing::number_text(state, invoice)),
               text(name_of(invoice.kind)), text(state.name_of(invoice.to.lessor)),
               text(state.name_of(invoice.to.lessee)), text(to_text(invoice.period)),
               moment(invoice.issued_at), moment(invoice.due), money(invoice.total),
               money(state.billing.open_amount(invoice)), text(name_of(is)),
               text(overdue ? dunning_text(state, invoice, view->moment) : "")});
  }
  shell.say(table);
}

struct ShowValues {
  std::string invoice, format = "text", file;
};
void show_options(Form& form, ShowValues& values) {
  form.add_option("invoice", values.invoice, "Its id, such as invoice-3")->required();
  form.add_option("--format", values.format, "text, html, pdf, ubl, json or csv");
  form.add_output("--file", values.file, "Where to; a PDF needs it");
}
void show_invoice(Shell& shell, const ShowValues& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  InvoiceId id = reader.invoice("invoice", values.invoice);
  documents::Format format{};
  if (!value_of(values.format, format))
    reader.wrong("--format", values.format, names_of<documents::Format>());
  if (format == documents::Format::pdf && values.file.empty() && shell.needs_files())
    reader.wrong("--file", "", "a file for the PDF, such as invoice.pdf");
  if (!reader.good()) return shell.say(reader.errors());
  const Invoice& invoice = view->state.billing.invoices.at(id);
  if (!shell.may_see(invoice.to.lessor, invoice.to.lessee))
    return shell.say(InputErrors{{"invoice", values.invoice, "an invoice that is known"}});
  std::string bytes = documents::render(view->state, invoice, format);
  give(shell, values.file, documents::media_type(format), bytes,
       fmt::format("{} bytes", bytes.size()));
}

struct PayValues {
  std::string invoice, amount, on, reference;
};
void pay_options(Form& form, PayValues& values) {
  form.add_option("invoice", values.invoice, "Its id, such as invoice-3")->required();
  form.add_option("--amount", values.amount, "What came; all that is open where it is not said");
  form.add_option("--on", values.on, "When it came; now where it is not said");
  form.add_option("--reference", values.reference, "What the payer wrote");
}
void pay(Shell& shell, const PayValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    RecordPayment command{
        reader.invoice("invoice", values.invoice), {}, shell.now(), values.reference};
    if (!values.amount.empty())
      command.amount = reader.money("--amount", values.amount);
    else if (command.invoice)
      command.amount =
          reader.state().billing.open_amount(reader.state().billing.invoices.at(command.invoice));
    if (!values.on.empty()) command.on = reader.instant("--on", values.on);
    return command;
  });
}

struct CreditValues {
  std::string invoice, reason;
};
void credit_options(Form& form, CreditValues& values) {
  form.add_option("invoice", values.invoice, "Its id, such as invoice-3")->required();
  form.add_option("--reason", values.reason, "Why it is taken back")->required();
}
void credit(Shell& shell, const CreditValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return CreditInvoice{reader.invoice("invoice", values.invoice), values.reason};
  });
}

}  // namespace

void add_invoice(Noun root) {
  Noun noun = root.noun("invoice", "Bill a month, show, pay and correct");
  add_command(noun, "run",
              "Bill a month of every lessor, once; may be broken off and run again: invoice run "
              "--period 2026-09; invoice run --through 2026-09 --lessor lambda",
              run_options, run_invoices);
  add_command(noun, "preview",
              "What would be billed: invoice preview --lessor lambda --lessee nvidia --period "
              "2026-09",
              preview_options, preview, kInvoiceLineColumns);
  add_command(noun, "list", "List invoices: invoice list --status overdue", invoice_list_options,
              list_invoices, kInvoicesColumns);
  add_command(noun, "show",
              "Show one: invoice show invoice-3; invoice show invoice-3 --format pdf --file "
              "invoice.pdf",
              show_options, show_invoice);
  add_command(noun, "pay",
              "Record a payment: invoice pay invoice-3 --amount '100 USD' --on 2026-10-01",
              pay_options, pay);
  add_command(noun, "credit",
              "Take it back by a credit note: invoice credit invoice-3 --reason 'wrong lessee'",
              credit_options, credit);
}

}  // namespace leasehold::operations
