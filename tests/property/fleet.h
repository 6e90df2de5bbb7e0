// The properties of the fleet, in a world of three pods under tight budgets.
#pragma once

namespace leasehold::property {

// Each checks one run of random commands; rapidcheck plays many.
void fleet_is_sound();
// Whether the runs together tried what they must; prints what they came to.
bool fleet_tried_enough();

}  // namespace leasehold::property
