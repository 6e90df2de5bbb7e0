// A cloud on disk for benchmarks: an operator with one pool, two customers, and requests for
// leases.
#pragma once

#include <string>
#include <vector>

#include "cloud/cloud.h"
#include "journal/sqlite.h"

namespace leasehold::bench {

inline constexpr int64_t kStart = 1'700'000'000;
inline constexpr int64_t kDay = 86'400;

std::unique_ptr<journal::Journal> open_store(const std::string& path);
cloud::Cloud open_cloud(const std::string& path, cloud::SnapshotPolicy policy);
// A new store with the operator's pool of so many accelerators.
cloud::Cloud new_cloud(const std::string& path, int64_t accelerators);

Command at(int64_t second, CommandBody body);
// A lease of accelerators from the pool.
OfferRequest offer(PartyId lessee, const Interval& interval, int64_t accelerators);

}  // namespace leasehold::bench
