#include "domain/facility.h"

namespace leasehold {

int64_t Rack::feed_share(int64_t load) const {
  auto count = static_cast<int64_t>(feeds.size());
  if (count <= 1) return load;
  switch (redundancy) {
    case Redundancy::two_n:
      return load;
    case Redundancy::n_plus_1:
      return (load + count - 2) / (count - 1);
    case Redundancy::none:
      return (load + count - 1) / count;
  }
  return load;
}

}  // namespace leasehold
