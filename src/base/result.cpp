#include "base/result.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace leasehold {

std::string InputError::to_text() const {
  std::string where = line > 0 ? fmt::format("line {}, column {}: ", line, column) : "";
  if (!path.empty()) where += path + ": ";
  return fmt::format("{}got '{}'; expected {}", where, got, expected);
}

Unexpected<InputError> bad_input(std::string got, std::string expected) {
  return Unexpected<InputError>(InputError{"", std::move(got), std::move(expected)});
}

void assertion_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "leasehold: a programmer's error: %s does not hold at %s:%d\n", what, file,
               line);
  std::abort();
}

}  // namespace leasehold
