// The capacity calendar: what is free at every instant, as one step function over time.
//
// A B+ tree over breakpoints. A leaf entry says how much the level changes at an instant; each
// inner entry keeps, for its subtree, the sum of the changes and the least and the greatest
// running level. So changing an interval, the least level over a window and the earliest start
// of a run are O(log n) and touch a handful of cache lines; see docs/internals/capacity.md.
//
// Levels are in the account's atoms (accelerators, chips, watts). Level 0 everywhere at first.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"

namespace leasehold::capacity {

// From `at` on, until the next step, the level is `level`.
struct Step {
  Instant at;
  int64_t level = 0;
  bool operator==(const Step&) const = default;
};

// At `at` the level changes by `delta`.
struct Change {
  Instant at;
  int64_t delta = 0;
};

class Calendar {
 public:
  Calendar() { clear(); }
  // Builds in O(n) from changes sorted by instant; equal instants are joined.
  explicit Calendar(std::span<const Change> sorted_changes);

  // Adds `delta` to the level everywhere in the interval. An empty interval changes nothing.
  void add(const Interval& interval, int64_t delta);

  int64_t level_at(Instant at) const;
  // The least level over a window that is not empty.
  int64_t least(const Interval& window) const;
  // The first instant of the window at which the level is below `quantity`.
  std::optional<Instant> first_below(const Interval& window, int64_t quantity) const;
  // The earliest start >= from such that the level stays >= quantity for `seconds` and the run has
  // ended by `deadline`. seconds == kOpenRun asks for a run that never ends.
  std::optional<Instant> earliest(Instant from, int64_t quantity, int64_t seconds,
                                  Instant deadline = kForever) const;
  // The steps that draw the window: the first at window.from, then one at each change of level.
  std::vector<Step> steps(const Interval& window) const;

  size_t breakpoints() const { return breakpoints_; }
  size_t bytes() const;

  static constexpr int64_t kOpenRun = std::numeric_limits<int64_t>::max();

 private:
  static constexpr int kFanout = 24;
  static constexpr int kMergeBelow = 6;  // a node this small joins a neighbour that has room
  using NodeIndex = uint32_t;

  struct Summary {
    int64_t sum = 0;
    int64_t least = 0;     // of the running levels inside, counted from 0 before the first entry
    int64_t greatest = 0;  // likewise
  };
  struct Leaf {
    int count = 0;
    std::array<int64_t, kFanout> at;
    std::array<int64_t, kFanout> delta;
  };
  struct Inner {
    int count = 0;
    std::array<int64_t, kFanout> first;  // the first instant inside each child, exactly
    // Apart, since a walk adds up sums and rarely looks at the others.
    std::array<int64_t, kFanout> sum;
    std::array<int64_t, kFanout> least;
    std::array<int64_t, kFanout> greatest;
    std::array<NodeIndex, kFanout> child;
  };
  struct Split {
    bool happened = false;
    NodeIndex right = 0;
  };
  // A node with what is known of it from above: its height (0 is a leaf), the level before its
  // first entry, and where its part of time ends.
  struct View {
    NodeIndex node = 0;
    int height = 0;
    int64_t base = 0;
    int64_t end = 0;
  };
  class RunSearch;

  // The last position whose key is <= at; -1 where all are later.
  static int position_of(const int64_t* keys, int count, int64_t at);

  void clear();
  void fetch_ends(const Interval& interval) const;
  NodeIndex fetch_child(NodeIndex node, int height, int64_t at) const;
  void change(int64_t at, int64_t delta);
  Split change_in(NodeIndex node, int height, int64_t at, int64_t delta);
  Split change_in_leaf(NodeIndex node, int64_t at, int64_t delta);
  Split insert_child(NodeIndex node, int position, NodeIndex right, int child_height);
  void refresh(Inner& inner, int position, int child_height);
  void remove_or_merge(NodeIndex node, int position, int child_height);
  void drop_child(Inner& inner, int position);
  bool join(NodeIndex left, NodeIndex right, int height);
  void grow_root(NodeIndex right);
  void build_inner_levels(std::vector<NodeIndex> nodes);

  Summary summarize(NodeIndex node, int height) const;
  int64_t first_of(NodeIndex node, int height) const;
  int count_of(NodeIndex node, int height) const;
  View root() const;
  View child_view(const View& parent, int position, int64_t base) const;
  // A node on the way to one end of a window, with the level before its first entry; not open
  // where nothing in it matters any more.
  struct Boundary {
    NodeIndex node = 0;
    int64_t level = 0;
    bool open = true;
  };
  static Boundary below(const Inner& inner, int position, int64_t level);
  static int64_t least_between(const Inner& inner, int from, int until, const Boundary& at);
  int64_t least_in_leaf(const Boundary& boundary, int64_t first, int64_t last) const;
  std::optional<int64_t> first_below_in(const View& view, int64_t from, int64_t until,
                                        int64_t quantity) const;
  int64_t last_below_end_in(const View& view, int64_t quantity) const;
  void steps_in(const View& view, const Interval& window, std::vector<Step>& out) const;

  NodeIndex new_leaf();
  NodeIndex new_inner();
  void free_node(NodeIndex node, int height);

  std::vector<Leaf> leaves_;
  std::vector<Inner> inners_;
  std::vector<NodeIndex> free_leaves_;
  std::vector<NodeIndex> free_inners_;
  NodeIndex root_ = 0;
  int height_ = 0;
  size_t breakpoints_ = 0;
};

}  // namespace leasehold::capacity
