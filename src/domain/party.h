// Parties and what ties them. Roles (operator, customer, reseller, supplier, shareholder, lender)
// follow from contracts and relations, and may overlap in one party.
#pragma once

#include <array>
#include <optional>

#include "base/describe.h"
#include "domain/ids.h"

namespace leasehold {

enum class PartyKind : uint8_t { company, department, person };
constexpr auto enum_names(PartyKind) { return std::array{"company", "department", "person"}; }

struct Party {
  PartyId id;
  std::string name;
  PartyKind kind = PartyKind::company;
  std::optional<PartyId> part_of;  // a department's company: its use is the company's own use

  static constexpr auto fields() {
    return describe(field("id", &Party::id), field("name", &Party::name),
                    field("kind", &Party::kind), field("part_of", &Party::part_of));
  }
};

enum class RelationKind : uint8_t { owns, supplies, lends_to };
constexpr auto enum_names(RelationKind) { return std::array{"owns", "supplies", "lends_to"}; }

// "nvidia owns 5 % of lambda".
struct Relation {
  PartyId subject;
  RelationKind kind = RelationKind::owns;
  PartyId object;
  int64_t share_ppm = 0;  // parts per million; only for owns; 0 where the share is not public

  static constexpr auto fields() {
    return describe(field("subject", &Relation::subject), field("kind", &Relation::kind),
                    field("object", &Relation::object), field("share_ppm", &Relation::share_ppm));
  }
};

}  // namespace leasehold
