#include "engine/known_ids.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace leasehold::engine {
namespace {

TEST(KnownIds, KnowsWhatWasAddedInAnyOrder) {
  KnownIds ids;
  std::set<Fingerprint> all;
  for (int batch = 0; batch < 200; ++batch) {
    std::vector<Fingerprint> added;
    for (int i = 0; i < batch % 7 + 1; ++i) {
      Fingerprint id = fingerprint_of("meter", std::to_string(batch * 100 - i));
      if (all.insert(id).second) added.push_back(id);
    }
    ids.add(added);
  }
  EXPECT_EQ(ids.size(), all.size());
  EXPECT_EQ(ids.sorted(), std::vector<Fingerprint>(all.begin(), all.end()));
  for (const Fingerprint& id : all) EXPECT_TRUE(ids.contains(id));
  EXPECT_FALSE(ids.contains(fingerprint_of("other", "1")));
}

TEST(KnownIds, ASourceAndAnIdDoNotRunTogether) {
  EXPECT_NE(fingerprint_of("ab", "c"), fingerprint_of("a", "bc"));
}

}  // namespace
}  // namespace leasehold::engine
