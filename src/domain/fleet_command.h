// Commands about the fleet. Part of the closed list of command.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/fleet_fact.h"

namespace leasehold {

struct LeaseSite {
  SiteLease lease;
};
struct RetimeSiteLease {
  SiteLeaseId lease;
  Instant from;
};
struct BuildHall {
  Hall hall;
};
struct BuildRow {
  Row row;
};
struct InstallFeed {
  Feed feed;
};
struct PlanPod {
  Pod pod;
};
struct InstallRacks {
  std::vector<Rack> racks;
};
struct ChangeBudget {
  AccountId level;  // a hall, row, rack or feed
  int64_t watts = 0;
  int64_t places = 0;
};
struct MeasureDraw {
  AccountId level;  // a site, hall, row, rack or feed
  int64_t watts = 0;
};
struct GrantLien {
  Lien lien;
};
struct KeepSpares {
  PoolId pool;
  int64_t servers = 0;
};

// Servers of a delivery, all in one state, in one rack once racked.
struct AddServers {
  DeliveryId delivery;
  RackId rack;
  ServerState state = ServerState::ordered;
  std::vector<NewServer> servers;
};
struct MoveServers {
  std::vector<ServerId> servers;
  ServerState to = ServerState::ready;
  RackId rack;       // to racked: where
  int64_t unit = 0;  // of the first; the others follow upwards. 0: not said
  std::string reason;
};
struct RecordTest {
  std::vector<ServerId> servers;
  TestLevel level = TestLevel::inventory;
  bool passed = false;
  std::string detail;
};

struct PlanMaintenance {
  AccountId scope;
  Interval interval;
  std::string reason;
};
struct CancelMaintenance {
  MaintenanceId maintenance;
};

struct LaunchInstance {
  std::string name;
  PartyId tenant;
  InstanceKind kind = InstanceKind::committed;
  AccountId account;
  int64_t servers = 0;  // whole ones; or accelerators of one server; or a part of an accelerator
  int64_t gpus = 0;
  int64_t milli = 0;
  Instant until = kForever;
  std::optional<Setup> setup = {};
};
struct EndInstance {
  InstanceId instance;
  std::string reason;
};

struct PresentTranche {
  AccountId line;
  int64_t tranche = 1;
};

}  // namespace leasehold
