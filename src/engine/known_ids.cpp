#include "engine/known_ids.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>

#include <sodium.h>

namespace leasehold::engine {

namespace {

std::vector<Fingerprint> merged(const std::vector<Fingerprint>& a,
                                const std::vector<Fingerprint>& b) {
  std::vector<Fingerprint> all;
  all.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
  return all;
}

}  // namespace

Fingerprint fingerprint_of(std::string_view source, std::string_view id) {
  std::string text;
  text.reserve(source.size() + id.size() + 1);
  text += source;
  text += '\0';
  text += id;
  Fingerprint print{};
  crypto_generichash(reinterpret_cast<unsigned char*>(print.data()), sizeof print,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return print;
}

bool KnownIds::contains(const Fingerprint& id) const {
  return std::any_of(runs_.begin(), runs_.end(), [&](const std::vector<Fingerprint>& run) {
    return std::binary_search(run.begin(), run.end(), id);
  });
}

void KnownIds::add(std::vector<Fingerprint> ids) {
  std::sort(ids.begin(), ids.end());
  while (!runs_.empty() && runs_.back().size() <= 2 * ids.size()) {
    ids = merged(runs_.back(), ids);
    runs_.pop_back();
  }
  if (!ids.empty()) runs_.push_back(std::move(ids));
}

std::vector<Fingerprint> KnownIds::sorted() const {
  std::vector<Fingerprint> all;
  for (const std::vector<Fingerprint>& run : runs_) all = merged(all, run);
  return all;
}

size_t KnownIds::size() const {
  size_t count = 0;
  for (const std::vector<Fingerprint>& run : runs_) count += run.size();
  return count;
}

}  // namespace leasehold::engine
