// Facts about what parties have around their instances become state. Nothing is checked here.
#include "engine/become.h"

namespace leasehold::engine {

void become(State& state, const SshKeyAdded& fact) {
  state.workspace.ssh_keys.set(fact.key.id, fact.key);
}
void become(State& state, const SshKeyRemoved& fact) {
  state.workspace.ssh_keys.rows.erase(fact.key);
}
void become(State& state, const FileSystemCreated& fact) {
  state.workspace.file_systems.set(fact.file_system.id, fact.file_system);
}
void become(State& state, const FileSystemDeleted& fact) {
  state.workspace.file_systems.rows.erase(fact.file_system);
}
void become(State& state, const FirewallSet& fact) {
  state.workspace.firewalls.set(fact.firewall.id, fact.firewall);
}
void become(State& state, const FirewallDeleted& fact) {
  state.workspace.firewalls.rows.erase(fact.firewall);
}
void become(State& state, const ImageOffered& fact) {
  state.workspace.images.push_back(fact.image);
}

void become(State& state, const InstanceReported& fact) {
  WorkspaceState& workspace = state.workspace;
  workspace.reports[fact.instance] = fact.report;
  if (fact.report.condition == Condition::booting)
    workspace.booting.insert(fact.instance);
  else
    workspace.booting.erase(fact.instance);
}

void become(State& state, const InstanceRestarted& fact) {
  state.workspace.reports[fact.instance].condition = Condition::booting;
  state.workspace.booting.insert(fact.instance);
}

void become(State& state, const InstanceLabelled& fact) {
  state.workspace.setups[fact.instance].label = fact.label;
}

void become(State& state, const QuotaSet& fact) {
  if (fact.accelerators)
    state.workspace.quotas[fact.party] = *fact.accelerators;
  else
    state.workspace.quotas.erase(fact.party);
}

void become(State& state, const SkuDescribed& fact) { state.skus.at(fact.sku).specs = fact.specs; }

}  // namespace leasehold::engine
