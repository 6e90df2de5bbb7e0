#include "domain/fact.h"

namespace leasehold {

const char* kind_of(const FactBody& body) {
  return std::visit([](const auto& fact) { return std::decay_t<decltype(fact)>::kKind; }, body);
}

const std::vector<std::string>& fact_kinds() {
  static const std::vector<std::string> kinds = []<class... Bodies>(std::variant<Bodies...>*) {
    return std::vector<std::string>{Bodies::kKind...};
  }(static_cast<FactBody*>(nullptr));
  return kinds;
}

}  // namespace leasehold
