// Invariants 3, 4 and 5: every second billed once, conserved across tiers, money balances.
#pragma once

namespace leasehold::property {

void every_second_is_billed_once();
// Whether the random months had all that they must have.
bool billing_tried_enough();

}  // namespace leasehold::property
