// Instants, half-open intervals and calendar terms.
//
// An instant is a whole second of UTC. Intervals are [from, until). A term ("4 years", "90 days")
// is calendar time: it is added on the wall clock of an IANA zone, so a month keeps its day
// ("1 month from the 31st" ends on the last day of a shorter month) and a day keeps its hour over
// a change to or from summer time. The zone database is reference data: it is consulted when a
// command is decided, never when a fact is applied, so a newer database cannot rewrite the past.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/result.h"

namespace leasehold {

struct Instant {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  auto operator<=>(const Instant&) const = default;
};

inline constexpr Instant kDawn{std::numeric_limits<int64_t>::min()};
inline constexpr Instant kForever{std::numeric_limits<int64_t>::max()};
// What can be written: 1970-01-01T00:00:00Z to 9999-12-31T23:59:59Z, and the two open ends.
inline constexpr Instant kFirst{0};
inline constexpr Instant kLast{253'402'300'799};
inline constexpr int64_t kSecondsPerHour = 3600;
inline constexpr int64_t kSecondsPerDay = 86400;

// Moves by seconds; the two open ends stay where they are.
Instant operator+(Instant at, int64_t seconds);

struct Interval {
  Instant from = kDawn;
  Instant until = kForever;

  bool empty() const { return from >= until; }
  bool open() const { return until == kForever; }
  bool contains(Instant at) const { return from <= at && at < until; }
  bool covers(const Interval& inner) const { return from <= inner.from && inner.until <= until; }
  bool overlaps(const Interval& other) const { return from < other.until && other.from < until; }
  auto operator<=>(const Interval&) const = default;
};

Interval intersection(const Interval& a, const Interval& b);

// Calendar time. Days and longer move the wall clock; hours and shorter are exact seconds.
struct Term {
  int months = 0;
  int days = 0;
  int64_t seconds = 0;

  bool empty() const { return months == 0 && days == 0 && seconds == 0; }
  auto operator<=>(const Term&) const = default;
};

// Adds a term on the wall clock of `zone` ("America/Los_Angeles"). A day that the month does not
// have becomes its last; an hour that a change to summer time skips becomes the first one after.
// The sum may lie after kLast: whoever keeps it checks that.
// Precondition: zone_known(zone).
Instant add_term(Instant from, const Term& term, std::string_view zone);

bool zone_known(std::string_view zone);

// "2025-09-04T00:00:00Z"; "forever" and "dawn" for the open ends. What cannot be written, as the
// end of a run that begins late, is "after 9999-12-31": for people alone, it is not read back.
std::string to_text(Instant at);
// The same without the time of day where that is midnight: "2025-09-04".
std::string to_short_text(Instant at);
// The day on the wall clock of a zone: "2025-09-04". Precondition: zone_known(zone).
std::string local_date(Instant at, std::string_view zone);
std::string to_text(const Term& term);  // "4 years", "1 year 6 months", "90 days", "12 hours"

// "2025-09-04" (midnight in `zone`), "2025-09-04T06:00" (wall clock of `zone`),
// "2025-09-04T06:00:00Z" (UTC), "forever".
Parsed<Instant> parse_instant(std::string_view text, std::string_view zone = "UTC");
// "4 years", "4y", "1 year 6 months", "90 days", "90d", "36h", "15 minutes", "10s"; no part of it
// longer than 1000 years.
Parsed<Term> parse_term(std::string_view text);

}  // namespace leasehold
