#include "cli/run.h"

#include <charconv>
#include <deque>
#include <istream>
#include <map>
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/completion.h"
#include "cli/remote.h"
#include "operations/catalogue.h"
#include "server/console.h"
#include "server/openapi.h"
#include "server/routes.h"
#include "server/serve.h"

namespace leasehold::cli {

using operations::Call;
using operations::Environment;
using operations::Field;
using operations::FieldKind;
using operations::Form;
using operations::Operation;
using operations::Options;
using operations::Shell;

namespace {

void add_global_options(CLI::App& app, Options& options) {
  app.add_option("--store", options.store,
                 "The store: a file, or postgresql:... [LEASEHOLD_STORE]");
  app.add_option("--server", options.server,
                 "Ask the server at this address; LEASEHOLD_API_KEY is the key [LEASEHOLD_SERVER]");
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

// The part of a help text before the colon is shown in lists, the rest below the command's own
// options, as examples.
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

CLI::Option* add_field(CLI::App& command, Field& field) {
  if (auto* flag = std::get_if<bool*>(&field.target))
    return command.add_flag(field.spelled, **flag, field.help);
  CLI::Option* option = nullptr;
  if (auto* list = std::get_if<std::vector<std::string>*>(&field.target))
    option = command.add_option(field.spelled, **list, field.help);
  else
    option = command.add_option(field.spelled, *std::get<std::string*>(field.target), field.help);
  if (field.separator != 0) option->delimiter(field.separator);
  return option->required(field.is_required);
}

void add_fields(CLI::App& command, Form& form) {
  std::map<const Field*, CLI::Option*> options;
  for (Field& field : form.fields()) options[&field] = add_field(command, field);
  for (Field& field : form.fields())
    for (const Field* other : field.excluded) options[&field]->excludes(options[other]);
}

std::string summary_of(const std::vector<std::string>& words) {
  for (const operations::NounEntry& noun : operations::catalogue().nouns())
    if (noun.words == words) return noun.summary;
  return "";
}

// The noun under which an operation stands, which is made with the first of its operations.
CLI::App& noun_of(CLI::App& app, const std::vector<std::string>& words) {
  CLI::App* noun = &app;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    auto known = noun->get_subcommands(
        [&](const CLI::App* command) { return command->get_name() == words[i]; });
    CLI::App* next = known.empty() ? nullptr : known.front();
    if (next == nullptr) {
      std::vector<std::string> path(words.begin(), words.begin() + static_cast<ptrdiff_t>(i) + 1);
      next = noun->add_subcommand(words[i], summary_of(path))->require_subcommand(1);
    }
    noun = next;
  }
  return *noun;
}

// What was typed: an operation of the catalogue, or one of the command line's own.
struct Chosen {
  Call* call = nullptr;
  const Operation* operation = nullptr;  // of the catalogue
};

void add_operations(CLI::App& app, std::deque<Call>& calls, Chosen& chosen) {
  for (const Operation& operation : operations::catalogue().operations()) {
    CLI::App* command = noun_of(app, operation.words).add_subcommand(operation.words.back());
    describe(*command, operation.help);
    Call* call = &calls.emplace_back(operation.call());
    add_fields(*command, call->form);
    command->callback([call, &operation, &chosen] { chosen = {call, &operation}; });
  }
}

struct ServeValues {
  server::Serve serve;
  std::string listen = "127.0.0.1:8080";
  std::string secret_file;  // of the identity provider's client
};
void add_serve_options(CLI::App& command, ServeValues& values) {
  command.add_option("--listen", values.listen, "Address and port; port 0 is any that is free");
  command.add_option("--certificate", values.serve.listening.certificate,
                     "A PEM file with the certificates, for TLS");
  command.add_option("--private-key", values.serve.listening.key, "A PEM file with its key");
  command.add_option("--log", values.serve.log,
                     "Where each request is logged, as JSON: a file, or - for standard error");
  command.add_option("--threads", values.serve.listening.threads, "That read and write requests")
      ->check(CLI::Range(1, 64));
  command
      .add_option("--per-minute", values.serve.per_minute,
                  "Requests of a key that says nothing else")
      ->check(CLI::Range(1, 100'000'000));
  command.add_flag("--standby", values.serve.standby,
                   "Where another server writes the store, follow it; take over when it is gone");
  command
      .add_option("--substrate", values.serve.substrate,
                  "What makes instances real: simulated pretends; none waits for reports")
      ->check(CLI::IsMember({"none", "simulated"}));
  command
      .add_option("--boot-seconds", values.serve.boot_seconds,
                  "How long a simulated instance takes to start")
      ->check(CLI::Range(0, 86'400));
  command.add_option("--sign-in-issuer", values.serve.provider.issuer,
                     "The identity provider (OpenID Connect) at which people sign in");
  command.add_option("--sign-in-client", values.serve.provider.client,
                     "What the provider calls this server");
  command.add_option("--sign-in-secret", values.secret_file,
                     "A file with the client's secret; none for a client without one");
  command.add_option("--address", values.serve.provider.address,
                     "Where people reach this server: https://cloud.example");
  command.add_option("--console", values.serve.console,
                     "The folder of the console, as tools/console.sh builds it; none otherwise");
  command.add_flag("--webhooks-anywhere", values.serve.webhooks_anywhere,
                   "A party's webhooks may also be at addresses that only this network has");
  command.add_flag("--clock-from-requests", values.serve.clock_from_requests,
                   "Take the header Leasehold-Now as the present moment: for tests alone");
}

// A provider that can be trusted: over TLS, or on this machine.
void read_provider(Shell& shell, ServeValues& values, InputErrors& errors) {
  server::IdentityProvider& provider = values.serve.provider;
  auto check = [&](const char* field, const std::string& url) {
    bool here = url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost");
    if (!url.starts_with("https://") && !here)
      errors.push_back({field, url, "an address such as https://login.example"});
  };
  if (provider.issuer.empty() && provider.client.empty() && values.secret_file.empty()) return;
  check("--sign-in-issuer", provider.issuer);
  check("--address", provider.address);
  while (provider.address.ends_with('/')) provider.address.pop_back();  // as browsers say it
  if (provider.client.empty())
    errors.push_back({"--sign-in-client", "", "what the provider calls this server"});
  if (values.secret_file.empty()) return;
  auto file = shell.environment().read(values.secret_file);
  if (!file || !std::getline(*file, provider.secret) || provider.secret.empty())
    errors.push_back({"--sign-in-secret", values.secret_file, "a file whose first line is it"});
}

int run_server(Shell& shell, ServeValues& values) {
  server::Serve& serve = values.serve;
  size_t colon = values.listen.rfind(':');
  int port = -1;
  if (colon != std::string::npos) {
    const char* end = values.listen.data() + values.listen.size();
    if (std::from_chars(values.listen.data() + colon + 1, end, port).ptr != end) port = -1;
  }
  InputErrors errors;
  if (port < 0 || port > 65'535)
    errors.push_back({"--listen", values.listen, "an address and a port: 127.0.0.1:8080"});
  if (serve.listening.certificate.empty() != serve.listening.key.empty())
    errors.push_back({"--private-key", serve.listening.key, "with --certificate, or neither"});
  if (shell.options().dry_run)
    errors.push_back({"--dry-run", "", "no --dry-run: a request may carry its own"});
  read_provider(shell, values, errors);
  if (!serve.console.empty() && !server::Console::is_in(serve.console))
    errors.push_back({"--console", serve.console, "a folder with an index.html"});
  if (!errors.empty()) {
    shell.say(errors);
    return operations::kWrong;
  }
  serve.listening.address = values.listen.substr(0, colon);
  serve.listening.port = static_cast<uint16_t>(port);
  serve.store = shell.options().store;
  // A present moment that was given stays it for as long as the server runs.
  if (!shell.options().now.empty()) shell.environment().clock = [now = shell.now()] { return now; };
  return server::serve(serve, shell.environment());
}

void list_routes(Shell& shell, bool document) {
  if (document) {
    shell.out() << server::openapi_document();
    return;
  }
  operations::Table table({"method", "path", "operation", "area", "for"});
  for (const server::Route& route : server::routes())
    table.add({operations::text(route.method), operations::text(route.path),
               operations::text(route.words), operations::text(name_of(route.area)),
               operations::text(route.audience == server::Audience::cloud ? "the whole cloud"
                                                                          : "its party")});
  shell.say(table);
}

void add_own(CLI::App& app, std::deque<Call>& calls, Chosen& chosen) {
  auto add = [&](CLI::App* command, std::function<void(Shell&)> act) {
    Call* call = &calls.emplace_back();
    call->act = std::move(act);
    command->callback([call, &chosen] { chosen = {call, nullptr}; });
  };
  CLI::App* completion = app.add_subcommand("completion");
  describe(*completion, "Print completion for a shell: completion bash");
  auto wanted = std::make_shared<std::string>();
  completion->add_option("shell", *wanted, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  add(completion, [&app, wanted](Shell& s) { s.out() << completion_for(*wanted, app); });
  auto serving = std::make_shared<ServeValues>();
  CLI::App* serve = app.add_subcommand("serve");
  describe(*serve, "Serve the cloud over HTTP: serve --listen 127.0.0.1:8080");
  add_serve_options(*serve, *serving);
  add(serve, [serving](Shell& s) { s.fail(run_server(s, *serving)); });
  CLI::App* routes = app.add_subcommand("routes", "What a server answers, by method and path");
  auto document = std::make_shared<bool>(false);
  routes->add_flag("--document", *document, "As the OpenAPI document that a server has");
  add(routes, [document](Shell& s) { list_routes(s, *document); });
  add(app.add_subcommand("version", "Print the version"),
      [](Shell& s) { s.out() << "leasehold " << LEASEHOLD_VERSION << '\n'; });
}

std::string help_for(const CLI::App& app) {
  const CLI::App* asked = &app;
  std::string path;  // of nouns, for the usage line
  while (!asked->get_subcommands().empty()) {
    path += (path.empty() ? "" : " ") + asked->get_name();
    asked = asked->get_subcommands().front();
  }
  return asked->help(path);
}

// A store that is typed goes before a server that is not.
void choose_store_or_server(const CLI::App& app, Options& options, const Environment& environment) {
  bool store = app.get_option("--store")->count() > 0;
  bool server = app.get_option("--server")->count() > 0;
  if (store && server)
    throw CLI::ValidationError("--server", "either it or --store: a server has its own store");
  if (!store) options.store = environment.default_store;
  if (!store && !server) options.server = environment.default_server;
}

int act(const Chosen& chosen, Options& options, Environment& environment) {
  if (chosen.operation != nullptr && !options.server.empty())
    return ask_server(*chosen.operation, *chosen.call, options, environment);
  operations::StoreDoor door(environment.open, options.store);
  operations::Printer printer(environment.out, environment.err, options.output);
  Shell shell(environment, options, door, printer);
  if (shell.prepare() && chosen.call != nullptr) chosen.call->act(shell);
  return shell.status();
}

}  // namespace

int run(const std::vector<std::string>& arguments, Environment& environment) {
  Options options;
  options.actor = environment.user;
  CLI::App app(
      "leasehold: the operating system of a GPU cloud. No GPU-hour is sold twice.\n"
      "Exit status: 0 done; 1 refused, or a check that found something; 2 wrong input, or a store "
      "that cannot be used.",
      "leasehold");
  app.require_subcommand(1);
  app.fallthrough();  // global options are understood after the noun as well
  app.get_formatter()->column_width(34);
  add_global_options(app, options);
  std::deque<Call> calls;
  Chosen chosen;
  add_operations(app, calls, chosen);
  add_own(app, calls, chosen);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
    choose_store_or_server(app, options, environment);
  } catch (const CLI::CallForHelp&) {
    environment.out << help_for(app);
    return operations::kDone;
  } catch (const CLI::ParseError& error) {
    environment.err << "leasehold: " << error.what() << "\n'leasehold --help' says more\n";
    return operations::kWrong;
  }
  return act(chosen, options, environment);
}

}  // namespace leasehold::cli
