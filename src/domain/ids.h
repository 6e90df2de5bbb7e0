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
struct HallTag {
  static constexpr const char* kStem = "hall";
};
struct RowTag {
  static constexpr const char* kStem = "row";
};
struct RackTag {
  static constexpr const char* kStem = "rack";
};
struct FeedTag {
  static constexpr const char* kStem = "feed";
};
struct PodTag {
  static constexpr const char* kStem = "pod";
};
struct ServerTag {
  static constexpr const char* kStem = "server";
};
struct SiteLeaseTag {
  static constexpr const char* kStem = "head";
};
struct LienTag {
  static constexpr const char* kStem = "lien";
};
struct OutageTag {
  static constexpr const char* kStem = "outage";
};
struct MaintenanceTag {
  static constexpr const char* kStem = "maintenance";
};
struct InstanceTag {
  static constexpr const char* kStem = "instance";
};
struct MeterTag {
  static constexpr const char* kStem = "meter";
};
struct IncidentTag {
  static constexpr const char* kStem = "incident";
};
struct PromotionTag {
  static constexpr const char* kStem = "promotion";
};
struct InvoiceTag {
  static constexpr const char* kStem = "invoice";
};
struct PaymentTag {
  static constexpr const char* kStem = "payment";
};
struct KeyTag {
  static constexpr const char* kStem = "key";
};
struct SshKeyTag {
  static constexpr const char* kStem = "ssh-key";
};
struct FileSystemTag {
  static constexpr const char* kStem = "file-system";
};
struct FirewallTag {
  static constexpr const char* kStem = "firewall";
};
struct ImageTag {
  static constexpr const char* kStem = "image";
};

using PartyId = Id<PartyTag>;
using SiteId = Id<SiteTag>;
using SkuId = Id<SkuTag>;
using PoolId = Id<PoolTag>;
using DeliveryId = Id<DeliveryTag>;
using QuoteId = Id<QuoteTag>;
using LeaseId = Id<LeaseTag>;
using CommitmentId = Id<CommitmentTag>;
using HallId = Id<HallTag>;
using RowId = Id<RowTag>;
using RackId = Id<RackTag>;
using FeedId = Id<FeedTag>;
using PodId = Id<PodTag>;
using ServerId = Id<ServerTag>;
using SiteLeaseId = Id<SiteLeaseTag>;
using LienId = Id<LienTag>;
using OutageId = Id<OutageTag>;
using MaintenanceId = Id<MaintenanceTag>;
using InstanceId = Id<InstanceTag>;
using MeterId = Id<MeterTag>;
using IncidentId = Id<IncidentTag>;
using PromotionId = Id<PromotionTag>;
using InvoiceId = Id<InvoiceTag>;
using PaymentId = Id<PaymentTag>;
using KeyId = Id<KeyTag>;
using SshKeyId = Id<SshKeyTag>;
using FileSystemId = Id<FileSystemTag>;
using FirewallId = Id<FirewallTag>;
using ImageId = Id<ImageTag>;

}  // namespace leasehold
