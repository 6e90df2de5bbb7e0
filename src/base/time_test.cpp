#include "base/time.h"

#include <gtest/gtest.h>

namespace leasehold {
namespace {

Instant at(const char* text, const char* zone = "Etc/UTC") { return *parse_instant(text, zone); }
Term term(const char* text) { return *parse_term(text); }
std::string later(const char* from, const char* by, const char* zone = "Etc/UTC") {
  return to_text(add_term(at(from, zone), term(by), zone));
}

TEST(Instant, IsReadInItsZoneAndWrittenInUtc) {
  EXPECT_EQ(to_text(at("2025-09-04")), "2025-09-04T00:00:00Z");
  EXPECT_EQ(to_text(at("2025-09-04", "America/Los_Angeles")), "2025-09-04T07:00:00Z");
  EXPECT_EQ(to_text(at("2025-09-04T06:30", "Europe/Berlin")), "2025-09-04T04:30:00Z");
  EXPECT_EQ(to_text(at("2025-09-04T06:30:15Z", "Europe/Berlin")), "2025-09-04T06:30:15Z");
  EXPECT_EQ(to_short_text(at("2025-09-04")), "2025-09-04");
  EXPECT_EQ(to_short_text(at("2025-09-04T00:00:01")), "2025-09-04T00:00:01Z");
  EXPECT_EQ(at("forever"), kForever);
}

TEST(Instant, IsWrittenAsItIsReadOnEveryDayThatThereIs) {
  for (Instant day = kFirst; day < kLast; day = day + kSecondsPerDay) {
    Instant moment = day + 86'399;
    ASSERT_EQ(at(to_text(moment).c_str()), moment);
  }
  EXPECT_EQ(to_text(kFirst), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_text(kLast), "9999-12-31T23:59:59Z");
  EXPECT_EQ(to_text(kLast + 1), "after 9999-12-31");
  EXPECT_EQ(to_short_text(kFirst + -1), "before 1970-01-01");
}

TEST(Instant, WrongIsRefused) {
  for (const char* wrong : {"", "2025", "2025-02-30", "2025-13-01", "-001-01-01", "+025-01-01",
                            "1969-12-31", "2025-01-01T24:00", "2025-01-01T10",
                            "2025-01-01T10:00:00X", "tomorrow", "12025-01-01", "2025-01-01Z"})
    EXPECT_FALSE(parse_instant(wrong, "Etc/UTC").has_value()) << wrong;
  EXPECT_EQ(parse_instant("2025-01-01", "Mars/Olympus").error().expected,
            "an IANA time zone such as Etc/UTC");
}

TEST(Term, IsReadInItsForms) {
  EXPECT_EQ(term("4 years"), (Term{48, 0, 0}));
  EXPECT_EQ(term("1 year 6 months"), (Term{18, 0, 0}));
  EXPECT_EQ(term("2w"), (Term{0, 14, 0}));
  EXPECT_EQ(term("36h"), (Term{0, 0, 129'600}));
  EXPECT_EQ(term("90d 15 minutes 10s"), (Term{0, 90, 910}));
  for (const char* text :
       {"4 years", "1 year 6 months", "90 days", "12 hours", "1 month 1 day 1 second"})
    EXPECT_EQ(to_text(term(text)), text);
}

TEST(Term, WrongIsRefused) {
  for (const char* wrong : {"", "soon", "4", "years", "0 days", "-1 day", "1.5 years", "1001 years",
                            "366001 days", "99999999999 s", "900 years 101 years"})
    EXPECT_FALSE(parse_term(wrong).has_value()) << wrong;
}

TEST(Term, KeepsTheDayOfTheMonthOrTakesItsLast) {
  EXPECT_EQ(later("2025-01-31", "1 month"), "2025-02-28T00:00:00Z");
  EXPECT_EQ(later("2024-01-31", "1 month"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(later("2025-01-31", "3 months"), "2025-04-30T00:00:00Z");
  EXPECT_EQ(later("2025-11-30", "3 months"), "2026-02-28T00:00:00Z");
  EXPECT_EQ(later("2024-02-29", "4 years"), "2028-02-29T00:00:00Z");
  EXPECT_EQ(later("2024-02-29", "1 year"), "2025-02-28T00:00:00Z");
}

TEST(Term, KeepsTheHourOfTheWallClockOverSummerTime) {
  // Summer time begins on 2025-03-09 in Los Angeles: the day has 23 hours.
  EXPECT_EQ(later("2025-03-09", "1 day", "America/Los_Angeles"), "2025-03-10T07:00:00Z");
  EXPECT_EQ(later("2025-03-09", "24h", "America/Los_Angeles"), "2025-03-10T08:00:00Z");
  EXPECT_EQ(later("2025-03-08T02:30", "1 day", "America/Los_Angeles"), "2025-03-09T10:00:00Z");
  // It ends on 2025-11-02: 01:30 comes twice, the first is meant.
  EXPECT_EQ(later("2025-11-01T01:30", "1 day", "America/Los_Angeles"), "2025-11-02T08:30:00Z");
}

// Every day of a century: adding months never skips a month and never goes back.
TEST(Term, OfMonthsIsMonotonicOnEveryDayOfACentury) {
  for (Instant day = at("2000-01-01"); day < at("2100-01-01"); day = day + kSecondsPerDay)
    for (int months : {1, 3, 12}) {
      Instant moved = add_term(day, Term{months, 0, 0}, "Etc/UTC");
      Instant next = add_term(day + kSecondsPerDay, Term{months, 0, 0}, "Etc/UTC");
      ASSERT_LE(moved, next) << to_text(day);
      std::string month = to_text(moved).substr(0, 7);
      int expected =
          std::stoi(to_text(day).substr(0, 4)) * 12 + std::stoi(to_text(day).substr(5, 2)) + months;
      ASSERT_EQ(std::stoi(month.substr(0, 4)) * 12 + std::stoi(month.substr(5)), expected);
    }
}

TEST(Interval, IsHalfOpen) {
  Interval day{at("2025-01-01"), at("2025-01-02")};
  EXPECT_TRUE(day.contains(day.from));
  EXPECT_FALSE(day.contains(day.until));
  EXPECT_FALSE(day.overlaps({day.until, kForever}));
  EXPECT_TRUE((Interval{day.from, kForever}.covers(day)));
  EXPECT_TRUE((intersection(day, {day.until, kForever}).empty()));
  EXPECT_EQ(kForever + 5, kForever);
  EXPECT_EQ(kDawn + 5, kDawn);
}

}  // namespace
}  // namespace leasehold
