#include "cli/remote.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <thread>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "client/http_client.h"
#include "server/answer.h"
#include "server/routes.h"
#include "server/text.h"

namespace leasehold::cli {

namespace json = boost::json;
using client::Address;
using client::Asked;
using client::NoAnswer;
using client::Said;
using operations::Environment;
using operations::Field;
using operations::FieldKind;
using operations::kDone;
using operations::kRefused;
using operations::kWrong;
using operations::Options;
using server::Route;

namespace {

class Remote {
 public:
  Remote(operations::Call& call, const operations::Operation& operation, const Options& options,
         Environment& environment)
      : call_(call), operation_(operation), options_(options), environment_(environment) {}

  int ask() {
    auto addresses = read_addresses();
    if (!addresses) return wrong(addresses.error());
    if (routes_of_words().empty())
      return wrong({"--server", options_.server,
                    "no server: '" + said_words() + "' works on a store or on files here"});
    if (!options_.actor.empty() && options_.actor != environment_.user)
      return wrong({"--actor", options_.actor, "none: the key says who asks a server"});
    if (auto unread = read_fields()) return wrong(*unread);
    std::vector<const Route*> routes = routes_of_words();
    std::erase_if(routes, [this](const Route* route) { return !has_path(*route); });
    if (routes.empty()) return wrong({said_words(), "", "a name or id that is not empty"});
    // Where the same words ask and change, asking comes first, and a server says where it is not
    // enough.
    for (const Route* route : routes) {
      auto said = ask_any(*addresses, asked(*route));
      if (!said) return no_answer(said.error(), route->changes());
      bool must_change = said->status == 405 && route != routes.back();
      if (!must_change) return print(*said);
    }
    return kWrong;
  }

 private:
  int wrong(const InputError& error) {
    environment_.err << "leasehold: " << error.to_text() << '\n';
    return kWrong;
  }
  int no_answer(const NoAnswer& none, bool changes) {
    environment_.err << "leasehold: " << operations::printable(none.why) << '\n';
    if (changes && none.sent)
      environment_.err << "it is not known whether the server did what it was asked\n";
    return kWrong;
  }

  Parsed<std::vector<Address>> read_addresses() const {
    std::vector<Address> addresses;
    std::string_view rest = options_.server;
    while (true) {
      std::string one(rest.substr(0, rest.find(',')));
      auto address = client::parse_address(one);
      if (!address) {
        InputError error = address.error();
        error.path = "--server";
        return Unexpected<InputError>(error);
      }
      addresses.push_back(std::move(*address));
      if (one.size() == rest.size()) return addresses;
      rest.remove_prefix(one.size() + 1);
    }
  }

  std::string said_words() const {
    std::string all;
    for (const std::string& word : operation_.words) all += (all.empty() ? "" : " ") + word;
    return all;
  }

  // Those that only ask first.
  std::vector<const Route*> routes_of_words() const {
    std::vector<const Route*> found;
    for (const Route& route : server::routes())
      if (route.operation == &operation_)
        found.insert(route.changes() ? found.end() : found.begin(), &route);
    return found;
  }

  // Whether every part of the path is given.
  bool has_path(const Route& route) const {
    std::string_view path = route.path;
    for (size_t open = path.find('{'); open < path.size(); open = path.find('{', open + 1)) {
      const json::value* given =
          given_.if_contains(path.substr(open + 1, path.find('}', open) - open - 1));
      if (given == nullptr || given->as_string().empty()) return false;
    }
    return true;
  }

  // What differs from an empty form; the error where an input file cannot be read.
  std::optional<InputError> read_fields() {
    operations::Call fresh = operation_.call();
    auto untouched = fresh.form.fields().begin();
    for (Field& field : call_.form.fields()) {
      Field& empty = *untouched++;
      if (auto* flag = std::get_if<bool*>(&field.target)) {
        if (**flag != **std::get_if<bool*>(&empty.target)) given_[field.name] = **flag;
      } else if (auto* list = std::get_if<std::vector<std::string>*>(&field.target)) {
        json::array texts;
        for (const std::string& text : **list) texts.emplace_back(text);
        if (!texts.empty()) given_[field.name] = std::move(texts);
      } else if (auto error = read_text(field, **std::get_if<std::string*>(&empty.target))) {
        return error;
      }
    }
    return std::nullopt;
  }
  std::optional<InputError> read_text(const Field& field, const std::string& empty) {
    const std::string& text = *std::get<std::string*>(field.target);
    if (field.kind == FieldKind::output) {
      file_ = text;
      file_field_ = field.spelled;
    } else if (field.kind == FieldKind::input) {
      if (text.empty() && !field.is_required) return std::nullopt;
      auto in = environment_.read(text);
      std::string spelled = field.spelled.substr(field.spelled.find(',') + 1);
      if (!in) return InputError{spelled, text, "a file that can be read"};
      given_[field.name] = json::object{
          {"name", text}, {"content", std::string(std::istreambuf_iterator<char>(*in), {})}};
    } else if (text != empty || field.is_required) {
      given_[field.name] = text;
    }
    return std::nullopt;
  }

