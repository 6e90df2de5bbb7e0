// The compact encoding of a state, for its hash and for snapshots: whole numbers as varints
// (zigzag, seven bits a byte), texts and lists with their length before them, structs field by
// field in the order of their description. Equal states give equal bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/time.h"

namespace leasehold {

class BinaryWriter {
 public:
  void number(int64_t value) {
    auto bits = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
    while (bits >= 0x80) {
      bytes_ += static_cast<char>(bits | 0x80);
      bits >>= 7;
    }
    bytes_ += static_cast<char>(bits);
  }
  void text(std::string_view value) {
    number(static_cast<int64_t>(value.size()));
    bytes_ += value;
  }
  void instant(Instant at) { number(at.seconds); }
  void money(const Money& amount) {
    number(static_cast<int64_t>(amount.nanos >> 64));
    number(static_cast<int64_t>(amount.nanos));
    text(amount.currency.text());
  }

  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what a BinaryWriter wrote. Past the end, or on a length that cannot be, it turns bad and
// gives zeros: the caller asks ok() once at the end.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes) : rest_(bytes) {}

  int64_t number() {
    uint64_t bits = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return fail();
      auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      bits |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
    }
    return fail();
  }
  // A length of something whose parts take at least one byte each.
  size_t length() {
    int64_t count = number();
    if (count < 0 || static_cast<uint64_t>(count) > rest_.size()) {
      fail();
      return 0;
    }
    return static_cast<size_t>(count);
  }
  std::string_view text() {
    size_t size = length();
    std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  Instant instant() { return {number()}; }
  Money money() {
    Money amount;
    auto high = static_cast<Int128>(number());
    amount.nanos = high * (Int128{1} << 64) + static_cast<uint64_t>(number());
    std::string_view code = text();
    for (size_t i = 0; i < code.size() && i < 3; ++i) amount.currency.code[i] = code[i];
    return amount;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  int64_t fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace leasehold
