// Canonical JSON: fields in the order of their description, no spaces, whole numbers only, no
// field for an absent optional. Equal values give equal bytes, so that they can be hashed.
// Reading is the journal's and the shells' matter (a library does it).
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/describe.h"

namespace leasehold {

void write_json_string(std::string& out, std::string_view text);

template <class T>
concept TextScalar = requires(const T& value) { to_text(value); } && !Described<T>;

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
void write_json(std::string& out, const T& value);

// The fields of a described struct without the braces, each after a comma where `comma` says so.
template <Described T>
void write_json_fields(std::string& out, const T& object, bool comma = false) {
  for_each_field(object, [&](std::string_view name, const auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (IsOptional<Member>::value) {
      if (!member) return;
    }
    if (comma) out += ',';
    comma = true;
    out += '"';
    out += name;
    out += "\":";
    if constexpr (IsOptional<Member>::value)
      write_json(out, *member);
    else
      write_json(out, member);
  });
}

template <class T>
void write_json(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (DescribedEnum<T>) {
    write_json_string(out, name_of(value));
  } else if constexpr (std::is_integral_v<T>) {
    out += std::to_string(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    write_json_string(out, value);
  } else if constexpr (IsVector<T>::value) {
    out += '[';
    for (size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      write_json(out, value[i]);
    }
    out += ']';
  } else if constexpr (Described<T>) {
    out += '{';
    write_json_fields(out, value);
    out += '}';
  } else {
    static_assert(TextScalar<T>);  // an id, an instant, money: nothing to escape
    out += '"';
    out += to_text(value);
    out += '"';
  }
}

}  // namespace leasehold
