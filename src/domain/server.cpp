#include "domain/server.h"

#include <algorithm>

namespace leasehold {

namespace {

using enum ServerState;

// Each row: from, then what it may become.
constexpr std::pair<ServerState, ServerState> kSteps[] = {
    {ordered, delivered}, {ordered, retired}, {delivered, racked}, {delivered, rma},
    {delivered, retired}, {racked, burn_in},  {racked, delivered}, {racked, repair},
    {burn_in, ready},     {burn_in, repair},  {ready, draining},   {ready, repair},
    {draining, ready},    {draining, repair}, {repair, burn_in},   {repair, rma},
    {repair, retired},    {rma, delivered},   {rma, retired},
};

}  // namespace

bool in_service(ServerState state) { return state == ready || state == draining; }

bool in_rack(ServerState state) { return state >= racked && state <= repair; }

bool may_become(ServerState from, ServerState to) {
  return std::any_of(std::begin(kSteps), std::end(kSteps), [from, to](const auto& step) {
    return step.first == from && step.second == to;
  });
}

std::string next_states(ServerState from) {
  std::string text;
  for (const auto& [before, after] : kSteps)
    if (before == from) text += (text.empty() ? "" : " or ") + std::string(name_of(after));
  return text.empty() ? "nothing" : text;
}

int64_t test_hours(TestLevel level) {
  switch (level) {
    case TestLevel::inventory:
      return 1;
    case TestLevel::node:
      return 2;
    case TestLevel::soak:
      return 24;
    case TestLevel::scale_up:
      return 1;
    case TestLevel::fabric:
      return 6;
  }
  return 0;
}

ServerRanges ranges_of(std::vector<ServerId> servers) {
  std::sort(servers.begin(), servers.end());
  ServerRanges ranges;
  for (ServerId server : servers) {
    bool next = !ranges.empty() &&
                ranges.back().first.number + ranges.back().count == int64_t{server.number};
    if (next)
      ++ranges.back().count;
    else
      ranges.push_back({server, 1});
  }
  return ranges;
}

std::vector<ServerId> servers_of(const ServerRanges& ranges) {
  std::vector<ServerId> servers;
  servers.reserve(static_cast<size_t>(count_of(ranges)));
  for (const ServerRange& range : ranges)
    for (int64_t i = 0; i < range.count; ++i)
      servers.push_back({range.first.number + static_cast<uint32_t>(i)});
  return servers;
}

int64_t count_of(const ServerRanges& ranges) {
  int64_t count = 0;
  for (const ServerRange& range : ranges) count += range.count;
  return count;
}

std::string to_text(const ServerRanges& ranges) {
  constexpr size_t kMostShown = 6;
  std::string text;
  for (size_t i = 0; i < std::min(ranges.size(), kMostShown); ++i) {
    const ServerRange& range = ranges[i];
    ServerId last{range.first.number + static_cast<uint32_t>(range.count) - 1};
    text += (i == 0 ? "" : ", ") + to_text(range.first);
    if (range.count > 1) text += (range.count == 2 ? " and " : " to ") + to_text(last);
  }
  return ranges.size() > kMostShown ? text + ", ..." : text;
}

}  // namespace leasehold
