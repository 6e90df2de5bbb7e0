#include "domain/fact.h"

namespace leasehold {

const char* kind_of(const FactBody& body) {
  return std::visit([](const auto& fact) { return std::decay_t<decltype(fact)>::kKind; }, body);
}

}  // namespace leasehold
