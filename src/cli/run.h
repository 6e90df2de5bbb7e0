// The leasehold command: parses the arguments, runs one command, gives the exit status.
#pragma once

#include <string>
#include <vector>

#include "cli/shell.h"

namespace leasehold::cli {

int run(const std::vector<std::string>& arguments, Environment& environment);

}  // namespace leasehold::cli
