// The questions a calendar answers; calendar.cpp keeps the tree.
#include <algorithm>

#include "base/result.h"
#include "capacity/calendar.h"

namespace leasehold::capacity {

Calendar::View Calendar::root() const { return {root_, height_, 0, kForever.seconds}; }

Calendar::View Calendar::child_view(const View& parent, int position, int64_t base) const {
  const Inner& inner = inners_[parent.node];
  auto next = static_cast<size_t>(position + 1);
  int64_t end = position + 1 < inner.count ? inner.first[next] : parent.end;
  return {inner.child[static_cast<size_t>(position)], parent.height - 1, base, end};
}

int64_t Calendar::level_at(Instant at) const {
  int64_t level = 0;
  NodeIndex node = root_;
  for (int height = height_; height > 0; --height) {
    const Inner& inner = inners_[node];
    auto position = static_cast<size_t>(position_of(inner.first.data(), inner.count, at.seconds));
    for (size_t i = 0; i < position; ++i) level += inner.sum[i];
    node = inner.child[position];
  }
  const Leaf& leaf = leaves_[node];
  for (size_t i = 0; i < static_cast<size_t>(leaf.count) && leaf.at[i] <= at.seconds; ++i)
    level += leaf.delta[i];
  return level;
}

// Two walks to the window's first and last entries, level by level together: they wait for memory
// at the same time. What lies whole between them is answered by summaries on the way, and a walk
// ends as soon as nothing on it can be lower than what was found.
int64_t Calendar::least(const Interval& window) const {
  LH_ASSERT(!window.empty());
  const int64_t first = window.from.seconds;
  const int64_t last = window.until.seconds - 1;
  int64_t least = std::numeric_limits<int64_t>::max();
  Boundary left{root_, 0, true};
  Boundary right{root_, 0, true};
  bool parted = false;
  for (int height = height_; height > 0 && (left.open || right.open); --height) {
    const Inner& from = inners_[left.node];
    const Inner& to = inners_[right.node];
    int i = left.open ? position_of(from.first.data(), from.count, first) : 0;
    int j = right.open ? position_of(to.first.data(), to.count, last) : 0;
    Boundary to_left = left.open ? below(from, i, left.level) : left;
    Boundary to_right = right.open ? below(to, j, right.level) : right;
    int end = parted ? from.count : j;
    if (left.open) least = std::min(least, least_between(from, i + 1, end, to_left));
    if (right.open && parted) least = std::min(least, least_between(to, 0, j, right));
    parted = parted || i != j;
    if (left.open) to_left.open = to_left.level + from.least[static_cast<size_t>(i)] < least;
    if (right.open) to_right.open = to_right.level + to.least[static_cast<size_t>(j)] < least;
    left = to_left;
    right = to_right;
  }
  if (!parted) return least_in_leaf(left, first, last);
  if (left.open) least = std::min(least, least_in_leaf(left, first, kForever.seconds));
  if (right.open) least = std::min(least, least_in_leaf(right, kDawn.seconds, last));
  return least;
}

Calendar::Boundary Calendar::below(const Inner& inner, int position, int64_t level) {
  for (int k = 0; k < position; ++k) level += inner.sum[static_cast<size_t>(k)];
  return {inner.child[static_cast<size_t>(position)], level, true};
}

// Of the children [from, until); `at` has the level before the first of them, or before the one
// before it where that is the child walked into.
int64_t Calendar::least_between(const Inner& inner, int from, int until, const Boundary& at) {
  int64_t least = std::numeric_limits<int64_t>::max();
  int64_t level = at.level + (from > 0 ? inner.sum[static_cast<size_t>(from - 1)] : 0);
  for (int k = from; k < until; ++k) {
    auto child = static_cast<size_t>(k);
    least = std::min(least, level + inner.least[child]);
    level += inner.sum[child];
  }
  return least;
}

// Of the entries from the last one at or before `first` to the last one at or before `last`.
int64_t Calendar::least_in_leaf(const Boundary& boundary, int64_t first, int64_t last) const {
  const Leaf& leaf = leaves_[boundary.node];
  int from = position_of(leaf.at.data(), leaf.count, first);
  int until = position_of(leaf.at.data(), leaf.count, last);
  int64_t least = std::numeric_limits<int64_t>::max();
  int64_t level = boundary.level;
  for (int k = 0; k <= until; ++k) {
    level += leaf.delta[static_cast<size_t>(k)];
    if (k >= from) least = std::min(least, level);
  }
  return least;
}

std::optional<Instant> Calendar::first_below(const Interval& window, int64_t quantity) const {
  if (window.empty()) return std::nullopt;
  std::optional<int64_t> at =
      first_below_in(root(), window.from.seconds, window.until.seconds, quantity);
  if (!at) return std::nullopt;
  return Instant{std::max(*at, window.from.seconds)};
}

std::optional<int64_t> Calendar::first_below_in(const View& view, int64_t from, int64_t until,
                                                int64_t quantity) const {
  int64_t level = view.base;
  if (view.height == 0) {
    const Leaf& leaf = leaves_[view.node];
    int first = std::max(position_of(leaf.at.data(), leaf.count, from), 0);
    for (int i = 0; i < leaf.count && leaf.at[static_cast<size_t>(i)] < until; ++i) {
      level += leaf.delta[static_cast<size_t>(i)];
      if (i >= first && level < quantity) return leaf.at[static_cast<size_t>(i)];
    }
    return std::nullopt;
  }
  const Inner& inner = inners_[view.node];
  int first = std::max(position_of(inner.first.data(), inner.count, from), 0);
  for (int i = 0; i < first; ++i) level += inner.sum[static_cast<size_t>(i)];
  for (int i = first; i < inner.count && inner.first[static_cast<size_t>(i)] < until; ++i) {
    auto at = static_cast<size_t>(i);
    if (level + inner.least[at] < quantity) {
      auto found = first_below_in(child_view(view, i, level), from, until, quantity);
      if (found) return found;
    }
    level += inner.sum[at];
  }
  return std::nullopt;
}

// Where the last stretch below `quantity` inside the node ends: view.end if it lasts to the end.
// Precondition: there is such a stretch.
int64_t Calendar::last_below_end_in(const View& view, int64_t quantity) const {
  int64_t level = view.base;
  if (view.height == 0) {
    const Leaf& leaf = leaves_[view.node];
    int64_t end = view.end;
    for (int i = 0; i < leaf.count; ++i) {
      level += leaf.delta[static_cast<size_t>(i)];
      bool last = i + 1 == leaf.count;
      if (level < quantity) end = last ? view.end : leaf.at[static_cast<size_t>(i + 1)];
    }
    return end;
  }
  const Inner& inner = inners_[view.node];
  View latest;
  for (int i = 0; i < inner.count; ++i) {
    auto at = static_cast<size_t>(i);
    if (level + inner.least[at] < quantity) latest = child_view(view, i, level);
    level += inner.sum[at];
  }
  return last_below_end_in(latest, quantity);
}

// One walk in order of time that keeps the start of the run it stands in. A child that is below
// somewhere and shorter than the run asked for is not entered: no run fits inside it, and only the
// end of its last low stretch can matter, which is looked up when a later child makes it count.
class Calendar::RunSearch {
 public:
  RunSearch(const Calendar& calendar, int64_t from, int64_t quantity, int64_t seconds,
            int64_t deadline)
      : calendar_(calendar),
        from_(from),
        quantity_(quantity),
        seconds_(seconds),
        deadline_(deadline) {}

