// The commands that change a lease: amend, accept, assign, notice, renew, terminate.
#pragma once

#include "cli/commands.h"

namespace leasehold::cli {

void add_lease_changes(CLI::App& lease, Shell& shell);

}  // namespace leasehold::cli
