#include "base/time.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <optional>

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

namespace leasehold {

namespace {

using Seconds = std::chrono::seconds;
using LocalSeconds = date::local_time<Seconds>;

const date::time_zone* find_zone(std::string_view zone) {
  try {
    return date::locate_zone(std::string(zone));
  } catch (const std::exception&) {
    return nullptr;
  }
}

Instant to_instant(LocalSeconds local, const date::time_zone* zone) {
  date::local_info info = zone->get_info(local);
  // In a gap (summer time begins) the first instant after it; in an overlap the earlier of two.
  if (info.result == date::local_info::nonexistent)
    return {info.second.begin.time_since_epoch().count()};
  return {date::sys_time<Seconds>(local.time_since_epoch() - info.first.offset)
              .time_since_epoch()
              .count()};
}

// Reads `digits` decimal digits and then, unless it is '\0', the separator.
bool read_digits(std::string_view& text, size_t digits, char separator, int& value) {
  if (text.size() < digits) return false;
  value = 0;
  for (char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return false;
    value = 10 * value + (c - '0');
  }
  text.remove_prefix(digits);
  if (separator == '\0') return true;
  if (text.empty() || text.front() != separator) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<LocalSeconds> read_date(std::string_view& text) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!read_digits(text, 4, '-', year) || !read_digits(text, 2, '-', month) ||
      !read_digits(text, 2, '\0', day))
    return std::nullopt;
  auto civil = date::year(year) / month / day;
  if (!civil.ok() || year < 1970) return std::nullopt;
  return LocalSeconds(date::local_days(civil).time_since_epoch());
}

std::optional<Seconds> read_clock(std::string_view& text) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!read_digits(text, 2, ':', hour) || !read_digits(text, 2, '\0', minute)) return std::nullopt;
  if (!text.empty() && text.front() == ':') {
    text.remove_prefix(1);
    if (!read_digits(text, 2, '\0', second)) return std::nullopt;
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second);
}

}  // namespace

Instant operator+(Instant at, int64_t seconds) {
  if (at == kDawn || at == kForever) return at;
  int64_t sum = 0;
  if (__builtin_add_overflow(at.seconds, seconds, &sum)) return seconds > 0 ? kForever : kDawn;
  return {sum};
}

Interval intersection(const Interval& a, const Interval& b) {
  return {std::max(a.from, b.from), std::min(a.until, b.until)};
}

bool zone_known(std::string_view zone) { return find_zone(zone) != nullptr; }

Instant add_term(Instant from, const Term& term, std::string_view zone_name) {
  if (from == kDawn || from == kForever) return from;
  const date::time_zone* zone = find_zone(zone_name);
  LH_ASSERT(zone != nullptr);
  date::sys_seconds utc{Seconds(from.seconds)};
  Instant moved = from;
  if (term.months != 0 || term.days != 0) {
    LocalSeconds local = zone->to_local(utc);
    auto day = date::floor<date::days>(local);
    Seconds time_of_day = local - day;
    date::year_month_day civil{day};
    civil += date::months(term.months);
    if (!civil.ok()) civil = civil.year() / civil.month() / date::last;
    auto target = date::local_days(civil) + date::days(term.days);
    moved = to_instant(target + time_of_day, zone);
  }
  return moved + term.seconds;
}

std::string to_text(Instant at) {
  if (at == kForever) return "forever";
  if (at == kDawn) return "dawn";
  if (at < kFirst) return "before 1970-01-01";
  if (at > kLast) return "after 9999-12-31";
  date::sys_seconds utc{Seconds(at.seconds)};
  auto day = date::floor<date::days>(utc);
  date::year_month_day civil{day};
  date::hh_mm_ss clock{utc - day};
  // By hand, since every fact that is written has several: a formatter takes four times as long.
  std::string text = "0000-00-00T00:00:00Z";
  auto put = [&text](size_t end, auto value) {
    for (auto rest = static_cast<int>(value); rest > 0; rest /= 10)
      text[end--] = static_cast<char>('0' + rest % 10);
  };
  put(3, static_cast<int>(civil.year()));
  put(6, static_cast<unsigned>(civil.month()));
  put(9, static_cast<unsigned>(civil.day()));
  put(12, clock.hours().count());
  put(15, clock.minutes().count());
  put(18, clock.seconds().count());
  return text;
}

std::string local_date(Instant at, std::string_view zone_name) {
  const date::time_zone* zone = find_zone(zone_name);
  LH_ASSERT(zone != nullptr);
  date::year_month_day day{
      date::floor<date::days>(zone->to_local(date::sys_seconds{Seconds(at.seconds)}))};
  return fmt::format("{:04}-{:02}-{:02}", int(day.year()), unsigned(day.month()),
                     unsigned(day.day()));
}

