// A load maker: connections to a server on the loopback that ask and wait, as fast as it goes or at
// a set rate. At a set rate a latency counts from when the request was due, not from when it could
// be sent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace leasehold::bench {

struct Loaded {
  int64_t answered = 0;
  int64_t refused = 0;  // with another status than 200
  double seconds = 0;
  std::vector<double> milliseconds;  // of each answer, sorted
  double per_second() const { return static_cast<double>(answered) / seconds; }
  double quantile(double share) const {
    return milliseconds[static_cast<size_t>(share * static_cast<double>(milliseconds.size() - 1))];
  }
};

// `request` gives the bytes of the n-th request.
Loaded load(uint16_t port, int connections, int64_t total, double per_second,
            const std::function<std::string(int64_t)>& request);

// A connection that sends this and then only listens; its socket.
int listen_to(uint16_t port, const std::string& request);

}  // namespace leasehold::bench
