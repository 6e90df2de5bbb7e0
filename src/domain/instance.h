// Instances: running rentals on whole servers, on accelerators of one server, or on a part of one.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/describe.h"
#include "base/time.h"
#include "domain/account_id.h"
#include "domain/ids.h"
#include "domain/server.h"

namespace leasehold {

enum class InstanceKind : uint8_t {
  committed,    // on a line that the tenant, or who it is a part of, holds
  on_demand,    // on a pool, without a commitment
  preemptible,  // on what a line or pool has idle; given back when its holder wants it
};
constexpr auto enum_names(InstanceKind) {
  return std::array{"committed", "on_demand", "preemptible"};
}

// What a preemptible instance is told ahead (data set: term_discounts.csv, spot).
inline constexpr int64_t kPreemptionNoticeSeconds = 30;

inline constexpr int64_t kWholeGpu = 1000;  // thousandths

// A part of one accelerator of a server.
struct GpuShare {
  int64_t gpu = 0;  // from 0
  int64_t milli = kWholeGpu;
  bool operator==(const GpuShare&) const = default;
  static constexpr auto fields() {
    return describe(field("gpu", &GpuShare::gpu), field("milli", &GpuShare::milli));
  }
};

struct Instance {
  InstanceId id;
  std::string name;
  PartyId tenant;
  InstanceKind kind = InstanceKind::committed;
  AccountId account;           // the line or pool that it draws on
  ServerRanges servers;        // whole ones; or one server, of which it has `gpus`
  std::vector<GpuShare> gpus;  // empty where it has whole servers
  Instant from;
  Instant until = kForever;  // when it ends by itself
  // Promised by the account from then on: nothing for a preemptible one; for a part of an
  // accelerator only from when no other part of it holds the promise any more.
  int64_t atoms = 0;
  Instant promised_from;
  uint32_t promise = 0;  // the slot in the account
  std::optional<Instant> reclaimed_at;
  std::optional<Instant> ended_at;
  static constexpr auto fields() {
    return describe(
        field("id", &Instance::id), field("name", &Instance::name),
        field("tenant", &Instance::tenant), field("kind", &Instance::kind),
        field("account", &Instance::account), field("servers", &Instance::servers),
        field("gpus", &Instance::gpus), field("from", &Instance::from),
        field("until", &Instance::until), field("atoms", &Instance::atoms),
        field("promised_from", &Instance::promised_from), field("promise", &Instance::promise),
        field("reclaimed_at", &Instance::reclaimed_at), field("ended_at", &Instance::ended_at));
  }
};

}  // namespace leasehold