  std::optional<Instant> run() {
    if (!walk(calendar_.root())) return std::nullopt;
    bool in_time =
        deadline_ == kForever.seconds || (seconds_ != kOpenRun && start_ <= deadline_ - seconds_);
    return in_time ? std::optional(Instant{start_}) : std::nullopt;
  }

 private:
  enum class Run { none, exact, after_last_low };

  bool long_enough(int64_t start, int64_t end) const {
    if (end == kForever.seconds) return true;
    return seconds_ != kOpenRun && end - start >= seconds_;
  }

  // True when the run kept so far reaches from its start to `end` and is long enough. `start_` is
  // exact then.
  bool reaches(int64_t end) {
    if (run_ == Run::none || !long_enough(start_, end)) return false;
    if (run_ == Run::after_last_low) {
      start_ = std::max(calendar_.last_below_end_in(pending_, quantity_), from_);
      run_ = Run::exact;
    }
    return start_ < end && long_enough(start_, end);
  }

  void begin(int64_t start) {
    if (run_ != Run::none) return;
    run_ = Run::exact;
    start_ = std::max(start, from_);
  }

  bool walk(const View& view) { return view.height == 0 ? walk_leaf(view) : walk_inner(view); }

  bool walk_leaf(const View& view) {
    const Leaf& leaf = calendar_.leaves_[view.node];
    int64_t level = view.base;
    for (int i = 0; i < leaf.count; ++i) {
      auto at = static_cast<size_t>(i);
      level += leaf.delta[at];
      int64_t end = i + 1 < leaf.count ? leaf.at[at + 1] : view.end;
      if (end <= from_) continue;
      if (level < quantity_) {
        if (reaches(std::max(leaf.at[at], from_))) return true;
        run_ = Run::none;
      } else {
        begin(leaf.at[at]);
        if (reaches(end)) return true;
      }
    }
    return false;
  }

