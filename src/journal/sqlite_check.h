// Damage of a SQLite store outside its records, which their hashes cannot see.
#pragma once

#include <span>
#include <string>

#include "journal/journal.h"

struct sqlite3;

namespace leasehold::journal {

struct Table {
  const char* name;
  const char* sql;  // that made it
};

// The file is well-formed, has the tables it was made with and nothing else, and what no record
// uses is zero, as SQLite leaves what was only ever written to. Reads every page.
Io<std::monostate> check_file(sqlite3* database, const std::string& path,
                              std::span<const Table> schema);

}  // namespace leasehold::journal
