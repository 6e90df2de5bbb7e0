#include "engine/state.h"

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
  }
  return {};
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
  }
  return "";
}

capacity::Steps supply_of(const Line& line) {
  capacity::Steps supply;
  for (const Tranche& tranche : line.tranches) supply.add(tranche.interval(), tranche.atoms);
  return supply;
}

AccountId account_of(SiteId site) { return {AccountKind::site, site.number, 0}; }
AccountId account_of(PoolId pool) { return {AccountKind::pool, pool.number, 0}; }
AccountId line_of(LeaseId lease, size_t index) {
  return {AccountKind::line, lease.number, static_cast<uint16_t>(index + 1)};
}

}  // namespace leasehold::engine
