// A calendar drawn in the terminal: time to the right, amount upwards.
#pragma once

#include <string>

#include "capacity/steps.h"

namespace leasehold::operations {

struct Drawing {
  std::string name;
  std::string unit;
  Interval window;
  int columns = 100;
  bool color = false;
};

// Each column is a slice of the window and shows its tightest moment. '#' is promised, '.' is
// free, blank is not there; '!' is promised above supply.
std::string draw(const Drawing& drawing, const capacity::Steps& supply,
                 const capacity::Calendar& free);

}  // namespace leasehold::operations
