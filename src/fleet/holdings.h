// The servers of one account, a pool or a line, by pod: those that it holds and has not passed on
// to a line below, and of these the free ones, which can be given away or used now. Pods are found
// by how many of their servers are free, so that choosing servers looks at the pods that are chosen
// and at no others.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "domain/ids.h"
#include "fleet/pod_bits.h"

namespace leasehold::fleet {

class Holdings {
 public:
  struct Entry {
    PodId pod;
    PodBits held;
    PodBits free;
  };

  // Servers of a pod come, free or not, and go. What comes was not there; what goes was.
  void add(PodId pod, const PodBits& servers, const PodBits& free);
  void remove(PodId pod, const PodBits& servers);
  void set_free(PodId pod, const PodBits& servers, bool free);

  int64_t held() const { return held_; }
  int64_t free() const { return free_; }
  // In the order of pods; pods of which nothing is held any more may be among them.
  const std::vector<Entry>& entries() const { return entries_; }
  const Entry* find(PodId pod) const;

  // The pod with the fewest free servers that has at least so many, of equal ones the last; none
  // where no pod has.
  PodId fitting(int64_t servers) const;
  // Pods from the one with the most free servers down, of equal ones the first before the others;
  // stops when the visitor gives false. Large requests so take pods from one end and small ones
  // from the other.
  template <class Visit>
  void from_most_free(Visit visit) const {
    for (auto place = by_free_.rbegin(); place != by_free_.rend(); ++place)
      if (!visit(PodId{static_cast<uint32_t>(~*place)}, static_cast<int64_t>(*place >> 32))) return;
  }
  // The other way round.
  template <class Visit>
  void from_least_free(Visit visit) const {
    for (uint64_t key : by_free_)
      if (!visit(PodId{static_cast<uint32_t>(~key)})) return;
  }

 private:
  Entry& entry(PodId pod);
  // Takes the entry out of by_free_, lets it change and puts it back.
  template <class Change>
  void change(PodId pod, Change change);
  static uint64_t key(const Entry& entry) {
    return uint64_t{static_cast<uint32_t>(entry.free.count())} << 32 | ~entry.pod.number;
  }

  std::vector<Entry> entries_;  // by pod
  std::set<uint64_t> by_free_;  // keys of the entries with free servers
  int64_t held_ = 0;
  int64_t free_ = 0;
};

}  // namespace leasehold::fleet
