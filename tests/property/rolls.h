// What a random command is made of: numbers that mean what the command takes them for.
#pragma once

#include <ostream>
#include <vector>

#include <rapidcheck.h>

#include "property/world.h"

namespace rc {
template <>
struct Arbitrary<leasehold::property::Roll> {
  static Gen<leasehold::property::Roll> arbitrary() {
    using leasehold::property::Roll;
    auto number = gen::inRange(0, 1000);
    return gen::build<Roll>(gen::set(&Roll::kind, number), gen::set(&Roll::a, number),
                            gen::set(&Roll::b, number), gen::set(&Roll::c, number),
                            gen::set(&Roll::d, number));
  }
};
}  // namespace rc

namespace leasehold::property {

inline std::ostream& operator<<(std::ostream& out, const Roll& roll) {
  return out << "Roll{" << roll.kind << ',' << roll.a << ',' << roll.b << ',' << roll.c << ','
             << roll.d << '}';
}

using Rolls = std::vector<Roll>;

inline rc::Gen<Rolls> rolls() { return rc::gen::scale(2.0, rc::gen::arbitrary<Rolls>()); }

}  // namespace leasehold::property
