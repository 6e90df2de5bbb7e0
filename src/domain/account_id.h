// What can be promised from: a site (watts), a pool (accelerators or chips), a line of a lease
// (likewise). All are accounts of the one capacity ledger, so power, servers and every tier of
// resale are kept by the same code.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/describe.h"
#include "base/id.h"
#include "domain/ids.h"

namespace leasehold {

enum class AccountKind : uint8_t { none, site, pool, line, hall, row, rack, feed, pod };

constexpr auto enum_names(AccountKind) {
  return std::array{"none", "site", "pool", "line", "hall", "row", "rack", "feed", "pod"};
}

struct AccountId {
  AccountKind kind = AccountKind::none;
  uint32_t number = 0;
  uint16_t line = 0;  // 1-based; only for lines of leases
  auto operator<=>(const AccountId&) const = default;
  explicit operator bool() const { return kind != AccountKind::none; }
};

// "site-1", "pool-3", "lease-7.1" (line 1 of lease 7), "rack-12"; "" for none.
std::string to_text(const AccountId& id);
Parsed<AccountId> parse_account_id(std::string_view text);

inline AccountId account_of(SiteId id) { return {AccountKind::site, id.number, 0}; }
inline AccountId account_of(PoolId id) { return {AccountKind::pool, id.number, 0}; }
inline AccountId account_of(HallId id) { return {AccountKind::hall, id.number, 0}; }
inline AccountId account_of(RowId id) { return {AccountKind::row, id.number, 0}; }
inline AccountId account_of(RackId id) { return {AccountKind::rack, id.number, 0}; }
inline AccountId account_of(FeedId id) { return {AccountKind::feed, id.number, 0}; }
inline AccountId account_of(PodId id) { return {AccountKind::pod, id.number, 0}; }

}  // namespace leasehold
