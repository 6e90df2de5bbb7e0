#include "base/money.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <limits>

#include <boost/multiprecision/cpp_int.hpp>

namespace leasehold {

namespace {

constexpr int kNanoDigits = 9;

const Currency& common_currency(const Money& a, const Money& b) {
  LH_ASSERT(a.currency == b.currency || a.currency.code[0] == 0 || b.currency.code[0] == 0);
  return a.currency.code[0] != 0 ? a.currency : b.currency;
}

// Of a value that is not negative.
std::string digits_of(Int128 value) {
  if (value <= std::numeric_limits<int64_t>::max()) return std::to_string(int64_t(value));
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
  std::string text = amount.nanos < 0 ? "-" : "";
  text += whole;
  if (!fraction.empty()) text += '.' + fraction;
  if (amount.currency.code[0] != 0) text += ' ';
  return text += amount.currency.text();
}

template <class Integer>
Integer divide_half_even(const Integer& product, const Integer& denominator) {
  Integer quotient = product / denominator;
  Integer remainder = product % denominator;
  Integer twice = remainder < 0 ? Integer(-2 * remainder) : Integer(2 * remainder);
  bool away = twice > denominator || (twice == denominator && quotient % 2 != 0);
  if (away) quotient += product < 0 ? -1 : 1;
  return quotient;
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
  if (!__builtin_mul_overflow(amount.nanos, numerator, &product))
    return {divide_half_even(product, denominator), amount.currency};
  using Wide = boost::multiprecision::int256_t;
  Wide quotient = divide_half_even(Wide(Wide(amount.nanos) * numerator), Wide(denominator));
  constexpr Int128 kMost = std::numeric_limits<Int128>::max();
  LH_ASSERT(quotient <= kMost && quotient >= -kMost);
  return {static_cast<Int128>(quotient), amount.currency};
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
  bool fits = true;
  auto multiply = [&](int64_t factor) {
    fits = fits && !__builtin_mul_overflow(nanos, factor, &nanos);
  };
  int fraction_digits = -1;  // -1 until the point
  bool any = false;
  for (; !rest.empty(); rest.remove_prefix(1)) {
    char c = rest.front();
    if (c == '.' && fraction_digits < 0) {
      fraction_digits = 0;
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      if (fraction_digits >= kNanoDigits)
        return bad_input(std::string(text), "at most nine digits after the point");
      multiply(10);
      fits = fits && !__builtin_add_overflow(nanos, c - '0', &nanos);
      any = true;
      if (fraction_digits >= 0) ++fraction_digits;
    } else if (c != ',' && c != '_') {
      break;
    }
  }
  for (int i = std::max(fraction_digits, 0); i < kNanoDigits; ++i) multiply(10);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  for (auto [word, factor] :
       {std::pair<std::string_view, int64_t>{"million ", 1'000'000}, {"billion ", 1'000'000'000}})
    if (rest.starts_with(word)) {
      multiply(factor);
      rest.remove_prefix(word.size());
    }
  if (!fits) return bad_input(std::string(text), "an amount that 128 bits hold");
  Parsed<Currency> currency = parse_currency(rest);
  if (!any || !currency) return bad_input(std::string(text), rule);
  return Money{negative ? -nanos : nanos, *currency};
}

}  // namespace leasehold
