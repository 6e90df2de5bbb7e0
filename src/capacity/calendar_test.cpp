// The calendar against an array of levels, one for each second of a small world.
#include "capacity/calendar.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace leasehold::capacity {
namespace {

constexpr int64_t kSeconds = 600;

// Levels by second; after the last second the level of the last holds for ever.
class Naive {
 public:
  void add(const Interval& interval, int64_t delta) {
    for (int64_t t = std::max<int64_t>(interval.from.seconds, 0);
         t < std::min(interval.until.seconds, kSeconds); ++t)
      levels_[static_cast<size_t>(t)] += delta;
  }
  int64_t at(int64_t t) const { return levels_[static_cast<size_t>(std::min(t, kSeconds - 1))]; }
  int64_t least(int64_t from, int64_t until) const {
    int64_t least = at(from);
    for (int64_t t = from; t < until; ++t) least = std::min(least, at(t));
    return least;
  }
  std::optional<int64_t> first_below(int64_t from, int64_t until, int64_t quantity) const {
    for (int64_t t = from; t < until; ++t)
      if (at(t) < quantity) return t;
    return std::nullopt;
  }
  std::optional<int64_t> earliest(int64_t from, int64_t quantity, int64_t seconds,
                                  int64_t deadline) const {
    for (int64_t start = from; start < kSeconds; ++start)
      if (start + seconds <= deadline && least(start, start + seconds) >= quantity) return start;
    return std::nullopt;
  }

 private:
  std::vector<int64_t> levels_ = std::vector<int64_t>(kSeconds, 0);
};

std::optional<int64_t> seconds_of(std::optional<Instant> at) {
  if (!at) return std::nullopt;
  return at->seconds;
}

// Few rounds leave a leaf, many build several levels; removing all again empties the tree.
class CalendarAgainstNaive : public ::testing::TestWithParam<int> {};

TEST_P(CalendarAgainstNaive, AnswersEveryQuestionAlike) {
  std::mt19937_64 random(static_cast<uint64_t>(GetParam()));
  auto below = [&random](int64_t bound) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(bound));
  };
  Calendar calendar;
  Naive naive;
  struct Added {
    Interval interval;
    int64_t delta;
  };
  std::vector<Added> added;
  auto change = [&](const Interval& interval, int64_t delta) {
    calendar.add(interval, delta);
    naive.add(interval, delta);
  };
  change({Instant{0}, kForever}, 50);
  for (int round = 0; round < GetParam() * 8; ++round) {
    int64_t from = below(kSeconds);
    Interval interval{Instant{from}, Instant{from + 1 + below(60)}};
    if (interval.until.seconds >= kSeconds || below(10) == 0) interval.until = kForever;
    added.push_back({interval, below(21) - 10});
    change(added.back().interval, added.back().delta);
    if (below(3) == 0) {
      size_t gone = static_cast<size_t>(below(static_cast<int64_t>(added.size())));
      change(added[gone].interval, -added[gone].delta);
      added.erase(added.begin() + static_cast<std::ptrdiff_t>(gone));
    }
    int64_t start = below(kSeconds);
    int64_t end = start + 1 + below(kSeconds - start);
    int64_t quantity = 30 + below(30);
    int64_t seconds = 1 + below(40);
    int64_t deadline = start + below(kSeconds);
    Interval window{Instant{start}, Instant{end}};
    ASSERT_EQ(calendar.level_at(Instant{start}), naive.at(start));
    ASSERT_EQ(calendar.least(window), naive.least(start, end));
    ASSERT_EQ(seconds_of(calendar.first_below(window, quantity)),
              naive.first_below(start, end, quantity));
    ASSERT_EQ(seconds_of(calendar.earliest(Instant{start}, quantity, seconds, Instant{deadline})),
              naive.earliest(start, quantity, seconds, deadline));
    for (const Step& step : calendar.steps(window))
      ASSERT_EQ(step.level, naive.at(step.at.seconds));
  }
  for (const Added& gone : added) change(gone.interval, -gone.delta);
  EXPECT_EQ(calendar.breakpoints(), 2U);  // dawn and the 50
}

INSTANTIATE_TEST_SUITE_P(Sizes, CalendarAgainstNaive,
                         ::testing::Values(1, 2, 3, 5, 10, 20, 40, 80, 200));

TEST(Calendar, AnOpenRunNeedsAnOpenEnd) {
  Calendar calendar;
  calendar.add({Instant{0}, kForever}, 10);
  calendar.add({Instant{100}, Instant{200}}, -5);
  EXPECT_EQ(calendar.earliest(Instant{0}, 10, Calendar::kOpenRun), Instant{200});
  EXPECT_EQ(calendar.earliest(Instant{0}, 11, Calendar::kOpenRun), std::nullopt);
  EXPECT_EQ(calendar.earliest(Instant{0}, 10, 100), Instant{0});
  EXPECT_EQ(calendar.earliest(Instant{0}, 10, 101), Instant{200});
  EXPECT_EQ(calendar.earliest(Instant{0}, 10, 101, Instant{300}), std::nullopt);
}

TEST(Calendar, BuiltFromSortedChangesIsTheSameFunction) {
  std::vector<Change> changes;
  Calendar added;
  for (int64_t i = 0; i < 5000; ++i) {
    Interval interval{Instant{i * 7 % 5000}, Instant{i * 7 % 5000 + 100}};
    added.add(interval, i % 5);
    changes.push_back({interval.from, i % 5});
    changes.push_back({interval.until, -(i % 5)});
  }
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.at < b.at; });
  Calendar built(changes);
  EXPECT_EQ(built.steps({kDawn, kForever}), added.steps({kDawn, kForever}));
  EXPECT_EQ(built.breakpoints(), added.breakpoints());
}

}  // namespace
}  // namespace leasehold::capacity
