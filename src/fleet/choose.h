// Which servers: whole pods first, or spread over failure domains. Nothing is changed here: a
// choice is taken by the engine's facts.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "domain/ids.h"
#include "fleet/holdings.h"

namespace leasehold::fleet {

struct PodTake {
  PodId pod;
  PodBits servers;
};

struct Choice {
  std::vector<PodTake> takes;
  int64_t servers = 0;
  int64_t pods_used = 0;
};

// As few pods as there can be: the pods with the most free servers, and the rest from the pod in
// which it leaves the least. So a request smaller than a pod goes into the most broken pod that has
// room, and whole pods stay whole. Nothing where fewer are free. O(pods taken x log pods).
std::optional<Choice> pack(const Holdings& from, int64_t servers);

// As evenly as there can be over domains; `domain_of` names the domain of a server, a rack, row or
// pod. No domain gets a second server while another has room for its first, and so on. O(pods
// held).
using DomainOf = std::function<uint32_t(PodId, int64_t slot)>;
std::optional<Choice> spread(const Holdings& from, int64_t servers, const DomainOf& domain_of);

// The least number of pods that could hold so many servers of those that the account's pods have,
// free or not: what the pods used are held against.
int64_t least_pods(const std::vector<int64_t>& pod_sizes, int64_t servers);

}  // namespace leasehold::fleet
