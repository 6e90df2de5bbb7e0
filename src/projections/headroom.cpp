#include "projections/headroom.h"

#include <algorithm>

namespace leasehold::projections {

namespace {

using engine::State;

// Servers in the fullest rack of a site: what a further rack would take.
int64_t servers_a_rack(const State& state, SiteId site) {
  int64_t most = 0;
  for (const Rack& rack : state.fleet.racks.rows())
    if (state.fleet.site_of(rack.id) == site)
      most = std::max(most, static_cast<int64_t>(state.fleet.servers_in(rack.id).size()));
  return most;
}

std::optional<int64_t> positions_at(const State& state, SiteId site, Instant at) {
  std::optional<int64_t> positions;
  for (const SiteLease& lease : state.fleet.site_leases.rows())
    if (lease.site == site && lease.rack_positions > 0) {
      positions = positions.value_or(0);
      if (lease.interval().contains(at)) *positions += lease.rack_positions;
    }
  return positions;
}

Headroom at_month(const State& state, const Site& site, Instant month, int64_t per_rack) {
  Headroom room;
  room.site = site.id;
  room.month = month;
  const capacity::Account& power = *state.ledger.find(account_of(site.id));
  room.watts = power.supply().level_at(month);
  room.promised = room.watts - power.free().level_at(month);
  int64_t dearest = 0;  // watts of the site's hungriest server
  for (const Pool& pool : state.pools.rows()) {
    if (pool.site != site.id) continue;
    const Sku& sku = state.skus.at(pool.sku);
    const capacity::Account& account = *state.ledger.find(account_of(pool.id));
    int64_t supply = account.supply().level_at(month);
    int64_t sold = account.limit(supply) - account.free().level_at(month);
    room.servers += supply / sku.per_server;
    room.sold += sold / sku.per_server;
    room.in_use += sku.watts(sold, site);
    dearest = std::max(dearest, sku.watts(sku.per_server, site));
  }
  if (dearest > 0) room.by_power = std::max<int64_t>(0, room.watts - room.promised) / dearest;
  if (auto positions = positions_at(state, site.id, month); positions && per_rack > 0)
    room.by_racks = std::max<int64_t>(0, *positions - state.fleet.racks_at(site.id)) * per_rack;
  // A site sells what it has, then adds servers while there are power and places.
  bool racks_first = room.by_racks && *room.by_racks < room.by_power;
  room.binds = room.sold < room.servers ? "servers" : racks_first ? "rack positions" : "power";
  return room;
}

}  // namespace

std::vector<Headroom> headroom(const engine::State& state, Instant from, int months) {
  std::vector<Headroom> rooms;
  for (const Site& site : state.sites.rows()) {
    int64_t per_rack = servers_a_rack(state, site.id);
    for (int month = 0; month < months; ++month)
      rooms.push_back(
          at_month(state, site, add_term(from, Term{month, 0, 0}, "Etc/UTC"), per_rack));
  }
  return rooms;
}

}  // namespace leasehold::projections
