// The journal in memory: for tests, forecasts and dry runs. Keeps the same promises but one: it is
// gone with the process. Copies share the records, as two openings of one store do.
#pragma once

#include <map>
#include <memory>
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
  Io<std::monostate> check_store() const override { return {}; }

 private:
  struct Kept {
    std::vector<Record> records;
    std::map<uint64_t, Snapshot> snapshots;
  };
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

}  // namespace leasehold::journal
