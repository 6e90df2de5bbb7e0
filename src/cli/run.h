// The leasehold command: parses the arguments, runs one operation, gives the exit status.
#pragma once

#include <string>
#include <vector>

#include "operations/shell.h"

namespace leasehold::cli {

int run(const std::vector<std::string>& arguments, operations::Environment& environment);

}  // namespace leasehold::cli
