#include "domain/invoice.h"

#include <fmt/format.h>

namespace leasehold {

std::string to_text(Month month) {
  return fmt::format("{:04}-{:02}", month.number / 12, month.number % 12 + 1);
}

Parsed<Month> parse_month(std::string_view text) {
  Parsed<Instant> first = parse_instant(std::string(text) + "-01");
  if (text.size() != 7 || !first) return bad_input(std::string(text), "a month such as 2026-09");
  auto number = [&](size_t from, size_t to) {
    int64_t value = 0;
    for (char c : text.substr(from, to - from)) value = value * 10 + (c - '0');
    return value;
  };
  return Month{number(0, 4) * 12 + number(5, 7) - 1};
}

Month operator+(Month month, int64_t months) { return {month.number + months}; }

}  // namespace leasehold