  Asked asked(const Route& route) const {
    json::object rest = given_;
    std::string target;
    std::string_view path = route.path;
    while (!path.empty()) {
      size_t open = std::min(path.find('{'), path.size());
      target += path.substr(0, open);
      path.remove_prefix(open);
      if (path.empty()) break;
      std::string name(path.substr(1, path.find('}') - 1));
      path.remove_prefix(name.size() + 2);
      target += client::encode_percent(rest.at(name).as_string());
      rest.erase(name);
    }
    char before = '?';
    auto add = [&](const std::string& name, const std::string& value) {
      if (value.empty()) return;
      target += before + name + "=" + client::encode_percent(value);
      before = '&';
    };
    if (!route.changes())
      for (const auto& [name, value] : rest) {
        if (!value.is_array()) add(name, text_of(value));
        if (value.is_array())
          for (const json::value& one : value.get_array()) add(name, text_of(one));
      }
    add("at", options_.at);
    add("as", options_.as);
    add("zone", options_.zone == Options().zone ? "" : options_.zone);
    add("dry_run", options_.dry_run ? "true" : "");
    Asked out{route.method, target, headers(route)};
    if (route.changes()) out.body = json::serialize(rest);
    return out;
  }
  static std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  }

  client::Headers headers(const Route& route) const {
    client::Headers out{
        {"Accept",
         fmt::format("{};output={};columns={};color={};file={}", server::kConsole, options_.output,
                     environment_.columns, environment_.color, !file_.empty())},
        {"Authorization", "Bearer " + environment_.api_key}};
    if (!options_.now.empty()) out.emplace_back("Leasehold-Now", options_.now);
    if (route.changes()) {
      out.emplace_back("Content-Type", "application/json");
      // Asked of another server where the answer is lost, it is not done twice.
      if (options_.server.find(',') != std::string::npos)
        out.emplace_back("Idempotency-Key", environment_.secret());
    }
    return out;
  }

  // Asks until one of the servers is there and answers for the cloud: of several, one takes over
  // from another within seconds.
  static Expected<Said, NoAnswer> ask_any(const std::vector<Address>& addresses,
                                          const Asked& asked) {
    using namespace std::chrono_literals;
    auto until = std::chrono::steady_clock::now() + (addresses.size() > 1 ? 10s : 0s);
    while (true) {
      Expected<Said, NoAnswer> said = Unexpected<NoAnswer>(NoAnswer{});
      for (const Address& address : addresses) {
        said = client::ask(address, asked);
        if (said && said->status != 503) return said;
      }
      if (std::chrono::steady_clock::now() >= until) return said;
      std::this_thread::sleep_for(200ms);
    }
  }

  int print(const Said& said) {
    boost::system::error_code bad;
    json::value parsed = json::parse(said.body, bad);
    const json::object* body = bad ? nullptr : parsed.if_object();
    if (body == nullptr || said.header("content-type") != server::kConsole)
      return print_problem(said, body);
    std::string out = bytes_of(*body);
    environment_.err << body->at("err").as_string().c_str();
    auto status = static_cast<int>(body->at("exit_status").as_int64());
    if (file_.empty() || status != kDone) {
      environment_.out << out;
      return status;
    }
    std::ofstream file(file_, std::ios::binary);
    file << out;
    file.close();
    if (!file) return wrong({file_field_, file_, "a file that can be written"});
    if (const json::value* sum = body->if_contains("sum"))
      environment_.out << file_ << ": " << sum->as_string().c_str() << '\n';
    return status;
  }

  int print_problem(const Said& said, const json::object* body) {
    const json::value* detail = body == nullptr ? nullptr : body->if_contains("detail");
    std::string why =
        detail != nullptr && detail->is_string()
            ? std::string(detail->get_string())
            : fmt::format("{} answers {}, as no Leasehold does", options_.server, said.status);
    if (said.status == 401) why += " (LEASEHOLD_API_KEY)";
    environment_.err << "leasehold: " << why << '\n';
    return said.status == 403 || said.status == 409 ? kRefused : kWrong;
  }

  static std::string bytes_of(const json::object& body) {
    const json::value* bytes = body.if_contains("bytes");
    if (bytes == nullptr) return std::string(body.at("out").as_string());
    const json::string& text = bytes->as_string();
    return server::from_base64({text.data(), text.size()}).value_or("");
  }

  operations::Call& call_;
  const operations::Operation& operation_;
  const Options& options_;
  Environment& environment_;
  json::object given_;
  std::string file_;        // where the answer goes; the standard output where it is empty
  std::string file_field_;  // "--file"
};

}  // namespace

int ask_server(const operations::Operation& operation, operations::Call& call,
               const Options& options, Environment& environment) {
  try {
    return Remote(call, operation, options, environment).ask();
  } catch (const std::exception& strange) {  // JSON of another shape than a Leasehold's
    environment.err << "leasehold: " << options.server
                    << " answers what no Leasehold does: " << operations::printable(strange.what())
                    << '\n';
    return kWrong;
  }
}

}  // namespace leasehold::cli
