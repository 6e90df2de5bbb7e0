#include "journal/memory.h"

namespace leasehold::journal {

Head MemoryJournal::head() const {
  return records_.empty() ? Head{} : Head{records_.back().sequence, records_.back().hash};
}

Io<std::monostate> MemoryJournal::append(std::span<const Record> records) {
  records_.insert(records_.end(), records.begin(), records.end());
  return {};
}

Io<std::monostate> MemoryJournal::read(uint64_t from,
                                       const std::function<bool(const Record&)>& visit) const {
  for (size_t i = from == 0 ? 0 : from - 1; i < records_.size(); ++i)
    if (!visit(records_[i])) break;
  return {};
}

Io<std::monostate> MemoryJournal::keep_snapshot(const Snapshot& snapshot) {
  snapshots_[snapshot.sequence] = snapshot;
  return {};
}

Io<std::optional<Snapshot>> MemoryJournal::snapshot(uint64_t at_most) const {
  auto after = snapshots_.upper_bound(at_most);
  if (after == snapshots_.begin()) return std::optional<Snapshot>();
  return std::optional(std::prev(after)->second);
}

}  // namespace leasehold::journal
