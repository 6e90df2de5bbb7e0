#include <fmt/format.h>

#include "operations/fact_text.h"
#include "operations/workspace.h"

namespace leasehold::operations {

using engine::State;

std::string condition_of(const State& state, const Instance& instance) {
  if (instance.ended_at) return instance.reclaimed_at ? "preempted" : "ended";
  if (state.unready_server_of(instance)) return "unhealthy";
  auto report = state.workspace.reports.find(instance.id);
  if (report == state.workspace.reports.end()) return name_of(Condition::booting);
  return name_of(report->second.condition);
}

std::string words(const State& state, const QuotaSet& fact) {
  return fmt::format("{} may have {} accelerators at once without a lease",
                     state.name_of(fact.party),
                     fact.accelerators ? std::to_string(*fact.accelerators) : "any number of");
}
std::string words(const State& state, const SkuDescribed& fact) {
  const SkuSpecs& specs = fact.specs;
  return fmt::format("sku {}: {} {} with {} GiB; a server has {} vCPUs, {} GiB, {} GiB of storage",
                     state.skus.at(fact.sku).name, specs.accelerator, specs.form,
                     specs.accelerator_gib, specs.vcpus, specs.memory_gib, specs.storage_gib);
}
std::string words(const State& state, const SshKeyAdded& fact) {
  return fmt::format("SSH key {} ({}) of {}", fact.key.name, to_text(fact.key.id),
                     state.name_of(fact.key.party));
}
std::string words(const State&, const SshKeyRemoved& fact) {
  return fmt::format("{} removed", to_text(fact.key));
}
std::string words(const State& state, const FileSystemCreated& fact) {
  const FileSystem& made = fact.file_system;
  return fmt::format("file system {} ({}) of {} in {}", made.name, to_text(made.id),
                     state.name_of(made.party), made.region);
}
std::string words(const State&, const FileSystemDeleted& fact) {
  return fmt::format("{} deleted", to_text(fact.file_system));
}
std::string words(const State& state, const FirewallSet& fact) {
  const Firewall& set = fact.firewall;
  return fmt::format("firewall {} ({}) of {}: {} rules{}", set.name, to_text(set.id),
                     state.name_of(set.party), set.rules.size(),
                     set.region.empty() ? "" : " in " + set.region);
}
std::string words(const State&, const FirewallDeleted& fact) {
  return fmt::format("{} deleted", to_text(fact.firewall));
}
std::string words(const State&, const ImageOffered& fact) {
  return fmt::format("image {} ({}): {} {}, {}", fact.image.name, to_text(fact.image.id),
                     fact.image.family, fact.image.version, name_of(fact.image.architecture));
}
std::string words(const State&, const InstanceReported& fact) {
  const Report& report = fact.report;
  return fmt::format("{} is {}{}{}", to_text(fact.instance), name_of(report.condition),
                     report.ip.empty() ? "" : " at " + report.ip,
                     report.test.empty() ? "" : ": " + report.test);
}
std::string words(const State&, const InstanceRestarted& fact) {
  return fmt::format("{} restarts", to_text(fact.instance));
}
std::string words(const State&, const InstanceLabelled& fact) {
  return fmt::format("{} is called '{}'", to_text(fact.instance), fact.label);
}

}  // namespace leasehold::operations
