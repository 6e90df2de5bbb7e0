#include "base/money.h"

#include <gtest/gtest.h>

namespace leasehold {
namespace {

Money usd(const char* text) { return *parse_money(std::string(text) + " USD"); }

TEST(Money, IsReadAndWrittenExactly) {
  EXPECT_EQ(to_text(usd("2.0336")), "2.0336 USD");
  EXPECT_EQ(to_text(usd("2")), "2.00 USD");
  EXPECT_EQ(to_text(usd("1.3 billion")), "1300000000.00 USD");
  EXPECT_EQ(to_text(usd("200 million")), "200000000.00 USD");
  EXPECT_EQ(to_text(usd("-0.000000001")), "-0.000000001 USD");
  EXPECT_EQ(to_text(*parse_money("12 JPY")), "12 JPY");
  EXPECT_EQ(to_display(usd("1300000000.005")), "1,300,000,000.00 USD");
}

TEST(Money, SaysWhatItWantsInstead) {
  for (const char* wrong :
       {"", "USD", "12", "$12", "1.2.3 USD", "12 usd", "12 DOLLAR", "1 trillion USD"})
    EXPECT_FALSE(parse_money(wrong).has_value()) << wrong;
  EXPECT_EQ(parse_money("0.0000000001 USD").error().expected,
            "at most nine digits after the point");
  EXPECT_EQ(parse_money("99999999999999999999999999999 billion USD").error().expected,
            "an amount that 128 bits hold");
}

TEST(Money, IsRoundedHalfToEvenAndOnce) {
  EXPECT_EQ(scale(usd("0.000000001"), 1, 2), usd("0"));
  EXPECT_EQ(scale(usd("0.000000003"), 1, 2), usd("0.000000002"));
  EXPECT_EQ(scale(usd("-0.000000003"), 1, 2), usd("-0.000000002"));
  EXPECT_EQ(scale(usd("10"), 1, 3), usd("3.333333333"));
  EXPECT_EQ(round_to_minor_unit(usd("0.125")), usd("0.12"));
  EXPECT_EQ(round_to_minor_unit(usd("0.135")), usd("0.14"));
  EXPECT_EQ(round_to_minor_unit(*parse_money("2.5 JPY")), *parse_money("2 JPY"));
}

// A product of an amount and accelerator-seconds needs more than 128 bits before it is divided.
TEST(Money, ScalesThroughMoreThan128Bits) {
  Int128 atom_seconds = Int128{1'000'000'000} * 250'000'000'000;
  EXPECT_EQ(scale(usd("1000000000000"), atom_seconds, atom_seconds), usd("1000000000000"));
  EXPECT_EQ(scale(usd("-1000000000000"), atom_seconds, atom_seconds * 2), usd("-500000000000"));
}

TEST(Money, OfAWholeIsTheSumOfItsScaledParts) {
  // 1.3 billion over 10,000 accelerators and 1,461 days is $3.7075 an hour (neocloud facts, §1).
  Money hourly = scale(usd("1.3 billion"), 3600, Int128{10'000} * 1461 * 86'400);
  EXPECT_EQ(to_text(hourly), "3.707506274 USD");
}

TEST(Currency, IsThreeCapitalLetters) {
  EXPECT_TRUE(parse_currency("EUR").has_value());
  for (const char* wrong : {"", "eur", "EURO", "E1R"}) EXPECT_FALSE(parse_currency(wrong)) << wrong;
}

}  // namespace
}  // namespace leasehold
