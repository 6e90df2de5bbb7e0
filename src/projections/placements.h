// What lines have of the fleet: how many servers, in how many pods, against the least possible.
#pragma once

#include <vector>

#include "engine/state.h"

namespace leasehold::projections {

struct LineServers {
  AccountId line;
  int64_t wanted = 0;
  int64_t placed = 0;      // what was passed on included
  int64_t in_service = 0;  // of the placed: ready or draining
  int64_t passed_on = 0;   // to lines below it
  int64_t pods = 0;        // that its servers lie in
  int64_t least_pods = 0;  // that could hold as many, were all pods of the pool empty
};

// Of every line that wants or has servers, in the order of lines. One pass over the servers.
std::vector<LineServers> line_servers(const engine::State& state);
LineServers servers_of_line(const engine::State& state, const AccountId& line);

struct PodShare {
  PodId pod;
  int64_t mine = 0;    // servers of the line and of lines below it
  int64_t others = 0;  // servers of other lines
  int64_t size = 0;    // servers of the pod
  int64_t racks = 0;   // that the line's servers stand in
};
std::vector<PodShare> pods_of_line(const engine::State& state, const AccountId& line);

}  // namespace leasehold::projections
