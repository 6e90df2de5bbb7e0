// Where a command's --file says that its answer goes.
#pragma once

#include <string>

#include "operations/shell.h"

namespace leasehold::operations {

// Writes bytes to the file and says its name and `sum`, such as "3 rows"; without a file they are
// the answer itself. Said where the file cannot be written.
void give(Shell& shell, const std::string& file, const std::string& media_type,
          const std::string& bytes, const std::string& sum);

}  // namespace leasehold::operations
