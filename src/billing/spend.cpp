#include "billing/spend.h"

#include <algorithm>
#include <map>

#include "billing/line_rating.h"
#include "billing/period.h"

namespace leasehold::billing {

namespace {

// How far a charge has come from its beginning to an instant.
struct Progress {
  Int128 cost = 0;
  Int128 quantity = 0;
};

// One part of a whole, so that parts to ascending instants end in the whole.
Money part_of(const Money& whole, Int128 part, Int128 all) {
  return all == 0 ? whole : round_to_minor_unit(scale(whole, part, all));
}
int64_t part_of(int64_t whole, Int128 part, Int128 all) {
  return all == 0 ? whole : static_cast<int64_t>(Int128{whole} * part / all);
}

class Spread {
 public:
  Spread(const engine::State& state, Rater& rater, std::span<const Instant> boundaries,
         std::vector<Spend>& rows)
      : state_(state), rater_(rater), boundaries_(boundaries), rows_(rows) {}

  void add(const BillTo& to, const InvoiceLine& line) {
    Interval period = period_of(line.service, to.zone, to.day);
    auto progress = [&](Instant at) { return progress_of(line, period, at); };
    Instant until = std::min(line.until, period.until);
    find_use({line.from, until});
    Progress all = progress(until);
    Instant first = std::clamp(boundaries_.front(), line.from, until);
    Progress before = progress(first);
    int64_t used_before = used_of_line(line, first);
    for (size_t span = 0; span + 1 < boundaries_.size(); ++span) {
      Instant end = std::clamp(boundaries_[span + 1], line.from, until);
      if (end == first) continue;
      first = end;
      Progress after = progress(end);
      int64_t used_after = used_of_line(line, end);
      Spend row = row_of(to, line);
      row.span = span;
      row.amount =
          part_of(line.amount, after.cost, all.cost) - part_of(line.amount, before.cost, all.cost);
      row.quantity = part_of(line.quantity, after.quantity, all.quantity) -
                     part_of(line.quantity, before.quantity, all.quantity);
      row.used = used_after - used_before;
      before = after;
      used_before = used_after;
      if (!row.amount.zero() || row.quantity != 0 || row.used != 0) rows_.push_back(row);
    }
  }

  // What a department's instances ran on lines that others pay.
  void add_use(PartyId party) {
    for (size_t span = 0; span + 1 < boundaries_.size(); ++span) {
      if (boundaries_[span] == boundaries_[span + 1]) continue;
      for (const auto& [use, quantity] :
           rater_.use_in({boundaries_[span], boundaries_[span + 1]})) {
        if (use.kind != InstanceKind::committed || quantity == 0 ||
            !engine::is_part_of(state_, use.tenant, party))
          continue;
        const Lease& lease = state_.lease_of(use.account);
        if (engine::is_part_of(state_, lease.offer.lessee, party)) continue;
        Spend row;
        row.span = span;
        row.lessor = lease.offer.lessor;
        row.lease = lease.id;
        row.account = use.account;
        row.tenant = use.tenant;
        row.used = quantity;
        row.amount = {0, lease.offer.lines.front().price.amount.currency};
        rows_.push_back(row);
      }
    }
  }

 private:
  static Spend row_of(const BillTo& to, const InvoiceLine& line) {
    Spend row;
    row.lessor = to.lessor;
    row.kind = line.kind;
    row.lease = line.lease;
    row.account = line.account;
    row.tenant = line.tenant;
    row.meter = line.meter;
    return row;
  }

  // What instances used until each boundary of a charge's time.
  void find_use(const Interval& window) {
    std::vector<Instant> untils;
    for (Instant boundary : boundaries_)
      if (window.from < boundary && boundary < window.until &&
          (untils.empty() || untils.back() < boundary))
        untils.push_back(boundary);
    if (!window.empty()) untils.push_back(window.until);
    if (!untils.empty()) rater_.find_use(window.from, untils);
  }

  // Of a line of a lease, until an instant; with the part that is always paid where there are two.
  int64_t used_of_line(const InvoiceLine& line, Instant at) {
    if (line.kind != ChargeKind::committed || !line.account || at <= line.from) return 0;
    Interval window{line.from, at};
    return used_of(state_, rater_.use_in(window), line.account, window);
  }

  Progress progress_of(const InvoiceLine& line, const Interval& period, Instant at) {
    if (at <= line.from) return {};
    Interval window{line.from, at};
    Progress seconds{at.seconds - line.from.seconds, at.seconds - line.from.seconds};
    switch (line.kind) {
      case ChargeKind::committed:
        return committed(line, window, period);
      case ChargeKind::used:
        return both(used_of(state_, rater_.use_in(window), line.account, window));
      case ChargeKind::overage:
      case ChargeKind::on_demand:
      case ChargeKind::preemptible:
        return both(instances(line, window));
      case ChargeKind::metered:
        return both(metered(line, window));
      case ChargeKind::exit_fee:
        return both(state_.leases.at(line.lease).terminated_at.value_or(line.from) < at ? 1 : 0);
      default:
        return seconds;
    }
  }
  static Progress both(Int128 progress) { return {progress, progress}; }

