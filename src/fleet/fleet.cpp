#include "fleet/fleet.h"

#include <algorithm>

namespace leasehold::fleet {

void Fleet::add_rack(const Rack& rack) {
  racks.add(rack.name, rack);
  rack_loads_.emplace_back();
  RowId row = rack.row;
  ++loads_[account_of(row)].places;
  ++loads_[account_of(rows.at(row).hall)].places;
  ++racks_at_[halls.at(rows.at(row).hall).site];
}

void Fleet::add_pod(const Pod& pod) {
  pods.add(pod.name, pod);
  slots_.emplace_back();
  pods_of_[pod.pool].push_back(pod.id);
}

void Fleet::add_server(const Server& server) {
  servers_.add(server.serial, server);
  if (server.state != ServerState::retired) ++registered_[server.delivery];
  if (server.absence != Absence::none) absent_[{server.delivery, server.absence}].insert(server.id);
  if (!server.counted) uncounted_[server.delivery].insert(server.id);
}

void Fleet::change_load(const Rack& rack, const Load& by) {
  Load& own = rack_loads_[rack.id.number - 1];
  own.watts += by.watts;
  own.places += by.places;
  loads_[account_of(rack.row)].watts += by.watts;
  loads_[account_of(rows.at(rack.row).hall)].watts += by.watts;
  int64_t share = by.watts < 0 ? -rack.feed_share(-by.watts) : rack.feed_share(by.watts);
  for (FeedId feed : rack.feeds) loads_[account_of(feed)].watts += share;
}

void Fleet::put_in_rack(ServerId id, RackId rack_id, int64_t unit, const Load& each) {
  Server& server = servers_.at(id);
  const Rack& rack = racks.at(rack_id);
  std::vector<ServerId>& slots = slots_[rack.pod.number - 1];
  auto place = std::find(slots.begin(), slots.end(), ServerId{});
  server.rack = rack_id;
  server.unit = unit;
  server.slot = place - slots.begin();
  if (place == slots.end())
    slots.push_back(id);
  else
    *place = id;
  change_load(rack, each);
  PodBits bit = PodBits::of(server.slot);
  holdings_[holder(server)].add(rack.pod, bit, is_free(server) ? bit : PodBits());
}

void Fleet::take_from_rack(ServerId id, const Load& each) {
  Server& server = servers_.at(id);
  const Rack& rack = racks.at(server.rack);
  holdings_.at(holder(server)).remove(rack.pod, PodBits::of(server.slot));
  slots_[rack.pod.number - 1][static_cast<size_t>(server.slot)] = {};
  change_load(rack, {-each.watts, -each.places});
  server.rack = {};
  server.unit = 0;
  server.slot = 0;
}

void Fleet::restore_server(const Server& saved, const Load& each) {
  add_server(saved);
  if (!saved.rack) return;
  const Rack& rack = racks.at(saved.rack);
  std::vector<ServerId>& slots = slots_[rack.pod.number - 1];
  auto slot = static_cast<size_t>(saved.slot);
  if (slots.size() <= slot) slots.resize(slot + 1);
  slots[slot] = saved.id;
  change_load(rack, each);
  PodBits bit = PodBits::of(saved.slot);
  holdings_[holder(saved)].add(rack.pod, bit, is_free(saved) ? bit : PodBits());
}

void Fleet::refresh_free(const Server& server) {
  if (server.rack)
    holdings_.at(holder(server))
        .set_free(pod_of(server), PodBits::of(server.slot), is_free(server));
}

void Fleet::set_state(ServerId id, ServerState state, Instant at) {
  Server& server = servers_.at(id);
  if (state == ServerState::retired) --registered_[server.delivery];
  if (state == ServerState::burn_in) server.tests_passed = 0;
  server.state = state;
  server.since = at;
  refresh_free(server);
}

void Fleet::set_absence(ServerId id, Absence absence) {
  Server& server = servers_.at(id);
  if (server.absence != Absence::none) absent_[{server.delivery, server.absence}].erase(id);
  if (absence != Absence::none) absent_[{server.delivery, absence}].insert(id);
  server.absence = absence;
  if (server.counted) return;
  server.counted = true;
  std::set<ServerId>& waiting = uncounted_[server.delivery];
  waiting.erase(id);
  if (waiting.empty()) uncounted_.erase(server.delivery);
}

void Fleet::record_test(ServerId id, TestLevel level, bool passed) {
  Server& server = servers_.at(id);
  auto bit = static_cast<uint8_t>(1U << static_cast<unsigned>(level));
  server.tests_passed =
      static_cast<uint8_t>(passed ? server.tests_passed | bit : server.tests_passed & ~bit);
  if (!passed) ++server.tests_failed;
}

void Fleet::set_in_use(ServerId id, bool in_use) {
  Server& server = servers_.at(id);
  server.in_use = in_use;
  refresh_free(server);
}

void Fleet::assign(const std::vector<ServerId>& moved, const AccountId& line) {
  // Runs of servers of one pod that come from one account move together.
  for (size_t i = 0; i < moved.size();) {
    const Server& first = servers_.at(moved[i]);
    AccountId from = holder(first);
    PodId pod = pod_of(first);
    PodBits all;
    PodBits free;
    for (; i < moved.size(); ++i) {
      Server& server = servers_.at(moved[i]);
      if (pod_of(server) != pod || holder(server) != from) break;
      all.set(server.slot);
      if (is_free(server)) free.set(server.slot);
    }
    holdings_.at(from).remove(pod, all);
    all.for_each([&](int64_t slot) {
      servers_.at(slots_[pod.number - 1][static_cast<size_t>(slot)]).line = line;
    });
    AccountId to = line ? line : AccountId{AccountKind::pool, pods.at(pod).pool.number, 0};
    holdings_[to].add(pod, all, free);
  }
}

Load Fleet::load(const AccountId& level) const {
  if (level.kind == AccountKind::rack)
    return level.number <= rack_loads_.size() ? rack_loads_[level.number - 1] : Load{};
  auto found = loads_.find(level);
  return found == loads_.end() ? Load{} : found->second;
}

int64_t Fleet::racks_at(SiteId site) const {
  auto found = racks_at_.find(site);
  return found == racks_at_.end() ? 0 : found->second;
}

const std::vector<ServerId>& Fleet::slots(PodId pod) const { return slots_.at(pod.number - 1); }

std::vector<ServerId> Fleet::servers_at(PodId pod, const PodBits& bits) const {
  std::vector<ServerId> found;
  bits.for_each([&](int64_t slot) { found.push_back(slots(pod)[static_cast<size_t>(slot)]); });
  return found;
}

std::vector<ServerId> Fleet::servers_in(RackId rack) const {
  std::vector<ServerId> found;
  for (ServerId id : slots(racks.at(rack).pod))
    if (id && server(id).rack == rack) found.push_back(id);
  return found;
}

AccountId Fleet::holder(const Server& server) const {
  if (server.line) return server.line;
  return {AccountKind::pool, pods.at(pod_of(server)).pool.number, 0};
}

const Holdings& Fleet::holdings(const AccountId& account) const {
  static const Holdings kNothing;
  auto found = holdings_.find(account);
  return found == holdings_.end() ? kNothing : found->second;
}

const std::set<ServerId>& Fleet::absent(DeliveryId delivery, Absence absence) const {
  static const std::set<ServerId> kNobody;
  auto found = absent_.find({delivery, absence});
  return found == absent_.end() ? kNobody : found->second;
}

const std::vector<PodId>& Fleet::pods_of(PoolId pool) const {
  static const std::vector<PodId> kNone;
  auto found = pods_of_.find(pool);
  return found == pods_of_.end() ? kNone : found->second;
}

int64_t Fleet::registered(DeliveryId delivery) const {
  auto found = registered_.find(delivery);
  return found == registered_.end() ? 0 : found->second;
}

}  // namespace leasehold::fleet
