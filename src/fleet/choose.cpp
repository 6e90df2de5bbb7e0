#include "fleet/choose.h"

#include <algorithm>
#include <map>

namespace leasehold::fleet {

std::optional<Choice> pack(const Holdings& from, int64_t servers) {
  if (from.free() < servers) return std::nullopt;
  Choice choice{{}, servers, 0};
  int64_t left = servers;
  from.from_most_free([&](PodId pod, int64_t free) {
    if (left == 0 || free > left) return false;
    choice.takes.push_back({pod, from.find(pod)->free});
    left -= free;
    return true;
  });
  if (left > 0) {
    // The rest is less than the next pod has. The tightest pod that holds it was not taken: it has
    // fewer free than those, or as many and comes after them.
    PodId pod = from.fitting(left);
    choice.takes.push_back({pod, from.find(pod)->free.lowest(left)});
  }
  choice.pods_used = static_cast<int64_t>(choice.takes.size());
  return choice;
}

namespace {

struct Place {
  PodId pod;
  int64_t slot = 0;
};

}  // namespace

std::optional<Choice> spread(const Holdings& from, int64_t servers, const DomainOf& domain_of) {
  if (from.free() < servers) return std::nullopt;
  std::map<uint32_t, std::vector<Place>> domains;
  for (const Holdings::Entry& entry : from.entries())
    entry.free.for_each(
        [&](int64_t slot) { domains[domain_of(entry.pod, slot)].push_back({entry.pod, slot}); });
  std::map<PodId, PodBits> taken;
  int64_t left = servers;
  for (size_t round = 0; left > 0; ++round)
    for (auto place = domains.begin(); place != domains.end() && left > 0; ++place) {
      if (place->second.size() <= round) continue;
      const Place& chosen = place->second[round];
      taken[chosen.pod].set(chosen.slot);
      --left;
    }
  Choice choice{{}, servers, static_cast<int64_t>(taken.size())};
  for (const auto& [pod, bits] : taken) choice.takes.push_back({pod, bits});
  return choice;
}

int64_t least_pods(const std::vector<int64_t>& pod_sizes, int64_t servers) {
  std::vector<int64_t> sizes = pod_sizes;
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  int64_t pods = 0;
  for (int64_t size : sizes) {
    if (servers <= 0) break;
    servers -= size;
    ++pods;
  }
  return pods;
}

}  // namespace leasehold::fleet
