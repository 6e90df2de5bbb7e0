// A set of servers of one pod: a bit for each slot.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace leasehold::fleet {

class PodBits {
 public:
  static constexpr int kSlots = 128;

  static PodBits of(int64_t slot) {
    PodBits bits;
    bits.set(slot);
    return bits;
  }
  bool has(int64_t slot) const { return (word(slot) >> (slot & 63) & 1) != 0; }
  void set(int64_t slot) { words_[static_cast<size_t>(slot >> 6)] |= uint64_t{1} << (slot & 63); }
  int count() const { return std::popcount(words_[0]) + std::popcount(words_[1]); }
  bool none() const { return (words_[0] | words_[1]) == 0; }
  // The lowest slot; kSlots where there is none.
  int first() const {
    if (words_[0] != 0) return std::countr_zero(words_[0]);
    return words_[1] != 0 ? 64 + std::countr_zero(words_[1]) : kSlots;
  }
  // The lowest `count` of them.
  PodBits lowest(int64_t count) const {
    PodBits rest = *this;
    PodBits taken;
    for (; count > 0 && !rest.none(); --count) {
      int64_t slot = rest.first();
      taken.set(slot);
      rest = rest - of(slot);
    }
    return taken;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (size_t i = 0; i < words_.size(); ++i)
      for (uint64_t left = words_[i]; left != 0; left &= left - 1)
        visit(static_cast<int64_t>(i * 64) + std::countr_zero(left));
  }

  bool operator==(const PodBits&) const = default;
  friend PodBits operator|(const PodBits& a, const PodBits& b) {
    return PodBits(a.words_[0] | b.words_[0], a.words_[1] | b.words_[1]);
  }
  friend PodBits operator&(const PodBits& a, const PodBits& b) {
    return PodBits(a.words_[0] & b.words_[0], a.words_[1] & b.words_[1]);
  }
  friend PodBits operator-(const PodBits& a, const PodBits& b) {
    return PodBits(a.words_[0] & ~b.words_[0], a.words_[1] & ~b.words_[1]);
  }

  PodBits() = default;

 private:
  PodBits(uint64_t low, uint64_t high) : words_{low, high} {}
  uint64_t word(int64_t slot) const { return words_[static_cast<size_t>(slot >> 6)]; }

  std::array<uint64_t, 2> words_{};
};

}  // namespace leasehold::fleet
