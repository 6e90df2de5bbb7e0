#include "finance/dependence.h"

#include <algorithm>
#include <set>

#include "billing/period.h"

namespace leasehold::finance {

PartyId group_of(const engine::State& state, PartyId company) {
  constexpr int64_t kHalfPpm = 500'000;
  std::set<PartyId> group{company};
  for (bool grown = true; grown;) {
    grown = false;
    for (const Relation& relation : state.relations)
      if (relation.kind == RelationKind::owns && relation.share_ppm >= kHalfPpm &&
          group.contains(relation.subject) != group.contains(relation.object)) {
        group.insert(relation.subject);
        group.insert(relation.object);
        grown = true;
      }
  }
  return *group.begin();
}

Concentration concentration(const std::map<PartyId, Money>& amounts) {
  Concentration result;
  for (const auto& [party, amount] : amounts) result.total = result.total + amount;
  Int128 squares = 0;  // of shares in millionths
  for (const auto& [party, amount] : amounts) {
    if (amount.nanos <= 0 || result.total.nanos <= 0) continue;
    auto ppm =
        static_cast<int64_t>(scale(Money{1'000'000, {}}, amount.nanos, result.total.nanos).nanos);
    squares += Int128{ppm} * ppm;
    result.rows.push_back({party, amount, (ppm + 500) / 1000});
  }
  std::stable_sort(result.rows.begin(), result.rows.end(),
                   [](const auto& a, const auto& b) { return b.amount < a.amount; });
  result.hhi = static_cast<int64_t>(squares / 100'000'000);
  return result;
}

std::vector<Circle> circularity(const engine::State& state, billing::Rater& rater, PartyId company,
                                const Months& months) {
  std::map<PartyId, Circle> circles;
  auto circle = [&](PartyId other) -> Circle& {
    Circle& row = circles[billing::company_of(state, other)];
    row.other = billing::company_of(state, other);
    return row;
  };
  for (const Relation& relation : state.relations) {
    if (billing::company_of(state, relation.object) != company) continue;
    Circle& row = circle(relation.subject);
    row.supplies = row.supplies || relation.kind == RelationKind::supplies;
    row.owns = row.owns || relation.kind == RelationKind::owns;
    if (relation.kind == RelationKind::owns) row.owns_ppm = relation.share_ppm;
    row.lends = row.lends || relation.kind == RelationKind::lends_to;
  }
  for (const Lien& lien : state.liens.rows())
    if (billing::company_of(state, state.pools.at(state.deliveries.at(lien.delivery).pool).owner) ==
        company)
      circle(lien.lender).lends = true;
  Interval window{billing::period_start(months.from, "Etc/UTC", 1),
                  billing::period_start(months.through + 1, "Etc/UTC", 1)};
  for (const auto& [id, cost] : state.billing.costs) {
    const Delivery& delivery = state.deliveries.at(id);
    const Pool& pool = state.pools.at(delivery.pool);
    if (billing::company_of(state, pool.owner) != company) continue;
    Circle& row = circle(cost.supplier);
    row.supplies = true;
    if (window.contains(delivery.from))
      row.bought = row.bought + round_to_minor_unit(scale(cost.per_server, delivery.atoms,
                                                          state.skus.at(pool.sku).per_server));
  }
  for (const RevenueRow& sold : revenue(state, rater, company, months))
    if (auto row = circles.find(sold.customer); row != circles.end())
      row->second.sold = row->second.sold + sold.gross;
  std::vector<Circle> all;
  all.reserve(circles.size());
  for (const auto& [party, row] : circles) all.push_back(row);
  return all;
}

}  // namespace leasehold::finance
