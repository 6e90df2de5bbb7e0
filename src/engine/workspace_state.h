// The part of the state that is about what parties have around their instances.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "domain/workspace.h"

namespace leasehold::engine {

// Rows that come and go, of parties, in the order of their ids. An id is never used twice.
template <class IdType, class Row>
struct OwnRows {
  std::map<IdType, Row> rows;
  uint32_t drawn = 0;  // the last id's number

  IdType next_id() const { return {drawn + 1}; }
  void set(IdType id, Row row) {
    drawn = std::max(drawn, id.number);
    rows[id] = std::move(row);
  }
  const Row* find(IdType id) const {
    auto found = rows.find(id);
    return found == rows.end() ? nullptr : &found->second;
  }
  const Row* find(PartyId party, std::string_view name) const {
    for (const auto& [id, row] : rows)
      if (row.party == party && row.name == name) return &row;
    return nullptr;
  }
};

struct WorkspaceState {
  OwnRows<SshKeyId, SshKey> ssh_keys;
  OwnRows<FileSystemId, FileSystem> file_systems;
  OwnRows<FirewallId, Firewall> firewalls;
  std::vector<Image> images;
  std::map<InstanceId, Setup> setups;
  std::map<InstanceId, Report> reports;
  std::map<PartyId, int64_t> quotas;  // accelerators without a lease at once; any number otherwise

  // What follows from the instances.
  std::map<PartyId, std::vector<InstanceId>> instances_of;  // of a tenant, ever
  std::set<InstanceId> booting;                             // those that nothing reports as started
  std::map<PartyId, int64_t> unleased;                      // accelerators that run without a lease
};

}  // namespace leasehold::engine
