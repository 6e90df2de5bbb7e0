// Facts about the fleet: what stands where, in which state, and who has it. Part of the closed list
// of fact.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/facility.h"
#include "domain/instance.h"
#include "domain/server.h"
#include "domain/supply.h"
#include "domain/workspace.h"

namespace leasehold {

struct SiteLeased {
  static constexpr const char* kKind = "site_leased";
  SiteLease lease;
  static constexpr auto fields() { return describe(field("lease", &SiteLeased::lease)); }
};

struct SiteLeaseRetimed {
  static constexpr const char* kKind = "site_lease_retimed";
  SiteLeaseId lease;
  Instant from;
  static constexpr auto fields() {
    return describe(field("lease", &SiteLeaseRetimed::lease),
                    field("from", &SiteLeaseRetimed::from));
  }
};

struct LienGranted {
  static constexpr const char* kKind = "lien_granted";
  Lien lien;
  static constexpr auto fields() { return describe(field("lien", &LienGranted::lien)); }
};

// What a site, hall, row, rack or feed was measured to draw, beside what it could draw at most.
struct DrawMeasured {
  static constexpr const char* kKind = "draw_measured";
  AccountId level;
  int64_t watts = 0;
  static constexpr auto fields() {
    return describe(field("level", &DrawMeasured::level), field("watts", &DrawMeasured::watts));
  }
};

struct HallBuilt {
  static constexpr const char* kKind = "hall_built";
  Hall hall;
  static constexpr auto fields() { return describe(field("hall", &HallBuilt::hall)); }
};

struct RowBuilt {
  static constexpr const char* kKind = "row_built";
  Row row;
  static constexpr auto fields() { return describe(field("row", &RowBuilt::row)); }
};

struct FeedInstalled {
  static constexpr const char* kKind = "feed_installed";
  Feed feed;
  static constexpr auto fields() { return describe(field("feed", &FeedInstalled::feed)); }
};

struct PodPlanned {
  static constexpr const char* kKind = "pod_planned";
  Pod pod;
  static constexpr auto fields() { return describe(field("pod", &PodPlanned::pod)); }
};

struct RacksInstalled {
  static constexpr const char* kKind = "racks_installed";
  std::vector<Rack> racks;
  static constexpr auto fields() { return describe(field("racks", &RacksInstalled::racks)); }
};

// The budget of a hall, row, rack or feed from now on; 0 where it states none.
struct BudgetChanged {
  static constexpr const char* kKind = "budget_changed";
  AccountId level;
  int64_t watts = 0;
  int64_t places = 0;
  static constexpr auto fields() {
    return describe(field("level", &BudgetChanged::level), field("watts", &BudgetChanged::watts),
                    field("places", &BudgetChanged::places));
  }
};

struct NewServer {
  std::string serial;
  int64_t unit = 0;  // the lowest rack unit that it fills; 0: not said
  static constexpr auto fields() {
    return describe(field("serial", &NewServer::serial), field("unit", &NewServer::unit));
  }
};

// Servers with ids in a row, all in one state and, once racked, in one rack.
struct ServersAdded {
  static constexpr const char* kKind = "servers_added";
  ServerId first;
  DeliveryId delivery;
  RackId rack;
  ServerState state = ServerState::ordered;
  std::vector<NewServer> servers;
  static constexpr auto fields() {
    return describe(field("first", &ServersAdded::first),
                    field("delivery", &ServersAdded::delivery), field("rack", &ServersAdded::rack),
                    field("state", &ServersAdded::state), field("servers", &ServersAdded::servers));
  }
};

struct ServersMoved {
  static constexpr const char* kKind = "servers_moved";
  ServerRanges servers;
  ServerState to = ServerState::ready;
  RackId rack;
  int64_t unit = 0;
  std::string reason;
  static constexpr auto fields() {
    return describe(field("servers", &ServersMoved::servers), field("to", &ServersMoved::to),
                    field("rack", &ServersMoved::rack), field("unit", &ServersMoved::unit),
                    field("reason", &ServersMoved::reason));
  }
};

struct ServersTested {
  static constexpr const char* kKind = "servers_tested";
  ServerRanges servers;
  TestLevel level = TestLevel::inventory;
  bool passed = false;
  std::string detail;
  static constexpr auto fields() {
    return describe(field("servers", &ServersTested::servers),
                    field("level", &ServersTested::level), field("passed", &ServersTested::passed),
                    field("detail", &ServersTested::detail));
  }
};

// How the ledger bears from now on that servers are out of service; none: they are back.
struct AbsencesSet {
  static constexpr const char* kKind = "absences_set";
  ServerRanges servers;
  Absence absence = Absence::none;
  static constexpr auto fields() {
    return describe(field("servers", &AbsencesSet::servers),
                    field("absence", &AbsencesSet::absence));
  }
};

// A delivery to a pool whose servers are known one by one has begun: so many of its servers are not
// registered, and the pool's supply is smaller by them until they are.
struct DeliveryCounted {
  static constexpr const char* kKind = "delivery_counted";
  DeliveryId delivery;
  int64_t lacking = 0;
  static constexpr auto fields() {
    return describe(field("delivery", &DeliveryCounted::delivery),
                    field("lacking", &DeliveryCounted::lacking));
  }
};

// So many servers of a pool are not sold but stand in for others, from now until the pool's supply
// ends.
struct SparesKept {
  static constexpr const char* kKind = "spares_kept";
  PoolId pool;
  int64_t servers = 0;
  Instant until = kForever;
  static constexpr auto fields() {
    return describe(field("pool", &SparesKept::pool), field("servers", &SparesKept::servers),
                    field("until", &SparesKept::until));
  }
};

// What a line has from now on: `wanted` servers by contract, with those that came and went.
struct LinePlaced {
  static constexpr const char* kKind = "line_placed";
  AccountId line;
  int64_t wanted = 0;
  ServerRanges placed;
  ServerRanges released;
  static constexpr auto fields() {
    return describe(field("line", &LinePlaced::line), field("wanted", &LinePlaced::wanted),
                    field("placed", &LinePlaced::placed), field("released", &LinePlaced::released));
  }
};

struct ServerReplaced {
  static constexpr const char* kKind = "server_replaced";
  AccountId line;
  ServerId out;
  ServerId in;
  static constexpr auto fields() {
    return describe(field("line", &ServerReplaced::line), field("out", &ServerReplaced::out),
                    field("in", &ServerReplaced::in));
  }
};

struct OutageBegan {
  static constexpr const char* kKind = "outage_began";
  Outage outage;
  static constexpr auto fields() { return describe(field("outage", &OutageBegan::outage)); }
};

struct OutageEnded {
  static constexpr const char* kKind = "outage_ended";
  OutageId outage;
  static constexpr auto fields() { return describe(field("outage", &OutageEnded::outage)); }
};

struct MaintenancePlanned {
  static constexpr const char* kKind = "maintenance_planned";
  Maintenance maintenance;
  static constexpr auto fields() {
    return describe(field("maintenance", &MaintenancePlanned::maintenance));
  }
};

struct MaintenanceBegan {
  static constexpr const char* kKind = "maintenance_began";
  MaintenanceId maintenance;
  ServerRanges servers;
  static constexpr auto fields() {
    return describe(field("maintenance", &MaintenanceBegan::maintenance),
                    field("servers", &MaintenanceBegan::servers));
  }
};

struct MaintenanceEnded {
  static constexpr const char* kKind = "maintenance_ended";
  MaintenanceId maintenance;
  bool cancelled = false;
  static constexpr auto fields() {
    return describe(field("maintenance", &MaintenanceEnded::maintenance),
                    field("cancelled", &MaintenanceEnded::cancelled));
  }
};

struct InstanceLaunched {
  static constexpr const char* kKind = "instance_launched";
  Instance instance;
  std::optional<Setup> setup = {};
  static constexpr auto fields() {
    return describe(field("instance", &InstanceLaunched::instance),
                    field("setup", &InstanceLaunched::setup));
  }
};

// The holder of what a preemptible instance runs on wants it back.
struct InstanceReclaimed {
  static constexpr const char* kKind = "instance_reclaimed";
  InstanceId instance;
  Instant ends;
  static constexpr auto fields() {
    return describe(field("instance", &InstanceReclaimed::instance),
                    field("ends", &InstanceReclaimed::ends));
  }
};

struct InstanceEnded {
  static constexpr const char* kKind = "instance_ended";
  InstanceId instance;
  std::string reason;
  static constexpr auto fields() {
    return describe(field("instance", &InstanceEnded::instance),
                    field("reason", &InstanceEnded::reason));
  }
};

// Offered for acceptance: without a word from the lessee it is deemed accepted then.
struct TranchePresented {
  static constexpr const char* kKind = "tranche_presented";
  AccountId line;
  int64_t tranche = 1;
  Instant deemed_on;
  static constexpr auto fields() {
    return describe(field("line", &TranchePresented::line),
                    field("tranche", &TranchePresented::tranche),
                    field("deemed_on", &TranchePresented::deemed_on));
  }
};

}  // namespace leasehold
