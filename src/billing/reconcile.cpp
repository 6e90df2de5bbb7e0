#include "billing/reconcile.h"

#include "base/json.h"
#include "billing/rater.h"
#include "engine/engine.h"

namespace leasehold::billing {

namespace {

const Invoice* invoice_in(const Fact& fact) {
  const auto* issued = std::get_if<InvoiceIssued>(&fact.body);
  return issued == nullptr ? nullptr : &issued->invoice;
}

std::string lines_text(const Invoice& invoice) {
  std::string text;
  write_json(text, invoice.lines);
  write_json(text, invoice.taxes);
  write_json(text, invoice.total);
  return text;
}

}  // namespace

Pair& Reconciler::pair_of(const Invoice& invoice) {
  Pair& pair = pairs_[{invoice.to.lessor, invoice.to.lessee}];
  pair.lessor = invoice.to.lessor;
  pair.lessee = invoice.to.lessee;
  return pair;
}

// The invoices of one run were all drafted from the state before it.
void Reconciler::settle() {
  if (pending_.empty()) return;
  {
    Rater rater(state_);
    for (const Fact& fact : pending_) {
      const Invoice& invoice = *invoice_in(fact);
      Pair& pair = pair_of(invoice);
      auto draft = rater.draft(invoice.to, invoice.period, fact.at);
      Money owed = draft ? draft->total : Money{0, invoice.total.currency};
      reckoned_[invoice.id] = owed;
      ++pair.invoices;
      pair.claimed = pair.claimed + invoice.total;
      pair.owed = pair.owed + owed;
      if (!draft || lines_text(*draft) != lines_text(invoice)) pair.differ.push_back(invoice.id);
    }
  }
  for (const Fact& fact : pending_) engine::apply(state_, fact);
  pending_.clear();
}

void Reconciler::take(const Fact& fact) {
  const Invoice* invoice = invoice_in(fact);
  if (invoice != nullptr && invoice->kind == InvoiceKind::invoice) {
    if (!pending_.empty()) {
      const Invoice& last = *invoice_in(pending_.back());
      if (last.to.lessor != invoice->to.lessor || last.period != invoice->period) settle();
    }
    pending_.push_back(fact);
    return;
  }
  settle();
  if (invoice != nullptr) {
    Pair& pair = pair_of(*invoice);
    pair.claimed = pair.claimed + invoice->total;
    pair.owed = pair.owed - reckoned_[invoice->corrects];
  }
  if (const auto* paid = std::get_if<PaymentRecorded>(&fact.body)) {
    Pair& pair = pair_of(state_.billing.invoices.at(paid->payment.invoice));
    pair.paid = pair.paid + paid->payment.amount;
  }
  engine::apply(state_, fact);
}

std::vector<Pair> Reconciler::done() {
  settle();
  std::vector<Pair> pairs;
  pairs.reserve(pairs_.size());
  for (auto& [key, pair] : pairs_) pairs.push_back(pair);
  return pairs;
}

}  // namespace leasehold::billing
