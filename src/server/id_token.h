// Reads an identity token of OpenID Connect (OpenID Connect Core 1.0, section 3.1.3.7).
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "base/result.h"

namespace leasehold::server {

struct WantedToken {
  std::string issuer;
  std::string client;
  std::string nonce;  // of this sign-in
  int64_t now = 0;    // seconds since 1970
};

// What the token claims, or why it cannot be trusted. `keys` are those of the issuer, as its JSON
// Web Key Set. Only signatures by a private key count: RS256, RS384, RS512, PS256, PS384, PS512,
// ES256, ES384, ES512.
Expected<boost::json::object, std::string> claims_of(const std::string& token,
                                                     const std::string& keys,
                                                     const WantedToken& wanted);

// The address that claims vouch for, of a token or of the user info (section 5.3), in lower case.
Expected<std::string, std::string> email_in(const boost::json::object& claims);

}  // namespace leasehold::server
