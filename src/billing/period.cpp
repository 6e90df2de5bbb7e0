#include "billing/period.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace leasehold::billing {

namespace {

// Those of the instants that can be written.
constexpr Month kFirstMonth{int64_t{1970} * 12};
constexpr Month kLastMonth{int64_t{9999} * 12 + 11};

int64_t days_in(Month month) {
  constexpr std::array<int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t year = month.number / 12;
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  int64_t index = month.number % 12;
  return kDays[static_cast<size_t>(index)] + (index == 1 && leap ? 1 : 0);
}

}  // namespace

Instant period_start(Month month, const std::string& zone, int64_t day) {
  if (month < kFirstMonth) return kFirst;
  if (month > kLastMonth) return kLast + 1;
  auto start =
      parse_instant(fmt::format("{}-{:02}", to_text(month), std::min(day, days_in(month))), zone);
  LH_ASSERT(start.has_value());
  return *start;
}

Interval period_of(Month month, const std::string& zone, int64_t day) {
  return {period_start(month, zone, day), period_start(month + 1, zone, day)};
}

Month month_at(Instant at, const std::string& zone, int64_t day) {
  at = std::clamp(at, kFirst, kLast);
  std::string text = to_text(at);  // in UTC: no more than a month off
  Month month = *parse_month(text.substr(0, 7)) + 1;
  while (month > kFirstMonth && period_start(month, zone, day) > at) month = month + -1;
  return month;
}

}  // namespace leasehold::billing
