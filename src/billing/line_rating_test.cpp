#include "billing/line_rating.h"

#include <gtest/gtest.h>

#include "billing/period.h"

namespace leasehold::billing {
namespace {

Money dollars(const char* text) { return *parse_money(std::string(text) + " USD"); }
Instant at(const char* text) { return *parse_instant(text); }

// Three tranches as a ramp, each accepted some time after it begins.
Line ramp(Price price) {
  Line line;
  line.price = price;
  line.tranches = {{at("2026-01-01"), at("2030-01-01"), 2500, at("2026-01-15"), 0, {}},
                   {at("2026-03-02"), at("2030-01-01"), 2500, at("2026-03-16"), 0, {}},
                   {at("2026-05-01"), at("2030-01-01"), 5000, at("2026-05-15"), 0, {}}};
  return line;
}

TEST(LineFee, PartsOfATotalAreTheTotalHoweverTheTimeIsCut) {
  for (const char* total : {"1300000000", "0.01", "99999999.99", "7"}) {
    Line line = ramp({PriceBasis::total, dollars(total)});
    for (int64_t day : {1, 17, 31}) {
      Money sum = dollars("0");
      for (Month m = *parse_month("2025-11"); m < *parse_month("2030-03"); m = m + 1) {
        Interval period = period_of(m, "America/New_York", day);
        sum = sum + line_fee(line, {}, 8, period, period).amount;
      }
      EXPECT_EQ(sum, dollars(total));
    }
  }
}

TEST(LineFee, AnHourBeforeAcceptanceCostsNothing) {
  Line line = ramp({PriceBasis::per_accelerator_hour, dollars("2")});
  Interval january = period_of(*parse_month("2026-01"), "Etc/UTC", 1);
  LineFee fee = line_fee(line, {}, 8, january, january);
  EXPECT_EQ(fee.atom_seconds, 2500 * 17 * kSecondsPerDay);
  EXPECT_EQ(fee.amount, dollars("2040000"));
}

TEST(LineFee, AWholeMonthCostsTheWholePriceWhateverItsLength) {
  Line line;
  line.price = {PriceBasis::per_server_month, dollars("36999")};
  line.tranches = {{at("2026-01-16T12:00"), at("2027-01-01"), 16, {}, 0, {}}};
  for (const char* name : {"2026-02", "2026-03", "2026-04"}) {
    Interval period = period_of(*parse_month(name), "Etc/UTC", 1);
    EXPECT_EQ(line_fee(line, {}, 8, period, period).amount, dollars("73998")) << name;
  }
  Interval january = period_of(*parse_month("2026-01"), "Etc/UTC", 1);
  EXPECT_EQ(line_fee(line, {}, 8, january, january).amount, dollars("36999"));
}

TEST(LineFee, RisesOnTheAnniversaryWithinAPeriod) {
  Line line;
  line.price = {PriceBasis::per_accelerator_hour, dollars("1")};
  line.tranches = {{at("2025-01-11"), at("2030-01-01"), 1, {}, 0, {}}};
  Terms terms;
  terms.billing.emplace().escalator = Escalator{{12, 0, 0}, 100};
  Interval period = period_of(*parse_month("2027-01"), "Etc/UTC", 1);
  // Ten days at 1.10, 21 at 1.21.
  EXPECT_EQ(line_fee(line, terms, 8, period, period).amount, dollars("873.84"));
  EXPECT_EQ(price_at(line, terms, at("2027-01-11")), dollars("1.21"));
}

TEST(Rated, ByStepsOrByTheStepReached) {
  Rate rate{
      dollars("0.10"), RateMode::graduated, {{1000, dollars("0.08")}, {5000, dollars("0.05")}}};
  EXPECT_EQ(rated(rate, 500, 1), dollars("50"));
  EXPECT_EQ(rated(rate, 1000, 1), dollars("100"));
  EXPECT_EQ(rated(rate, 6000, 1), dollars("470"));
  rate.mode = RateMode::volume;
  EXPECT_EQ(rated(rate, 1000, 1), dollars("100"));
  EXPECT_EQ(rated(rate, 1001, 1), dollars("80.08"));
  EXPECT_EQ(rated(rate, 6000, 1), dollars("300"));
}

}  // namespace
}  // namespace leasehold::billing
