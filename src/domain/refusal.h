// Refusals: the business says no. A closed list in order of precedence: where several rules are
// broken, the first of this list is given, whatever the shell. Words are made at the shell only
// (operations/refusal_text.h); here are the code, the subject and the numbers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "base/quantity.h"
#include "base/result.h"
#include "base/time.h"
#include "domain/account_id.h"
#include "domain/ids.h"

namespace leasehold {

enum class RefusalCode : uint8_t {
  request_repeated,        // done already: the state has kept which facts it gave
  request_differs,         // another request had the same Idempotency-Key
  time_backwards,          // the command's time is before the last fact's
  unknown_reference,       // an id that does not exist
  name_taken,              // names are unique within a kind
  invalid_value,           // a field outside its range; `rule` says what would be accepted
  unknown_zone,            // not an IANA time zone
  quantity_not_of_sku,     // the SKU does not convert this kind of quantity
  shape_not_sold,          // a number of chips that is no slice of the SKU
  fabric_differs,          // the pool's servers are on another fabric
  term_empty,              // an interval that ends before it begins
  not_a_side,              // neither the pool's owner nor the lessee of the head lease
  nothing_to_change,       // the change would leave everything as it is
  quote_not_open,          // signed, released or expired already
  lease_ended,             // terminated, or past its end
  already_accepted,        // a tranche is accepted once
  notice_not_allowed,      // a dated lease without a notice clause, or notice given already
  renewal_not_allowed,     // no option, used already, or too late to use it
  assignment_not_allowed,  // the use restriction forbids the new party
  use_restricted,          // a clause of a lease above forbids this sublessee
  outside_head_lease,      // the term leaves that of the head lease
  below_floor_rate,        // cheaper than the commitment's floor
  beyond_commitment,       // more than what is left of the commitment's sum
  quota_exceeded,          // more on demand at once than the party may have
  month_not_over,          // it is billed when it is over, and after those before it
  month_closed,            // billed already
  beyond_due,              // more than is owed
  wrong_state,             // the server's lifecycle does not go there from here
  tests_missing,           // it has not passed its acceptance tests
  delivery_full,           // the delivery has not so many servers
  power_short,             // the site, hall, row, rack or feed has not the power
  space_short,             // the site, hall, row or rack has not the place
  breaks_promises,         // supply would fall below what is promised from it
  capacity_short,          // the pool or line has not the capacity
  servers_short,           // it has the capacity, and not so many servers ready and free now
};
constexpr auto enum_names(RefusalCode) {
  return std::array{"request_repeated",
                    "request_differs",
                    "time_backwards",
                    "unknown_reference",
                    "name_taken",
                    "invalid_value",
                    "unknown_zone",
                    "quantity_not_of_sku",
                    "shape_not_sold",
                    "fabric_differs",
                    "term_empty",
                    "not_a_side",
                    "nothing_to_change",
                    "quote_not_open",
                    "lease_ended",
                    "already_accepted",
                    "notice_not_allowed",
                    "renewal_not_allowed",
                    "assignment_not_allowed",
                    "use_restricted",
                    "outside_head_lease",
                    "below_floor_rate",
                    "beyond_commitment",
                    "quota_exceeded",
                    "month_not_over",
                    "month_closed",
                    "beyond_due",
                    "wrong_state",
                    "tests_missing",
                    "delivery_full",
                    "power_short",
                    "space_short",
                    "breaks_promises",
                    "capacity_short",
                    "servers_short"};
}

// Who holds how much of the account at the first instant that does not fit.
struct HeldBy {
  std::string holder;  // "lease-7.1", "quote-3", "delivery-2"
  PartyId lessor;
  PartyId lessee;  // none for a delivery
  int64_t atoms = 0;
};

// The nearest that would fit.
enum class Alternative : uint8_t {
  fewer,      // that many, in the interval
  later,      // all, from the interval's start
  elsewhere,  // all, from another account
  until,      // to the interval's end
};
constexpr auto enum_names(Alternative) {
  return std::array{"fewer", "later", "elsewhere", "until"};
}
struct Nearest {
  Alternative kind = Alternative::fewer;
  AccountId account;
  int64_t atoms = 0;
  Interval interval;
};

struct Refusal {
  RefusalCode code = RefusalCode::invalid_value;
  std::string subject;                            // the field or the id that is refused
  std::string value;                              // as asked
  std::string rule;                               // the clause or rule, with what would be accepted
  AccountId account;                              // where it does not fit
  QuantityKind unit = QuantityKind::accelerator;  // of the numbers below
  int64_t atoms_per_server = 0;
  Instant first_at;
  int64_t asked = 0;
  int64_t short_by = 0;
  std::vector<HeldBy> held_by;
  std::vector<Nearest> nearest;
};

template <class T>
using Result = Expected<T, Refusal>;

Unexpected<Refusal> refuse(RefusalCode code, std::string subject, std::string value = "",
                           std::string rule = "");

}  // namespace leasehold
