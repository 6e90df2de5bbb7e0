#include "server/id_token.h"

#include <memory>

#include <cjose/cjose.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace leasehold::server {
namespace {

namespace json = boost::json;

constexpr const char* kIssuer = "https://login.neo.example";
const WantedToken kWanted{kIssuer, "leasehold", "n-1", 1'000'000};

// A key of an issuer, which signs and says its public half.
class Key {
 public:
  explicit Key(const char* kid) : kid_(kid) {
    cjose_err failed{};
    jwk_.reset(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &failed));
    cjose_jwk_set_kid(jwk_.get(), kid, kid_.size(), &failed);
  }
  std::string set() const {
    cjose_err failed{};
    std::unique_ptr<char, decltype(&free)> text(cjose_jwk_to_json(jwk_.get(), false, &failed),
                                                free);
    return R"({"keys":[)" + std::string(text.get()) + "]}";
  }
  std::string sign(const json::object& claims) const { return sign(claims, jwk_.get(), "ES256"); }
  std::string sign(const json::object& claims, cjose_jwk_t* with, const char* algorithm) const {
    cjose_err failed{};
    cjose_header_t* header = cjose_header_new(&failed);
    cjose_header_set(header, CJOSE_HDR_ALG, algorithm, &failed);
    cjose_header_set(header, CJOSE_HDR_KID, kid_.c_str(), &failed);
    std::string text = json::serialize(claims);
    cjose_jws_t* jws = cjose_jws_sign(with, header, reinterpret_cast<const uint8_t*>(text.data()),
                                      text.size(), &failed);
    const char* compact = nullptr;
    cjose_jws_export(jws, &compact, &failed);
    std::string token = compact;
    cjose_jws_release(jws);
    cjose_header_release(header);
    return token;
  }

 private:
  std::string kid_;
  std::unique_ptr<cjose_jwk_t, decltype(&cjose_jwk_release)> jwk_{nullptr, cjose_jwk_release};
};

json::object claims() {
  return {
      {"iss", kIssuer}, {"aud", "leasehold"}, {"exp", 1'000'300}, {"nonce", "n-1"}, {"sub", "17"}};
}

std::string why_not(const Key& key, const json::object& said) {
  auto read = claims_of(key.sign(said), key.set(), kWanted);
  return read ? "" : read.error();
}

TEST(IdToken, IsReadWhereTheIssuerSignedItForThisSignIn) {
  Key key("k1");
  auto read = claims_of(key.sign(claims()), key.set(), kWanted);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->at("sub").as_string(), "17");
  json::object many = claims();
  many["aud"] = json::array{"other", "leasehold"};
  EXPECT_EQ(why_not(key, many), "");
}

TEST(IdToken, IsNotTrustedWhereAClaimIsAnothers) {
  Key key("k1");
  auto with = [&](const char* claim, const json::value& value) {
    json::object said = claims();
    said[claim] = value;
    return why_not(key, said);
  };
  EXPECT_EQ(with("iss", "https://evil.example"), "it is another issuer's");
  EXPECT_EQ(with("aud", "other"), "it is for another client");
  EXPECT_EQ(with("azp", "other"), "it was given to another client");
  EXPECT_EQ(with("exp", 999'900), "it has expired");
  EXPECT_EQ(with("exp", "soon"), "it has expired");
  EXPECT_EQ(with("nonce", "n-2"), "it is of another sign-in");
}

TEST(IdToken, IsNotTrustedWhereAnotherSignedIt) {
  Key key("k1");
  Key other("k1");
  std::string unsigned_by_it = "none of the issuer's keys signed it";
  EXPECT_EQ(claims_of(other.sign(claims()), key.set(), kWanted).error(), unsigned_by_it);
  EXPECT_EQ(claims_of(key.sign(claims()), R"({"keys":[]})", kWanted).error(), unsigned_by_it);
  EXPECT_EQ(claims_of(key.sign(claims()), "no JSON", kWanted).error(), unsigned_by_it);
  std::string changed = key.sign(claims());
  changed[changed.find('.') + 5] ^= 1;
  EXPECT_FALSE(claims_of(changed, key.set(), kWanted));
  EXPECT_EQ(claims_of("no token", key.set(), kWanted).error(), "it is no signed token");
}

// Who knows the issuer's public keys may not sign with them as if they were a shared secret.
TEST(IdToken, IsNotTrustedWhereAPublicKeyWasTheSecret) {
  Key key("k1");
  cjose_err failed{};
  std::string secret = key.set();
  cjose_jwk_t* shared = cjose_jwk_create_oct_spec(reinterpret_cast<const uint8_t*>(secret.data()),
                                                  secret.size(), &failed);
  EXPECT_EQ(claims_of(key.sign(claims(), shared, "HS256"), key.set(), kWanted).error(),
            "it is not signed by a private key");
  cjose_jwk_release(shared);
  std::string none = "eyJhbGciOiJub25lIn0.e30.";  // {"alg":"none"}
  EXPECT_FALSE(claims_of(none, key.set(), kWanted));
}

TEST(IdToken, VouchesForAnAddressThatTheIssuerVerified) {
  auto email = [](json::object said) {
    auto read = email_in(said);
    return read ? *read : read.error();
  };
  EXPECT_EQ(email({{"email", "Jane@Neo.example"}, {"email_verified", true}}), "jane@neo.example");
  std::string unverified = "the issuer has not verified the email address";
  EXPECT_EQ(email({{"email", "jane@neo.example"}, {"email_verified", false}}), unverified);
  EXPECT_EQ(email({{"email", "jane@neo.example"}}), unverified);
  EXPECT_EQ(email({{"email_verified", true}}), "it names no email address");
}

}  // namespace
}  // namespace leasehold::server
