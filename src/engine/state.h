// The state of one cloud: the fold of its facts. Tables are in the order of their ids, names are
// ordered maps: nothing depends on an address or on a hash's order.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/registry.h"
#include "capacity/ledger.h"
#include "domain/contract.h"
#include "domain/fact.h"
#include "domain/party.h"
#include "domain/supply.h"
#include "engine/access_state.h"
#include "engine/agenda.h"
#include "engine/billing_state.h"
#include "engine/workspace_state.h"
#include "fleet/fleet.h"
#include "fleet/gpu_splits.h"

namespace leasehold::engine {

// What a line has of servers: as many as it wants by contract, or fewer while some are awaited.
struct Placement {
  int64_t wanted = 0;
  int64_t placed = 0;  // those that were passed on to lines below it included
};

// Servers of a pool that are not sold but stand in for others.
struct Spares {
  int64_t kept = 0;
  int64_t left = 0;  // the others do stand in
  Instant until = kForever;
};

struct Measured {
  Instant at;
  int64_t watts = 0;
};

struct State {
  uint64_t sequence = 0;  // of the last fact
  Instant now = kDawn;    // of the last fact
  Registry<PartyId, Party> parties;
  std::vector<Relation> relations;
  Registry<SiteId, Site> sites;
  Registry<SkuId, Sku> skus;
  Registry<PoolId, Pool> pools;
  Registry<DeliveryId, Delivery> deliveries;
  Registry<LienId, Lien> liens;
  Registry<QuoteId, Quote> quotes;
  Registry<LeaseId, Lease> leases;
  Registry<CommitmentId, Commitment> commitments;
  std::map<CommitmentId, std::vector<LeaseId>> draws;  // leases that draw on a commitment
  std::map<DeliveryId, capacity::Steps> withdrawn;     // what of a delivery is out of service
  capacity::Ledger ledger;

  fleet::Fleet fleet;
  std::map<PoolId, Spares> spares;
  // Of deliveries that have begun: servers that are not registered and so no supply.
  std::map<DeliveryId, int64_t> lacking;
  std::map<AccountId, Placement> placements;  // of lines
  std::map<AccountId, Measured> measured;     // the last draw of a site, hall, row, rack or feed
  std::map<ServerId, std::string> remarks;    // why servers are out of service
  Registry<MaintenanceId, Maintenance> maintenances;
  Registry<InstanceId, Instance> instances;
  fleet::GpuSplits splits;  // servers whose accelerators are rented one by one

  BillingState billing;
  AccessState access;
  WorkspaceState workspace;

  // What follows from the rows above.
  std::map<ServerId, std::set<InstanceId>> running;
  std::set<Due> agenda;
  std::map<AccountId, Due> line_dues;
  std::map<AccountId, std::set<AccountId>> short_lines;  // by source: lines that await servers

  const Line* find_line(const AccountId& id) const;
  const Line& line(const AccountId& id) const;
  Line& line(const AccountId& id);
  const Lease& lease_of(const AccountId& line) const;
  // The pool at the bottom of an account's chain; a pool's is itself.
  const Pool& pool_of(const AccountId& account) const;
  const Sku& sku_of(const AccountId& account) const;
  const Site& site_of(const AccountId& account) const;
  // Who may promise from the account: a pool's owner, a line's lessee, a site's holder.
  PartyId promiser(const AccountId& account) const;
  std::string name_of(PartyId party) const;
  const Pool& pool_of(const Server& server) const {
    return pools.at(deliveries.at(server.delivery).pool);
  }
  // What one server of a delivery draws and fills in its rack.
  fleet::Load each_of(DeliveryId delivery) const;
  // Whether the pool's servers are known one by one.
  bool itemised(PoolId pool) const { return !fleet.pods_of(pool).empty(); }
  // The lines from an account down to its pool, which is the last.
  std::vector<AccountId> chain_of(const AccountId& account) const;
  // Whole servers that a line wants at an instant.
  int64_t wanted_servers(const AccountId& line, Instant at) const;
  // Free servers that may be placed or launched on now: a pool's without its spares.
  int64_t available_servers(const AccountId& account) const;

  // Accelerators of an instance; a part of one counts as one.
  int64_t accelerators_of(const Instance& instance) const;
  // The first of its servers that is not ready; none where all are.
  ServerId unready_server_of(const Instance& instance) const;
  // Those that run and have it mounted, or have it besides their party's own rules.
  std::vector<InstanceId> instances_with(const FileSystem& file_system) const;
  std::vector<InstanceId> instances_with(const Firewall& firewall) const;
  // How many more a party may have without a lease; nothing where any number.
  std::optional<int64_t> quota_left(PartyId party) const;

  // A copy of the instances that run on a server, or on accelerators of it.
  std::vector<InstanceId> running_on(ServerId server) const;

  // A name where there is one, else the id.
  std::string name_of(const AccountId& account) const;

  // Equal states give equal bytes; the hash is BLAKE2b-256 of them, in hex.
  std::string bytes() const;
  std::string hash() const;
  // Nothing where the bytes are not those of a state, or of this layout.
  static std::optional<State> from_bytes(std::string_view bytes);
  // Whether bytes were laid out by this version of the program: those of another tell nothing.
  static bool laid_out_as_now(std::string_view bytes);
};

// A department of a department of ... of the whole; a party is a part of itself.
bool is_part_of(const State& state, PartyId part, PartyId whole);

// Where the site is for those who rent there: its region, or its name where it says none.
const std::string& region_of(const Site& site);

// BLAKE2b-256 in hex.
std::string hash_of(std::string_view bytes);

// What a line has, as supply for the promises below it.
capacity::Steps supply_of(const Line& line);

AccountId line_of(LeaseId lease, size_t index);  // index from 0

}  // namespace leasehold::engine
