#include "billing/meterage.h"

#include <algorithm>

#include "base/result.h"

namespace leasehold::billing {

namespace {

constexpr uint32_t kDay = 86'400;

}  // namespace

void UsageColumns::reserve(size_t rows) {
  for (std::vector<uint32_t>* column : {&key, &from, &until, &milli}) column->reserve(rows);
}

void UsageColumns::add(uint32_t row_key, uint32_t row_from, uint32_t row_until,
                       uint32_t row_milli) {
  key.push_back(row_key);
  from.push_back(row_from);
  until.push_back(row_until);
  milli.push_back(row_milli);
}

UsageSums::UsageSums(std::vector<uint32_t> boundaries, size_t keys)
    : boundaries_(std::move(boundaries)), keys_(keys), totals_(keys * (boundaries_.size() - 1)) {
  LH_ASSERT(boundaries_.size() >= 2 && boundaries_.size() <= 256 &&
            std::is_sorted(boundaries_.begin(), boundaries_.end()));
  uint8_t period = 0;
  for (uint32_t day = 0; day <= boundaries_.back() / kDay; ++day) {
    while (period + 2U < boundaries_.size() && boundaries_[period + 1U] <= day * kDay) ++period;
    period_of_day_.push_back(period);
  }
}

void UsageSums::add(const UsageColumns& columns, size_t first, size_t last) {
  for (size_t row = first; row < last; ++row) {
    uint32_t from = std::max(columns.from[row], boundaries_.front());
    uint32_t until = std::min(columns.until[row], boundaries_.back());
    if (from >= until) continue;
    size_t period = period_of_day_[from / kDay];
    while (boundaries_[period + 1] <= from) ++period;
    int64_t milli = columns.milli[row];
    int64_t* total = &totals_[period * keys_ + columns.key[row]];
    for (; until > boundaries_[period + 1]; ++period, total += keys_) {
      *total += milli * (boundaries_[period + 1] - from);
      from = boundaries_[period + 1];
    }
    *total += milli * (until - from);
  }
}

void UsageSums::add(const UsageSums& other) {
  LH_ASSERT(totals_.size() == other.totals_.size());
  for (size_t i = 0; i < totals_.size(); ++i) totals_[i] += other.totals_[i];
}

}  // namespace leasehold::billing
