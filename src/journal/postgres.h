// The journal in a PostgreSQL database: the same records and hashes as in SQLite, in the tables of
// the schema "leasehold".
//
// One process writes. It has the highest number in the column `writer`, and says twice a second
// that it lives. Another may take over when it has been silent for kSilence; the one before is
// fenced then: its appends change nothing and it is told so (IoCode::fenced).
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "journal/journal.h"

namespace leasehold::journal {

inline constexpr std::chrono::milliseconds kSilence{3000};

// Whether a store's name is that of a database: "postgresql://...".
bool names_database(const std::string& store);

// `address` is a connection URI of libpq. Creates the tables for Access::write where none are
// there.
Io<std::unique_ptr<Journal>> open_postgres(const std::string& address, Access access);

}  // namespace leasehold::journal
