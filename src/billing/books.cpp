#include "billing/books.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "billing/describe.h"
#include "billing/period.h"
#include "billing/rater.h"

namespace leasehold::billing {

namespace {

Money negative(Money amount) {
  amount.nanos = -amount.nanos;
  return amount;
}

const char* revenue_account(ChargeKind kind) {
  switch (kind) {
    case ChargeKind::committed:
    case ChargeKind::used:
    case ChargeKind::minimum:
      return "revenue:capacity";
    case ChargeKind::overage:
    case ChargeKind::on_demand:
    case ChargeKind::preemptible:
      return "revenue:on demand";
    case ChargeKind::metered:
      return "revenue:metered";
    case ChargeKind::exit_fee:
      return "revenue:exit fees";
    case ChargeKind::sla_credit:
      return "revenue:service credits";
    case ChargeKind::promotion:
      return "revenue:promotions";
    case ChargeKind::late_interest:
      return "revenue:interest";
    case ChargeKind::prepayment:
    case ChargeKind::prepaid:
      break;
  }
  return "liabilities:deferred revenue";
}

class Book {
 public:
  Book(const engine::State& state, PartyId party, Instant until)
      : state_(state), party_(party), until_(until) {}

  std::vector<Transaction> write() {
    for (const Invoice& invoice : state_.billing.invoices.rows()) {
      if (invoice.to.lessor == party_) add_claim(invoice);
      if (invoice.to.lessee == party_) add_debt(invoice);
    }
    for (const Payment& payment : state_.billing.payments.rows()) add_payment(payment);
    for (const auto& [id, cost] : state_.billing.costs) add_asset(cost);
    for (const SiteLease& lease : state_.fleet.site_leases.rows()) add_rent(lease);
    std::stable_sort(all_.begin(), all_.end(),
                     [](const Transaction& a, const Transaction& b) { return a.at < b.at; });
    return std::move(all_);
  }

 private:
  std::string name(PartyId party) const { return state_.name_of(party); }

  void add(Transaction transaction) {
    std::erase_if(transaction.postings, [](const Posting& row) { return row.amount.zero(); });
    if (transaction.at <= until_ && !transaction.postings.empty())
      all_.push_back(std::move(transaction));
  }

  // By account, so that one invoice is a few postings.
  Transaction of_invoice(const Invoice& invoice, bool lessor) const {
    std::map<std::string, Money> sums;
    PartyId other = lessor ? invoice.to.lessee : invoice.to.lessor;
    auto post = [&](const std::string& account, const Money& amount) {
      Money& sum = sums[account];
      sum = sum + amount;
    };
    for (const InvoiceLine& line : invoice.lines) {
      bool prepaid = line.kind == ChargeKind::prepayment || line.kind == ChargeKind::prepaid;
      if (lessor)
        post(prepaid ? "liabilities:deferred revenue:" + name(other) : revenue_account(line.kind),
             negative(line.amount));
      else
        post(prepaid ? "assets:prepaid:" + name(other) : "expenses:capacity:" + name(other),
             line.amount);
    }
    for (const InvoiceTax& tax : invoice.taxes)
      post(lessor ? "liabilities:tax" : "assets:tax", lessor ? negative(tax.tax) : tax.tax);
    post((lessor ? "assets:receivable:" : "liabilities:payable:") + name(other),
         lessor ? invoice.total : negative(invoice.total));
    Transaction transaction{
        invoice.until + -1, number_text(state_, invoice), to_text(invoice.id), {}};
    // A credit note counts when it is given.
    if (invoice.kind == InvoiceKind::credit_note) transaction.at = invoice.issued_at;
    for (const auto& [account, amount] : sums) transaction.postings.push_back({account, amount});
    return transaction;
  }
  void add_claim(const Invoice& invoice) { add(of_invoice(invoice, true)); }
  void add_debt(const Invoice& invoice) { add(of_invoice(invoice, false)); }

  void add_payment(const Payment& payment) {
    const Invoice& invoice = state_.billing.invoices.at(payment.invoice);
    std::string text = "payment of " + number_text(state_, invoice);
    if (invoice.to.lessor == party_)
      add({payment.on,
           text,
           to_text(payment.id),
           {{"assets:cash", payment.amount},
            {"assets:receivable:" + name(invoice.to.lessee), negative(payment.amount)}}});
    if (invoice.to.lessee == party_)
      add({payment.on,
           text,
           to_text(payment.id),
           {{"liabilities:payable:" + name(invoice.to.lessor), payment.amount},
            {"assets:cash", negative(payment.amount)}}});
  }

  void add_asset(const AssetCost& cost) {
    const Delivery& delivery = state_.deliveries.at(cost.delivery);
    const Pool& pool = state_.pools.at(delivery.pool);
    PartyId owner = company_of(state_, pool.owner);
    PartyId supplier = company_of(state_, cost.supplier);
    Money price = scale(cost.per_server, delivery.atoms, state_.skus.at(pool.sku).per_server);
    price = round_to_minor_unit(price);
    std::string text = "servers of " + delivery.name;
    if (supplier == party_)
      add({delivery.from,
           text,
           to_text(delivery.id),
           {{"assets:receivable:" + name(owner), price}, {"revenue:servers", negative(price)}}});
    if (owner != party_) return;
    add({delivery.from,
         text,
         to_text(delivery.id),
         {{"assets:servers", price}, {"liabilities:payable:" + name(supplier), negative(price)}}});
    Money written = scale(price, 1000 - cost.residual_permille, 1000);
    Money before{0, price.currency};
    for (int64_t month = 1; month <= cost.life_months; ++month) {
      Instant at = add_term(delivery.from, {static_cast<int>(month), 0, 0}, "Etc/UTC");
      if (at > until_) break;
      Money by_then = round_to_minor_unit(scale(written, month, cost.life_months));
      add({at,
           "depreciation of " + delivery.name,
           to_text(delivery.id),
           {{"expenses:depreciation", by_then - before},
            {"assets:servers:depreciation", before - by_then}}});
      before = by_then;
    }
  }

