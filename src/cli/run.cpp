#include "cli/run.h"

#include <ostream>

#include "cli/commands.h"

namespace leasehold::cli {

namespace {

void add_global_options(CLI::App& app, Options& options) {
  app.add_option("--store", options.store, "The store's file [LEASEHOLD_STORE]")
      ->envname("LEASEHOLD_STORE");
  app.add_option("-o,--output", options.output, "table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}));
  app.add_flag("--dry-run", options.dry_run, "Show what would happen and change nothing");
  app.add_option("--at", options.at, "Ask what was known, or will be true, at this moment");
  app.add_option("--now", options.now, "Take this as the present moment instead of the clock's")
      ->envname("LEASEHOLD_NOW");
  app.add_option("--actor", options.actor, "Who asks, for the audit; the user where it is not said")
      ->envname("LEASEHOLD_ACTOR");
  app.add_option("--as", options.as, "Ask as this party: see only its own contracts");
  app.add_option("--zone", options.zone, "The IANA zone of times without one")
      ->check([](const std::string& zone) {
        return zone_known(zone) ? "" : "'" + zone + "' is not an IANA time zone such as Etc/UTC";
      });
}

void add_version(CLI::App& app, Shell& shell) {
  add_command<NoValues>(
      app, shell, "version", "Print the version", nullptr,
      [](Shell& s, const NoValues&) { s.out() << "leasehold " << LEASEHOLD_VERSION << '\n'; });
}

void add_nouns(CLI::App& app, Shell& shell) {
  add_party(app, shell);
  add_site(app, shell);
  add_sku(app, shell);
  add_pool(app, shell);
  add_fleet(app, shell);
  add_server(app, shell);
  add_placement(app, shell);
  add_maintenance(app, shell);
  add_instance(app, shell);
  add_quote(app, shell);
  add_lease(app, shell);
  add_sublease(app, shell);
  add_usage(app, shell);
  add_billing(app, shell);
  add_invoice(app, shell);
  add_rate(app, shell);
  add_books(app, shell);
  add_finance(app, shell);
  add_exports(app, shell);
  add_questions(app, shell);
  add_apply(app, shell);
  add_journal(app, shell);
  add_completion(app, shell);
  add_version(app, shell);
}

}  // namespace

void describe(CLI::App& command, const std::string& help) {
  size_t colon = help.find(": ");
  command.description(help.substr(0, colon));
  if (colon == std::string::npos) return;
  std::string footer = "Examples:\n";
  for (size_t at = colon + 2; at < help.size();) {
    size_t end = std::min(help.find("; ", at), help.size());
    footer += "  leasehold " + help.substr(at, end - at) + "\n";
    at = end + 2;
  }
  command.footer(footer);
}

int run(const std::vector<std::string>& arguments, Environment& environment) {
  Options options;
  options.store = environment.default_store;
  options.actor = environment.user;
  Shell shell(environment, options);
  CLI::App app(
      "leasehold: the operating system of a GPU cloud. No GPU-hour is sold twice.\n"
      "Exit status: 0 done; 1 refused, or a check that found something; 2 wrong input, or a store "
      "that cannot be used.",
      "leasehold");
  app.require_subcommand(1);
  app.fallthrough();  // global options are understood after the noun as well
  app.get_formatter()->column_width(34);
  add_global_options(app, options);
  add_nouns(app, shell);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* asked = &app;
    std::string path;  // of nouns, for the usage line
    while (!asked->get_subcommands().empty()) {
      path += (path.empty() ? "" : " ") + asked->get_name();
      asked = asked->get_subcommands().front();
    }
    environment.out << asked->help(path);
    return kDone;
  } catch (const CLI::ParseError& error) {
    environment.err << "leasehold: " << error.what() << "\n'leasehold --help' says more\n";
    return kWrong;
  }
  if (shell.prepare() && shell.action) shell.action();
  return shell.status();
}

}  // namespace leasehold::cli
