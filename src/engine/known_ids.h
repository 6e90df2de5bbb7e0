// The ids of all usage events ever counted, so that none counts twice: 128-bit fingerprints in
// sorted runs, the newer ones shorter. Adding costs a merge of runs of equal size now and then,
// asking a search in each of the few runs.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace leasehold::engine {

// BLAKE2b-128 of a source and an id in it.
using Fingerprint = std::array<uint64_t, 2>;
Fingerprint fingerprint_of(std::string_view source, std::string_view id);

class KnownIds {
 public:
  bool contains(const Fingerprint& id) const;
  // Of ids that are not contained.
  void add(std::vector<Fingerprint> ids);
  // In their order, whatever order they came in.
  std::vector<Fingerprint> sorted() const;
  size_t size() const;

 private:
  std::vector<std::vector<Fingerprint>> runs_;  // the longest first
};

}  // namespace leasehold::engine
