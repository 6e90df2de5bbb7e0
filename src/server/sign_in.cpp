#include "server/sign_in.h"

#include <fmt/format.h>
#include <sodium.h>
#include <boost/json.hpp>

#include "client/http_client.h"
#include "server/answer.h"
#include "server/id_token.h"
#include "server/text.h"

namespace leasehold::server {

namespace json = boost::json;
using client::encode_percent;

namespace {

constexpr const char* kSignIn = "/v1/sign-in";
constexpr const char* kSignInDone = "/v1/sign-in/done";
constexpr const char* kSignOut = "/v1/sign-out";
constexpr const char* kAttemptCookie = "leasehold-sign-in";
constexpr const char* kSessionCookie = "leasehold-session";
constexpr int64_t kAttemptSeconds = 600;
constexpr int64_t kSessionSeconds = int64_t{12} * 3600;
constexpr auto kDescribedFor = std::chrono::hours(1);
constexpr auto kAskedAgainAfter = std::chrono::minutes(1);  // where a key is not known
constexpr auto kForProvider = std::chrono::seconds(10);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string sha256(std::string_view text) {
  std::string sum(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(bytes_of(sum), bytes_of(text), text.size());
  return sum;
}

std::string_view cookie_of(const Request& request, std::string_view name) {
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    std::string_view one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
      return one.substr(name.size() + 1);
  }
  return "";
}

Unexpected<Response> no_provider(const std::string& why) {
  return Unexpected<Response>(
      problem(502, "sign_in_failed", "the identity provider cannot be asked: " + why));
}

Response not_signed_in(const std::string& why) { return problem(403, "sign_in_failed", why); }

Expected<std::string, Response> ask_provider(const std::string& at, client::Asked asked) {
  auto url = client::parse_url(at);
  if (!url) return no_provider(at + " is no address");
  asked.target = url->target;
  asked.for_answer = kForProvider;
  auto said = client::ask(url->address, asked);
  if (!said) return no_provider(operations::printable(said.error().why));
  if (said->status != 200) return no_provider(fmt::format("{} answered {}", at, said->status));
  return said->body;
}

client::Asked json_of_provider() {
  client::Asked asked;
  asked.method = "GET";
  asked.headers = {{"Accept", "application/json"}};
  return asked;
}

Response redirect(int status, const std::string& to, std::string cookie) {
  Response response;
  response.status = status;
  response.type = "text/plain";
  response.headers.emplace_back("Location", to);
  response.headers.emplace_back("Set-Cookie", std::move(cookie));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

SignIn::SignIn(IdentityProvider provider, Outside outside)
    : provider_(std::move(provider)), outside_(std::move(outside)) {
  // Of the client's secret, where there is one: servers that share it know each other's cookies.
  std::string from = provider_.secret.empty() ? outside_.random() : provider_.secret;
  key_.resize(crypto_secretbox_KEYBYTES);
  constexpr std::string_view kFor = "leasehold sign-in cookies";
  crypto_generichash(bytes_of(key_), key_.size(), bytes_of(from), from.size(), bytes_of(kFor),
                     kFor.size());
}

std::string SignIn::seal(const std::string& text) const {
  std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.size(), '\0');
  randombytes_buf(sealed.data(), crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(bytes_of(sealed) + crypto_secretbox_NONCEBYTES, bytes_of(text), text.size(),
                        bytes_of(sealed), bytes_of(key_));
  return to_url_base64(sealed);
}

std::optional<std::string> SignIn::open(std::string_view sealed) const {
  auto bytes = from_url_base64(sealed);
  constexpr size_t kAround = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (!bytes || bytes->size() < kAround) return std::nullopt;
  std::string text(bytes->size() - kAround, '\0');
  if (crypto_secretbox_open_easy(bytes_of(text), bytes_of(*bytes) + crypto_secretbox_NONCEBYTES,
                                 bytes->size() - crypto_secretbox_NONCEBYTES, bytes_of(*bytes),
                                 bytes_of(key_)) != 0)
    return std::nullopt;
  return text;
}

std::string SignIn::cookie(const char* name, const std::string& value, const char* path,
                           int64_t seconds) const {
  const char* secure = provider_.address.starts_with("https://") ? "; Secure" : "";
  return fmt::format("{}={}; Path={}; Max-Age={}; HttpOnly; SameSite=Lax{}", name, value, path,
                     seconds, secure);
}

bool SignIn::is_for(const Request& request) {
  return request.path == kSignIn || request.path == kSignInDone || request.path == kSignOut;
}

std::optional<std::string> SignIn::email_of(const Request& request) const {
  std::string_view sealed = cookie_of(request, kSessionCookie);
  if (sealed.empty()) return std::nullopt;
  // A page of another site cannot change anything: browsers say where a change comes from.
  bool changes = request.method != "GET" && request.method != "HEAD";
  if (changes && request.header("origin") != provider_.address) return std::nullopt;
  auto text = open(sealed);
  auto session = text ? object_in(*text) : std::nullopt;
  if (!session || text_in(*session, "kind") != kSessionCookie) return std::nullopt;
  const json::value* until = session->if_contains("until");
  if (until == nullptr || !until->is_int64() || until->get_int64() <= outside_.now().seconds)
    return std::nullopt;
  return text_in(*session, "email");
}

Response SignIn::answer(const Request& request) {
  if (provider_.issuer.empty())
    return problem(404, "not_found", "nobody signs in here: serve --sign-in-issuer says where");
  bool out = request.path == kSignOut;
  const char* method = out ? "POST" : "GET";
  if (request.method != method) return method_not_allowed(method);
  if (request.path == kSignIn) return begin(request);
  if (request.path == kSignInDone) return finish(request);
  Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", cookie(kSessionCookie, "", "/", 0));
  return response;
}

Expected<SignIn::Described, Response> SignIn::describe(bool anew) {
  {
    std::lock_guard guard(mutex_);
    auto age = Steady::now() - described_at_;
    if (described_ && age < (anew ? Steady::duration(kAskedAgainAfter) : kDescribedFor))
      return *described_;
  }
  std::string at = provider_.issuer;
  if (at.ends_with('/')) at.pop_back();
  auto text = ask_provider(at + "/.well-known/openid-configuration", json_of_provider());
  if (!text) return Unexpected<Response>(text.error());
  auto said = object_in(*text);
  if (!said || text_in(*said, "issuer") != provider_.issuer)
    return no_provider("it does not call itself " + provider_.issuer);
  Described described{text_in(*said, "authorization_endpoint"), text_in(*said, "token_endpoint"),
                      text_in(*said, "userinfo_endpoint"), text_in(*said, "jwks_uri"), ""};
  auto keys = ask_provider(described.keys_at, json_of_provider());
  if (!keys) return Unexpected<Response>(keys.error());
  described.keys = *keys;
  std::lock_guard guard(mutex_);
  described_ = described;
  described_at_ = Steady::now();
  return described;
}

Response SignIn::begin(const Request& request) {
  auto described = describe(false);
  if (!described) return described.error();
  // Only a path of this server: a sign-in must not end elsewhere.
  std::string back(request.parameter("back"));
  bool here = back.starts_with('/') && !back.starts_with("//") &&
              back.find_first_of("\\\r\n") == std::string::npos;
  json::object attempt{
      {"kind", kAttemptCookie},     {"state", outside_.random()},
      {"nonce", outside_.random()}, {"verifier", outside_.random()},
      {"back", here ? back : "/"},  {"until", outside_.now().seconds + kAttemptSeconds}};
  std::string challenge = to_url_base64(sha256(text_in(attempt, "verifier")));
  std::string to = described->authorization;
  to += to.find('?') == std::string::npos ? '?' : '&';
  to += fmt::format(
      "response_type=code&scope=openid%20email&client_id={}&redirect_uri={}&state={}&nonce={}"
      "&code_challenge={}&code_challenge_method=S256",
      encode_percent(provider_.client), encode_percent(provider_.address + kSignInDone),
      text_in(attempt, "state"), text_in(attempt, "nonce"), challenge);
  return redirect(302, to,
                  cookie(kAttemptCookie, seal(json::serialize(attempt)), kSignIn, kAttemptSeconds));
}

// What the provider gives for the code.
Expected<SignIn::Tokens, Response> SignIn::exchange(const std::string& code,
                                                    const std::string& verifier) {
  auto described = describe(false);
  if (!described) return Unexpected<Response>(described.error());
  client::Asked asked;
  asked.method = "POST";
  asked.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                   {"Accept", "application/json"}};
  asked.body = fmt::format(
      "grant_type=authorization_code&code={}&redirect_uri={}&client_id={}&code_verifier={}",
      encode_percent(code), encode_percent(provider_.address + kSignInDone),
      encode_percent(provider_.client), verifier);
  if (!provider_.secret.empty())
    asked.headers.emplace_back("Authorization",
                               "Basic " + to_base64(encode_percent(provider_.client) + ":" +
                                                    encode_percent(provider_.secret)));
  auto text = ask_provider(described->token, asked);
  if (!text) return Unexpected<Response>(text.error());
  auto said = object_in(*text);
  if (!said || text_in(*said, "id_token").empty()) return no_provider("it gave no identity token");
  return Tokens{text_in(*said, "id_token"), text_in(*said, "access_token")};
}

// The address that the provider vouches for.
Expected<std::string, Response> SignIn::email_of(const Tokens& tokens, const std::string& nonce) {
  WantedToken wanted{provider_.issuer, provider_.client, nonce, outside_.now().seconds};
  auto untrusted = [](const std::string& why) {
    return Unexpected<Response>(not_signed_in("the identity token is not trusted: " + why));
  };
  auto described = describe(false);
  if (!described) return Unexpected<Response>(described.error());
  auto claims = claims_of(tokens.identity, described->keys, wanted);
  if (!claims) {  // the key may be new
    described = describe(true);
    if (!described) return Unexpected<Response>(described.error());
    claims = claims_of(tokens.identity, described->keys, wanted);
  }
  if (!claims) return untrusted(claims.error());
  json::object info = *claims;
  if (!info.contains("email") && !described->user_info.empty()) {
    client::Asked asked = json_of_provider();
    asked.headers.emplace_back("Authorization", "Bearer " + tokens.access);
    auto text = ask_provider(described->user_info, asked);
    if (!text) return Unexpected<Response>(text.error());
    auto said = object_in(*text);
    if (!said || text_in(*said, "sub") != text_in(*claims, "sub"))
      return untrusted("the user info is another's");
    info = *said;
  }
  auto email = email_in(info);
  if (!email) return untrusted(email.error());
  return *email;
}

Response SignIn::finish(const Request& request) {
  auto sealed = open(cookie_of(request, kAttemptCookie));
  auto attempt = sealed ? object_in(*sealed) : std::nullopt;
  bool known = attempt && text_in(*attempt, "kind") == kAttemptCookie &&
               attempt->at("until").as_int64() > outside_.now().seconds &&
               text_in(*attempt, "state") == request.parameter("state");
  if (!known)
    return not_signed_in("this browser did not begin the sign-in, or too long ago: begin at " +
                         std::string(kSignIn));
  std::string code(request.parameter("code"));
  if (code.empty())
    return not_signed_in(
        "the identity provider said no: " +
        operations::printable(well_formed(std::string(request.parameter("error")))));
  auto tokens = exchange(code, text_in(*attempt, "verifier"));
  if (!tokens) return tokens.error();
  auto email = email_of(*tokens, text_in(*attempt, "nonce"));
  if (!email) return email.error();
  if (!outside_.known(*email))
    return not_signed_in(operations::printable(*email) +
                         " is not a user here: an owner adds them with 'user set'");
  json::object session{{"kind", kSessionCookie},
                       {"email", *email},
                       {"until", outside_.now().seconds + kSessionSeconds}};
  Response response =
      redirect(303, text_in(*attempt, "back"),
               cookie(kSessionCookie, seal(json::serialize(session)), "/", kSessionSeconds));
  response.headers.emplace_back("Set-Cookie", cookie(kAttemptCookie, "", kSignIn, 0));
  return response;
}

}  // namespace leasehold::server
