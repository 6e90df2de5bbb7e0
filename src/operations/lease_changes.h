// The commands that change a lease: amend, accept, assign, notice, renew, terminate.
#pragma once

#include "operations/catalogue.h"

namespace leasehold::operations {

void add_lease_changes(Noun lease);

}  // namespace leasehold::operations
