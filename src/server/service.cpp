#include "server/service.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>
#include <sodium.h>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include "base/json.h"
#include "engine/state.h"
#include "server/answer.h"
#include "server/batch.h"
#include "server/compress.h"
#include "server/openapi.h"
#include "server/text.h"

namespace leasehold::server {

namespace {

using Steady = std::chrono::steady_clock;

// The key of a request: a bearer token, or the user name of basic authentication.
std::string secret_of(const Request& request) {
  std::string_view header = request.header("authorization");
  size_t space = std::min(header.find(' '), header.size());
  std::string_view scheme = header.substr(0, space);
  std::string_view rest = header.substr(std::min(space + 1, header.size()));
  if (scheme == "Bearer" || scheme == "bearer") return std::string(rest);
  if (scheme != "Basic" && scheme != "basic") return "";
  auto decoded = from_base64(rest);
  if (!decoded) return std::string(rest);  // some clients send the key as it is
  return decoded->substr(0, decoded->find(':'));
}

Response text_response(int status, const std::string& type, std::string body) {
  return {status, type, std::move(body)};
}

std::string etag_of(const std::string& body) {
  static constexpr unsigned char kKey[crypto_shorthash_KEYBYTES] = {};
  unsigned char sum[crypto_shorthash_BYTES];
  crypto_shorthash(sum, reinterpret_cast<const unsigned char*>(body.data()), body.size(), kKey);
  char hex[2 * sizeof sum + 1];
  return "\"" + std::string(sodium_bin2hex(hex, sizeof hex, sum, sizeof sum)) + "\"";
}

// Who asks over a kept connection mostly asks again: the digest is not reckoned each time.
const std::string& digest_of_secret(const std::string& secret) {
  constexpr size_t kRemembered = 256;
  thread_local std::map<std::string, std::string> digests;
  if (auto known = digests.find(secret); known != digests.end()) return known->second;
  if (digests.size() >= kRemembered) digests.clear();
  return digests[secret] = engine::hash_of(secret);
}

// As it is counted and told: what HTTP has no name for is one, or it could be any number of them.
std::string method_of(const Request& request) {
  constexpr std::array kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  bool known = std::find(kMethods.begin(), kMethods.end(), request.method) != kMethods.end();
  return known ? request.method : "other";
}

// Whether it is known already that it was used about now.
template <class Key>
bool is_fresh(const std::map<Key, Instant>& used, const Key& key, Instant now) {
  auto known = used.find(key);
  return known != used.end() && now.seconds - known->second.seconds < AuditTrail::kFresh;
}

// What every answer gets: a validator for what was read, compression where it is taken.
void dress(const Request& request, const RunningCloud& cloud, Response& response) {
  if (auto stale = cloud.staleness())
    response.headers.emplace_back(
        "Leasehold-Staleness",
        fmt::format("{}.{:03}", stale->count() / 1000, stale->count() % 1000));
  bool read = request.method == "GET" || request.method == "HEAD";
  if (read && response.status == 200 && !response.events) {
    std::string tag = etag_of(response.body);
    response.headers.emplace_back("ETag", tag);
    if (request.header("if-none-match") == tag) {
      response.status = 304;
      response.body.clear();
      return;
    }
  }
  for (const auto& [name, value] : response.headers)
    if (name == "Content-Encoding") return;
  constexpr size_t kWorthIt = 1024;
  bool takes = request.header("accept-encoding").find("gzip") != std::string_view::npos;
  if (!takes || response.body.size() < kWorthIt || response.type == "application/pdf") return;
  response.body = gzip(response.body);
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding");
}

}  // namespace

Service::Service(RunningCloud& cloud, Outside outside, Settings settings)
    : cloud_(cloud),
      outside_(outside),
      settings_(std::move(settings)),
      api_(cloud, outside),
      lambda_(cloud, outside.open),
      events_(cloud, outside.open),
      sign_in_(settings_.provider, {[&cloud] { return cloud.now(); }, outside.secret,
                                    [&cloud](const std::string& email) {
                                      return cloud.read()->access.users.contains(email);
                                    }}),
      console_(settings_.console),
      trail_(cloud, settings_.audit_every),
      webhooks_(cloud, events_, settings_.webhooks_anywhere) {}

std::optional<Caller> Service::caller_of(const Request& request) {
  std::string secret = secret_of(request);
  if (secret.empty()) return user_of(request);
  const std::string& digest = digest_of_secret(secret);
  Instant now = cloud_.now();
  operations::HeldState state = cloud_.read();
  const ApiKey* key = state->access.find(digest, now);
  if (key == nullptr) return std::nullopt;
  if (!is_fresh(state->access.key_used, key->id, now)) trail_.used(key->id);
  return Caller{key->name, key->party ? to_text(*key->party) : "", key->role, key->per_minute};
}

std::optional<Caller> Service::user_of(const Request& request) {
  auto email = sign_in_.email_of(request);
  if (!email) return std::nullopt;
  operations::HeldState state = cloud_.read();
  auto user = state->access.users.find(*email);
  if (user == state->access.users.end()) return std::nullopt;
  if (!is_fresh(state->access.user_seen, *email, cloud_.now())) trail_.used(*email);
  const User& who = user->second;
  return Caller{*email, who.party ? to_text(*who.party) : "", who.role, 0};
}

int Service::wait_for_room(const Caller& caller, double requests) {
  int64_t per_minute = caller.per_minute > 0 ? caller.per_minute : settings_.per_minute;
  double a_second = static_cast<double>(per_minute) / 60;
  double most = std::max(10.0, a_second * 10);  // ten seconds' worth may come at once
  auto now = Steady::now();
  std::lock_guard guard(mutex_);
  auto [found, fresh] = buckets_.try_emplace(caller.name, Bucket{most, now});
  Bucket& bucket = found->second;
  double since = std::chrono::duration<double>(now - bucket.at).count();
  bucket.tokens = std::min(most, bucket.tokens + since * a_second);
  bucket.at = now;
  // A batch may be more than ever come at once: it is owed.
  double needed = std::min(requests, most);
  if (bucket.tokens < needed) return static_cast<int>((needed - bucket.tokens) / a_second) + 1;
  bucket.tokens -= requests;
  return 0;
}

Response Service::health(const std::string& path) const {
  if (path == "/healthz") return text_response(200, "text/plain", "ok\n");
  if (draining_) return problem(503, "stopping", "the server is about to stop");
  if (auto why = cloud_.silenced())
    return problem(503, "unavailable", operations::printable(why->message));
  return text_response(200, "text/plain", cloud_.writes() ? "ready\n" : "following\n");
}

// An answer that says no, for the audit.
void Service::note_refused(const Request& request, const std::string& who, const std::string& path,
                           const Response& response) {
  constexpr int kToldOf[] = {401, 403, 404, 409, 429};
  if (std::find(std::begin(kToldOf), std::end(kToldOf), response.status) == std::end(kToldOf))
    return;
  bool known_path = path.starts_with('/');
  trail_.refused({who.empty() ? "somebody at " + request.peer : who,
                  method_of(request) + " " + (known_path ? path : "(" + path + ")"),
                  operations::printable(well_formed(request.path.substr(0, 200))), response.code,
                  response.status, 1, cloud_.now()},
                 !who.empty());
}

// Counts and logs an answer on its way out.
Reply Service::observed(const std::shared_ptr<const Request>& request, const std::string& who,
                        const std::string& path, Reply reply) {
  return [this, request, who, path, began = Steady::now(),
          reply = std::move(reply)](Response response) {
    auto took = Steady::now() - began;
    note_refused(*request, who, path, response);
    dress(*request, cloud_, response);
    metrics_.answered(method_of(*request), path, response.status, took);
    if (settings_.log) {
      std::string line = fmt::format(
          "{{\"at\":\"{}\",\"request\":\"{}\",\"method\":\"{}\",\"path\":", to_text(cloud_.now()),
          request->id, request->method);
      write_json_string(line, request->path);
      line += ",\"who\":";
      write_json_string(line, who);
      line += fmt::format(",\"status\":{},\"bytes\":{},\"microseconds\":{}}}", response.status,
                          response.body.size(),
                          std::chrono::duration_cast<std::chrono::microseconds>(took).count());
      settings_.log(line);
    }
    reply(std::move(response));
  };
}

void Service::handle(const std::shared_ptr<const Request>& request, const Later& later,
                     const Reply& reply) {
  const std::string& path = request->path;
  bool open =
      path == "/healthz" || path == "/readyz" || path == "/metrics" || path == "/v1/openapi.json";
  if (open) {
    Reply out = observed(request, "", path, reply);
    if (path == "/metrics")
      return out(text_response(200, "text/plain; version=0.0.4",
                               metrics_.text(cloud_.durable(), events_.followers())));
    if (path == "/v1/openapi.json")
      return out(text_response(200, "application/json", openapi_document()));
    return out(health(path));
  }
  if (auto page = console_.answer(*request, outside_.secret)) {
    return observed(request, "", "console", reply)(std::move(*page));
  }
  if (SignIn::is_for(*request)) {
    auto answer = [this, request, out = observed(request, "", path, reply)] {
      out(sign_in_.answer(*request));
    };
    boost::asio::post(signing_in_, std::move(answer));
    return;
  }
  // One that was cut off, or that does not know, says nothing that may be wrong by now.
  if (auto why = cloud_.silenced())
    return observed(request, "", "unavailable",
                    reply)(problem(503, "unavailable", operations::printable(why->message)));
  auto caller = caller_of(*request);
  bool is_lambda =
      request->encoded_path.starts_with("/api/v1/") || request->encoded_path == "/api/v1";
  if (!caller && is_lambda)
    return observed(request, "", "unauthorized", reply)(
        lambda::error(401, "global/invalid-api-key", "API key was invalid, expired, or deleted."));
  if (!caller) {
    Response response = problem(401, "unauthorized",
                                "an API key that is known, not revoked and not expired is needed: "
                                "Authorization: Bearer KEY; people sign in at /v1/sign-in");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return observed(request, "", "unauthorized", reply)(std::move(response));
  }
  double requests = 1;
  if (path == "/v1/batch")
    requests = static_cast<double>(std::max<size_t>(size_of_batch(*request), 1));
  if (int seconds = wait_for_room(*caller, requests); seconds > 0) {
    Response response =
        problem(429, "too_many_requests",
                fmt::format("the key '{}' may ask again in {} s", caller->name, seconds));
    if (is_lambda)
      response =
          lambda::error(429, "global/rate-limited", "Your API requests are being rate limited.",
                        fmt::format("Ask again in {} s", seconds));
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
    return observed(request, caller->name, "too_many", reply)(std::move(response));
  }
  if (is_lambda) {
    std::string counted = "/api/v1/" + std::string(lambda::resource_of(request->path));
    return lambda_.handle(request, *caller, later, observed(request, caller->name, counted, reply));
  }
  route(request, *caller, later, reply);
}

Response Service::me(const Caller& caller) const {
  boost::json::object who{
      {"name", caller.name}, {"role", name_of(caller.role)}, {"now", to_text(cloud_.now())}};
  boost::json::array sees;
  boost::json::array changes;
  for (size_t i = 0; i < enum_names(access::Area{}).size(); ++i) {
    auto area = static_cast<access::Area>(i);
    if (access::may_see(caller.role, area)) sees.emplace_back(name_of(area));
    if (access::may_change(caller.role, area)) changes.emplace_back(name_of(area));
  }
  who["sees"] = std::move(sees);
  who["changes"] = std::move(changes);
  if (!caller.party.empty()) {
    operations::HeldState state = cloud_.read();
    who["party"] = state->name_of(state->parties.resolve(caller.party));
  }
  return {200, "application/json", boost::json::serialize(who) + "\n"};
}

void Service::route(const std::shared_ptr<const Request>& request, const Caller& caller,
                    const Later& later, const Reply& reply) {
  if (request->path == "/v1/batch" && request->method == "POST") {
    auto one = [this, caller, later](const std::shared_ptr<const Request>& part,
                                     const Reply& then) { route(part, caller, later, then); };
    return answer_batch(request, one, later, observed(request, caller.name, "/v1/batch", reply));
  }
  if (request->path == "/v1/me" && request->method == "GET")
    return observed(request, caller.name, "/v1/me", reply)(me(caller));
  if (request->path == "/v1/events" && request->method == "GET") {
    Reply out = observed(request, caller.name, "/v1/events", reply);
    if (!access::may_see(caller.role, access::Area::use))
      return out(problem(403, "forbidden",
                         "this is not for the role " + std::string(name_of(caller.role))));
    uint64_t after = cloud_.durable();
    std::string_view from = request->parameter("after");
    if (from.empty()) from = request->header("last-event-id");
    if (!from.empty()) {
      const char* end = from.data() + from.size();
      if (std::from_chars(from.data(), end, after).ptr != end)
        return out(problem({{"after", std::string(from), "the sequence number of a fact"}}, {}));
    }
    std::optional<PartyId> party;
    if (!caller.party.empty()) party = cloud_.read()->parties.resolve(caller.party);
    Response response;
    response.type = "text/event-stream";
    response.events = events_.follow(after, party);
    return out(std::move(response));
  }
  std::string method = request->method == "HEAD" ? "GET" : request->method;
  Match match = find_route(method, request->encoded_path);
  Reply out =
      observed(request, caller.name, match.route == nullptr ? "unknown" : match.route->path, reply);
  if (match.route == nullptr && !match.allowed.empty())
    return out(method_not_allowed(match.allowed));
  if (match.route == nullptr)
    return out(problem(404, "not_found",
                       "no such path: /v1/openapi.json and docs/reference/http.md list them"));
  const Route& found = *match.route;
  bool allowed = found.changes() ? access::may_change(caller.role, found.area)
                                 : access::may_see(caller.role, found.area);
  if (found.audience == Audience::cloud && !caller.party.empty()) allowed = false;
  if (!allowed)
    return out(problem(403, "forbidden",
                       fmt::format("this is not for the role {}{}", name_of(caller.role),
                                   caller.party.empty() ? "" : " of a party")));
  api_.handle(request, match, caller, later, out);
}

}  // namespace leasehold::server
