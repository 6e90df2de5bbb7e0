// Who holds a promise, packed into the eight bytes that an account keeps for it.
#pragma once

#include "capacity/account.h"
#include "domain/account_id.h"
#include "domain/ids.h"

namespace leasehold::engine {

enum class HolderKind : uint8_t { line, hold, delivery, instance };

struct Holder {
  HolderKind kind = HolderKind::line;
  uint32_t number = 0;  // of the lease, quote, delivery or instance
  uint16_t line = 0;    // 1-based; 0 for what is no line

  capacity::HolderKey key() const {
    return (uint64_t{number} << 18) | (uint64_t{line} << 2) | static_cast<uint64_t>(kind);
  }
  static Holder from(capacity::HolderKey key) {
    return {static_cast<HolderKind>(key & 3), static_cast<uint32_t>(key >> 18),
            static_cast<uint16_t>(key >> 2)};
  }
  AccountId line_account() const { return {AccountKind::line, number, line}; }
};

inline Holder holder_of(const AccountId& line) {
  return {HolderKind::line, line.number, line.line};
}

}  // namespace leasehold::engine
