// Ids that people can read and type: a stem and a counter, "lease-7", "server-h100-0042". They
// are drawn from the engine's counters, so replay draws the same ones, and they sort by number,
// not by letter ("lease-9" before "lease-10").
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace leasehold {

// The text form taken apart: stem "server-h100", number 42.
struct IdText {
  std::string stem;
  uint32_t number = 0;
  auto operator<=>(const IdText&) const = default;
};

// Leading zeros are accepted and mean nothing: "server-h100-0042" is number 42.
Parsed<IdText> parse_id_text(std::string_view text);
// Padded with zeros to `width` digits, so that a listing lines up.
std::string to_text(const IdText& id, int width = 1);

// An id of one kind of thing. Tag has `static constexpr const char* kStem`. 0 is "none".
template <class Tag>
struct Id {
  uint32_t number = 0;
  auto operator<=>(const Id&) const = default;
  explicit operator bool() const { return number != 0; }
};

template <class Tag>
std::string to_text(const Id<Tag>& id) {
  return id ? std::string(Tag::kStem) + "-" + std::to_string(id.number) : "";
}

template <class Tag>
Parsed<Id<Tag>> parse_id(std::string_view text) {
  Parsed<IdText> parts = parse_id_text(text);
  if (!parts || parts->stem != Tag::kStem || parts->number == 0)
    return bad_input(std::string(text), std::string("an id such as ") + Tag::kStem + "-7");
  return Id<Tag>{parts->number};
}

}  // namespace leasehold
