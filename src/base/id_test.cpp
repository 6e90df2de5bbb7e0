#include "base/id.h"

#include <gtest/gtest.h>

namespace leasehold {
namespace {

struct LeaseTag {
  static constexpr const char* kStem = "lease";
};

TEST(Id, CanBeReadAndTyped) {
  EXPECT_EQ(to_text(Id<LeaseTag>{7}), "lease-7");
  EXPECT_EQ(parse_id<LeaseTag>("lease-7"), Id<LeaseTag>{7});
  EXPECT_EQ(to_text(Id<LeaseTag>{}), "");
  for (const char* wrong :
       {"", "lease", "lease-", "lease-0", "quote-7", "lease-7x", "lease-99999999999"})
    EXPECT_FALSE(parse_id<LeaseTag>(wrong).has_value()) << wrong;
}

TEST(Id, SortsByNumber) {
  EXPECT_LT((IdText{"lease", 9}), (IdText{"lease", 10}));
  EXPECT_EQ(*parse_id_text("server-h100-0042"), (IdText{"server-h100", 42}));
  EXPECT_EQ(to_text(IdText{"server-h100", 42}, 4), "server-h100-0042");
}

}  // namespace
}  // namespace leasehold
