// The journal in one SQLite file: WAL, synchronous=FULL, one transaction a batch. A process that
// opened it to write keeps others from writing, who are told so; any number may read.
// docs/internals/journal.md has the format.
#pragma once

#include <memory>
#include <string>

#include "journal/journal.h"

namespace leasehold::journal {

// Opens the store, or creates it for Access::write where nothing is there.
Io<std::unique_ptr<Journal>> open_sqlite(const std::string& path, Access access);

}  // namespace leasehold::journal
