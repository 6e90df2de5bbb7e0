#include "capacity/steps.h"

#include <algorithm>

#include "base/result.h"

namespace leasehold::capacity {

void Steps::add(const Interval& interval, int64_t delta) {
  if (interval.empty() || delta == 0) return;
  change(interval.from, delta);
  if (!interval.open()) change(interval.until, -delta);
}

void Steps::change(Instant at, int64_t delta) {
  auto place = std::lower_bound(changes_.begin(), changes_.end(), at,
                                [](const Change& c, Instant t) { return c.at < t; });
  if (place == changes_.end() || place->at != at) {
    changes_.insert(place, {at, delta});
  } else {
    place->delta += delta;
    if (place->delta == 0) changes_.erase(place);
  }
}

int64_t Steps::level_at(Instant at) const {
  int64_t level = 0;
  for (const Change& change : changes_) {
    if (change.at > at) break;
    level += change.delta;
  }
  return level;
}

int64_t Steps::least(const Interval& window) const {
  LH_ASSERT(!window.empty());
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const Piece& piece : pieces(window)) least = std::min(least, piece.level);
  return least;
}

std::vector<Steps::Piece> Steps::pieces(const Interval& window) const {
  std::vector<Piece> out;
  if (window.empty()) return out;
  Piece current{{window.from, window.until}, 0};
  for (const Change& change : changes_) {
    if (change.at >= window.until) break;
    if (change.at > current.interval.from) {
      out.push_back({{current.interval.from, change.at}, current.level});
      current.interval.from = change.at;
    }
    current.level += change.delta;
  }
  out.push_back(current);
  return out;
}

void Steps::write(BinaryWriter& out) const {
  out.number(static_cast<int64_t>(changes_.size()));
  for (const Change& change : changes_) {
    out.instant(change.at);
    out.number(change.delta);
  }
}

Steps Steps::read(BinaryReader& in) {
  Steps steps;
  for (size_t i = in.length(); i > 0; --i) {
    Instant at = in.instant();
    steps.changes_.push_back({at, in.number()});
  }
  return steps;
}

}  // namespace leasehold::capacity
