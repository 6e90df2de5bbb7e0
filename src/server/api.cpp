#include "server/api.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "engine/engine.h"
#include "journal/fact_codec.h"
#include "server/answer.h"

namespace leasehold::server {

namespace json = boost::json;
using operations::Call;
using operations::Environment;
using operations::Field;
using operations::FieldKind;
using operations::Form;
using operations::Options;
using operations::Shell;

// What the client would rather have, as its Accept says; JSON where it does not say.
struct Wish {
  std::string output = "json";  // as the command line names it
  // What a console has besides: docs/reference/http.md.
  bool console = false;
  bool color = false;
  bool file = false;  // whether what is written goes to a file
  int columns = 100;
};

// A call that is given back when it has been asked: to describe the fields of an operation takes
// longer than to fill them.
class BorrowedCall {
 public:
  explicit BorrowedCall(const operations::Operation& operation) : operation_(operation) {
    std::vector<Call>& some = spare()[&operation];
    if (some.empty()) {
      call_ = operation.call();
    } else {
      call_ = std::move(some.back());
      some.pop_back();
    }
  }
  ~BorrowedCall() {
    constexpr size_t kMostSpare = 64;  // of an operation, on a thread
    std::vector<Call>& some = spare()[&operation_];
    if (some.size() == kMostSpare) return;
    call_.clear();
    some.push_back(std::move(call_));
  }
  BorrowedCall(const BorrowedCall&) = delete;
  BorrowedCall& operator=(const BorrowedCall&) = delete;
  Call* operator->() { return &call_; }

 private:
  // Found by address and never gone through.
  static std::map<const operations::Operation*, std::vector<Call>>& spare() {
    thread_local std::map<const operations::Operation*, std::vector<Call>> calls;
    return calls;
  }

  const operations::Operation& operation_;
  Call call_;
};

// Everything that one request needs for as long as it is not answered.
struct Work {
  explicit Work(const operations::Operation& operation) : call(operation) {}

  std::shared_ptr<const Request> request;
  Later later;
  Reply reply;
  BorrowedCall call;
  std::map<std::string, std::string> files;  // contents of input fields, by name
  std::ostringstream out;
  std::ostringstream err;
  Wish wish;
  Options options;
  std::unique_ptr<Environment> environment;
  std::unique_ptr<RunningDoor> door;
  std::unique_ptr<Answer> answer;
  std::unique_ptr<Shell> shell;
  std::shared_ptr<Work> self;  // until it is answered
};

namespace {

using WorkPtr = std::shared_ptr<Work>;

// A value as a text that the fields read: numbers and truths as they are written.
std::optional<std::string> text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64() || value.is_uint64() || value.is_bool()) return json::serialize(value);
  return std::nullopt;
}

Wish wish_of(std::string_view accept) {
  Wish wish;
  if (accept.starts_with("text/plain")) wish.output = "table";
  if (accept.starts_with("text/csv")) wish.output = "csv";
  if (!accept.starts_with(kConsole)) return wish;
  wish.console = true;
  auto parameter = [&](std::string_view name) -> std::string_view {
    size_t at = accept.find(name);
    if (at == std::string_view::npos) return "";
    std::string_view rest = accept.substr(at + name.size());
    return rest.substr(0, rest.find(';'));
  };
  wish.output = parameter(";output=");
  wish.color = parameter(";color=") == "true";
  wish.file = parameter(";file=") == "true";
  std::string_view columns = parameter(";columns=");
  std::from_chars(columns.data(), columns.data() + columns.size(), wish.columns);
  wish.columns = std::clamp(wish.columns, 40, 1000);
  return wish;
}

class Filler {
 public:
  Filler(Work& work, InputErrors& errors) : work_(work), errors_(errors) {}

  void text(const std::string& name, const std::string& value) { set(name, json::value(value)); }

  void set(const std::string& name, const json::value& value) {
    Field* field = work_.call->form.find(name);
    if (field == nullptr || field->kind == FieldKind::output)
      return wrong(name, json::serialize(value), "one of its fields: " + names());
    given_.insert(field);
    if (auto* flag = std::get_if<bool*>(&field->target)) return set_flag(*field, **flag, value);
    if (auto* list = std::get_if<std::vector<std::string>*>(&field->target))
      return set_list(*field, **list, value);
    std::string& target = *std::get<std::string*>(field->target);
    if (field->kind == FieldKind::input) return set_input(*field, target, value);
    auto said = text_of(value);
    if (!said) return wrong(name, json::serialize(value), "a text or a whole number");
    target = *said;
  }

  // What is missing, and what may not be given together.
  void finish() {
    for (const Field& field : work_.call->form.fields()) {
      bool given = given_.contains(&field);
      if (field.is_required && !given) wrong(field.name, "", "a value: " + field.help);
      for (const Field* other : field.excluded)
        if (given && given_.contains(other))
          wrong(field.name, "", fmt::format("either it or {}, not both", other->name));
    }
  }

