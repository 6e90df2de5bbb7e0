#include "server/batch.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "server/answer.h"
#include "server/text.h"

namespace leasehold::server {

namespace json = boost::json;

namespace {

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
    boost::system::error_code no_json;
    json::value body = json::parse(response.body, no_json);
    if (no_json) body = response.body;
    answers.push_back(json::object{{"status", response.status}, {"body", std::move(body)}});
    if (stop && response.status != 200) return finish();
    go_on();
  }

  void finish() {
    json::object body{{"answers", std::move(answers)}};
    reply({200, "application/json", json::serialize(body) + "\n"});
  }
};

// What is wrong with a request of a batch is said with its place: "requests[3].path".
std::shared_ptr<Request> read_one(const Request& whole, const json::value& value, size_t index,
                                  InputErrors& errors) {
  auto wrong = [&](const char* field, const std::string& got, const char* expected) {
    errors.push_back({fmt::format("requests[{}]{}", index, field), got.substr(0, 200), expected});
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

}  // namespace

size_t size_of_batch(const Request& request) {
  boost::system::error_code bad;
  json::value body = json::parse(request.body, bad);
  const json::value* list =
      bad || !body.is_object() ? nullptr : body.get_object().if_contains("requests");
  return list != nullptr && list->is_array() ? list->get_array().size() : 0;
}

void answer_batch(const std::shared_ptr<const Request>& request, const AnswerOne& one,
                  const Later& later, const Reply& reply) {
  boost::system::error_code bad;
  json::value body = json::parse(request->body, bad);
  const json::object* object = bad ? nullptr : body.if_object();
  const json::value* list = object == nullptr ? nullptr : object->if_contains("requests");
  InputErrors errors;
  if (list == nullptr || !list->is_array() || list->get_array().empty() ||
      list->get_array().size() > kMostOfBatch) {
    errors.push_back({"requests", list == nullptr ? "" : json::serialize(*list).substr(0, 60),
                      fmt::format("a list of 1 to {} requests", kMostOfBatch)});
    return reply(problem(errors, {}));
  }
  auto batch = std::make_shared<Batch>();
  for (const json::value& value : list->get_array())
    batch->requests.push_back(read_one(*request, value, batch->requests.size(), errors));
  if (const json::value* stop = object->if_contains("stop")) {
    if (!stop->is_bool())
      errors.push_back({"stop", json::serialize(*stop).substr(0, 60), "true or false"});
    batch->stop = stop->is_bool() && stop->get_bool();
  }
  for (const auto& member : *object)
    if (member.key() != "requests" && member.key() != "stop")
      errors.push_back({std::string(member.key()), "", "one of its fields: requests, stop"});
  if (!errors.empty()) return reply(problem(errors, {}));
  batch->one = one;
  batch->later = later;
  batch->reply = reply;
  batch->go_on();
}

}  // namespace leasehold::server
