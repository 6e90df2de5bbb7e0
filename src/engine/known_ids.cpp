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

// Fingerprints are spread evenly, so an id lies near its share of the run: from there outwards in
// doubling steps, then by halves. A few neighbouring cache lines instead of twenty far ones.
bool holds(const std::vector<Fingerprint>& run, const Fingerprint& id) {
  __extension__ using Wide = unsigned __int128;
  auto guess = static_cast<size_t>(Wide{id[0]} * run.size() >> 64);
  size_t low = guess;
  size_t high = guess;
  for (size_t step = 1; low > 0 && id < run[low]; step *= 2) low -= std::min(low, step);
  for (size_t step = 1; high < run.size() && run[high] < id; step *= 2)
    high = std::min(run.size(), high + step);
  auto first = run.begin() + static_cast<std::ptrdiff_t>(low);
  auto last = run.begin() + static_cast<std::ptrdiff_t>(std::min(high + 1, run.size()));
  return std::binary_search(first, last, id);
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
  return std::any_of(runs_.begin(), runs_.end(),
                     [&](const std::vector<Fingerprint>& run) { return holds(run, id); });
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
