#include "journal/journal.h"

#include <cstring>

#include <fmt/format.h>
#include <sodium.h>

namespace leasehold::journal {

namespace {

void add_number(std::string& out, uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(value >> shift);
}

}  // namespace

std::string to_hex(const Hash& hash) {
  char hex[65];
  sodium_bin2hex(hex, sizeof hex, hash.data(), hash.size());
  return hex;
}

std::optional<Hash> hash_from_hex(std::string_view hex) {
  Hash hash;
  size_t length = 0;
  bool whole = sodium_hex2bin(hash.data(), hash.size(), hex.data(), hex.size(), nullptr, &length,
                              nullptr) == 0;
  if (!whole || length != hash.size() || hex.size() != 2 * hash.size()) return std::nullopt;
  return hash;
}

Hash chain(const Hash& before, const Record& record) {
  std::string message;
  message.reserve(64 + record.actor.size() + record.body.size());
  message.append(reinterpret_cast<const char*>(before.data()), before.size());
  add_number(message, record.sequence);
  add_number(message, static_cast<uint64_t>(record.at.seconds));
  add_number(message, record.actor.size());
  message += record.actor;
  message += record.body;
  Hash hash;
  crypto_generichash(hash.data(), hash.size(),
                     reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                     nullptr, 0);
  return hash;
}

Io<Head> verify_chain(const Journal& journal) {
  Head head;
  std::optional<IoError> wrong;
  auto checked = journal.read(1, [&](const Record& record) {
    if (record.sequence != head.sequence + 1) {
      wrong = IoError{IoCode::corrupt,
                      fmt::format("record {} is missing: record {} follows record {}",
                                  head.sequence + 1, record.sequence, head.sequence),
                      head.sequence + 1};
      return false;
    }
    Hash expected = chain(head.hash, record);
    if (expected != record.hash) {
      wrong = IoError{
          IoCode::corrupt,
          fmt::format("record {} is damaged: its content does not give its hash", record.sequence),
          record.sequence};
      return false;
    }
    head = {record.sequence, record.hash};
    return true;
  });
  if (!checked) return Unexpected<IoError>(checked.error());
  if (wrong) return Unexpected<IoError>(*wrong);
  Head kept = journal.head();
  if (kept.sequence == head.sequence && kept.hash != head.hash)
    return io_error(
        IoCode::corrupt,
        fmt::format("record {} is the last one, but the store's head has another hash for it",
                    head.sequence),
        head.sequence);
  if (kept.sequence != head.sequence)
    return io_error(IoCode::corrupt,
                    fmt::format("record {} is missing: the store says that its last record is {}",
                                head.sequence + 1, kept.sequence),
                    head.sequence + 1);
  return head;
}

}  // namespace leasehold::journal
