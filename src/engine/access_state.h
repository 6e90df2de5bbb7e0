// The part of the state that is about who asks and who is told: API keys, users, the requests that
// were answered, webhooks.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/registry.h"
#include "domain/access.h"
#include "domain/webhook.h"

namespace leasehold::engine {

struct KeptRequest {
  std::string body;
  Instant at;
  int64_t first = 0;
  int64_t last = 0;
  static constexpr auto fields() {
    return describe(field("body", &KeptRequest::body), field("at", &KeptRequest::at),
                    field("first", &KeptRequest::first), field("last", &KeptRequest::last));
  }
};

// A webhook and how far it was told.
struct ToldWebhook {
  Webhook webhook;
  int64_t told = 0;  // the last fact that it knows, or that does not concern it
  int64_t replays = 0;
  std::string error;  // why it could not be told more; empty where it goes well
  Instant since;      // it goes well, or does not
  static constexpr auto fields() {
    return describe(field("webhook", &ToldWebhook::webhook), field("told", &ToldWebhook::told),
                    field("replays", &ToldWebhook::replays), field("error", &ToldWebhook::error),
                    field("since", &ToldWebhook::since));
  }
};

struct AccessState {
  Registry<KeyId, ApiKey> keys;
  std::set<KeyId> revoked;
  std::map<KeyId, Instant> key_used;            // when last, to some minutes
  std::map<std::string, User> users;            // by address
  std::map<std::string, Instant> user_seen;     // by address
  std::map<std::string, ToldWebhook> webhooks;  // by name
  std::map<std::string, KeptRequest> requests;  // by RequestKey::key

  // What follows from the rows above.
  std::map<std::string, KeyId> by_digest;
  std::deque<std::pair<Instant, std::string>> oldest;  // requests, as they are to be forgotten

  // The key whose secret has this digest; none where it is not known, is revoked or has expired.
  const ApiKey* find(const std::string& digest, Instant now) const;
};

}  // namespace leasehold::engine
