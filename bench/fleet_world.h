// A fleet in memory for benchmarks: one pool of eight-GPU servers in pods of 32, and leases that
// fill it and leave it broken, as years of signing and ending do.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "cloud/cloud.h"

namespace leasehold::bench {

class FleetWorld {
 public:
  // In memory alone; with a path, in a new store, where every command is durable before it is
  // answered.
  explicit FleetWorld(int64_t servers, const std::string& store = "");

  // Leases of 1 to 64 servers and now and then of up to a twentieth of the fleet, until `high`
  // permille are leased; then random ones end until `low` are.
  void fill(int64_t high, int64_t low);

  const engine::State& state() const { return cloud_ ? cloud_->state() : state_; }
  // A command at the present moment; it must succeed.
  std::vector<Fact> must(CommandBody body);
  // A lease of servers from a moment on for a year; places them where it begins now.
  std::vector<Fact> lease(int64_t servers, Instant from);
  void end(LeaseId lease);
  void pass();
  void advance(int64_t seconds) { now_ = now_ + seconds; }
  Instant now() const { return now_; }
  Random& random() { return random_; }
  int64_t free() const;

 private:
  engine::State state_;
  std::optional<cloud::Cloud> cloud_;
  Instant now_{1'800'000'000};
  Random random_{7};
};

}  // namespace leasehold::bench
