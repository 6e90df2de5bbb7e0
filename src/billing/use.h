// What was used: by instances, by sublessees, and by a line's lessee in all.
#pragma once

#include <map>
#include <vector>

#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::billing {

// What instances used in a window.
struct InstanceUse {
  AccountId account;
  InstanceKind kind = InstanceKind::on_demand;
  PartyId tenant;
  auto operator<=>(const InstanceUse&) const = default;
};
// Thousandths of an accelerator times seconds, while the provider's fault did not keep it down.
using InstanceUses = std::map<InstanceUse, int64_t>;
InstanceUses instance_use(const engine::State& state, const Interval& window);
// From an instant until each of some later ones, which ascend: in one pass over the instances.
std::vector<InstanceUses> instance_use(const engine::State& state, Instant from,
                                       const std::vector<Instant>& untils);

// What was sublet from a line.
struct Subline {
  const Lease* lease;
  const Line* line;
};
std::vector<Subline> sublines_of(const engine::State& state, const AccountId& id);

// What a line's lessee used of it in a window: by its own instances (those of `uses`, of the same
// window), and by what it has sublet. In thousandths of an accelerator times seconds.
int64_t used_of(const engine::State& state, const InstanceUses& uses, const AccountId& id,
                const Interval& window);

}  // namespace leasehold::billing
