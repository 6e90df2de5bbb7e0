// Keys, users and kept requests: what may be issued, revoked and kept.
#include <algorithm>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {

Checked check_hex(const std::string& text, size_t length, const char* subject) {
  bool hex = text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
             });
  if (!hex)
    return refuse(RefusalCode::invalid_value, subject, text,
                  std::to_string(length) + " lower-case hexadecimal digits");
  return {};
}

// Of a key or a user: the party is there, and a tenant has one.
Checked check_of_party(const State& state, Role role, std::optional<PartyId> party) {
  if (party && state.parties.find(*party) == nullptr)
    return refuse(RefusalCode::unknown_reference, "party", to_text(*party));
  bool of_party = role == Role::tenant || role == Role::tenant_admin;
  if (of_party && !party)
    return refuse(RefusalCode::invalid_value, "party", "", "the party whose tenant it is");
  return {};
}

}  // namespace

Result<Facts> decide_body(const State& state, const IssueKey& command, Instant now) {
  ApiKey key = command.key;
  LH_CHECK(check_new_name(state.access.keys, key.name));
  LH_CHECK(check_hex(key.digest, 64, "digest"));
  LH_CHECK(check_text(key.hint, "hint"));
  LH_CHECK(check_of_party(state, key.role, key.party));
  if (key.expires && *key.expires <= now)
    return refuse(RefusalCode::invalid_value, "expires", to_text(*key.expires),
                  "a moment after " + to_text(now));
  LH_CHECK(check_range(key.per_minute, 0, 1'000'000, "per_minute"));
  if (state.access.by_digest.contains(key.digest))
    return refuse(RefusalCode::name_taken, "digest", key.hint, "a secret of its own");
  key.id = state.access.keys.next_id();
  return Facts{KeyIssued{key}};
}

Result<Facts> decide_body(const State& state, const RevokeKey& command, Instant) {
  if (state.access.keys.find(command.key) == nullptr)
    return refuse(RefusalCode::unknown_reference, "key", to_text(command.key));
  if (state.access.revoked.contains(command.key))
    return refuse(RefusalCode::nothing_to_change, "key", to_text(command.key),
                  "a key that is not revoked");
  return Facts{KeyRevoked{command.key}};
}

Result<Facts> decide_body(const State& state, const SetUser& command, Instant) {
  const User& user = command.user;
  LH_CHECK(check_text(user.email, "email"));
  size_t at = user.email.find('@');
  bool lower = std::none_of(user.email.begin(), user.email.end(),
                            [](char c) { return (c >= 'A' && c <= 'Z') || c == ' '; });
  bool one = at != std::string::npos && at > 0 && at + 1 < user.email.size() &&
             user.email.find('@', at + 1) == std::string::npos;
  if (!one || !lower)
    return refuse(RefusalCode::invalid_value, "email", user.email,
                  "an address in lower case, such as jane@neo.example");
  LH_CHECK(check_of_party(state, user.role, user.party));
  auto known = state.access.users.find(user.email);
  if (known != state.access.users.end() && known->second == user)
    return refuse(RefusalCode::nothing_to_change, "email", user.email, "another party or role");
  return Facts{UserSet{user}};
}

Result<Facts> decide_body(const State& state, const RemoveUser& command, Instant) {
  if (!state.access.users.contains(command.email))
    return refuse(RefusalCode::unknown_reference, "user", command.email);
  return Facts{UserRemoved{command.email}};
}

Result<Facts> decide_body(const State& state, const NoteAccess& command, Instant) {
  Facts facts;
  AccessUsed used;
  for (KeyId key : command.keys)
    if (state.access.keys.find(key) != nullptr) used.keys.push_back(key);
  for (const std::string& user : command.users)
    if (state.access.users.contains(user)) used.users.push_back(user);
  if (!used.keys.empty() || !used.users.empty()) facts.emplace_back(std::move(used));
  if (!command.refused.empty()) facts.emplace_back(RequestsRefused{command.refused});
  return facts;
}

Result<Facts> decide_body(const State& state, const KeepRequest& command, Instant) {
  LH_CHECK(check_hex(command.request.key, 32, "key"));
  LH_CHECK(check_hex(command.request.body, 32, "body"));
  if (command.first < 1 || command.last < command.first ||
      command.last > static_cast<int64_t>(state.sequence))
    return refuse(RefusalCode::invalid_value, "first", std::to_string(command.first),
                  "facts that are there");
  return Facts{RequestKept{command.request, command.first, command.last}};
}

}  // namespace leasehold::engine
