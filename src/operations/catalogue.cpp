#include "operations/catalogue.h"

#include <algorithm>

namespace leasehold::operations {

namespace {

Catalogue all_operations() {
  Catalogue all;
  Noun root = all.root();
  add_party(root);
  add_site(root);
  add_sku(root);
  add_pool(root);
  add_fleet(root);
  add_server(root);
  add_placement(root);
  add_maintenance(root);
  add_instance(root);
  add_workspace(root);
  add_quote(root);
  add_lease(root);
  add_sublease(root);
  add_usage(root);
  add_spend(root);
  add_billing(root);
  add_invoice(root);
  add_rate(root);
  add_books(root);
  add_finance(root);
  add_exports(root);
  add_questions(root);
  add_keys(root);
  add_users(root);
  add_webhooks(root);
  add_apply(root);
  add_audit(root);
  add_journal(root);
  return all;
}

}  // namespace

Noun Catalogue::root() { return {*this, {}}; }

const Operation* Catalogue::find(const std::vector<std::string>& words) const {
  auto found = std::find_if(operations_.begin(), operations_.end(),
                            [&](const Operation& operation) { return operation.words == words; });
  return found == operations_.end() ? nullptr : &*found;
}

Noun Noun::noun(const char* word, const char* summary) {
  std::vector<std::string> words = words_;
  words.emplace_back(word);
  catalogue_->nouns_.push_back({words, summary});
  return {*catalogue_, std::move(words)};
}

void Noun::add(const char* word, std::string help, std::function<Call()> call, Columns columns) {
  std::vector<std::string> words = words_;
  words.emplace_back(word);
  catalogue_->operations_.push_back(
      {std::move(words), std::move(help), std::move(call), std::move(columns)});
}

const Catalogue& catalogue() {
  static const Catalogue all = all_operations();
  return all;
}

}  // namespace leasehold::operations
