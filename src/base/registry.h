// A registry: rows in the order of their ids, found by id or by name.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/id.h"

namespace leasehold {

// Rows in the order of their ids (the first is number 1), found by id or by name.
template <class IdType, class Row>
class Registry {
 public:
  IdType next_id() const { return {static_cast<uint32_t>(rows_.size() + 1)}; }
  Row& add(const std::string& name, Row row) {
    rows_.push_back(std::move(row));
    if (!name.empty()) names_[name] = static_cast<uint32_t>(rows_.size());
    return rows_.back();
  }
  const Row* find(IdType id) const {
    return id.number >= 1 && id.number <= rows_.size() ? &rows_[id.number - 1] : nullptr;
  }
  Row* find(IdType id) { return const_cast<Row*>(std::as_const(*this).find(id)); }
  const Row& at(IdType id) const {
    const Row* row = find(id);
    LH_ASSERT(row != nullptr);
    return *row;
  }
  Row& at(IdType id) { return const_cast<Row&>(std::as_const(*this).at(id)); }
  // An id ("lease-7") or a name ("comet"); none where neither is known.
  IdType resolve(std::string_view text) const {
    if (auto named = names_.find(text); named != names_.end()) return {named->second};
    if (auto id = parse_id_for(text); find(id) != nullptr) return id;
    return {};
  }
  const std::deque<Row>& rows() const { return rows_; }

 private:
  static IdType parse_id_for(std::string_view text);

  std::deque<Row> rows_;  // never moved: adding the millionth row costs no more than the first
  std::map<std::string, uint32_t, std::less<>> names_;
};

template <class IdType, class Row>
IdType Registry<IdType, Row>::parse_id_for(std::string_view text) {
  auto dash = text.rfind('-');
  if (dash == std::string_view::npos) return {};
  uint64_t number = 0;
  for (char c : text.substr(dash + 1)) {
    if (c < '0' || c > '9' || number > 400'000'000) return {};
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  IdType id{static_cast<uint32_t>(number)};
  return to_text(id) == text ? id : IdType{};
}

}  // namespace leasehold
