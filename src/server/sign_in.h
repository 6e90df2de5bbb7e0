// Signs people in at the company's identity provider: OpenID Connect's authorization code flow with
// PKCE. Who is signed in is kept by their browser, in a sealed cookie; what they may do is asked of
// the state each time. docs/operating.md says how a provider is set up.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "server/http.h"

namespace leasehold::server {

struct IdentityProvider {
  std::string issuer;  // "https://login.neo.example": empty where nobody signs in
  std::string client;
  std::string secret;   // empty for a client without one
  std::string address;  // where people reach this server: "https://cloud.neo.example"
};

class SignIn {
 public:
  // `random` gives 43 random characters; `known` says whether a user has this address.
  struct Outside {
    std::function<Instant()> now;
    std::function<std::string()> random;
    std::function<bool(const std::string& email)> known;
  };
  SignIn(IdentityProvider provider, Outside outside);

  // Of the paths below /v1/sign-in and /v1/sign-out: may ask the provider, and wait for it.
  Response answer(const Request& request);
  static bool is_for(const Request& request);

  // Who is signed in; nobody where a change comes from the page of another site.
  std::optional<std::string> email_of(const Request& request) const;

 private:
  // What the provider says of itself.
  struct Described {
    std::string authorization;
    std::string token;
    std::string user_info;  // none where it has none
    std::string keys_at;
    std::string keys;
  };
  using Steady = std::chrono::steady_clock;
  // What went wrong with the provider is an answer.
  Expected<Described, Response> describe(bool anew);
  Response begin(const Request& request);
  Response finish(const Request& request);
  struct Tokens {
    std::string identity;
    std::string access;
  };
  Expected<Tokens, Response> exchange(const std::string& code, const std::string& verifier);
  Expected<std::string, Response> email_of(const Tokens& tokens, const std::string& nonce);
  std::string seal(const std::string& text) const;
  std::optional<std::string> open(std::string_view sealed) const;
  std::string cookie(const char* name, const std::string& value, const char* path,
                     int64_t seconds) const;

  IdentityProvider provider_;
  Outside outside_;
  std::string key_;   // of the seal
  std::mutex mutex_;  // guards what follows
  std::optional<Described> described_;
  Steady::time_point described_at_{};
};

}  // namespace leasehold::server
