// Instances: how long each was served, in columns, summed by whose they are.
#include <algorithm>
#include <set>

#include "billing/line_rating.h"
#include "billing/meterage.h"
#include "billing/rater.h"
#include "engine/holder.h"

namespace leasehold::billing {

PartyId company_of(const engine::State& state, PartyId party) {
  for (const Party* row = state.parties.find(party); row->part_of;
       row = state.parties.find(*row->part_of))
    party = *row->part_of;
  return party;
}

std::vector<Sides> sides_of(const engine::State& state, const Lease& lease) {
  std::vector<Sides> sides;
  Instant from = kDawn;
  if (auto known = state.billing.assignments.find(lease.id);
      known != state.billing.assignments.end())
    for (const engine::Assignment& before : known->second) {
      if (before.until > from)
        sides.push_back({{from, before.until}, before.lessor, before.lessee});
      from = before.until;
    }
  sides.push_back({{from, kForever}, lease.offer.lessor, lease.offer.lessee});
  return sides;
}

namespace {

int64_t milli_of(const engine::State& state, const Instance& instance, ServerId server) {
  if (instance.gpus.empty())
    return kMilli * state.skus.at(state.pool_of(state.fleet.server(server)).sku).per_server;
  int64_t milli = 0;
  for (const GpuShare& share : instance.gpus) milli += share.milli;
  return milli;
}

}  // namespace

InstanceUses instance_use(const engine::State& state, const Interval& window) {
  return std::move(instance_use(state, window.from, {window.until}).front());
}

std::vector<InstanceUses> instance_use(const engine::State& state, Instant from,
                                       const std::vector<Instant>& untils) {
  std::map<InstanceUse, uint32_t> keys;
  UsageColumns columns;
  auto seconds = [&](Instant at) { return static_cast<uint32_t>(at.seconds - from.seconds); };
  Interval window{from, untils.back()};
  for (const Instance& instance : state.instances.rows()) {
    Interval runs = intersection(
        {instance.from, instance.ended_at.value_or(std::min(instance.until, window.until))},
        window);
    if (runs.empty()) continue;
    auto [key, added] = keys.try_emplace({instance.account, instance.kind, instance.tenant},
                                         static_cast<uint32_t>(keys.size()));
    ServerId first = instance.servers.front().first;
    int64_t each = milli_of(state, instance, first);
    int64_t servers = instance.gpus.empty() ? count_of(instance.servers) : 1;
    for (; servers > 0; servers -= 100'000)  // no more than a column's cell holds
      columns.add(key->second, seconds(runs.from), seconds(runs.until),
                  static_cast<uint32_t>(each * std::min<int64_t>(servers, 100'000)));
  }
  std::vector<InstanceUses> uses(untils.size());
  if (keys.empty()) return uses;
  std::vector<uint32_t> boundaries{0};
  for (Instant until : untils) boundaries.push_back(seconds(until));
  UsageSums sums(boundaries, keys.size());
  sums.add(columns, 0, columns.size());
  for (const auto& [key, number] : keys) {
    int64_t sum = 0;
    for (size_t i = 0; i < untils.size(); ++i)
      if (sum += sums.at(i, number); sum > 0) uses[i][key] = sum;
  }
  for (const auto& [id, downs] : state.billing.downs) {
    const Instance& instance = state.instances.at(id);
    Interval runs{instance.from, instance.ended_at.value_or(kForever)};
    int64_t each = milli_of(state, instance, instance.servers.front().first);
    for (const engine::Down& down : downs)
      for (size_t i = 0; i < untils.size(); ++i) {
        Interval common =
            intersection(intersection({down.from, down.until}, runs), {from, untils[i]});
        if (!common.empty())
          uses[i][{instance.account, instance.kind, instance.tenant}] -=
              each * (common.until.seconds - common.from.seconds);
      }
  }
  return uses;
}

std::vector<Subline> sublines_of(const engine::State& state, const AccountId& id) {
  std::vector<Subline> sublines;
  const capacity::Account* account = state.ledger.find(id);
  if (account == nullptr) return sublines;
  std::set<std::pair<uint32_t, uint16_t>> seen;
  for (const capacity::Promise& promise : account->slots()) {
    engine::Holder holder = engine::Holder::from(promise.holder);
    if (promise.quantity <= 0 || holder.kind != engine::HolderKind::line ||
        !seen.emplace(holder.number, holder.line).second)
      continue;
    const Lease& lease = state.leases.at(LeaseId{holder.number});
    sublines.push_back({&lease, &lease.offer.lines.at(holder.line - 1U)});
  }
  return sublines;
}

int64_t used_of(const engine::State& state, const InstanceUses& uses, const AccountId& id,
                const Interval& window) {
  int64_t used = 0;
  for (const auto& [use, quantity] : uses)
    if (use.account == id && use.kind == InstanceKind::committed) used += quantity;
  for (const auto& [lease, line] : sublines_of(state, id))
    used += kMilli * payable_atom_seconds(*line, lease->offer.terms, window);
  return used;
}

}  // namespace leasehold::billing
