// The ids of everything that has one. Each kind has its own type, so they cannot be confused.
#pragma once

#include "base/id.h"

namespace leasehold {

struct PartyTag {
  static constexpr const char* kStem = "party";
};
struct SiteTag {
  static constexpr const char* kStem = "site";
};
struct SkuTag {
  static constexpr const char* kStem = "sku";
};
struct PoolTag {
  static constexpr const char* kStem = "pool";
};
struct DeliveryTag {
  static constexpr const char* kStem = "delivery";
};
struct QuoteTag {
  static constexpr const char* kStem = "quote";
};
struct LeaseTag {
  static constexpr const char* kStem = "lease";
};
struct CommitmentTag {
  static constexpr const char* kStem = "commitment";
};

using PartyId = Id<PartyTag>;
using SiteId = Id<SiteTag>;
using SkuId = Id<SkuTag>;
using PoolId = Id<PoolTag>;
using DeliveryId = Id<DeliveryTag>;
using QuoteId = Id<QuoteTag>;
using LeaseId = Id<LeaseTag>;
using CommitmentId = Id<CommitmentTag>;

}  // namespace leasehold
