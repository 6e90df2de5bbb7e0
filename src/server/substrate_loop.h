// Lets a substrate react to what has happened, and hands what it reports back as commands.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "server/running_cloud.h"

namespace leasehold::server {

class SubstrateLoop {
 public:
  using React = std::function<std::vector<Command>(const engine::State&, Instant now)>;
  SubstrateLoop(RunningCloud& cloud, React react);
  ~SubstrateLoop();

 private:
  void run();

  RunningCloud& cloud_;
  React react_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace leasehold::server
