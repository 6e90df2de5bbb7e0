#include "projections/placements.h"

#include <algorithm>
#include <map>
#include <set>

#include "fleet/choose.h"

namespace leasehold::projections {

namespace {

std::vector<int64_t> pod_sizes(const engine::State& state, PoolId pool) {
  std::vector<int64_t> sizes;
  for (PodId pod : state.fleet.pods_of(pool)) {
    const std::vector<ServerId>& slots = state.fleet.slots(pod);
    sizes.push_back(
        std::count_if(slots.begin(), slots.end(), [](ServerId id) { return bool(id); }));
  }
  return sizes;
}

}  // namespace

std::vector<LineServers> line_servers(const engine::State& state) {
  std::map<AccountId, LineServers> lines;
  std::map<AccountId, std::set<PodId>> pods;
  for (const auto& [line, placement] : state.placements)
    lines[line] = {line, placement.wanted, placement.placed, 0, 0, 0, 0};
  for (const auto& [account, holdings] : state.fleet.all_holdings()) {
    if (account.kind != AccountKind::line) continue;
    std::vector<AccountId> chain = state.chain_of(account);
    for (const fleet::Holdings::Entry& entry : holdings.entries()) {
      if (entry.held.none()) continue;
      int64_t serving = 0;
      for (ServerId id : state.fleet.servers_at(entry.pod, entry.held))
        serving += in_service(state.fleet.server(id).state) ? 1 : 0;
      for (const AccountId& above : chain) {
        if (above.kind != AccountKind::line) continue;
        LineServers& line = lines[above];
        line.line = above;
        line.in_service += serving;
        if (above != account) line.passed_on += entry.held.count();
        pods[above].insert(entry.pod);
      }
    }
  }
  std::map<PoolId, std::vector<int64_t>> sizes;
  std::vector<LineServers> found;
  for (auto& [id, line] : lines) {
    PoolId pool = state.line(id).pool;
    if (!sizes.contains(pool)) sizes[pool] = pod_sizes(state, pool);
    line.pods = static_cast<int64_t>(pods[id].size());
    line.least_pods = fleet::least_pods(sizes[pool], line.placed);
    found.push_back(line);
  }
  return found;
}

LineServers servers_of_line(const engine::State& state, const AccountId& line) {
  for (const LineServers& found : line_servers(state))
    if (found.line == line) return found;
  return {line, 0, 0, 0, 0, 0, 0};
}

std::vector<PodShare> pods_of_line(const engine::State& state, const AccountId& line) {
  std::vector<PodShare> shares;
  for (PodId pod : state.fleet.pods_of(state.line(line).pool)) {
    PodShare share{pod, 0, 0, 0, 0};
    std::set<RackId> racks;
    for (ServerId id : state.fleet.slots(pod)) {
      if (!id) continue;
      ++share.size;
      const Server& server = state.fleet.server(id);
      if (!server.line) continue;
      std::vector<AccountId> chain = state.chain_of(server.line);
      bool mine = std::find(chain.begin(), chain.end(), line) != chain.end();
      ++(mine ? share.mine : share.others);
      if (mine) racks.insert(server.rack);
    }
    share.racks = static_cast<int64_t>(racks.size());
    if (share.mine > 0) shares.push_back(share);
  }
  return shares;
}

}  // namespace leasehold::projections
