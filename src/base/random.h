// Seeded random numbers, the same on every machine: the standard says what the generator gives, and
// the choices below are ours, as the library's distributions are not the same everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace leasehold {

class Random {
 public:
  explicit Random(uint64_t seed) : generator_(seed) {}

  // From 0 to bound - 1, each as likely (Lemire's multiplication, without its rejection: the bias
  // is bound / 2^64).
  uint64_t below(uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<uint64_t>(Wide{generator_()} * bound >> 64);
  }
  bool one_in(uint64_t of) { return below(of) == 0; }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace leasehold
