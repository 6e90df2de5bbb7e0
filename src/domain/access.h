// Who may ask a server: API keys and people who sign in, what they asked in vain, and the commands
// and facts about them. The secret of a key is never here; what is kept is its BLAKE2b-256.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "base/time.h"
#include "domain/ids.h"

namespace leasehold {

// What somebody does in a company; docs/reference/http.md says what each may do.
enum class Role : uint8_t {
  owner,         // everything, keys included
  capacity,      // supply, fleet, quotes, leases and placement
  finance,       // prices, invoices, payments, books and reports
  tenant_admin,  // instances of the party, its use and its own keys
  tenant,        // instances of the party
  auditor,       // sees everything, the log included; changes nothing
  read_only,     // sees what capacity sees; changes nothing
};
constexpr auto enum_names(Role) {
  return std::array{"owner",  "capacity", "finance",  "tenant_admin",
                    "tenant", "auditor",  "read_only"};
}

struct ApiKey {
  KeyId id;
  std::string name;
  std::string digest;            // of the secret, in hex: 64 characters
  std::string hint;              // the secret's first characters, to tell keys apart
  std::optional<PartyId> party;  // for whom it asks; the whole cloud where there is none
  Role role = Role::read_only;
  std::optional<Instant> expires;
  int64_t per_minute = 0;  // requests, at most; 0: the server's own limit

  static constexpr auto fields() {
    return describe(field("id", &ApiKey::id), field("name", &ApiKey::name),
                    field("digest", &ApiKey::digest), field("hint", &ApiKey::hint),
                    field("party", &ApiKey::party), field("role", &ApiKey::role),
                    field("expires", &ApiKey::expires), field("per_minute", &ApiKey::per_minute));
  }
};

// Somebody who signs in at the company's identity provider, known by the address that it vouches
// for; letters of it are lower case.
struct User {
  std::string email;
  std::optional<PartyId> party;  // for whom they ask; the whole cloud where there is none
  Role role = Role::read_only;
  bool operator==(const User&) const = default;

  static constexpr auto fields() {
    return describe(field("email", &User::email), field("party", &User::party),
                    field("role", &User::role));
  }
};

// Requests of one kind by one asker that were refused, from the first of them to the fact's moment.
struct Refused {
  std::string who;     // a key's name or a user's address; "somebody at ADDRESS" where not known
  std::string asked;   // "POST /v1/leases/{lease}/renew"
  std::string target;  // the path of the last of them, as it was asked
  std::string code;    // of the answer: one of docs/reference/http.md
  int64_t status = 0;  // of HTTP
  int64_t requests = 1;
  Instant first;

  static constexpr auto fields() {
    return describe(field("who", &Refused::who), field("asked", &Refused::asked),
                    field("target", &Refused::target), field("code", &Refused::code),
                    field("status", &Refused::status), field("requests", &Refused::requests),
                    field("first", &Refused::first));
  }
};

// What makes a repeated request known: of its Idempotency-Key with who sent it, and of what it
// asked. Both are the first 32 hex digits of a BLAKE2b-256.
struct RequestKey {
  std::string key;
  std::string body;
  static constexpr auto fields() {
    return describe(field("key", &RequestKey::key), field("body", &RequestKey::body));
  }
};

// How long the answer to a request is given again.
inline constexpr int64_t kRequestKeptSeconds = int64_t{30} * 86'400;

struct IssueKey {
  ApiKey key;
};  // its id is drawn
struct RevokeKey {
  KeyId key;
};
// Adds the user, or changes who they ask for and their role.
struct SetUser {
  User user;
};
struct RemoveUser {
  std::string email;
};
// What a server has seen since it last told: refused requests, and who was let in.
struct NoteAccess {
  std::vector<Refused> refused;
  std::vector<KeyId> keys;
  std::vector<std::string> users;  // their addresses
};
// Comes after the facts of a request, in the batch that made them.
struct KeepRequest {
  RequestKey request;
  int64_t first = 0;  // sequence numbers of its facts
  int64_t last = 0;
};

struct KeyIssued {
  static constexpr const char* kKind = "key_issued";
  ApiKey key;
  static constexpr auto fields() { return describe(field("key", &KeyIssued::key)); }
};

struct KeyRevoked {
  static constexpr const char* kKind = "key_revoked";
  KeyId key;
  static constexpr auto fields() { return describe(field("key", &KeyRevoked::key)); }
};

struct UserSet {
  static constexpr const char* kKind = "user_set";
  User user;
  static constexpr auto fields() { return describe(field("user", &UserSet::user)); }
};

struct UserRemoved {
  static constexpr const char* kKind = "user_removed";
  std::string email;
  static constexpr auto fields() { return describe(field("email", &UserRemoved::email)); }
};

struct RequestsRefused {
  static constexpr const char* kKind = "requests_refused";
  std::vector<Refused> refused;
  static constexpr auto fields() { return describe(field("refused", &RequestsRefused::refused)); }
};

// They were used at the fact's moment, or up to some minutes before.
struct AccessUsed {
  static constexpr const char* kKind = "access_used";
  std::vector<KeyId> keys;
  std::vector<std::string> users;
  static constexpr auto fields() {
    return describe(field("keys", &AccessUsed::keys), field("users", &AccessUsed::users));
  }
};

struct RequestKept {
  static constexpr const char* kKind = "request_kept";
  RequestKey request;
  int64_t first = 0;
  int64_t last = 0;
  static constexpr auto fields() {
    return describe(field("request", &RequestKept::request), field("first", &RequestKept::first),
                    field("last", &RequestKept::last));
  }
};

}  // namespace leasehold
