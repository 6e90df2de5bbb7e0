#include "domain/invoice.h"

#include <fmt/format.h>

namespace leasehold {

std::string to_text(Month month) {
  return fmt::format("{:04}-{:02}", month.number / 12, month.number % 12 + 1);
}

Parsed<Month> parse_month(std::string_view text) {
  Parsed<Instant> first = parse_instant(std::string(text) + "-01");
  if (text.size() != 7 || !first) return bad_input(std::string(text), "a month such as 2026-09");
  int64_t year =
      (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
  return Month{year * 12 + (text[5] - '0') * 10 + text[6] - '0' - 1};
}

Month operator+(Month month, int64_t months) { return {month.number + months}; }

}  // namespace leasehold
