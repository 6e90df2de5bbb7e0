#include "server/id_token.h"

#include <algorithm>
#include <array>
#include <memory>

#include <cjose/cjose.h>
#include <boost/json.hpp>

#include "server/text.h"

namespace leasehold::server {

namespace json = boost::json;

namespace {

constexpr int64_t kSkew = 60;  // seconds that clocks may differ by

using Jws = std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)>;
using Jwk = std::unique_ptr<cjose_jwk_t, decltype(&cjose_jwk_release)>;

Unexpected<std::string> untrusted(std::string why) {
  return Unexpected<std::string>(std::move(why));
}

// Whether one of the keys signed it.
bool signed_by(cjose_jws_t* token, const std::string& keys, const std::string& kid) {
  auto set = object_in(keys);
  const json::value* list = set ? set->if_contains("keys") : nullptr;
  if (list == nullptr || !list->is_array()) return false;
  for (const json::value& one : list->get_array()) {
    const json::object* key = one.if_object();
    if (key == nullptr || text_in(*key, "use") == "enc") continue;
    std::string type = text_in(*key, "kty");
    bool known = kid.empty() || text_in(*key, "kid").empty() || text_in(*key, "kid") == kid;
    if (!known || (type != "RSA" && type != "EC")) continue;
    std::string text = json::serialize(one);
    cjose_err failed{};
    Jwk jwk(cjose_jwk_import(text.data(), text.size(), &failed), cjose_jwk_release);
    if (jwk && cjose_jws_verify(token, jwk.get(), &failed)) return true;
  }
  return false;
}

// Of a claim that is a text or a list of them.
bool names(const json::object& claims, const char* claim, const std::string& value) {
  if (text_in(claims, claim) == value) return true;
  const json::value* list = claims.if_contains(claim);
  if (list == nullptr || !list->is_array()) return false;
  return std::any_of(list->get_array().begin(), list->get_array().end(), [&](const json::value& v) {
    return v.is_string() && v.get_string() == value;
  });
}

int64_t seconds_in(const json::object& claims, const char* claim) {
  const json::value* value = claims.if_contains(claim);
  boost::system::error_code wrong;
  return value == nullptr ? 0 : value->to_number<int64_t>(wrong);
}

// Why the claims are not those that are wanted; nothing where they are.
std::string wrong_in(const json::object& claims, const WantedToken& wanted) {
  if (text_in(claims, "iss") != wanted.issuer) return "it is another issuer's";
  if (!names(claims, "aud", wanted.client)) return "it is for another client";
  std::string authorised = text_in(claims, "azp");
  if (!authorised.empty() && authorised != wanted.client) return "it was given to another client";
  if (seconds_in(claims, "exp") + kSkew <= wanted.now) return "it has expired";
  if (text_in(claims, "nonce") != wanted.nonce) return "it is of another sign-in";
  return "";
}

}  // namespace

Expected<json::object, std::string> claims_of(const std::string& token, const std::string& keys,
                                              const WantedToken& wanted) {
  constexpr std::array kSigned = {"RS256", "RS384", "RS512", "PS256", "PS384",
                                  "PS512", "ES256", "ES384", "ES512"};
  cjose_err failed{};
  Jws jws(cjose_jws_import(token.data(), token.size(), &failed), cjose_jws_release);
  if (!jws) return untrusted("it is no signed token");
  cjose_header_t* header = cjose_jws_get_protected(jws.get());
  auto said = [&](const char* name) {
    const char* value = cjose_header_get(header, name, &failed);
    return std::string(value == nullptr ? "" : value);
  };
  std::string algorithm = said("alg");
  if (std::find(kSigned.begin(), kSigned.end(), algorithm) == kSigned.end())
    return untrusted("it is not signed by a private key");
  if (!signed_by(jws.get(), keys, said("kid")))
    return untrusted("none of the issuer's keys signed it");
  uint8_t* content = nullptr;
  size_t length = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &content, &length, &failed))
    return untrusted("it has no content");
  auto claims = object_in({reinterpret_cast<const char*>(content), length});
  if (!claims) return untrusted("its content is no JSON object");
  if (std::string why = wrong_in(*claims, wanted); !why.empty()) return untrusted(why);
  return *claims;
}

Expected<std::string, std::string> email_in(const json::object& claims) {
  std::string email = text_in(claims, "email");
  const json::value* verified = claims.if_contains("email_verified");
  if (email.empty()) return untrusted("it names no email address");
  if (verified == nullptr || !verified->is_bool() || !verified->get_bool())
    return untrusted("the issuer has not verified the email address");
  std::transform(email.begin(), email.end(), email.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return email;
}

}  // namespace leasehold::server
