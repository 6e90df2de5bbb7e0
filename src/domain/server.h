// Servers: their lifecycle, the tests that they pass before they may earn, their absences, outages
// and planned maintenance.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/describe.h"
#include "base/time.h"
#include "domain/account_id.h"
#include "domain/ids.h"

namespace leasehold {

enum class ServerState : uint8_t {
  ordered,    // bought, not here
  delivered,  // on the dock
  racked,     // has its place and draws power
  burn_in,    // under test
  ready,      // may serve
  draining,   // serves what it has, takes nothing new
  repair,     // in its rack, out of service
  rma,        // back at the maker, out of its rack
  retired,    // gone for good
};
constexpr auto enum_names(ServerState) {
  return std::array{"ordered",  "delivered", "racked", "burn_in", "ready",
                    "draining", "repair",    "rma",    "retired"};
}
bool in_service(ServerState state);  // ready or draining
bool in_rack(ServerState state);     // racked to repair: it has a place and draws power
bool may_become(ServerState from, ServerState to);
// The states that a state may become, for an error's "expected".
std::string next_states(ServerState from);

// The acceptance ladder, as the field runs it: each server alone, its NVLink domain, its fabric.
// The last level, the tranche as one cluster, is the tranche's own (AcceptTranche).
enum class TestLevel : uint8_t { inventory, node, soak, scale_up, fabric };
constexpr auto enum_names(TestLevel) {
  return std::array{"inventory", "node", "soak", "scale_up", "fabric"};
}
inline constexpr uint8_t kAllTests = 0b11111;
// Hours that a level takes (data set: acceptance_tests.yaml; sources S63, S69, S78 there), rounded
// up.
int64_t test_hours(TestLevel level);

// How the ledger bears a server that was supply and is out of service.
enum class Absence : uint8_t {
  none,       // it is in service, or is not supply yet
  spare,      // one of the pool's spares stands in for it
  withdrawn,  // the pool's supply is smaller by it
  missing,    // it is promised and is not there
};
constexpr auto enum_names(Absence) { return std::array{"none", "spare", "withdrawn", "missing"}; }

struct Server {
  ServerId id;
  std::string serial;
  DeliveryId delivery;  // whose supply it is
  RackId rack;          // none while it is in no rack
  int64_t unit = 0;     // the lowest rack unit that it fills; 0: not said
  int64_t slot = 0;     // its place in the rack's pod, from 0
  ServerState state = ServerState::ordered;
  Instant since;
  Absence absence = Absence::none;
  uint8_t tests_passed = 0;  // a bit for each TestLevel since its last burn-in began
  int64_t tests_failed = 0;  // ever
  AccountId line;            // the deepest line that it is placed in
  bool counted = false;  // whether the ledger has been told of its state: its delivery has begun
  bool in_use = false;   // by an instance, whole or in parts
  static constexpr auto fields() {
    return describe(field("id", &Server::id), field("serial", &Server::serial),
                    field("delivery", &Server::delivery), field("rack", &Server::rack),
                    field("unit", &Server::unit), field("slot", &Server::slot),
                    field("state", &Server::state), field("since", &Server::since),
                    field("absence", &Server::absence),
                    field("tests_passed", &Server::tests_passed),
                    field("tests_failed", &Server::tests_failed), field("line", &Server::line),
                    field("counted", &Server::counted), field("in_use", &Server::in_use));
  }
};

// Servers as runs of ids: a tranche of thousands is a few of them.
struct ServerRange {
  ServerId first;
  int64_t count = 0;
  bool operator==(const ServerRange&) const = default;
  static constexpr auto fields() {
    return describe(field("first", &ServerRange::first), field("count", &ServerRange::count));
  }
};
using ServerRanges = std::vector<ServerRange>;
// In the order of their ids.
ServerRanges ranges_of(std::vector<ServerId> servers);
std::vector<ServerId> servers_of(const ServerRanges& ranges);
int64_t count_of(const ServerRanges& ranges);
std::string to_text(const ServerRanges& ranges);  // "server-1 to server-32, server-40"

// A line is without one of its servers for a time: what a service level is counted from. Leases
// above the line lose it as well.
struct Outage {
  OutageId id;
  AccountId line;
  ServerId server;  // that failed
  Instant from;
  Instant until = kForever;  // when it was back, or another had replaced it
  bool excused = false;      // planned maintenance, as the contract allows it
  std::string reason;
  static constexpr auto fields() {
    return describe(field("id", &Outage::id), field("line", &Outage::line),
                    field("server", &Outage::server), field("from", &Outage::from),
                    field("until", &Outage::until), field("excused", &Outage::excused),
                    field("reason", &Outage::reason));
  }
};

// Work on a rack, a feed or a pod in a window.: its servers are out
// of service in it.
enum class MaintenanceStatus : uint8_t { planned, running, done, cancelled };
constexpr auto enum_names(MaintenanceStatus) {
  return std::array{"planned", "running", "done", "cancelled"};
}
struct Maintenance {
  MaintenanceId id;
  AccountId scope;  // a rack, feed or pod
  Instant from;
  Instant until;
  Instant planned_at;
  std::string reason;
  MaintenanceStatus status = MaintenanceStatus::planned;
  ServerRanges servers;  // that it took out of service, to be given back
  static constexpr auto fields() {
    return describe(field("id", &Maintenance::id), field("scope", &Maintenance::scope),
                    field("from", &Maintenance::from), field("until", &Maintenance::until),
                    field("planned_at", &Maintenance::planned_at),
                    field("reason", &Maintenance::reason), field("status", &Maintenance::status),
                    field("servers", &Maintenance::servers));
  }
};

}  // namespace leasehold
