#include "billing/meterage.h"

#include <gtest/gtest.h>

namespace leasehold::billing {
namespace {

TEST(UsageSums, CutIntervalsWherePeriodsMeet) {
  UsageSums sums({100'000, 200'000, 450'000}, 2);
  UsageColumns columns;
  columns.add(0, 0, 100'000, 1000);        // before
  columns.add(0, 99'990, 100'010, 500);    // half of it
  columns.add(1, 150'000, 460'000, 1000);  // across, and over the end
  columns.add(1, 450'000, 500'000, 1000);  // after
  columns.add(0, 170'000, 170'000, 1000);  // empty
  sums.add(columns, 0, columns.size());
  EXPECT_EQ(sums.at(0, 0), 5000);
  EXPECT_EQ(sums.at(1, 0), 0);
  EXPECT_EQ(sums.at(0, 1), 50'000'000);
  EXPECT_EQ(sums.at(1, 1), 250'000'000);
}

TEST(UsageSums, PartsOfTheRowsAddUp) {
  UsageColumns columns;
  for (uint32_t i = 0; i < 1000; ++i) columns.add(i % 3, i * 500, i * 500 + i * 7, 250 + i);
  UsageSums whole({0, 86'400, 300'000, 600'000}, 3);
  whole.add(columns, 0, columns.size());
  UsageSums half({0, 86'400, 300'000, 600'000}, 3);
  UsageSums rest = half;
  half.add(columns, 0, 421);
  rest.add(columns, 421, columns.size());
  half.add(rest);
  int64_t sum = 0;
  for (size_t period = 0; period < 3; ++period)
    for (size_t key = 0; key < 3; ++key) {
      EXPECT_EQ(half.at(period, key), whole.at(period, key));
      sum += whole.at(period, key);
    }
  int64_t naive = 0;
  for (int64_t i = 0; i < 1000; ++i) naive += i * 7 * (250 + i);
  EXPECT_EQ(sum, naive);
}

}  // namespace
}  // namespace leasehold::billing
