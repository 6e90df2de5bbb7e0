// Structs that describe themselves, so that one encoder serves facts, snapshots and answers.
//
//   struct Relation {
//     PartyId from;
//     static constexpr auto fields() { return describe(field("from", &Relation::from)); }
//   };
//
// An enum describes itself with `constexpr auto enum_names(E)`: an array of its values' names.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

namespace leasehold {

template <class Struct, class Member>
struct Field {
  std::string_view name;
  Member Struct::* member;
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::* member) {
  return {name, member};
}

template <class... Fields>
constexpr auto describe(Fields... fields) {
  return std::make_tuple(fields...);
}

template <class T>
concept Described = requires { T::fields(); };

template <class T>
concept DescribedEnum = requires(T value) { enum_names(value); };

// Calls visit(name, member) for each field in the order of the description.
template <class T, class Visit>
void for_each_field(T& object, Visit visit) {
  std::apply([&](auto... fields) { (visit(fields.name, object.*(fields.member)), ...); },
             std::remove_const_t<T>::fields());
}

template <DescribedEnum E>
const char* name_of(E value) {
  return enum_names(value)[static_cast<size_t>(value)];
}

// False where no value has that name.
template <DescribedEnum E>
bool value_of(std::string_view name, E& value) {
  auto names = enum_names(E{});
  for (size_t i = 0; i < names.size(); ++i)
    if (name == names[i]) {
      value = static_cast<E>(i);
      return true;
    }
  return false;
}

// "one, two or three", for an input error's "expected".
template <DescribedEnum E>
std::string names_of() {
  auto names = enum_names(E{});
  std::string all;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) all += i + 1 == names.size() ? " or " : ", ";
    all += names[i];
  }
  return all;
}

}  // namespace leasehold
