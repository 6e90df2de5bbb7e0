// Facts about keys, users, requests and webhooks become state. Nothing is checked here.
#include "engine/become.h"

namespace leasehold::engine {

const ApiKey* AccessState::find(const std::string& digest, Instant now) const {
  auto found = by_digest.find(digest);
  if (found == by_digest.end() || revoked.contains(found->second)) return nullptr;
  const ApiKey& key = keys.at(found->second);
  return key.expires && *key.expires <= now ? nullptr : &key;
}

void become(State& state, const KeyIssued& fact) {
  state.access.keys.add(fact.key.name, fact.key);
  state.access.by_digest[fact.key.digest] = fact.key.id;
}

void become(State& state, const KeyRevoked& fact) { state.access.revoked.insert(fact.key); }

void become(State& state, const RequestKept& fact) {
  AccessState& access = state.access;
  while (!access.oldest.empty() && access.oldest.front().first + kRequestKeptSeconds < state.now) {
    access.requests.erase(access.oldest.front().second);
    access.oldest.pop_front();
  }
  access.requests[fact.request.key] = {fact.request.body, state.now, fact.first, fact.last};
  access.oldest.emplace_back(state.now, fact.request.key);
}

void become(State& state, const UserSet& fact) { state.access.users[fact.user.email] = fact.user; }

void become(State& state, const UserRemoved& fact) {
  state.access.users.erase(fact.email);
  state.access.user_seen.erase(fact.email);
}

// For those who ask the journal who was refused: nothing that is decided depends on it.
void become(State&, const RequestsRefused&) {}

void become(State& state, const AccessUsed& fact) {
  for (KeyId key : fact.keys) state.access.key_used[key] = state.now;
  for (const std::string& user : fact.users) state.access.user_seen[user] = state.now;
}

void become(State& state, const WebhookAdded& fact) {
  auto told = static_cast<int64_t>(state.sequence);
  state.access.webhooks[fact.webhook.name] = {fact.webhook, told, 0, "", state.now};
}

void become(State& state, const WebhookRemoved& fact) { state.access.webhooks.erase(fact.webhook); }

void become(State& state, const WebhookReplayed& fact) {
  ToldWebhook& row = state.access.webhooks.at(fact.webhook);
  row.told = fact.from - 1;
  ++row.replays;
}

void become(State& state, const WebhookReported& fact) {
  ToldWebhook& row = state.access.webhooks.at(fact.webhook);
  row.told = fact.told;
  if (row.error.empty() != fact.error.empty()) row.since = state.now;
  row.error = fact.error;
}

}  // namespace leasehold::engine