  Progress committed(const InvoiceLine& line, const Interval& window,
                     const Interval& period) const {
    constexpr Int128 kNanosPerCent = Money::kNanosPerUnit / 100;
    const Line& leased = state_.line(line.account);
    const Terms& terms = state_.lease_of(line.account).offer.terms;
    LineFee fee = line_fee(leased, terms, state_.sku_of(line.account).per_server, window, period);
    return {fee.amount.nanos / kNanosPerCent, fee.atom_seconds};
  }
  int64_t instances(const InvoiceLine& line, const Interval& window) {
    InstanceKind kind =
        line.kind == ChargeKind::preemptible ? InstanceKind::preemptible : InstanceKind::on_demand;
    const InstanceUses& all = rater_.use_in(window);
    auto use = all.find({line.account, kind, line.tenant});
    return use == all.end() ? 0 : use->second;
  }
  int64_t metered(const InvoiceLine& line, const Interval& window) const {
    auto known = state_.billing.usage.find({line.meter, line.tenant, line.lease});
    if (known == state_.billing.usage.end()) return 0;
    int64_t micro = 0;
    auto bucket = known->second.lower_bound(window.from.seconds / engine::kBucketSeconds);
    auto last = known->second.lower_bound(window.until.seconds / engine::kBucketSeconds);
    for (; bucket != last; ++bucket) micro += bucket->second;
    return micro;
  }

  const engine::State& state_;
  Rater& rater_;
  std::span<const Instant> boundaries_;
  std::vector<Spend>& rows_;
};

// Whose charge it is: its tenant's, else its lease's lessee's.
bool concerns(const engine::State& state, const InvoiceLine& line, PartyId party) {
  PartyId whose = line.tenant;
  if (!whose && line.lease) whose = state.leases.at(line.lease).offer.lessee;
  return whose && engine::is_part_of(state, whose, party);
}

}  // namespace

std::vector<Spend> spend(const engine::State& state, Rater& rater, PartyId party,
                         std::span<const Instant> boundaries) {
  std::vector<Spend> rows;
  Spread spread(state, rater, boundaries, rows);
  Interval window{boundaries.front(), boundaries.back()};
  PartyId company = company_of(state, party);
  // Periods of other zones and billing days begin up to a month and a day earlier.
  Month first = month_at(window.from, "Etc/UTC", 1) + -2;
  Month last = month_at(window.until, "Etc/UTC", 1) + 1;
  for (Month month = first; month <= last; month = month + 1)
    for (const BillTo& to : rater.bills_to(company, month)) {
      if (!period_of(month, to.zone, to.day).overlaps(window)) continue;
      for (const InvoiceLine& line : rater.owed(to, month))
        if (is_service(line.kind) && (party == company || concerns(state, line, party)))
          spread.add(to, line);
    }
  if (party != company) spread.add_use(party);
  std::stable_sort(rows.begin(), rows.end(), [](const Spend& a, const Spend& b) {
    return std::pair(a.span, a.lessor) < std::pair(b.span, b.lessor);
  });
  return rows;
}

MonthSpend month_spend(const engine::State& state, Rater& rater, const SpendMonth& of,
                       const Currency& currency, Instant now) {
  Interval month = period_of(of.month, "Etc/UTC", 1);
  Instant seen = std::clamp(now, month.from, month.until);
  MonthSpend sums{{0, currency}, {0, currency}};
  for (const Spend& row :
       spend(state, rater, of.party, std::vector{month.from, seen, month.until})) {
    if (row.amount.currency != currency) continue;
    sums.expected = sums.expected + row.amount;
    if (row.span == 0) sums.so_far = sums.so_far + row.amount;
  }
  return sums;
}

std::vector<NoteSpend> spend_to_note(const engine::State& state, Instant now) {
  std::vector<NoteSpend> notes;
  if (state.billing.spend_budgets.empty()) return notes;
  Rater rater(state);
  Month this_month = month_at(now, "Etc/UTC", 1);
  for (const auto& [party, budget] : state.billing.spend_budgets)
    for (Month month : {this_month + -1, this_month}) {
      if (period_of(month, "Etc/UTC", 1).until <= budget.since) continue;
      SpendMonth of{party, month};
      MonthSpend sums = month_spend(state, rater, of, budget.monthly.currency, now);
      auto given = state.billing.spend_reached.find(of);
      int64_t reached = given == state.billing.spend_reached.end() ? 0 : given->second;
      for (int64_t alert : budget.alerts_permille)
        if (alert > reached && sums.so_far.nanos * 1000 >= budget.monthly.nanos * alert) {
          notes.push_back({of, sums.so_far});
          break;
        }
    }
  return notes;
}

}  // namespace leasehold::billing
