#include "fleet/holdings.h"

#include <algorithm>

#include "base/result.h"

namespace leasehold::fleet {

namespace {

bool before(const Holdings::Entry& entry, PodId pod) { return entry.pod < pod; }

}  // namespace

const Holdings::Entry* Holdings::find(PodId pod) const {
  auto place = std::lower_bound(entries_.begin(), entries_.end(), pod, before);
  return place != entries_.end() && place->pod == pod ? &*place : nullptr;
}

Holdings::Entry& Holdings::entry(PodId pod) {
  auto place = std::lower_bound(entries_.begin(), entries_.end(), pod, before);
  if (place == entries_.end() || place->pod != pod) place = entries_.insert(place, {pod, {}, {}});
  return *place;
}

template <class Change>
void Holdings::change(PodId pod, Change change) {
  Entry& changed = entry(pod);
  uint64_t old_key = key(changed);
  int64_t old_free = changed.free.count();
  int64_t old_held = changed.held.count();
  change(changed);
  uint64_t new_key = key(changed);
  held_ += changed.held.count() - old_held;
  free_ += changed.free.count() - old_free;
  if (new_key == old_key) return;
  // The node is used again: a change of the count allocates nothing.
  auto node = old_free > 0 ? by_free_.extract(old_key) : std::set<uint64_t>::node_type();
  if (changed.free.none()) return;
  if (node.empty()) {
    by_free_.insert(new_key);
  } else {
    node.value() = new_key;
    by_free_.insert(std::move(node));
  }
}

void Holdings::add(PodId pod, const PodBits& servers, const PodBits& free) {
  change(pod, [&](Entry& entry) {
    LH_ASSERT((entry.held & servers).none() && (free - servers).none());
    entry.held = entry.held | servers;
    entry.free = entry.free | free;
  });
}

void Holdings::remove(PodId pod, const PodBits& servers) {
  change(pod, [&](Entry& entry) {
    LH_ASSERT((servers - entry.held).none());
    entry.held = entry.held - servers;
    entry.free = entry.free - servers;
  });
}

void Holdings::set_free(PodId pod, const PodBits& servers, bool free) {
  change(pod, [&](Entry& entry) {
    LH_ASSERT((servers - entry.held).none());
    entry.free = free ? entry.free | servers : entry.free - servers;
  });
}

PodId Holdings::fitting(int64_t servers) const {
  auto place = by_free_.lower_bound(static_cast<uint64_t>(servers) << 32);
  return place == by_free_.end() ? PodId{} : PodId{static_cast<uint32_t>(~*place)};
}

}  // namespace leasehold::fleet