  bool walk_inner(const View& view) {
    const Inner& inner = calendar_.inners_[view.node];
    int64_t level = view.base;
    for (int i = 0; i < inner.count; ++i) {
      auto at = static_cast<size_t>(i);
      View child = calendar_.child_view(view, i, level);
      int64_t start = inner.first[at];
      if (start >= deadline_) return false;
      if (child.end > from_ &&
          visit(child, start, {inner.sum[at], inner.least[at], inner.greatest[at]}))
        return true;
      level += inner.sum[at];
    }
    return false;
  }

  bool visit(const View& child, int64_t start, const Summary& summary) {
    if (start < from_) return walk(child);
    if (child.base + summary.least >= quantity_) {
      begin(start);
      return reaches(child.end);
    }
    if (child.base + summary.greatest < quantity_) {
      run_ = Run::none;
      return false;
    }
    if (long_enough(start, child.end)) return walk(child);
    if (run_ != Run::none && long_enough(start_, child.end)) {
      // The run may end at the child's first low stretch and still be long enough.
      auto low = calendar_.first_below_in(child, start, child.end, quantity_);
      if (low && reaches(*low)) return true;
    }
    run_ = Run::after_last_low;
    pending_ = child;
    start_ = start;  // not before this
    return false;
  }

  const Calendar& calendar_;
  int64_t from_;
  int64_t quantity_;
  int64_t seconds_;
  int64_t deadline_;
  Run run_ = Run::none;
  int64_t start_ = 0;  // exact, or a lower bound while the run is after_last_low
  View pending_;
};

std::optional<Instant> Calendar::earliest(Instant from, int64_t quantity, int64_t seconds,
                                          Instant deadline) const {
  LH_ASSERT(seconds > 0);
  return RunSearch(*this, from.seconds, quantity, seconds, deadline.seconds).run();
}

std::vector<Step> Calendar::steps(const Interval& window) const {
  std::vector<Step> out;
  if (!window.empty()) steps_in(root(), window, out);
  return out;
}

void Calendar::steps_in(const View& view, const Interval& window, std::vector<Step>& out) const {
  int64_t level = view.base;
  if (view.height == 0) {
    const Leaf& leaf = leaves_[view.node];
    for (int i = 0; i < leaf.count; ++i) {
      auto at = static_cast<size_t>(i);
      level += leaf.delta[at];
      int64_t end = i + 1 < leaf.count ? leaf.at[at + 1] : view.end;
      if (end <= window.from.seconds || leaf.at[at] >= window.until.seconds) continue;
      if (!out.empty() && out.back().level == level) continue;
      out.push_back({Instant{std::max(leaf.at[at], window.from.seconds)}, level});
    }
    return;
  }
  const Inner& inner = inners_[view.node];
  for (int i = 0; i < inner.count; ++i) {
    View child = child_view(view, i, level);
    bool outside = child.end <= window.from.seconds ||
                   inner.first[static_cast<size_t>(i)] >= window.until.seconds;
    if (!outside) steps_in(child, window, out);
    level += inner.sum[static_cast<size_t>(i)];
  }
}

}  // namespace leasehold::capacity
