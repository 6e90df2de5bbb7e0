// The nouns of the command line, one function each. A noun adds its commands to the parser; a
// command sets shell.action, which run() calls when everything is parsed.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/shell.h"

namespace leasehold::cli {

void add_party(CLI::App& app, Shell& shell);
void add_site(CLI::App& app, Shell& shell);
void add_sku(CLI::App& app, Shell& shell);
void add_pool(CLI::App& app, Shell& shell);
// The rest of `site`, and `rack`.
void add_facility(CLI::App& site, CLI::App& app, Shell& shell);
void add_site_questions(CLI::App& site, Shell& shell);
void show_site_power(Shell& shell, const std::string& site, const std::string& without, bool rows);
void add_fleet(CLI::App& app, Shell& shell);
void add_generate(CLI::App& fleet, Shell& shell);
void add_server(CLI::App& app, Shell& shell);
void add_placement(CLI::App& app, Shell& shell);
void add_replay(CLI::App& placement, Shell& shell);
void add_maintenance(CLI::App& app, Shell& shell);
void add_instance(CLI::App& app, Shell& shell);
void add_party_details(CLI::App& party, Shell& shell);
void add_billing(CLI::App& app, Shell& shell);  // tax, price, cost, promotion, sla
void add_usage(CLI::App& app, Shell& shell);    // meter, usage
void add_invoice(CLI::App& app, Shell& shell);
void add_books(CLI::App& app, Shell& shell);
void add_finance(CLI::App& app, Shell& shell);
void add_finance_contracts(CLI::App& finance, Shell& shell);
void add_rate(CLI::App& app, Shell& shell);
void add_exports(CLI::App& app, Shell& shell);  // focus, tape
void add_quote(CLI::App& app, Shell& shell);
void add_lease(CLI::App& app, Shell& shell);
void add_sublease(CLI::App& app, Shell& shell);
void add_questions(CLI::App& app, Shell& shell);  // free, earliest, calendar
void add_apply(CLI::App& app, Shell& shell);
void add_journal(CLI::App& app, Shell& shell);
void add_completion(CLI::App& app, Shell& shell);

// "Accept a tranche: lease accept comet.1 --tranche 2; ..." is what a command does and examples of
// it: the first is shown in lists, the second below the command's own options.
void describe(CLI::App& command, const std::string& help);

// A noun's command whose action reads its options from `Values`.
template <class Values, class Action>
CLI::App* add_command(CLI::App& noun, Shell& shell, const char* name, const char* help,
                      void (*options)(CLI::App&, Values&), Action action) {
  CLI::App* command = noun.add_subcommand(name);
  describe(*command, help);
  auto values = std::make_shared<Values>();
  if (options != nullptr) options(*command, *values);
  command->callback([&shell, values, action] {
    shell.action = [&shell, values, action] { action(shell, *values); };
  });
  return command;
}

struct NoValues {};

}  // namespace leasehold::cli
