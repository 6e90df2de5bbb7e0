#include "billing/line_rating.h"

#include <algorithm>
#include <numeric>

namespace leasehold::billing {

namespace {

int64_t seconds_of(const Interval& interval) {
  return interval.empty() ? 0 : interval.until.seconds - interval.from.seconds;
}

// A total in parts as the weights say: rounded down to 10^-9 of the unit, the remainder to the
// parts that lost most by it.
std::vector<Money> split(const Money& total, const std::vector<Int128>& weights) {
  Int128 sum = std::accumulate(weights.begin(), weights.end(), Int128{0});
  std::vector<Money> parts(weights.size(), Money{0, total.currency});
  if (sum == 0) return parts;
  Int128 left = total.nanos;
  std::vector<std::pair<Int128, size_t>> lost;  // negative, so that the first lost most
  for (size_t i = 0; i < weights.size(); ++i) {
    Int128 whole = scale(total, weights[i], sum).nanos;  // may be rounded up by one
    parts[i].nanos = whole;
    left -= whole;
    lost.emplace_back(-weights[i], i);
  }
  std::sort(lost.begin(), lost.end());
  for (size_t k = 0; left != 0; k = (k + 1) % lost.size()) {
    Int128 step = left > 0 ? 1 : -1;
    parts[lost[k].second].nanos += step;
    left -= step;
  }
  return parts;
}

// What of a total has come due by an instant.
Money due_by(const Line& line, const Terms& terms, const std::vector<Money>& shares, Instant at) {
  Money due{0, line.price.amount.currency};
  for (size_t i = 0; i < line.tranches.size(); ++i) {
    Interval runs = payable(terms, line.tranches[i]);
    if (runs.empty() || at <= runs.from) continue;
    due = due + scale(shares[i], seconds_of(intersection(runs, {runs.from, at})), seconds_of(runs));
  }
  return round_to_minor_unit(due);
}

LineFee total_fee(const Line& line, const Terms& terms, const Interval& window) {
  std::vector<Int128> weights;
  weights.reserve(line.tranches.size());
  for (const Tranche& tranche : line.tranches)
    weights.push_back(Int128{tranche.atoms} * seconds_of(tranche.interval()));
  std::vector<Money> shares = split(line.price.amount, weights);
  return {payable_atom_seconds(line, terms, window),
          {0, line.price.amount.currency},
          due_by(line, terms, shares, window.until) - due_by(line, terms, shares, window.from)};
}

// The pieces of a window in which the price stays as it is.
std::vector<Interval> price_pieces(const Line& line, const Terms& terms, const Interval& window) {
  std::vector<Interval> pieces;
  Instant from = window.from;
  if (terms.billing && terms.billing->escalator) {
    Instant start = line.term().from;
    for (int steps = 1;; ++steps) {
      Term every = terms.billing->escalator->every;
      Term term{every.months * steps, every.days * steps, every.seconds * steps};
      Instant rises = add_term(start, term, terms.zone);
      if (rises >= window.until) break;
      if (rises <= from) continue;
      pieces.push_back({from, rises});
      from = rises;
    }
  }
  pieces.push_back({from, window.until});
  return pieces;
}

}  // namespace

Interval payable(const Terms& terms, const Tranche& tranche) {
  if (tranche.accepted_at) return {std::max(tranche.from, *tranche.accepted_at), tranche.until};
  bool awaited = tranche.deemed_on || terms.acceptance_window;
  return awaited ? Interval{tranche.until, tranche.until} : tranche.interval();
}

int64_t payable_atom_seconds(const Line& line, const Terms& terms, const Interval& window) {
  int64_t sum = 0;
  for (const Tranche& tranche : line.tranches)
    sum += tranche.atoms * seconds_of(intersection(payable(terms, tranche), window));
  return sum;
}

Money price_at(const Line& line, const Terms& terms, Instant at) {
  Money price = line.price.amount;
  if (line.price.basis == PriceBasis::total || !terms.billing || !terms.billing->escalator)
    return price;
  const Escalator& escalator = *terms.billing->escalator;
  Instant start = line.term().from;
  for (int steps = 1;; ++steps) {
    Term term{escalator.every.months * steps, escalator.every.days * steps,
              escalator.every.seconds * steps};
    if (add_term(start, term, terms.zone) > at) return price;
    price = scale(price, 1000 + escalator.permille, 1000);
  }
}

LineFee line_fee(const Line& line, const Terms& terms, int64_t atoms_per_server,
                 const Interval& window, const Interval& period) {
  if (line.price.basis == PriceBasis::total) return total_fee(line, terms, window);
  Int128 per_unit = line.price.basis == PriceBasis::per_accelerator_hour
                        ? Int128{kSecondsPerHour}
                        : Int128{atoms_per_server} * seconds_of(period);
  LineFee fee{0, price_at(line, terms, window.from), {0, line.price.amount.currency}};
  for (const Interval& piece : price_pieces(line, terms, window)) {
    int64_t atom_seconds = payable_atom_seconds(line, terms, piece);
    Money price = price_at(line, terms, piece.from);
    if (price != fee.unit_price) fee.unit_price.nanos = 0;
    fee.atom_seconds += atom_seconds;
    fee.amount = fee.amount + scale(price, atom_seconds, per_unit);
  }
  fee.amount = round_to_minor_unit(fee.amount);
  if (line.price.basis == PriceBasis::per_server_month) fee.unit_price.nanos = 0;
  return fee;
}

Money rated(const Rate& rate, Int128 quantity, Int128 per_unit) {
  if (rate.mode == RateMode::volume) {
    Money price = rate.price;
    for (const RateStep& step : rate.steps)
      if (quantity > step.above * per_unit) price = step.price;
    return scale(price, quantity, per_unit);
  }
  Money sum{0, rate.price.currency};
  Int128 from = 0;
  Money price = rate.price;
  for (const RateStep& step : rate.steps) {
    Int128 until = std::min(quantity, step.above * per_unit);
    if (until > from) sum = sum + scale(price, until - from, per_unit);
    from = std::max(from, until);
    price = step.price;
    if (quantity <= step.above * per_unit) return sum;
  }
  return sum + scale(price, quantity - from, per_unit);
}

}  // namespace leasehold::billing
