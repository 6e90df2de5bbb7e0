// What parties have around their instances: fields of a setup, facts in words, conditions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "operations/form.h"
#include "operations/reader.h"

namespace leasehold::operations {

// Fields of a launch that say how the instance is set up.
struct SetupValues {
  std::vector<std::string> ssh_keys, file_systems, firewalls;
  std::string label, image;
};
void setup_options(Form& form, SetupValues& values);
// Nothing where none of them is given.
std::optional<Setup> read_setup(Reader& reader, const SetupValues& values);

// "booting", "active", "unhealthy", "ended", or "preempted" where it was wanted back.
std::string condition_of(const engine::State& state, const Instance& instance);

std::string words(const engine::State& state, const QuotaSet& fact);
std::string words(const engine::State& state, const SkuDescribed& fact);
std::string words(const engine::State& state, const SshKeyAdded& fact);
std::string words(const engine::State& state, const SshKeyRemoved& fact);
std::string words(const engine::State& state, const FileSystemCreated& fact);
std::string words(const engine::State& state, const FileSystemDeleted& fact);
std::string words(const engine::State& state, const FirewallSet& fact);
std::string words(const engine::State& state, const FirewallDeleted& fact);
std::string words(const engine::State& state, const ImageOffered& fact);
std::string words(const engine::State& state, const InstanceReported& fact);
std::string words(const engine::State& state, const InstanceRestarted& fact);
std::string words(const engine::State& state, const InstanceLabelled& fact);

}  // namespace leasehold::operations
