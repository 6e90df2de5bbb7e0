#include "base/id.h"

#include <gtest/gtest.h>

namespace leasehold {
namespace {

struct BoatTag {
  static constexpr const char* kStem = "boat";
};

TEST(Id, CanBeReadAndTyped) {
  EXPECT_EQ(to_text(Id<BoatTag>{7}), "boat-7");
  EXPECT_EQ(parse_id<BoatTag>("boat-7"), Id<BoatTag>{7});
  EXPECT_EQ(to_text(Id<BoatTag>{}), "");
  for (const char* wrong :
       {"", "boat", "boat-", "boat-0", "quote-7", "boat-7x", "boat-99999999999"})
    EXPECT_FALSE(parse_id<BoatTag>(wrong).has_value()) << wrong;
}

TEST(Id, SortsByNumber) {
  EXPECT_LT((IdText{"lease", 9}), (IdText{"lease", 10}));
  EXPECT_EQ(*parse_id_text("server-h100-0042"), (IdText{"server-h100", 42}));
  EXPECT_EQ(to_text(IdText{"server-h100", 42}, 4), "server-h100-0042");
}

}  // namespace
}  // namespace leasehold
