// Who may ask for what: an asker's role allows kinds of commands and questions, and one who asks
// for a party may change only what that party is a side of.
#pragma once

#include <optional>
#include <vector>

#include "domain/access.h"
#include "domain/command.h"
#include "engine/state.h"

namespace leasehold::access {

// Kinds of what can be asked.
enum class Area : uint8_t {
  catalogue,  // what is for lease: SKUs, free capacity
  contract,   // quotes, leases and their changes
  supply,     // sites, pools, servers, maintenance
  use,        // instances and what they used
  money,      // prices, invoices, payments, books, reports
  keys,       // who may ask
  log,        // the journal, and what concerns the whole cloud
};
constexpr auto enum_names(Area) {
  return std::array{"catalogue", "contract", "supply", "use", "money", "keys", "log"};
}

struct Asker {
  std::optional<PartyId> party;  // for whom; the whole cloud where there is none
  Role role = Role::owner;
};

bool may_see(Role role, Area area);
bool may_change(Role role, Area area);

Area area_of(const CommandBody& command);
// The parties that may ask for it: one of those concerned. None: it is for the whole cloud alone.
std::vector<PartyId> sides_of(const engine::State& state, const CommandBody& command);
// Whether both the role and the sides allow it.
bool may_command(const engine::State& state, const Asker& asker, const CommandBody& command);

}  // namespace leasehold::access
