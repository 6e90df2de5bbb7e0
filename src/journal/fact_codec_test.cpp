#include "journal/fact_codec.h"

#include <gtest/gtest.h>

namespace leasehold::journal {
namespace {

Lease full_lease() {
  Lease lease;
  lease.id = LeaseId{7};
  lease.offer.name = "comet";
  lease.offer.lessor = PartyId{1};
  lease.offer.lessee = PartyId{2};
  Terms& terms = lease.offer.terms;
  terms.zone = "America/Los_Angeles";
  terms.use = Use::listed;
  terms.listed = {PartyId{3}, PartyId{4}};
  terms.notice = Term{0, 90, 0};
  terms.renewal = Renewal{Term{12, 0, 0}, Term{0, 180, 3600}};
  terms.draws_on = CommitmentId{1};
  Line line;
  line.source = {AccountKind::line, 5, 2};
  line.pool = PoolId{9};
  line.quantity = {1'250, QuantityKind::server};
  line.price = {PriceBasis::per_accelerator_hour, *parse_money("2.033600001 USD")};
  line.tranches = {{Instant{1'756'944'000}, kForever, 10'000, Instant{1'757'000'000}, 3}};
  lease.offer.lines = {line};
  lease.signed_at = Instant{1'756'944'000};
  lease.exit_fee = *parse_money("-1300000000000000000000.5 USD");
  lease.amendments = {"", "to-\"blackwell\"\n"};
  return lease;
}

TEST(Fact, IsReadAsItWasWrittenToTheByte) {
  std::string text = encode(LeaseSigned{full_lease()});
  auto fact = decode(text);
  ASSERT_TRUE(fact.has_value()) << fact.error().message;
  EXPECT_EQ(encode(*fact), text);
  EXPECT_EQ(text.substr(0, 60), R"({"kind":"lease_signed","v":1,"lease":{"id":"lease-7","offer")");
}

TEST(Fact, OfANewerKindOrVersionIsRefusedAsNewer) {
  for (const char* newer :
       {R"({"kind":"server_teleported","v":1})", R"({"kind":"lease_signed","v":2})"}) {
    auto fact = decode(newer);
    ASSERT_FALSE(fact.has_value());
    EXPECT_EQ(fact.error().code, IoCode::newer_version);
  }
}

TEST(Fact, ThatIsDamagedIsCorrupt) {
  for (const char* damaged :
       {"", "{", "[]", R"({"kind":"lease_signed"})", R"({"v":1})",
        R"({"kind":"lease_renewed","v":1,"lease":"lease-7"})",
        R"({"kind":"lease_renewed","v":1,"lease":"quote-7","until":"2025-01-01"})",
        R"({"kind":"lease_renewed","v":1,"lease":7,"until":"2025-01-01"})"})
    EXPECT_EQ(decode(damaged).error().code, IoCode::corrupt) << damaged;
}

TEST(Line, OfAnExportIsReadWhateverItsSpaces) {
  Record record = to_record({1, Instant{1000}, "a \"desk\"", LeaseSigned{full_lease()}});
  record.hash = chain({}, record);
  std::string line = to_line(record);
  auto read = from_line(line);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(to_line(*read), line);
  auto spaced = from_line("  " + line.replace(1, 0, "  "));
  ASSERT_TRUE(spaced.has_value());
  EXPECT_EQ(chain({}, *spaced), record.hash);
}

}  // namespace
}  // namespace leasehold::journal
