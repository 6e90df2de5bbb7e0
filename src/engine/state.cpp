#include "engine/state.h"

#include <algorithm>

namespace leasehold::engine {

const Line* State::find_line(const AccountId& id) const {
  if (id.kind != AccountKind::line) return nullptr;
  const Lease* lease = leases.find(LeaseId{id.number});
  if (lease == nullptr || id.line < 1 || id.line > lease->offer.lines.size()) return nullptr;
  return &lease->offer.lines[id.line - 1U];
}

const Line& State::line(const AccountId& id) const {
  const Line* found = find_line(id);
  LH_ASSERT(found != nullptr);
  return *found;
}

Line& State::line(const AccountId& id) { return const_cast<Line&>(std::as_const(*this).line(id)); }

const Lease& State::lease_of(const AccountId& line) const {
  return leases.at(LeaseId{line.number});
}

const Pool& State::pool_of(const AccountId& account) const {
  if (account.kind == AccountKind::pool) return pools.at(PoolId{account.number});
  return pools.at(line(account).pool);
}

const Sku& State::sku_of(const AccountId& account) const { return skus.at(pool_of(account).sku); }

const Site& State::site_of(const AccountId& account) const {
  if (account.kind == AccountKind::site) return sites.at(SiteId{account.number});
  return sites.at(pool_of(account).site);
}

PartyId State::promiser(const AccountId& account) const {
  switch (account.kind) {
    case AccountKind::none:
      return {};
    case AccountKind::site:
      return sites.at(SiteId{account.number}).holder;
    case AccountKind::pool:
      return pools.at(PoolId{account.number}).owner;
    case AccountKind::line:
      return lease_of(account).offer.lessee;
    default:
      return {};
  }
}

int64_t State::accelerators_of(const Instance& instance) const {
  if (!instance.gpus.empty()) return static_cast<int64_t>(instance.gpus.size());
  return count_of(instance.servers) * sku_of(instance.account).per_server;
}

ServerId State::unready_server_of(const Instance& instance) const {
  for (ServerId server : servers_of(instance.servers))
    if (fleet.server(server).state != ServerState::ready) return server;
  return {};
}

namespace {

template <class Has>
std::vector<InstanceId> running_with(const State& state, PartyId party, Has has) {
  std::vector<InstanceId> found;
  auto own = state.workspace.instances_of.find(party);
  if (own == state.workspace.instances_of.end()) return found;
  for (InstanceId id : own->second) {
    auto setup = state.workspace.setups.find(id);
    bool runs = setup != state.workspace.setups.end() && !state.instances.at(id).ended_at;
    if (runs && has(setup->second)) found.push_back(id);
  }
  return found;
}

}  // namespace

std::vector<InstanceId> State::instances_with(const FileSystem& file_system) const {
  return running_with(*this, file_system.party, [&](const Setup& setup) {
    return std::any_of(setup.mounts.begin(), setup.mounts.end(),
                       [&](const Mount& mount) { return mount.file_system == file_system.id; });
  });
}

std::vector<InstanceId> State::instances_with(const Firewall& firewall) const {
  return running_with(*this, firewall.party, [&](const Setup& setup) {
    return std::find(setup.firewalls.begin(), setup.firewalls.end(), firewall.id) !=
           setup.firewalls.end();
  });
}

std::optional<int64_t> State::quota_left(PartyId party) const {
  auto quota = workspace.quotas.find(party);
  if (quota == workspace.quotas.end()) return std::nullopt;
  auto used = workspace.unleased.find(party);
  return quota->second - (used == workspace.unleased.end() ? 0 : used->second);
}

std::vector<InstanceId> State::running_on(ServerId server) const {
  auto found = running.find(server);
  if (found == running.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::string State::name_of(PartyId party) const {
  const Party* found = parties.find(party);
  return found == nullptr ? "" : found->name;
}

std::string State::name_of(const AccountId& account) const {
  switch (account.kind) {
    case AccountKind::none:
      return "";
    case AccountKind::site:
      return sites.at(SiteId{account.number}).name;
    case AccountKind::pool:
      return pools.at(PoolId{account.number}).name;
    case AccountKind::line: {
      const std::string& name = lease_of(account).offer.name;
      return name.empty() ? to_text(account) : name + "." + std::to_string(account.line);
    }
    case AccountKind::hall:
      return fleet.halls.at(HallId{account.number}).name;
    case AccountKind::row:
      return fleet.rows.at(RowId{account.number}).name;
    case AccountKind::rack:
      return fleet.racks.at(RackId{account.number}).name;
    case AccountKind::feed:
      return fleet.feeds.at(FeedId{account.number}).name;
    case AccountKind::pod:
      return fleet.pods.at(PodId{account.number}).name;
  }
  return "";
}

fleet::Load State::each_of(DeliveryId delivery) const {
  const Sku& sku = skus.at(pools.at(deliveries.at(delivery).pool).sku);
  return {sku.watts_per_server, sku.units_per_server.value_or(0)};
}

std::vector<AccountId> State::chain_of(const AccountId& account) const {
  std::vector<AccountId> chain{account};
  while (chain.back().kind == AccountKind::line) chain.push_back(line(chain.back()).source);
  return chain;
}

int64_t State::wanted_servers(const AccountId& id, Instant at) const {
  return line(id).atoms_at(at) / sku_of(id).per_server;
}

int64_t State::available_servers(const AccountId& account) const {
  int64_t free = fleet.holdings(account).free();
  if (account.kind != AccountKind::pool) return free;
  auto found = spares.find(PoolId{account.number});
  return std::max<int64_t>(0, free - (found == spares.end() ? 0 : found->second.left));
}

capacity::Steps supply_of(const Line& line) {
  capacity::Steps supply;
  for (const Tranche& tranche : line.tranches) supply.add(tranche.interval(), tranche.atoms);
  return supply;
}

AccountId line_of(LeaseId lease, size_t index) {
  return {AccountKind::line, lease.number, static_cast<uint16_t>(index + 1)};
}

}  // namespace leasehold::engine
