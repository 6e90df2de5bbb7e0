// Usage as columns: intervals of what was used, summed by key and period in one pass. Quantities
// are thousandths of an accelerator times seconds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/money.h"

namespace leasehold::billing {

// One row an interval: [from, until) in seconds since a common base.
struct UsageColumns {
  std::vector<uint32_t> key;
  std::vector<uint32_t> from;
  std::vector<uint32_t> until;
  std::vector<uint32_t> milli;

  size_t size() const { return key.size(); }
  void reserve(size_t rows);
  void add(uint32_t row_key, uint32_t row_from, uint32_t row_until, uint32_t row_milli);
};

// Totals by period and key.
class UsageSums {
 public:
  // Period i is [boundaries[i], boundaries[i + 1]); at least two boundaries, ascending.
  UsageSums(std::vector<uint32_t> boundaries, size_t keys);

  // Adds the rows [first, last) of the columns; what lies in no period does not count.
  void add(const UsageColumns& columns, size_t first, size_t last);
  void add(const UsageSums& other);
  int64_t at(size_t period, size_t key) const { return totals_[period * keys_ + key]; }
  size_t periods() const { return boundaries_.size() - 1; }
  size_t keys() const { return keys_; }

 private:
  std::vector<uint32_t> boundaries_;
  std::vector<uint8_t> period_of_day_;  // the period in which a day begins, or the first
  size_t keys_;
  std::vector<int64_t> totals_;
};

}  // namespace leasehold::billing
