// The ordered durable log of facts. A journal keeps records, gives them back in order and keeps
// snapshots; it knows nothing of what the facts mean. Drivers: memory (memory.h), SQLite
// (sqlite.h), PostgreSQL (postgres.h).
//
// A record's hash chains it to the one before:
//   hash(n) = BLAKE2b-256( hash(n-1) | sequence | at | length(actor) | actor | body )
// with whole numbers as eight bytes, least significant first, and hash(0) = 32 zero bytes.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/time.h"

namespace leasehold::journal {

// The disk, the file or another process got in the way. Never a refusal: nothing was decided.
enum class IoCode : uint8_t {
  missing,      // there is no store to read
  cannot_open,  // no such place, or no permission
  read_only,    // the store cannot be written
  busy,         // open in another process
  disk_full,
  corrupt,        // a record, a snapshot or the file itself is damaged
  fenced,         // another process has taken over the writing
  newer_version,  // written by a newer version of this program
  failed,         // anything else the store reports
};
struct IoError {
  IoCode code = IoCode::failed;
  std::string message;
  uint64_t sequence = 0;  // of the record concerned; 0 where none is
};
enum class Access : uint8_t { read, write };

inline Unexpected<IoError> io_error(IoCode code, std::string message, uint64_t sequence = 0) {
  return Unexpected<IoError>(IoError{code, std::move(message), sequence});
}
template <class T>
using Io = Expected<T, IoError>;

using Hash = std::array<unsigned char, 32>;
std::string to_hex(const Hash& hash);
std::optional<Hash> hash_from_hex(std::string_view hex);

struct Record {
  uint64_t sequence = 0;
  Instant at;
  std::string actor;
  std::string body;  // canonical JSON: kind, version and fields (fact_codec.h)
  Hash hash{};
};

// The hash that the record must have after the one before it.
Hash chain(const Hash& before, const Record& record);

struct Head {
  uint64_t sequence = 0;
  Hash hash{};
};

struct Snapshot {
  bool operator==(const Snapshot&) const = default;
  uint64_t sequence = 0;   // the state after this fact
  Hash chained{};          // the chain's hash there: the snapshot belongs to this history
  std::string state_hash;  // hex; of the bytes
  std::string bytes;
};

// Whether a writer is the one writer still, as far as it knows.
enum class Hold : uint8_t {
  sure,    // nobody else can write
  unsure,  // it has not been heard for so long that another may have taken over
  lost,    // another has
};

class Journal {
 public:
  virtual ~Journal() = default;

  virtual Head head() const = 0;
  // A reader that has seen the store as it was now sees it as it is.
  virtual Io<std::monostate> refresh() { return {}; }
  virtual Hold hold() const { return Hold::sure; }
  // All or none, durable when it returns. Records follow the head and each other. After a failure
  // whose outcome is not known every later append fails as well: the process must start anew.
  virtual Io<std::monostate> append(std::span<const Record> records) = 0;
  // Gives the records from a sequence on, in order, until `visit` says false.
  virtual Io<std::monostate> read(uint64_t from,
                                  const std::function<bool(const Record&)>& visit) const = 0;
  virtual Io<std::monostate> keep_snapshot(const Snapshot& snapshot) = 0;
  // The newest snapshot at or before a sequence.
  virtual Io<std::optional<Snapshot>> snapshot(uint64_t at_most) const = 0;
  // What holds the records (the file, its unused space) is as the driver left it.
  virtual Io<std::monostate> check_store() const = 0;
};

// Reads all records and checks the chain, and that the last is the head. Gives the head.
Io<Head> verify_chain(const Journal& journal);

}  // namespace leasehold::journal
