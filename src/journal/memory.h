// The journal in memory: for tests, forecasts and dry runs. Keeps the same promises but one: it is
// gone with the process.
#pragma once

#include <map>
#include <vector>

#include "journal/journal.h"

namespace leasehold::journal {

class MemoryJournal : public Journal {
 public:
  Head head() const override;
  Io<std::monostate> append(std::span<const Record> records) override;
  Io<std::monostate> read(uint64_t from,
                          const std::function<bool(const Record&)>& visit) const override;
  Io<std::monostate> keep_snapshot(const Snapshot& snapshot) override;
  Io<std::optional<Snapshot>> snapshot(uint64_t at_most) const override;

 private:
  std::vector<Record> records_;
  std::map<uint64_t, Snapshot> snapshots_;
};

}  // namespace leasehold::journal
