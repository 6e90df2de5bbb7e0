#include "domain/contract.h"

#include <algorithm>

namespace leasehold {

namespace {

// A mean month: a twelfth of 365.25 days.
constexpr int64_t kSecondsPerMeanMonth = 2'629'800;

}  // namespace

Interval Line::term() const {
  Interval term{kForever, kDawn};
  for (const Tranche& tranche : tranches) {
    term.from = std::min(term.from, tranche.from);
    term.until = std::max(term.until, tranche.until);
  }
  return term;
}

int64_t Line::atoms_at(Instant at) const {
  int64_t atoms = 0;
  for (const Tranche& tranche : tranches)
    if (tranche.interval().contains(at)) atoms += tranche.atoms;
  return atoms;
}

int64_t Line::greatest_atoms() const {
  int64_t greatest = 0;
  for (const Tranche& tranche : tranches) greatest = std::max(greatest, atoms_at(tranche.from));
  return greatest;
}

Interval Lease::term() const {
  Interval term{kForever, kDawn};
  for (const Line& line : offer.lines) {
    term.from = std::min(term.from, line.term().from);
    term.until = std::max(term.until, line.term().until);
  }
  return term;
}

Int128 atom_seconds(const Line& line, const Interval& window) {
  Int128 sum = 0;
  for (const Tranche& tranche : line.tranches) {
    Interval common = intersection(tranche.interval(), window);
    if (common.empty()) continue;
    LH_ASSERT(!common.open());
    sum += Int128{tranche.atoms} * (common.until.seconds - common.from.seconds);
  }
  return sum;
}

std::optional<Money> value(const Line& line, const Interval& window, int64_t atoms_per_server) {
  Interval common = intersection(line.term(), window);
  if (common.empty()) return Money{0, line.price.amount.currency};
  if (common.open()) return std::nullopt;
  Int128 part = atom_seconds(line, common);
  switch (line.price.basis) {
    case PriceBasis::total: {
      if (line.term().open()) return std::nullopt;
      Int128 whole = atom_seconds(line, line.term());
      return scale(line.price.amount, part, whole);
    }
    case PriceBasis::per_accelerator_hour:
      return scale(line.price.amount, part, kSecondsPerHour);
    case PriceBasis::per_server_month:
      return scale(line.price.amount, part, Int128{kSecondsPerMeanMonth} * atoms_per_server);
  }
  return std::nullopt;
}

std::optional<Money> hourly_rate(const Line& line, int64_t atoms_per_server) {
  if (line.tranches.empty()) return std::nullopt;
  switch (line.price.basis) {
    case PriceBasis::total: {
      if (line.term().open()) return std::nullopt;
      return scale(line.price.amount, kSecondsPerHour, atom_seconds(line, line.term()));
    }
    case PriceBasis::per_accelerator_hour:
      return line.price.amount;
    case PriceBasis::per_server_month:
      return scale(line.price.amount, kSecondsPerHour,
                   Int128{kSecondsPerMeanMonth} * atoms_per_server);
  }
  return std::nullopt;
}

}  // namespace leasehold
