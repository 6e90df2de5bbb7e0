// Results with typed errors. A function that can say no returns Expected<T, E>; E is one of the
// four kinds of docs/internals.md: a Refusal (domain/refusal.h), an InputError (below), a
// driver's IoError (journal/journal.h). A programmer error is LH_ASSERT, and stays on in release.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace leasehold {

template <class T, class E>
using Expected = tl::expected<T, E>;
template <class E>
using Unexpected = tl::unexpected<E>;

// What somebody typed wrongly: where it stands, what was there, and what would be accepted.
struct InputError {
  std::string path;      // "leases[2].lines[0].from", "--until"
  std::string got;       // the text as typed
  std::string expected;  // the rule, with an example of what would be accepted
  int line = 0;          // 1-based position in a file; 0 where there is no file
  int column = 0;

  std::string to_text() const;
};

using InputErrors = std::vector<InputError>;

template <class T>
using Parsed = Expected<T, InputError>;

Unexpected<InputError> bad_input(std::string got, std::string expected);

[[noreturn]] void assertion_failed(const char* what, const char* file, int line);

}  // namespace leasehold

#define LH_ASSERT(condition) \
  ((condition) ? void(0) : ::leasehold::assertion_failed(#condition, __FILE__, __LINE__))
