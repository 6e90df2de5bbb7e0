// books: the double-entry books of every company, and whether they agree.
#include <ostream>

#include <fmt/format.h>

#include "billing/books.h"
#include "billing/describe.h"
#include "billing/rater.h"
#include "billing/reconcile.h"
#include "journal/fact_codec.h"
#include "operations/catalogue.h"
#include "operations/output_file.h"

namespace leasehold::operations {

namespace {

struct BooksValues {
  std::string party, account, format = "hledger", file;
};
void party_option(Form& form, BooksValues& values) {
  form.add_option("party", values.party, "Whose books")->required();
}
void ledger_options(Form& form, BooksValues& values) {
  party_option(form, values);
  form.add_option("--account", values.account, "An account or the beginning of one");
}
void statement_options(Form& form, BooksValues& values) {
  party_option(form, values);
  form.add_option("--with", values.account, "The other company")->required();
}
void export_options(Form& form, BooksValues& values) {
  party_option(form, values);
  form.add_option("--format", values.format, "hledger or csv");
  form.add_output("--file", values.file, "Where to; the standard output where it is not said");
}

// The transactions of a company up to the moment asked about; nothing (and said) where it is not
// the asker's.
struct Asked {
  Shell::View view;
  PartyId party;
  std::vector<billing::Transaction> transactions;
};
std::optional<Asked> ask(Shell& shell, const std::string& name) {
  auto view = shell.view();
  if (!view) return std::nullopt;
  Reader reader = shell.reader(view->state);
  PartyId party = reader.party("party", name);
  if (!reader.good()) {
    shell.say(reader.errors());
    return std::nullopt;
  }
  party = billing::company_of(view->state, party);
  if (!shell.may_see(party, party)) {
    shell.say(InputErrors{{"party", name, "the company that asks (--as): books are its own"}});
    return std::nullopt;
  }
  auto transactions = billing::transactions_of(view->state, party, view->moment);
  return Asked{std::move(*view), party, std::move(transactions)};
}

const Columns kTrialColumns = columns_of("account, debit: money, credit: money");
void show_trial(Shell& shell, const BooksValues& values) {
  auto asked = ask(shell, values.party);
  if (!asked) return;
  Table table(kTrialColumns);
  std::map<std::string, std::pair<Money, Money>> totals;
  for (const auto& [key, amount] : billing::balances_of(asked->transactions)) {
    if (amount.zero()) continue;
    Money magnitude = amount;
    bool debit = amount.nanos > 0;
    if (!debit) magnitude.nanos = -magnitude.nanos;
    table.add({text(key.first), debit ? money(magnitude) : text(""),
               debit ? text("") : money(magnitude)});
    auto& [debits, credits] = totals[key.second];
    (debit ? debits : credits) = (debit ? debits : credits) + magnitude;
  }
  for (const auto& [currency, sums] : totals)
    table.add({text("total"), money(sums.first), money(sums.second)});
  shell.say(table);
}

const Columns kEntriesColumns =
    columns_of("date, reference, text, account, amount: money, balance: money");
void say_entries(Shell& shell, const Asked& asked, const std::string& account) {
  Table table(kEntriesColumns);
  std::map<std::string, Money> balances;
  for (const billing::Transaction& transaction : asked.transactions)
    for (const billing::Posting& posting : transaction.postings) {
      if (!posting.account.starts_with(account)) continue;
      Money& balance = balances[posting.account];
      balance = balance + posting.amount;
      table.add({text(local_date(transaction.at, "Etc/UTC")), text(transaction.reference),
                 text(transaction.text), text(posting.account), money(posting.amount),
                 money(balance)});
    }
  shell.say(table);
}
void show_ledger(Shell& shell, const BooksValues& values) {
  if (auto asked = ask(shell, values.party)) say_entries(shell, *asked, values.account);
}

const Columns kStatementColumns =
    columns_of("date, reference, text, amount: money, balance: money");
// All that passed between two companies.
void show_statement(Shell& shell, const BooksValues& values) {
  auto asked = ask(shell, values.party);
  if (!asked) return;
  Reader reader = shell.reader(asked->view.state);
  std::string other = asked->view.state.name_of(reader.party("--with", values.account));
  if (!reader.good()) return shell.say(reader.errors());
  Table table(kStatementColumns);
  Money balance;
  for (const billing::Transaction& transaction : asked->transactions)
    for (const billing::Posting& posting : transaction.postings) {
      if (posting.account != "assets:receivable:" + other &&
          posting.account != "liabilities:payable:" + other)
        continue;
      balance = balance + posting.amount;
      table.add({text(local_date(transaction.at, "Etc/UTC")), text(transaction.reference),
                 text(transaction.text), money(posting.amount), money(balance)});
    }
  shell.say(table);
}

std::string to_csv(const std::vector<billing::Transaction>& transactions) {
  std::string out = "date,reference,text,account,amount,currency\n";
  for (const billing::Transaction& transaction : transactions)
    for (const billing::Posting& posting : transaction.postings) {
      std::string amount = to_text(posting.amount);
      size_t space = amount.find(' ');
      out += fmt::format("{},{},{},{},{},{}\n", local_date(transaction.at, "Etc/UTC"),
                         transaction.reference, transaction.text, posting.account,
                         amount.substr(0, space), amount.substr(space + 1));
    }
  return out;
}
void export_books(Shell& shell, const BooksValues& values) {
  if (values.format != "hledger" && values.format != "csv")
    return shell.say(InputErrors{{"--format", values.format, "hledger or csv"}});
  auto asked = ask(shell, values.party);
  if (!asked) return;
  std::string out = values.format == "csv"
                        ? to_csv(asked->transactions)
                        : billing::to_hledger(asked->view.state, asked->party, asked->transactions);
  give(shell, values.file, values.format == "csv" ? "text/csv" : "text/plain; charset=utf-8", out,
       fmt::format("{} transactions", asked->transactions.size()));
}

const Columns kReconcileColumns = columns_of(
    "lessor, lessee, invoices: number, claimed: money, owed: money, paid: money, verdict");
void reconcile(Shell& shell, const NoValues&) {
  auto journal = shell.journal_to_read();
  if (!journal || !shell.owner_only("books reconcile")) return;
  billing::Reconciler reconciler;
  std::optional<journal::IoError> unreadable;
  auto read = journal->read(1, [&](const journal::Record& record) {
    auto fact = journal::to_fact(record);
    if (!fact) unreadable = fact.error();
    if (!fact || fact->at > shell.now()) return false;
    reconciler.take(*fact);
    return true;
  });
  if (!read) return shell.say(read.error());
  if (unreadable) return shell.say(*unreadable);
  Table table(kReconcileColumns);
  const engine::State& state = reconciler.state();
  std::vector<billing::Pair> pairs = reconciler.done();
  for (const billing::Pair& pair : pairs) {
    std::string verdict = "equal";
    if (!pair.differ.empty()) {
      verdict =
          fmt::format("DIFFERS at {}",
                      billing::number_text(state, state.billing.invoices.at(pair.differ.front())));
      if (pair.differ.size() > 1) verdict += fmt::format(" and {} more", pair.differ.size() - 1);
      shell.fail(kRefused);
    }
    table.add({text(state.name_of(pair.lessor)), text(state.name_of(pair.lessee)),
               number(pair.invoices), money(pair.claimed), money(pair.owed), money(pair.paid),
               text(verdict)});
  }
  shell.say(table);
}

}  // namespace

void add_books(Noun root) {
  Noun noun = root.noun("books", "Double-entry books of every company");
  add_command(noun, "trial", "Trial balance: books trial lambda --at 2026-06-30", party_option,
              show_trial, kTrialColumns);
  add_command(noun, "ledger",
              "Entries of an account: books ledger lambda --account 'liabilities:deferred revenue'",
              ledger_options, show_ledger, kEntriesColumns);
  add_command(noun, "statement",
              "What passed between two companies: books statement lambda --with nvidia",
              statement_options, show_statement, kStatementColumns);
  add_command(noun, "export",
              "For hledger or as CSV: books export lambda --format hledger --file lambda.journal",
              export_options, export_books);
  add_command<NoValues>(
      noun, "reconcile",
      "Reckon every invoice anew from the facts before it; 1 where a lessor's claim is not its "
      "lessee's debt",
      nullptr, reconcile, kReconcileColumns);
}

}  // namespace leasehold::operations
