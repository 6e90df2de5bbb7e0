#include "substrate/simulated.h"

#include <fmt/format.h>

namespace leasehold::substrate {

namespace {

constexpr size_t kMostAtOnce = 1000;

// 127.`first` + 0 to 63. ...: one of 4 million for each instance.
std::string address(uint32_t first, InstanceId id) {
  uint32_t n = id.number;
  return fmt::format("127.{}.{}.{}", first + (n >> 16) % 64, (n >> 8) % 256, n % 256);
}

}  // namespace

std::vector<Command> Simulated::react(const engine::State& state, Instant now) const {
  std::vector<Command> reports;
  for (InstanceId id : state.workspace.booting) {
    if (reports.size() == kMostAtOnce) break;
    const Instance& instance = state.instances.at(id);
    if (state.unready_server_of(instance) || instance.from + boot_seconds > now) continue;
    Report report{Condition::active, address(64, id), address(128, id), "simulated"};
    reports.push_back({now, "simulated", ReportInstance{id, report}});
  }
  return reports;
}

}  // namespace leasehold::substrate
