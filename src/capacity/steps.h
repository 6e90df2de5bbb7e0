// A small step function over time: what an account has. Supply changes are few (deliveries,
// tranches, substations), so a sorted list serves; promises go into the Calendar.
#pragma once

#include <vector>

#include "base/binary.h"
#include "base/time.h"
#include "capacity/calendar.h"

namespace leasehold::capacity {

class Steps {
 public:
  void add(const Interval& interval, int64_t delta);
  int64_t level_at(Instant at) const;
  int64_t least(const Interval& window) const;
  // The window cut where the level changes, each piece with its level.
  struct Piece {
    Interval interval;
    int64_t level = 0;
  };
  std::vector<Piece> pieces(const Interval& window) const;
  const std::vector<Change>& changes() const { return changes_; }
  bool empty() const { return changes_.empty(); }

  void write(BinaryWriter& out) const;
  static Steps read(BinaryReader& in);

 private:
  void change(Instant at, int64_t delta);
  std::vector<Change> changes_;  // sorted by instant, no zero deltas
};

}  // namespace leasehold::capacity