 private:
  void wrong(const std::string& name, const std::string& got, const std::string& expected) {
    errors_.push_back({name, got.substr(0, 200), expected});
  }
  void set_flag(const Field& field, bool& flag, const json::value& value) {
    auto said = text_of(value);
    if (!said || (*said != "true" && *said != "false"))
      return wrong(field.name, json::serialize(value), "true or false");
    flag = *said == "true";
  }
  void set_list(const Field& field, std::vector<std::string>& list, const json::value& value) {
    json::array one{value};
    for (const json::value& item : value.is_array() ? value.get_array() : one) {
      auto said = text_of(item);
      if (!said) return wrong(field.name, json::serialize(value), "texts");
      if (field.separator == 0) {
        list.push_back(*said);
        continue;
      }
      std::istringstream in(*said);
      for (std::string part; std::getline(in, part, field.separator);) list.push_back(part);
    }
    if (list.empty() && field.is_required)
      wrong(field.name, json::serialize(value), "at least one");
  }
  void set_input(const Field& field, std::string& target, const json::value& value) {
    const json::object* file = value.if_object();
    const json::value* content = file == nullptr ? &value : file->if_contains("content");
    if (content == nullptr || !content->is_string())
      return wrong(field.name, "", "the file's content, or {\"name\": ..., \"content\": ...}");
    const json::value* named = file == nullptr ? nullptr : file->if_contains("name");
    target = named != nullptr && named->is_string() ? std::string(named->get_string()) : field.name;
    work_.files[target] = std::string(content->get_string());
  }
  std::string names() const {
    std::string all;
    for (const Field& field : work_.call->form.fields())
      if (field.kind != FieldKind::output) all += (all.empty() ? "" : ", ") + field.name;
    return all.empty() ? "it takes none" : all;
  }

  Work& work_;
  InputErrors& errors_;
  std::set<const Field*> given_;
};

// Options that every request may carry beside the operation's fields.
void take_options(std::vector<std::pair<std::string, std::string>>& query, const Form& form,
                  Options& options, InputErrors& errors) {
  std::erase_if(query, [&](const auto& parameter) {
    const auto& [name, value] = parameter;
    if (form.find(name) != nullptr) return false;
    if (name == "at") options.at = value;
    if (name == "as" && !options.as.empty() && options.as != value)
      errors.push_back({name, value, "nobody else: the key asks for a party"});
    if (name == "as") options.as = value;
    if (name == "zone") options.zone = value;
    if (name == "dry_run") options.dry_run = value == "true";
    if (name == "dry_run" && value != "true" && value != "false")
      errors.push_back({name, value, "true or false"});
    if (name == "zone" && !zone_known(value))
      errors.push_back({name, value, "an IANA time zone such as Etc/UTC"});
    return name == "at" || name == "as" || name == "zone" || name == "dry_run";
  });
}

void read_body(const Request& request, Filler& filler, InputErrors& errors) {
  if (request.body.empty()) return;
  boost::system::error_code wrong;
  json::value body = json::parse(request.body, wrong);
  if (wrong || !body.is_object()) {
    errors.push_back(
        {"body", request.body.substr(0, 60), wrong ? "JSON: " + wrong.message() : "a JSON object"});
    return;
  }
  for (const auto& [name, value] : body.get_object()) filler.set(std::string(name), value);
}

std::string digest_of(const std::string& text) { return engine::hash_of(text).substr(0, 32); }

// What makes a repeated change known.
void take_request_key(const Request& request, const Caller& caller, Options& options,
                      InputErrors& errors) {
  std::string key(request.header("idempotency-key"));
  if (key.empty()) return;
  if (key.size() > 255) {
    errors.push_back({"Idempotency-Key", key.substr(0, 40), "1 to 255 characters"});
    return;
  }
  std::string query;
  for (const auto& [name, value] : request.query)
    query.append(name).append("=").append(value) += '\n';
  options.request =
      RequestKey{digest_of(caller.name + "\n" + key),
                 digest_of(request.method + "\n" + request.path + "\n" + query + request.body)};
}

