// Typed quantities convert through the SKU, and only where it is sold so.
#include "domain/supply.h"

#include <gtest/gtest.h>

namespace leasehold {
namespace {

Sku nvl72() {
  Sku sku;
  sku.per_server = 72;
  sku.per_tray = 4;
  sku.per_nvlink_domain = 72;
  sku.per_rack = 72;
  sku.watts_per_server = 132'000;
  return sku;
}

TEST(Sku, ConvertsTheKindsItIsSoldIn) {
  Sku sku = nvl72();
  Site site;
  EXPECT_EQ(sku.atoms({2, QuantityKind::rack}, site), 144);
  EXPECT_EQ(sku.atoms({18, QuantityKind::tray}, site), 72);
  EXPECT_EQ(sku.atoms({1, QuantityKind::nvlink_domain}, site), 72);
  EXPECT_EQ(sku.atoms({8, QuantityKind::accelerator}, site), 8);
  EXPECT_EQ(sku.atoms({1, QuantityKind::slice}, site), std::nullopt);
  EXPECT_EQ(sku.atoms({8, QuantityKind::chip}, site), std::nullopt);
}

TEST(Sku, TurnsMegawattsIntoWholeServersWithTheSitesOverhead) {
  Sku sku = nvl72();
  Site site;
  EXPECT_EQ(sku.atoms({1'000'000, QuantityKind::megawatt}, site), 7 * 72);
  site.non_gpu_permille = 120;  // 147.84 kW a rack
  EXPECT_EQ(sku.atoms({1'000'000, QuantityKind::megawatt}, site), 6 * 72);
  EXPECT_EQ(sku.watts(72, site), 147'840);
  EXPECT_EQ(sku.watts(1, site), 2'054);  // rounded up: power is never promised short
}

TEST(Sku, OfTpusCountsChips) {
  Sku sku;
  sku.family = SkuFamily::tpu;
  sku.per_server = 4;
  sku.per_slice = 2048;
  EXPECT_EQ(sku.atom_kind(), QuantityKind::chip);
  EXPECT_EQ(sku.atoms({1, QuantityKind::slice}, Site{}), 2048);
  EXPECT_EQ(sku.atoms({8, QuantityKind::accelerator}, Site{}), std::nullopt);
}

TEST(Sku, RefusesWhatDoesNotFitInItsCount) {
  EXPECT_EQ(nvl72().atoms({std::numeric_limits<int64_t>::max(), QuantityKind::rack}, Site{}),
            std::nullopt);
}

}  // namespace
}  // namespace leasehold
