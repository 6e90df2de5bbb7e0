#include "domain/contract.h"

#include <gtest/gtest.h>

namespace leasehold {
namespace {

constexpr int64_t kHour = kSecondsPerHour;

Line line_of(Price price, std::vector<Tranche> tranches) {
  Line line;
  line.price = price;
  line.tranches = std::move(tranches);
  return line;
}
Money dollars(const char* text) { return *parse_money(std::string(text) + " USD"); }
Tranche tranche(int64_t from_hour, int64_t until_hour, int64_t atoms) {
  Instant until = until_hour < 0 ? kForever : Instant{until_hour * kHour};
  return {Instant{from_hour * kHour}, until, atoms, std::nullopt, 0};
}

// Two ramp steps: 8 for 10 hours, then 16 for 10 hours; 240 accelerator-hours.
const std::vector<Tranche> kRamp{tranche(0, 20, 8), tranche(10, 20, 8)};

TEST(Value, OfATotalFollowsTheAcceleratorHours) {
  Line line = line_of({PriceBasis::total, dollars("2400")}, kRamp);
  EXPECT_EQ(value(line, {kDawn, kForever}, 8), dollars("2400"));
  EXPECT_EQ(value(line, {Instant{0}, Instant{10 * kHour}}, 8), dollars("800"));
  EXPECT_EQ(hourly_rate(line, 8), dollars("10"));
}

TEST(Value, OfAnHourlyPriceNeedsAnEnd) {
  Line line = line_of({PriceBasis::per_accelerator_hour, dollars("2")}, {tranche(0, -1, 8)});
  EXPECT_EQ(value(line, {kDawn, kForever}, 8), std::nullopt);
  EXPECT_EQ(value(line, {kDawn, Instant{3 * kHour}}, 8), dollars("48"));
  EXPECT_EQ(value(line, {Instant{0}, Instant{1}}, 8), dollars("0.004444444"));
}

TEST(Value, OfAServerMonthIsATwelfthOfAYear) {
  Line line = line_of({PriceBasis::per_server_month, dollars("36999")}, {tranche(0, 8766, 8)});
  EXPECT_EQ(value(line, {kDawn, kForever}, 8), dollars("443988"));  // 365.25 days
  EXPECT_EQ(to_text(*hourly_rate(line, 8)), "6.33110883 USD");  // $6.34 in the fact book: 30 days
}

TEST(Value, OfALineThatEndedIsNothing) {
  Line line = line_of({PriceBasis::total, dollars("0")}, {});
  EXPECT_TRUE(value(line, {kDawn, kForever}, 8)->zero());
  EXPECT_EQ(hourly_rate(line, 8), std::nullopt);
}

TEST(Line, KnowsItsTermAndItsGreatestAmount) {
  Line line = line_of({}, kRamp);
  EXPECT_EQ(line.term(), (Interval{Instant{0}, Instant{20 * kHour}}));
  EXPECT_EQ(line.atoms_at(Instant{5 * kHour}), 8);
  EXPECT_EQ(line.atoms_at(Instant{20 * kHour}), 0);
  EXPECT_EQ(line.greatest_atoms(), 16);
}

}  // namespace
}  // namespace leasehold
