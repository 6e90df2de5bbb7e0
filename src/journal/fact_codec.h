// Facts as the journal writes them: {"kind":"lease_signed","v":1, ...fields}. Written canonically
// (base/json.h), read by a library. A kind or version that this program does not know is an error
// of its own: the journal was written by a newer version.
#pragma once

#include <string>
#include <string_view>

#include "domain/fact.h"
#include "journal/journal.h"

namespace leasehold::journal {

std::string encode(const FactBody& body);
Io<FactBody> decode(std::string_view body);

// A record without its hash, and back.
Record to_record(const Fact& fact);
Io<Fact> to_fact(const Record& record);

// One line of the journal's exported form, and back:
// {"sequence":1,"at":"2025-09-04T00:00:00Z","actor":"...","fact":{...},"hash":"<hex>"}
std::string to_line(const Record& record);
Io<Record> from_line(std::string_view line);

}  // namespace leasehold::journal
