// The published experiment: requests drawn from the list arrive one by one and never leave; one
// that fits nowhere is dropped. Procedure and metric: Weng et al., 'Beware of Fragmentation',
// USENIX ATC'23.
#pragma once

#include <array>
#include <vector>

#include "replay/policy.h"

namespace leasehold::replay {

inline constexpr std::array kMarks{90, 100, 110, 130};  // arrived, in % of the cluster's GPUs

struct RunResult {
  std::array<int64_t, kMarks.size()> allocated_ppm{};  // of the cluster's GPUs, at each mark
  int64_t decisions = 0;
};

// Rows are drawn with replacement until they ask for 1.3 times the cluster, and shuffled.
std::vector<int> arrivals(const Trace& trace, uint64_t seed);
RunResult run_experiment(const Trace& trace, Policy policy, uint64_t seed);

// What no policy can exceed for the same arrivals: the most GPU that a linear relaxation of each
// model's nodes together could give, at each mark.
std::array<int64_t, kMarks.size()> upper_bound_ppm(const Trace& trace, uint64_t seed);

struct Summary {
  int64_t mean_ppm = 0;
  int64_t deviation_ppm = 0;  // of the sample
};
Summary summarize(const std::vector<int64_t>& values);

}  // namespace leasehold::replay
