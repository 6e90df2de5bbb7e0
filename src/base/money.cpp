#include "base/money.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include <fmt/format.h>

namespace leasehold {

namespace {

constexpr int kNanoDigits = 9;

const Currency& common_currency(const Money& a, const Money& b) {
  LH_ASSERT(a.currency == b.currency || a.currency.code[0] == 0 || b.currency.code[0] == 0);
  return a.currency.code[0] != 0 ? a.currency : b.currency;
}

std::string digits_of(Int128 value) {
  if (value == 0) return "0";
  std::string digits;
  for (; value != 0; value /= 10) digits += static_cast<char>('0' + static_cast<int>(value % 10));
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string render(const Money& amount, bool thousands) {
  Int128 magnitude = amount.nanos < 0 ? -amount.nanos : amount.nanos;
  std::string whole = digits_of(magnitude / Money::kNanosPerUnit);
  std::string fraction = digits_of(magnitude % Money::kNanosPerUnit);
  fraction.insert(0, static_cast<size_t>(kNanoDigits) - fraction.size(), '0');
  auto keep = static_cast<size_t>(minor_unit_digits(amount.currency));
  while (fraction.size() > keep && fraction.back() == '0') fraction.pop_back();
  if (thousands)
    for (int i = static_cast<int>(whole.size()) - 3; i > 0; i -= 3)
      whole.insert(static_cast<size_t>(i), ",");
  return fmt::format("{}{}{}{}{}{}", amount.nanos < 0 ? "-" : "", whole,
                     fraction.empty() ? "" : ".", fraction, amount.currency.code[0] != 0 ? " " : "",
                     amount.currency.text());
}

}  // namespace

Parsed<Currency> parse_currency(std::string_view text) {
  bool capitals = text.size() == 3 && std::all_of(text.begin(), text.end(),
                                                  [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!capitals) return bad_input(std::string(text), "an ISO 4217 currency code such as USD");
  Currency currency;
  std::memcpy(currency.code, text.data(), 3);
  return currency;
}

Money operator+(const Money& a, const Money& b) {
  Money sum{0, common_currency(a, b)};
  LH_ASSERT(!__builtin_add_overflow(a.nanos, b.nanos, &sum.nanos));
  return sum;
}

Money operator-(const Money& a, const Money& b) { return a + Money{-b.nanos, b.currency}; }

bool operator<(const Money& a, const Money& b) {
  common_currency(a, b);
  return a.nanos < b.nanos;
}

Money scale(const Money& amount, Int128 numerator, Int128 denominator) {
  LH_ASSERT(denominator > 0);
  Int128 product = 0;
  LH_ASSERT(!__builtin_mul_overflow(amount.nanos, numerator, &product));
  Int128 quotient = product / denominator;
  Int128 remainder = product % denominator;
  Int128 twice = remainder < 0 ? -2 * remainder : 2 * remainder;
  bool away = twice > denominator || (twice == denominator && quotient % 2 != 0);
  if (away) quotient += product < 0 ? -1 : 1;
  return {quotient, amount.currency};
}

int minor_unit_digits(const Currency& currency) {
  std::string_view code = currency.text();
  return code == "JPY" || code == "KRW" || code.empty() ? 0 : 2;
}

Money round_to_minor_unit(const Money& amount) {
  Int128 step = Money::kNanosPerUnit;
  for (int i = minor_unit_digits(amount.currency); i > 0; --i) step /= 10;
  Money steps = scale(amount, 1, step);
  return {steps.nanos * step, amount.currency};
}

std::string to_text(const Money& amount) { return render(amount, false); }

std::string to_display(const Money& amount) { return render(round_to_minor_unit(amount), true); }

Parsed<Money> parse_money(std::string_view text) {
  const char* rule = "an amount and a currency such as '2.04 USD' or '1.3 billion USD'";
  std::string_view rest = text;
  bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  Int128 nanos = 0;
  int fraction_digits = -1;  // -1 until the point
  bool any = false;
  for (; !rest.empty(); rest.remove_prefix(1)) {
    char c = rest.front();
    if (c == '.' && fraction_digits < 0) {
      fraction_digits = 0;
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      if (fraction_digits >= kNanoDigits || nanos > Int128{1} << 90)
        return bad_input(std::string(text), "at most nine digits after the point");
      nanos = nanos * 10 + (c - '0');
      any = true;
      if (fraction_digits >= 0) ++fraction_digits;
    } else if (c != ',' && c != '_') {
      break;
    }
  }
  for (int i = std::max(fraction_digits, 0); i < kNanoDigits; ++i) nanos *= 10;
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  for (auto [word, factor] :
       {std::pair<std::string_view, int64_t>{"million ", 1'000'000}, {"billion ", 1'000'000'000}})
    if (rest.starts_with(word)) {
      nanos *= factor;
      rest.remove_prefix(word.size());
    }
  Parsed<Currency> currency = parse_currency(rest);
  if (!any || !currency) return bad_input(std::string(text), rule);
  return Money{negative ? -nanos : nanos, *currency};
}

}  // namespace leasehold
