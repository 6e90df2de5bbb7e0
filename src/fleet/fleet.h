// The physical cloud: what stands where, in which state, and who has it. A table of rows each for
// halls, rows, feeds, pods, racks and servers; what follows from the rows (loads, the servers of a
// pod, the holdings of every account) is kept beside them and built anew from a snapshot.
//
// A server is placed in the deepest line that has it; the lines above it have it through that line.
// So it is in at most one line of each tier, and in a sublease only through its head-lease line.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "base/registry.h"
#include "domain/account_id.h"
#include "domain/facility.h"
#include "domain/server.h"
#include "fleet/holdings.h"

namespace leasehold::fleet {

// What is in a hall, row, rack or on a feed.
struct Load {
  int64_t watts = 0;
  int64_t places = 0;  // racks of a hall or row; rack units of a rack
};

class Fleet {
 public:
  Registry<SiteLeaseId, SiteLease> site_leases;
  Registry<HallId, Hall> halls;
  Registry<RowId, Row> rows;
  Registry<FeedId, Feed> feeds;
  Registry<PodId, Pod> pods;
  Registry<RackId, Rack> racks;
  Registry<OutageId, Outage> outages;
  std::set<OutageId> open_outages;

  const Registry<ServerId, Server>& servers() const { return servers_; }
  const Server& server(ServerId id) const { return servers_.at(id); }

  void add_rack(const Rack& rack);
  void add_pod(const Pod& pod);
  // A server that is in no rack yet.
  void add_server(const Server& server);
  // `each` is what one server of the SKU draws and fills.
  void put_in_rack(ServerId id, RackId rack, int64_t unit, const Load& each);
  void take_from_rack(ServerId id, const Load& each);
  void set_state(ServerId id, ServerState state, Instant at);
  // From now on the ledger knows of the server's state.
  void set_absence(ServerId id, Absence absence);
  void record_test(ServerId id, TestLevel level, bool passed);
  void set_in_use(ServerId id, bool in_use);
  // Moves servers to another account: a line, or the pool of their pods ({}).
  void assign(const std::vector<ServerId>& servers, const AccountId& line);

  // Zeros where nothing is there.
  Load load(const AccountId& level) const;
  int64_t racks_at(SiteId site) const;
  SiteId site_of(RackId rack) const { return halls.at(rows.at(racks.at(rack).row).hall).site; }
  // By slot; 0 where the slot is empty.
  const std::vector<ServerId>& slots(PodId pod) const;
  std::vector<ServerId> servers_at(PodId pod, const PodBits& bits) const;
  std::vector<ServerId> servers_in(RackId rack) const;
  // The account that has a racked server: its line, or the pool of its pod.
  AccountId holder(const Server& server) const;
  // Nothing held where the account has no servers.
  const Holdings& holdings(const AccountId& account) const;
  const std::map<AccountId, Holdings>& all_holdings() const { return holdings_; }
  const std::vector<PodId>& pods_of(PoolId pool) const;
  // Servers of a delivery that are registered, in every state but retired.
  int64_t registered(DeliveryId delivery) const;
  // Servers of a delivery of which the ledger does not know yet.
  const std::map<DeliveryId, std::set<ServerId>>& uncounted() const { return uncounted_; }
  // Servers out of service, by how the ledger bears it.
  const std::set<ServerId>& absent(DeliveryId delivery, Absence absence) const;

  // After the rows of a snapshot were added with add_* and restore_server: loads and holdings.
  void restore_server(const Server& server, const Load& each);

 private:
  void change_load(const Rack& rack, const Load& by);
  bool is_free(const Server& server) const {
    return server.state == ServerState::ready && !server.in_use;
  }
  PodId pod_of(const Server& server) const { return racks.at(server.rack).pod; }
  void refresh_free(const Server& server);

  Registry<ServerId, Server> servers_;
  std::map<AccountId, Load> loads_;  // of halls, rows and feeds
  std::vector<Load> rack_loads_;     // by rack
  std::map<SiteId, int64_t> racks_at_;
  std::vector<std::vector<ServerId>> slots_;  // by pod
  std::map<PoolId, std::vector<PodId>> pods_of_;
  std::map<AccountId, Holdings> holdings_;
  std::map<DeliveryId, int64_t> registered_;
  std::map<DeliveryId, std::set<ServerId>> uncounted_;
  std::map<std::pair<DeliveryId, Absence>, std::set<ServerId>> absent_;
};

}  // namespace leasehold::fleet
