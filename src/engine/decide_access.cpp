// Keys and kept requests: what may be issued, revoked and kept.
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

}  // namespace

Result<Facts> decide_body(const State& state, const IssueKey& command, Instant now) {
  ApiKey key = command.key;
  LH_CHECK(check_new_name(state.access.keys, key.name));
  LH_CHECK(check_hex(key.digest, 64, "digest"));
  LH_CHECK(check_text(key.hint, "hint"));
  if (key.party && state.parties.find(*key.party) == nullptr)
    return refuse(RefusalCode::unknown_reference, "party", to_text(*key.party));
  bool of_party = key.role == Role::tenant || key.role == Role::tenant_admin;
  if (of_party && !key.party)
    return refuse(RefusalCode::invalid_value, "party", "", "the party whose tenant it is");
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
