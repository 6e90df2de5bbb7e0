#include "server/batch.h"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "server/answer.h"
#include "server/text.h"

namespace leasehold::server {

namespace json = boost::json;

namespace {

json::value body_of(const Response& response) {
  boost::system::error_code no_json;
  json::value body = json::parse(response.body, no_json);
  return no_json ? json::value(response.body) : body;
}

// A batch while its requests are answered one after the other.
struct Batch : std::enable_shared_from_this<Batch> {
  std::vector<std::shared_ptr<const Request>> requests;
  bool stop = false;
  AnswerOne one;
  Later later;
  Reply reply;
  json::array answers;

  void go_on() {
    if (answers.size() == requests.size()) return finish();
    one(requests[answers.size()], [self = shared_from_this()](const Response& response) {
      // Not within the answer to the one before: a thousand of them would lie on each other.
      self->later([self, response] { self->take(response); });
    });
  }

  void take(const Response& response) {
    answers.push_back(json::object{{"status", response.status}, {"body", body_of(response)}});
    if (stop && response.status != 200) return finish();
    go_on();
  }

  void finish() {
    json::object body{{"answers", std::move(answers)}};
    reply({200, "application/json", json::serialize(body) + "\n"});
  }
};

// What is wrong with a request is said with its place: "requests[3].path", or ".path" of a line.
std::shared_ptr<Request> read_one(const Request& whole, const json::value& value, size_t index,
                                  const std::string& place, InputErrors& errors) {
  auto wrong = [&](const char* field, const std::string& got, const char* expected) {
    errors.push_back({place + field, got.substr(0, 200), expected});
  };
  const json::object* object = value.if_object();
  if (object == nullptr) {
    wrong("", json::serialize(value), "an object with method, path and body");
    return nullptr;
  }
  auto request = std::make_shared<Request>();
  request->id = fmt::format("{}.{}", whole.id, index);
  request->peer = whole.peer;
  request->method = text_in(*object, "method");
  std::string path = text_in(*object, "path");
  size_t mark = std::min(path.find('?'), path.size());
  request->encoded_path = path.substr(0, mark);
  request->path = decode_percent(request->encoded_path, false);
  if (mark < path.size()) request->query = parse_query(std::string_view(path).substr(mark + 1));
  if (request->method != "GET" && request->method != "POST")
    wrong(".method", request->method, "GET or POST");
  bool good = request->path.starts_with("/v1/") && request->path != "/v1/batch" &&
              request->path != "/v1/events";
  if (!good)
    wrong(".path", path, "a path such as /v1/leases?limit=10, and not /v1/batch or /v1/events");
  if (const json::value* body = object->if_contains("body"); body != nullptr && !body->is_null())
    request->body = json::serialize(*body);
  request->headers["accept"] = "application/json";
  if (std::string key = text_in(*object, "idempotency_key"); !key.empty())
    request->headers["idempotency-key"] = key;
  if (std::string_view now = whole.header("leasehold-now"); !now.empty())
    request->headers["leasehold-now"] = now;
  return request;
}

// Lines that are asked one after the other while their answers are sent. The connection owns it: a
// client that has gone asks no more.
class Lines : public EventStream, public std::enable_shared_from_this<Lines> {
 public:
  Lines(std::shared_ptr<const Request> whole, bool stop, AnswerOne one, Later later)
      : whole_(std::move(whole)),
        rest_(whole_->body),
        stop_(stop),
        one_(std::move(one)),
        later_(std::move(later)) {}

  // The next line; of the connection's thread, as all of it but take() and when_more().
  void go_on() {
    size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    if (line.empty()) return rest_.empty() ? give("", true) : go_on_later();
    InputErrors errors;
    boost::system::error_code bad;
    json::value value = json::parse(line, bad);
    auto request = read_one(*whole_, bad ? json::value(line) : value, number_, "", errors);
    if (!errors.empty()) return answered(problem(errors, {}));
    one_(request, [later = later_, me = weak_from_this()](const Response& response) {
      later([me, response] {
        if (auto self = me.lock()) self->answered(response);
      });
    });
  }

