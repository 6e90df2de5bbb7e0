// Double-entry books of one company, folded from what was billed and paid, bought and rented.
// Debits are positive; the postings of a transaction sum to zero in one currency, so a trial
// balance does.
//
// Revenue is recognised in the period of service: a line's fee as its accelerators are kept ready,
// used or not (ASC 606, a stand-ready obligation over time); usage as it was used. A prepayment is
// a contract liability until it is drawn. Service credits and promotions are variable consideration
// and reduce revenue. Servers are written off on a straight line from their delivery, by the month.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::billing {

struct Posting {
  std::string account;  // "assets:receivable:nvidia"
  Money amount;
};
struct Transaction {
  Instant at;
  std::string text;
  std::string reference;  // "invoice-3", "payment-1", "delivery-2"
  std::vector<Posting> postings;
};

// Up to an instant, by time. `party` is a company.
std::vector<Transaction> transactions_of(const engine::State& state, PartyId party, Instant until);

// Companies that have books: those that let, lease, supply or are a landlord.
std::vector<PartyId> book_keepers(const engine::State& state);

using Balances = std::map<std::pair<std::string, std::string>, Money>;  // account, currency
Balances balances_of(const std::vector<Transaction>& transactions);

// hledger's journal format: a transaction each, our reference as a tag, and at each month's end
// what every account that it changed comes to, asserted.
std::string to_hledger(const engine::State& state, PartyId party,
                       const std::vector<Transaction>& transactions);

}  // namespace leasehold::billing
