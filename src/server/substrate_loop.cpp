#include "server/substrate_loop.h"

#include <chrono>

namespace leasehold::server {

SubstrateLoop::SubstrateLoop(RunningCloud& cloud, React react)
    : cloud_(cloud), react_(std::move(react)), thread_([this] { run(); }) {}

SubstrateLoop::~SubstrateLoop() {
  stopping_ = true;
  thread_.join();
}

void SubstrateLoop::run() {
  constexpr auto kBetween = std::chrono::milliseconds(100);
  while (!stopping_) {
    std::vector<Command> reports;
    if (!cloud_.writes()) {
      std::this_thread::sleep_for(kBetween);
      continue;
    }
    if (operations::HeldState state = cloud_.read(); !state->workspace.booting.empty())
      reports = react_(*state, std::max(state->now, cloud_.now()));
    if (reports.empty()) {
      std::this_thread::sleep_for(kBetween);
      continue;
    }
    // One round is answered before the next looks: nothing is reported twice.
    (void)cloud_.submit_and_wait(std::move(reports));
  }
}

}  // namespace leasehold::server