// The answer to a request that was done before: its facts, as the journal has them.
Response again(RunningCloud& cloud, const RunningDoor::OpenJournal& open, const Options& options,
               const Wish& wish) {
  engine::KeptRequest kept = cloud.read()->access.requests.at(options.request->key);
  auto journal = open();
  if (!journal) return problem(503, "unavailable", operations::printable(journal.error().message));
  std::vector<Fact> found;
  auto last = static_cast<uint64_t>(kept.last);
  auto read = (*journal)->read(static_cast<uint64_t>(kept.first), [&](const journal::Record& one) {
    if (one.sequence > last) return false;
    auto fact = journal::to_fact(one);
    if (fact) found.push_back(std::move(*fact));
    return fact.has_value();
  });
  if (!read) return problem(503, "unavailable", operations::printable(read.error().message));
  std::ostringstream out;
  std::ostringstream err;
  Answer answer(out, err, options.output, wish.console, {}, {});
  answer.facts(*cloud.read(), found, false);
  Response response = answer.take(operations::kDone);
  response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

void finish(RunningCloud& cloud, const RunningDoor::OpenJournal& open, Work& done) {
  WorkPtr work = std::move(done.self);
  if (work->answer->repeated()) return work->reply(again(cloud, open, work->options, work->wish));
  Response response = work->answer->take(work->shell->status());
  // What was read may be a moment ahead of the disk: it is said when the disk has it.
  auto say = [work, response = std::move(response)](bool kept) {
    work->reply(kept ? response : never_kept());
  };
  cloud.when_durable(work->door->seen(), work->later, std::move(say));
}

// Fills the call's fields from the path, the query and the body; what of the rows is wanted.
Wanted fill(Work& work, const Match& match, const Caller& caller, std::set<std::string>& in_path,
            InputErrors& errors) {
  const Request& request = *work.request;
  bool changes = match.route->changes();
  auto query = request.query;
  take_options(query, work.call->form, work.options, errors);
  Wanted wanted = changes ? Wanted{} : read_wanted(query, work.call->form, errors);
  Filler filler(work, errors);
  for (const auto& [name, value] : match.fields) {
    filler.text(name, value);
    in_path.insert(name);
  }
  std::map<std::string, json::array> lists;  // of fields that are given more than once
  for (const auto& [name, value] : query) lists[name].emplace_back(value);
  for (const auto& [name, values] : lists)
    filler.set(name, values.size() == 1 ? values.front() : json::value(values));
  if (changes) {
    read_body(request, filler, errors);
    take_request_key(request, caller, work.options, errors);
  }
  filler.finish();
  return wanted;
}

}  // namespace

std::unique_ptr<Environment> Api::environment_of(Work& work, const Caller& caller) const {
  auto open = [this](const std::string&,
                     journal::Access access) -> journal::Io<std::unique_ptr<journal::Journal>> {
    if (access == journal::Access::read) return outside_.open();
    return journal::io_error(journal::IoCode::busy, "the server has the store");
  };
  auto read = [&files = work.files](const std::string& name) -> std::unique_ptr<std::istream> {
    auto found = files.find(name);
    if (found == files.end()) return nullptr;
    return std::make_unique<std::istringstream>(found->second);
  };
  auto environment =
      std::make_unique<Environment>(Environment{work.out, work.err, [this] { return cloud_.now(); },
                                                open, "", caller.name, read, outside_.secret});
  environment->takes_bytes = !work.wish.console || work.wish.file;
  environment->color = work.wish.color;
  environment->columns = work.wish.columns;
  return environment;
}

void Api::handle(const std::shared_ptr<const Request>& request, const Match& match,
                 const Caller& caller, const Later& later, const Reply& reply) const {
  const Route& route = *match.route;
  auto work = std::make_shared<Work>(*route.operation);
  work->request = request;
  work->later = later;
  work->reply = reply;
  Options& options = work->options;
  options.as = caller.party;
  options.actor = caller.name;
  options.role = caller.role;
  options.now = std::string(request->header("leasehold-now"));
  InputErrors errors;
  if (!outside_.clock_from_requests && !options.now.empty())
    errors.push_back({"Leasehold-Now", options.now, "none: this server goes by its own clock"});
  work->wish = wish_of(request->header("accept"));
  options.output = work->wish.output;
  std::set<std::string> in_path;
  Wanted wanted = fill(*work, match, caller, in_path, errors);
  if (!errors.empty()) return reply(problem(errors, {}));

  work->answer = std::make_unique<Answer>(work->out, work->err, options.output, work->wish.console,
                                          std::move(wanted), std::move(in_path));
  work->environment = environment_of(*work, caller);
  auto answer_later = [this, one = work.get()](std::function<void()> then) {
    one->later([this, one, then = std::move(then)] {
      then();
      finish(cloud_, outside_.open, *one);
    });
  };
  Asks asks = route.changes()   ? Asks::change
              : route.long_work ? Asks::long_question
                                : Asks::question;
  work->door = std::make_unique<RunningDoor>(cloud_, outside_.open, answer_later, asks);
  work->shell = std::make_unique<Shell>(*work->environment, options, *work->door, *work->answer);
  work->self = work;
  auto act = [this, work] {
    if (work->shell->prepare()) work->call->act(*work->shell);
    if (!work->door->submitted()) finish(cloud_, outside_.open, *work);
  };
  if (route.long_work)
    outside_.in_background(act);
  else
    act();
}

}  // namespace leasehold::server
