#include "journal/memory.h"

namespace leasehold::journal {

Head MemoryJournal::head() const {
  return kept_->records.empty() ? Head{}
                                : Head{kept_->records.back().sequence, kept_->records.back().hash};
}

Io<std::monostate> MemoryJournal::append(std::span<const Record> records) {
  kept_->records.insert(kept_->records.end(), records.begin(), records.end());
  return {};
}

Io<std::monostate> MemoryJournal::read(uint64_t from,
                                       const std::function<bool(const Record&)>& visit) const {
  for (size_t i = from == 0 ? 0 : from - 1; i < kept_->records.size(); ++i)
    if (!visit(kept_->records[i])) break;
  return {};
}

Io<std::monostate> MemoryJournal::keep_snapshot(const Snapshot& snapshot) {
  kept_->snapshots[snapshot.sequence] = snapshot;
  return {};
}

Io<std::optional<Snapshot>> MemoryJournal::snapshot(uint64_t at_most) const {
  auto after = kept_->snapshots.upper_bound(at_most);
  if (after == kept_->snapshots.begin()) return std::optional<Snapshot>();
  return std::optional(std::prev(after)->second);
}

}  // namespace leasehold::journal