  std::string still_here() const override { return "\n"; }
  std::optional<std::string> take() override {
    std::lock_guard guard(mutex_);
    if (text_.empty() && over_) return std::nullopt;
    return std::exchange(text_, "");
  }
  void when_more(std::function<void()> wake) override {
    {
      std::lock_guard guard(mutex_);
      if (text_.empty() && !over_) {
        wake_ = std::move(wake);
        return;
      }
    }
    wake();
  }

 private:
  void go_on_later() {
    later_([me = weak_from_this()] {
      if (auto self = me.lock()) self->go_on();
    });
  }
  void answered(const Response& response) {
    json::object said{{"line", number_}, {"status", response.status}, {"body", body_of(response)}};
    bool over = rest_.empty() || (stop_ && response.status != 200);
    give(json::serialize(said) + "\n", over);
    if (!over) go_on_later();
  }
  void give(const std::string& text, bool over) {
    std::function<void()> wake;
    {
      std::lock_guard guard(mutex_);
      text_ += text;
      over_ = over;
      wake = std::exchange(wake_, nullptr);
    }
    if (wake) wake();
  }

  std::shared_ptr<const Request> whole_;
  std::string_view rest_;  // of its body
  bool stop_;
  AnswerOne one_;
  Later later_;
  size_t number_ = 0;
  std::mutex mutex_;  // guards what follows
  std::string text_;
  bool over_ = false;
  std::function<void()> wake_;
};

void answer_lines(const std::shared_ptr<const Request>& request, const AnswerOne& one,
                  const Later& later, const Reply& reply) {
  InputErrors errors;
  bool stop = false;
  for (const auto& [name, value] : request->query) {
    stop = stop || value == "true";
    if (name != "stop" || (value != "true" && value != "false"))
      errors.push_back({name, value, "stop=true, stop=false, or nothing"});
  }
  if (!errors.empty()) return reply(problem(errors, {}));
  auto lines = std::make_shared<Lines>(request, stop, one, later);
  Response response;
  response.type = kJsonLines;
  response.events = lines;
  reply(std::move(response));
  lines->go_on();
}

}  // namespace

size_t size_of_batch(const Request& request) {
  if (request.header("content-type").starts_with(kJsonLines))
    return static_cast<size_t>(std::count(request.body.begin(), request.body.end(), '\n'));
  auto body = object_in(request.body);
  const json::value* list = body ? body->if_contains("requests") : nullptr;
  return list != nullptr && list->is_array() ? list->get_array().size() : 0;
}

void answer_batch(const std::shared_ptr<const Request>& request, const AnswerOne& one,
                  const Later& later, const Reply& reply) {
  if (request->header("content-type").starts_with(kJsonLines))
    return answer_lines(request, one, later, reply);
  auto body = object_in(request->body);
  const json::value* list = body ? body->if_contains("requests") : nullptr;
  InputErrors errors;
  if (list == nullptr || !list->is_array() || list->get_array().empty() ||
      list->get_array().size() > kMostOfBatch) {
    errors.push_back({"requests", list == nullptr ? "" : json::serialize(*list).substr(0, 60),
                      fmt::format("a list of 1 to {} requests", kMostOfBatch)});
    return reply(problem(errors, {}));
  }
  auto batch = std::make_shared<Batch>();
  for (const json::value& value : list->get_array())
    batch->requests.push_back(read_one(*request, value, batch->requests.size(),
                                       fmt::format("requests[{}]", batch->requests.size()),
                                       errors));
  if (const json::value* stop = body->if_contains("stop")) {
    if (!stop->is_bool())
      errors.push_back({"stop", json::serialize(*stop).substr(0, 60), "true or false"});
    batch->stop = stop->is_bool() && stop->get_bool();
  }
  for (const auto& member : *body)
    if (member.key() != "requests" && member.key() != "stop")
      errors.push_back({std::string(member.key()), "", "one of its fields: requests, stop"});
  if (!errors.empty()) return reply(problem(errors, {}));
  batch->one = one;
  batch->later = later;
  batch->reply = reply;
  batch->go_on();
}

}  // namespace leasehold::server
