// Exact money: an integer of 10^-9 of a currency unit, in 128 bits. A price per GPU-second needs
// the fraction and $20 billion must fit; floating point never touches an amount. Amounts of two
// currencies do not add: that is a programmer's error, since every shell checks currencies first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace leasehold {

__extension__ using Int128 = __int128;

// An ISO 4217 code of three capital letters. No currency yet is "" and belongs to zero only.
struct Currency {
  char code[4] = {0, 0, 0, 0};
  bool operator==(const Currency&) const = default;
  std::string_view text() const { return code; }
};

Parsed<Currency> parse_currency(std::string_view text);

struct Money {
  static constexpr int64_t kNanosPerUnit = 1'000'000'000;

  Int128 nanos = 0;
  Currency currency;

  bool operator==(const Money&) const = default;
  bool zero() const { return nanos == 0; }
};

Money operator+(const Money& a, const Money& b);
Money operator-(const Money& a, const Money& b);
bool operator<(const Money& a, const Money& b);

// amount * numerator / denominator, rounded once, half to even. The product may need more than 128
// bits; that the result does is a programmer's error. Precondition: denominator > 0.
Money scale(const Money& amount, Int128 numerator, Int128 denominator);

// Rounded half to even to the currency's minor unit (cents; JPY and KRW have none).
Money round_to_minor_unit(const Money& amount);
int minor_unit_digits(const Currency& currency);

// "1300000000.00 USD", "2.0336 USD": at least the minor unit, and every digit that is not zero.
std::string to_text(const Money& amount);
// For people: rounded to the minor unit with thousands marked, "1,300,000,000.00 USD".
std::string to_display(const Money& amount);

// "1300000000 USD", "2.04 USD", "1.3 billion USD". "$200 million" is not: name the code.
Parsed<Money> parse_money(std::string_view text);

}  // namespace leasehold
