// Facts about the fleet in words. Part of fact_text.h.
#pragma once

#include <string>

#include "domain/fleet_fact.h"
#include "engine/state.h"

namespace leasehold::operations {

std::string words(const engine::State& state, const SiteLeased& fact);
std::string words(const engine::State& state, const SiteLeaseRetimed& fact);
std::string words(const engine::State& state, const LienGranted& fact);
std::string words(const engine::State& state, const DrawMeasured& fact);
std::string words(const engine::State& state, const HallBuilt& fact);
std::string words(const engine::State& state, const RowBuilt& fact);
std::string words(const engine::State& state, const FeedInstalled& fact);
std::string words(const engine::State& state, const PodPlanned& fact);
std::string words(const engine::State& state, const RacksInstalled& fact);
std::string words(const engine::State& state, const BudgetChanged& fact);
std::string words(const engine::State& state, const SparesKept& fact);
std::string words(const engine::State& state, const ServersAdded& fact);
std::string words(const engine::State& state, const ServersMoved& fact);
std::string words(const engine::State& state, const ServersTested& fact);
std::string words(const engine::State& state, const AbsencesSet& fact);
std::string words(const engine::State& state, const DeliveryCounted& fact);
std::string words(const engine::State& state, const LinePlaced& fact);
std::string words(const engine::State& state, const ServerReplaced& fact);
std::string words(const engine::State& state, const OutageBegan& fact);
std::string words(const engine::State& state, const OutageEnded& fact);
std::string words(const engine::State& state, const MaintenancePlanned& fact);
std::string words(const engine::State& state, const MaintenanceBegan& fact);
std::string words(const engine::State& state, const MaintenanceEnded& fact);
std::string words(const engine::State& state, const InstanceLaunched& fact);
std::string words(const engine::State& state, const InstanceReclaimed& fact);
std::string words(const engine::State& state, const InstanceEnded& fact);
std::string words(const engine::State& state, const TranchePresented& fact);

std::string watts_text(int64_t watts);
// "server-1 to server-32", or the serial number where it is one.
std::string servers_text(const engine::State& state, const ServerRanges& servers);
// "2 servers", "3 accelerators of a server", "0.25 of an accelerator".
std::string size_text(const Instance& instance);

}  // namespace leasehold::operations
