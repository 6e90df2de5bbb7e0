#include "base/quantity.h"

#include <gtest/gtest.h>

namespace leasehold {
namespace {

TEST(Quantity, HasAKindAndIsReadAsItIsWritten) {
  for (const char* text : {"1 server", "10,000 accelerators", "18 trays", "2 racks", "64 chips",
                           "1 slice", "3 nvlink domains", "24.5 MW", "0.0143 MW"})
    EXPECT_EQ(to_text(*parse_quantity(text)), text);
  EXPECT_EQ(*parse_quantity("8 gpus"), (Quantity{8, QuantityKind::accelerator}));
  EXPECT_EQ(*parse_quantity("14300 W"), (Quantity{14'300, QuantityKind::megawatt}));
  EXPECT_EQ(*parse_quantity("14.3 kW"), *parse_quantity("14300 W"));
  EXPECT_EQ(*parse_quantity("47 MW"), (Quantity{47'000'000, QuantityKind::megawatt}));
}

TEST(Quantity, WithoutAKindOrNotWholeIsRefused) {
  for (const char* wrong :
       {"", "8", "server", "8 serverz", "1.5 servers", "-1 server", "1e3 servers", "0.1 W",
        "99999999999999999999 servers", "8 servers each"})
    EXPECT_FALSE(parse_quantity(wrong).has_value()) << wrong;
}

TEST(QuantityDeathTest, OfTwoKindsNeverAdd) {
  Quantity servers{1, QuantityKind::server};
  EXPECT_EQ((servers + servers).count, 2);
  Quantity accelerators{8, QuantityKind::accelerator};
  EXPECT_DEATH(servers + accelerators, "programmer's error");
}

}  // namespace
}  // namespace leasehold
