// Every operation there is: what can be asked of a cloud, by its noun and verb, with its fields.
// The command line, the HTTP API, its document and the completion of shells are made from it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "operations/form.h"
#include "operations/shell.h"
#include "operations/table.h"

namespace leasehold::operations {

// One asking: its fields are filled, then it acts.
struct Call {
  Form form;
  std::function<void(Shell&)> act;
  std::function<void()> clear;  // the fields are as they were at first: it can be asked again
};

struct Operation {
  std::vector<std::string> words;  // "lease", "sign"
  // "Accept a tranche: lease accept comet.1 --tranche 2; ..." is what it does and examples of it.
  std::string help;
  std::function<Call()> call;
  Columns columns;  // of the rows that it answers; none where it answers something else
};

struct NounEntry {
  std::vector<std::string> words;  // "lease"
  std::string summary;
};

class Noun;

class Catalogue {
 public:
  Noun root();
  const std::vector<NounEntry>& nouns() const { return nouns_; }
  const std::vector<Operation>& operations() const { return operations_; }
  // Nothing where no operation has these words.
  const Operation* find(const std::vector<std::string>& words) const;

 private:
  friend class Noun;
  std::vector<NounEntry> nouns_;
  std::vector<Operation> operations_;
};

// Where operations are added: a path of words that they begin with.
class Noun {
 public:
  Noun(Catalogue& catalogue, std::vector<std::string> words)
      : catalogue_(&catalogue), words_(std::move(words)) {}
  Noun noun(const char* word, const char* summary);
  void add(const char* word, std::string help, std::function<Call()> call, Columns columns);

 private:
  Catalogue* catalogue_;
  std::vector<std::string> words_;
};

// All of them, in the order in which they are listed.
const Catalogue& catalogue();

// An operation that reads its fields from `Values`.
template <class Values, class Action>
void add_command(Noun noun, const char* word, std::string help, void (*fields)(Form&, Values&),
                 Action action, Columns columns = {}) {
  auto make = [fields, action] {
    auto values = std::make_shared<Values>();
    Call call;
    if (fields != nullptr) fields(call.form, *values);
    call.act = [values, action](Shell& shell) { action(shell, *values); };
    call.clear = [values] { *values = Values(); };
    return call;
  };
  noun.add(word, std::move(help), make, std::move(columns));
}

struct NoValues {};

// The nouns, one function each.
void add_party(Noun root);
void add_site(Noun root);
void add_sku(Noun root);
void add_pool(Noun root);
void add_facility(Noun site, Noun root);  // the rest of `site`, and `rack`
void add_site_questions(Noun site);
void show_site_power(Shell& shell, const std::string& site, const std::string& without, bool rows);
void add_fleet(Noun root);
void add_generate(Noun fleet);
void add_server(Noun root);
void add_placement(Noun root);
void add_replay(Noun placement);
void add_maintenance(Noun root);
void add_instance(Noun root);
void add_instance_setup(Noun instance);
void add_workspace(Noun root);  // ssh-key, file-system, firewall, quota, image
void add_party_details(Noun party);
void add_billing(Noun root);  // tax, price, cost, promotion, sla
void add_usage(Noun root);    // meter, usage
void add_spend(Noun root);
void add_invoice(Noun root);
void add_books(Noun root);
void add_finance(Noun root);
void add_finance_contracts(Noun finance);
void add_rate(Noun root);
void add_exports(Noun root);  // focus, tape
void add_quote(Noun root);
void add_lease(Noun root);
void add_sublease(Noun root);
void add_questions(Noun root);  // free, earliest, calendar, promises
void add_keys(Noun root);
void add_users(Noun root);
void add_webhooks(Noun root);
void add_audit(Noun root);
void add_apply(Noun root);
void add_journal(Noun root);

}  // namespace leasehold::operations
