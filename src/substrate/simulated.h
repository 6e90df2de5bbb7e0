// What makes instances real, where nothing does: it pretends that each starts and passes its
// acceptance test. A reaction is only commands; nothing acts inside it.
#pragma once

#include <vector>

#include "domain/command.h"
#include "engine/state.h"

namespace leasehold::substrate {

struct Simulated {
  int64_t boot_seconds = 0;

  // Reports of the instances that have had the time to start by `now`, at most a thousand; none of
  // an instance whose servers are not ready. Their addresses are of the loopback network: nothing
  // that is pretended is reached elsewhere.
  std::vector<Command> react(const engine::State& state, Instant now) const;
};

}  // namespace leasehold::substrate
