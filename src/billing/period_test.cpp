#include "billing/period.h"

#include <gtest/gtest.h>

namespace leasehold::billing {
namespace {

Month month(const char* text) { return *parse_month(text); }

int64_t hours(const Interval& interval) {
  return (interval.until.seconds - interval.from.seconds) / kSecondsPerHour;
}

TEST(Period, IsAsLongAsTheMonthIsOnTheWallClock) {
  EXPECT_EQ(hours(period_of(month("2026-02"), "Etc/UTC", 1)), 28 * 24);
  // Summer time begins on 29 March and ends on 25 October: a day of 23 hours, one of 25.
  EXPECT_EQ(hours(period_of(month("2026-03"), "Europe/Berlin", 1)), 31 * 24 - 1);
  EXPECT_EQ(hours(period_of(month("2026-10"), "Europe/Berlin", 1)), 31 * 24 + 1);
}

TEST(Period, OfThe31stBeginsOnTheLastDayOfAShorterMonth) {
  Interval february = period_of(month("2028-02"), "Etc/UTC", 31);
  EXPECT_EQ(to_text(february.from), "2028-02-29T00:00:00Z");
  EXPECT_EQ(to_text(february.until), "2028-03-31T00:00:00Z");
}

TEST(Period, TilesTheYears) {
  for (const char* zone : {"Etc/UTC", "America/Los_Angeles", "Asia/Kathmandu"})
    for (int64_t day : {1, 15, 29, 30, 31})
      for (Month m = month("2023-12"); m < month("2025-03"); m = m + 1) {
        Interval period = period_of(m, zone, day);
        EXPECT_EQ(period.until, period_of(m + 1, zone, day).from);
        EXPECT_EQ(month_at(period.from, zone, day), m);
        EXPECT_EQ(month_at(period.until + -1, zone, day), m);
      }
}

TEST(Period, EndsWithTheInstantsThatCanBeWritten) {
  EXPECT_EQ(period_of(month("9999-12"), "Etc/UTC", 1).until, kLast + 1);
  EXPECT_EQ(to_text(month_at(kForever, "Etc/UTC", 1)), "9999-12");
  EXPECT_EQ(to_text(month_at(kDawn, "Etc/UTC", 15)), "1970-01");
}

TEST(Month, IsReadAsItIsWritten) {
  EXPECT_EQ(to_text(month("2026-09")), "2026-09");
  EXPECT_EQ(to_text(month("2026-12") + 1), "2027-01");
  for (const char* wrong : {"2026", "2026-13", "2026-00", "26-09", "2026-9", "2026-09-01", ""})
    EXPECT_FALSE(parse_month(wrong)) << wrong;
}

}  // namespace
}  // namespace leasehold::billing