std::string to_short_text(Instant at) {
  std::string text = to_text(at);
  constexpr std::string_view kMidnight = "T00:00:00Z";
  if (text.ends_with(kMidnight)) text.resize(text.size() - kMidnight.size());
  return text;
}

std::string to_text(const Term& term) {
  std::string text;
  auto part = [&text](int64_t count, const char* unit) {
    if (count == 0) return;
    if (!text.empty()) text += ' ';
    text += fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  };
  part(term.months / 12, "year");
  part(term.months % 12, "month");
  part(term.days, "day");
  part(term.seconds / 3600, "hour");
  part(term.seconds / 60 % 60, "minute");
  part(term.seconds % 60, "second");
  return text.empty() ? "0 days" : text;
}

Parsed<Instant> parse_instant(std::string_view text, std::string_view zone) {
  const char* rule = "a moment such as 2025-09-04, 2025-09-04T06:00:00Z or forever, from 1970 on";
  if (text == "forever" || text == "open") return kForever;
  if (text == "dawn") return kDawn;
  std::string_view rest = text;
  std::optional<LocalSeconds> local = read_date(rest);
  if (!local) return bad_input(std::string(text), rule);
  // A moment in UTC asks no zone: the journal is full of them.
  if (rest.size() == 10 && rest.front() == 'T' && rest.back() == 'Z') {
    std::string_view utc = rest.substr(1);
    std::optional<Seconds> clock = read_clock(utc);
    if (clock && utc == "Z") return Instant{(*local + *clock).time_since_epoch().count()};
  }
  const date::time_zone* found = find_zone(zone);
  if (found == nullptr) return bad_input(std::string(zone), "an IANA time zone such as Etc/UTC");
  if (rest.empty()) return to_instant(*local, found);
  if (rest.front() != 'T' && rest.front() != ' ') return bad_input(std::string(text), rule);
  rest.remove_prefix(1);
  std::optional<Seconds> clock = read_clock(rest);
  if (!clock) return bad_input(std::string(text), rule);
  LocalSeconds moment = *local + *clock;
  if (rest == "Z") return Instant{moment.time_since_epoch().count()};
  if (rest.empty()) return to_instant(moment, found);
  return bad_input(std::string(text), rule);
}

namespace {

struct TermUnit {
  std::array<std::string_view, 3> words;
  int months;
  int days;
  int64_t seconds;
};
constexpr std::array kTermUnits{
    TermUnit{{"y", "year", "years"}, 12, 0, 0},
    TermUnit{{"mo", "month", "months"}, 1, 0, 0},
    TermUnit{{"w", "week", "weeks"}, 0, 7, 0},
    TermUnit{{"d", "day", "days"}, 0, 1, 0},
    TermUnit{{"h", "hour", "hours"}, 0, 0, kSecondsPerHour},
    TermUnit{{"min", "minute", "minutes"}, 0, 0, 60},
    TermUnit{{"s", "second", "seconds"}, 0, 0, 1},
};

// A thousand years, whichever part of a term it is written in.
constexpr Term kLongestTerm{12'000, 366'000, 366'000 * kSecondsPerDay};

const TermUnit* term_unit(std::string_view word) {
  for (const TermUnit& unit : kTermUnits)
    if (std::find(unit.words.begin(), unit.words.end(), word) != unit.words.end()) return &unit;
  return nullptr;
}

}  // namespace

Parsed<Term> parse_term(std::string_view text) {
  const char* rule =
      "a term such as '4 years', '18 months', '90 days', '36h' or '1 year 6 months', at most 1000 "
      "years";
  Term term;
  std::string_view rest = text;
  auto skip = [&rest](auto wanted) {
    size_t count = 0;
    while (count < rest.size() && wanted(static_cast<unsigned char>(rest[count]))) ++count;
    std::string_view skipped = rest.substr(0, count);
    rest.remove_prefix(count);
    return skipped;
  };
  auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
  while (skip(is_space), !rest.empty()) {
    std::string_view digits = skip([](unsigned char c) { return std::isdigit(c) != 0; });
    skip(is_space);
    const TermUnit* unit = term_unit(skip([](unsigned char c) { return std::isalpha(c) != 0; }));
    int count = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    constexpr int kMostCount = 100'000'000;  // so that no product below overflows
    if (unit == nullptr || error != std::errc() || count > kMostCount)
      return bad_input(std::string(text), rule);
    term.months += count * unit->months;
    term.days += count * unit->days;
    term.seconds += count * unit->seconds;
    if (term.months > kLongestTerm.months || term.days > kLongestTerm.days ||
        term.seconds > kLongestTerm.seconds)
      return bad_input(std::string(text), rule);
  }
  if (term.empty()) return bad_input(std::string(text), rule);
  return term;
}

}  // namespace leasehold