  // By the month of the calendar; a part of one by its seconds.
  void add_rent(const SiteLease& lease) {
    if (!lease.per_kw_month || lease.from >= until_) return;
    PartyId holder = company_of(state_, state_.sites.at(lease.site).holder);
    PartyId landlord = company_of(state_, lease.landlord);
    if (holder != party_ && landlord != party_) return;
    Money monthly = scale(*lease.per_kw_month, lease.watts, 1000);
    for (Month month = month_at(lease.from, "Etc/UTC", 1);; month = month + 1) {
      Interval whole = period_of(month, "Etc/UTC", 1);
      Interval part = intersection(whole, lease.interval());
      if (part.empty() || whole.until + -1 > until_) return;
      Money rent = round_to_minor_unit(scale(monthly, part.until.seconds - part.from.seconds,
                                             whole.until.seconds - whole.from.seconds));
      std::string text = "rent of " + lease.name + " for " + to_text(month);
      if (holder == party_)
        add({whole.until + -1,
             text,
             to_text(lease.id),
             {{"expenses:rent", rent}, {"liabilities:payable:" + name(landlord), negative(rent)}}});
      else
        add({whole.until + -1,
             text,
             to_text(lease.id),
             {{"assets:receivable:" + name(holder), rent}, {"revenue:rent", negative(rent)}}});
    }
  }

  const engine::State& state_;
  PartyId party_;
  Instant until_;
  std::vector<Transaction> all_;
};

}  // namespace

std::vector<Transaction> transactions_of(const engine::State& state, PartyId party, Instant until) {
  return Book(state, party, until).write();
}

std::vector<PartyId> book_keepers(const engine::State& state) {
  std::set<PartyId> keepers;
  for (const Invoice& invoice : state.billing.invoices.rows()) {
    keepers.insert(invoice.to.lessor);
    keepers.insert(invoice.to.lessee);
  }
  for (const auto& [delivery, cost] : state.billing.costs) {
    keepers.insert(company_of(state, cost.supplier));
    keepers.insert(company_of(state, state.pools.at(state.deliveries.at(delivery).pool).owner));
  }
  for (const SiteLease& lease : state.fleet.site_leases.rows()) {
    keepers.insert(company_of(state, lease.landlord));
    keepers.insert(company_of(state, state.sites.at(lease.site).holder));
  }
  return {keepers.begin(), keepers.end()};
}

Balances balances_of(const std::vector<Transaction>& transactions) {
  Balances balances;
  for (const Transaction& transaction : transactions)
    for (const Posting& posting : transaction.postings) {
      Money& sum = balances[{posting.account, std::string(posting.amount.currency.text())}];
      sum = sum + posting.amount;
    }
  return balances;
}

namespace {

// What each account that a month has changed comes to on its last day, asserted.
class MonthEnds {
 public:
  void before(Instant at, std::string& out) {
    Month month = month_at(at, "Etc/UTC", 1);
    if (month != month_) close(out);
    month_ = month;
  }
  void add(const Posting& posting) {
    std::pair key(posting.account, std::string(posting.amount.currency.text()));
    Money& balance = balances_[key];
    balance = balance + posting.amount;
    changed_.insert(key);
  }
  void close(std::string& out) {
    if (changed_.empty()) return;
    Instant last = period_start(month_ + 1, "Etc/UTC", 1) + -1;
    out += fmt::format("\n{} balances at the end of {}\n", local_date(last, "Etc/UTC"),
                       to_text(month_));
    for (const auto& key : changed_)
      out += fmt::format("    {}  0 {} = {}\n", key.first, key.second, to_text(balances_[key]));
    changed_.clear();
  }

 private:
  Month month_;
  Balances balances_;
  std::set<std::pair<std::string, std::string>> changed_;
};

}  // namespace

std::string to_hledger(const engine::State& state, PartyId party,
                       const std::vector<Transaction>& transactions) {
  std::string out = fmt::format("; the books of {}\ndecimal-mark .\n", legal_name(state, party));
  std::set<std::string> accounts;
  std::set<std::string> currencies;
  for (const Transaction& transaction : transactions)
    for (const Posting& posting : transaction.postings) {
      accounts.insert(posting.account);
      currencies.insert(std::string(posting.amount.currency.text()));
    }
  for (const std::string& currency : currencies)
    out += fmt::format("commodity 1000.00 {}\n", currency);
  for (const std::string& account : accounts) out += fmt::format("account {}\n", account);
  MonthEnds ends;
  for (const Transaction& transaction : transactions) {
    ends.before(transaction.at, out);
    out += fmt::format("\n{} {}  ; ref:{}\n", local_date(transaction.at, "Etc/UTC"),
                       transaction.text, transaction.reference);
    for (const Posting& posting : transaction.postings) {
      out += fmt::format("    {}  {}\n", posting.account, to_text(posting.amount));
      ends.add(posting);
    }
  }
  ends.close(out);
  return out;
}

}  // namespace leasehold::billing
