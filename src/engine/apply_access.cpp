// Facts about keys and requests become state. Nothing is checked here.
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

}  // namespace leasehold::engine
