// A store by its name: a file, or a database where it is the address of one.
#pragma once

#include <memory>
#include <string>

#include "journal/journal.h"

namespace leasehold::journal {

Io<std::unique_ptr<Journal>> open_store(const std::string& name, Access access);

}  // namespace leasehold::journal
