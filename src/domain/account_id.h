// What can be promised from: a site (watts), a pool (accelerators or chips), a line of a lease
// (likewise). All are accounts of the one capacity ledger, so power, servers and every tier of
// resale are kept by the same code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.h"

namespace leasehold {

enum class AccountKind : uint8_t { none, site, pool, line };

struct AccountId {
  AccountKind kind = AccountKind::none;
  uint32_t number = 0;
  uint16_t line = 0;  // 1-based; only for lines of leases
  auto operator<=>(const AccountId&) const = default;
  explicit operator bool() const { return kind != AccountKind::none; }
};

// "site-1", "pool-3", "lease-7.1" (line 1 of lease 7); "" for none.
std::string to_text(const AccountId& id);
Parsed<AccountId> parse_account_id(std::string_view text);

}  // namespace leasehold
