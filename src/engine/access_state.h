// The part of the state that is about who asks: API keys and the requests that were answered.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/registry.h"
#include "domain/access.h"

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

struct AccessState {
  Registry<KeyId, ApiKey> keys;
  std::set<KeyId> revoked;
  std::map<std::string, KeptRequest> requests;  // by RequestKey::key

  // What follows from the rows above.
  std::map<std::string, KeyId> by_digest;
  std::deque<std::pair<Instant, std::string>> oldest;  // requests, as they are to be forgotten

  // The key whose secret has this digest; none where it is not known, is revoked or has expired.
  const ApiKey* find(const std::string& digest, Instant now) const;
};

}  // namespace leasehold::engine
