#include "finance/margin.h"

#include <algorithm>

#include "billing/line_rating.h"
#include "billing/period.h"

namespace leasehold::finance {

namespace {

constexpr Int128 kMilliHour = Int128{kMilli} * kSecondsPerHour;

// An accelerator-month's depreciation of a pool's servers, over all of its deliveries with a cost.
Money depreciation_of(const engine::State& state, PoolId pool, int64_t atom_months_milli,
                      int64_t life_months) {
  Money each;
  int64_t atoms = 0;
  for (const auto& [id, cost] : state.billing.costs) {
    const Delivery& delivery = state.deliveries.at(id);
    if (delivery.pool != pool) continue;
    Money written = scale(cost.per_server, 1000 - cost.residual_permille, 1000);
    int64_t life = life_months > 0 ? life_months : cost.life_months;
    each = each + scale(written, delivery.atoms,
                        Int128{state.skus.at(state.pools.at(pool).sku).per_server} * life);
    atoms += delivery.atoms;
  }
  if (atoms == 0) return {};
  return scale(each, atom_months_milli, Int128{atoms} * 1000);
}

std::optional<Money> rent_of(const engine::State& state, SiteId site, const RunningCosts& costs) {
  for (const SiteLease& lease : state.fleet.site_leases.rows())
    if (lease.site == site && lease.per_kw_month) return lease.per_kw_month;
  return costs.rent_kw_month;
}

}  // namespace

std::vector<MarginRow> margins(const engine::State& state, billing::Rater& rater, PartyId lessor,
                               const Months& months, const RunningCosts& costs) {
  std::map<AccountId, MarginRow> rows;
  std::map<AccountId, Int128> milli_seconds;
  for (const RevenueRow& sold : revenue(state, rater, lessor, months)) {
    if (!sold.account) continue;
    MarginRow& row = rows[sold.account];
    row.line = sold.account;
    row.customer = sold.customer;
    row.revenue = row.revenue + sold.gross;
    row.head = row.head + sold.cost_of_head;
    if (sold.kind != ChargeKind::sla_credit) milli_seconds[sold.account] += sold.quantity;
  }
  Interval window{billing::period_start(months.from, "Etc/UTC", 1),
                  billing::period_start(months.through + 1, "Etc/UTC", 1)};
  int64_t seconds = window.until.seconds - window.from.seconds;
  int64_t count = months.through.number - months.from.number + 1;
  std::vector<MarginRow> all;
  for (auto& [account, row] : rows) {
    Int128 used = milli_seconds[account];
    row.hours = static_cast<int64_t>(used / kMilliHour);
    const Sku& sku = state.sku_of(account);
    const Site& site = state.site_of(account);
    auto milli_atoms = static_cast<int64_t>(used / seconds);  // on average
    row.watts = sku.watts(milli_atoms, site) / 1000;
    bool own =
        account.kind == AccountKind::pool || state.line(account).source.kind == AccountKind::pool;
    if (own) {
      const Pool& pool = state.pool_of(account);
      row.depreciation = round_to_minor_unit(
          depreciation_of(state, pool.id, milli_atoms * count, costs.life_months));
      if (auto rent = rent_of(state, site.id, costs))
        row.rent = round_to_minor_unit(scale(*rent, Int128{row.watts} * count, 1000));
      row.energy = round_to_minor_unit(scale(costs.energy_kwh,
                                             Int128{row.watts} * costs.pue_permille * seconds,
                                             Int128{1'000'000} * kSecondsPerHour));
    }
    if (own) row.operations = round_to_minor_unit(scale(costs.operations_hour, used, kMilliHour));
    all.push_back(row);
  }
  return all;
}

std::vector<Sublet> sublet_margin(const engine::State& state, const AccountId& id,
                                  const Months& months) {
  const Lease& lease = state.lease_of(id);
  const Line& line = state.line(id);
  PartyId holder = billing::company_of(state, lease.offer.lessee);
  std::vector<Sublet> all;
  for (Month month = months.from; month <= months.through; month = month + 1) {
    Interval period = billing::period_of(month, lease.offer.terms.zone, 1);
    auto fee =
        billing::line_fee(line, lease.offer.terms, state.sku_of(id).per_server, period, period);
    Sublet row;
    row.month = month;
    row.hours = static_cast<int64_t>(atom_seconds(line, period) / kSecondsPerHour);
    row.cost = fee.amount;
    row.income = Money{0, fee.amount.currency};
    int64_t own = 0;
    int64_t sublet = 0;
    for (const auto& [below, sub] : billing::sublines_of(state, id)) {
      bool internal = billing::company_of(state, below->offer.lessee) == holder;
      (internal ? own : sublet) += static_cast<int64_t>(atom_seconds(*sub, period));
      if (internal) continue;
      auto part =
          billing::line_fee(*sub, below->offer.terms, state.sku_of(id).per_server, period, period);
      row.income = row.income + part.amount;
    }
    for (const auto& [use, quantity] : billing::instance_use(state, period))
      if (use.account == id && use.kind == InstanceKind::committed) own += quantity / kMilli;
    row.own = own / kSecondsPerHour;
    row.sublet = sublet / kSecondsPerHour;
    row.idle = row.hours - row.own - row.sublet;
    if (row.income.nanos > 0 && row.hours > 0)
      row.break_even_permille = static_cast<int64_t>(
          scale(Money{row.cost.nanos, {}}, Int128{row.sublet} * 1000, row.hours).nanos /
          std::max<Int128>(row.income.nanos, 1));
    all.push_back(row);
  }
  return all;
}

}  // namespace leasehold::finance
