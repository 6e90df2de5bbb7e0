// The peer: slurmctld, asked with scontrol for advance reservations of whole nodes, as Slurm's
// operators keep blocks for customers. It chooses the nodes at once and keeps them by name over the
// window; it has no tiers, no spares, no price, and where fewer nodes are free than were asked for
// it reserves those and says that it did what it was told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace leasehold::bench {

class SlurmPeer {
 public:
  // A running slurmctld with so many emulated nodes, by its configuration's path (SLURM_CONF_1000
  // and so on in the environment, as bench/run sets it); nothing where there is none.
  static std::optional<SlurmPeer> of(int64_t nodes);

  // The median over several times: a reservation without what the client alone takes.
  double reservation_us(int64_t nodes, int times);
  // How many nodes it reserves when it is asked for more than are free.
  int64_t reserved_of(int64_t asked, int64_t taken);

 private:
  explicit SlurmPeer(std::string configuration) : configuration_(std::move(configuration)) {}
  std::string run(const std::string& arguments) const;

  std::string configuration_;
};

}  // namespace leasehold::bench
