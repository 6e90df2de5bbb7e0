// Instances: launched on a line, on a pool on demand, or on what either has idle.
#include <algorithm>

#include "engine/holder.h"
#include "engine/placing.h"
#include "engine/rules.h"

namespace leasehold::engine {

namespace {

Checked check_size(const LaunchInstance& command, int64_t per_server) {
  int asked = (command.servers != 0) + (command.gpus != 0) + (command.milli != 0);
  if (asked != 1)
    return refuse(RefusalCode::invalid_value, "size", "",
                  "servers, accelerators of one server, or a part of an accelerator: one of them");
  LH_CHECK(check_range(command.servers, 0, 1'000'000, "servers"));
  LH_CHECK(check_range(command.gpus, 0, per_server, "accelerators"));
  return check_range(command.milli, 0, kWholeGpu - 1, "thousandths of an accelerator");
}

Checked check_tenant(const State& state, const LaunchInstance& command, Instant now) {
  if (state.parties.find(command.tenant) == nullptr)
    return refuse(RefusalCode::unknown_reference, "tenant", to_text(command.tenant));
  const AccountId& account = command.account;
  bool line = state.find_line(account) != nullptr;
  bool pool =
      account.kind == AccountKind::pool && state.pools.find(PoolId{account.number}) != nullptr;
  if (!line && !pool)
    return refuse(RefusalCode::unknown_reference, "account", to_text(account), "a line or a pool");
  if (command.kind == InstanceKind::on_demand && !pool)
    return refuse(RefusalCode::invalid_value, "account", state.name_of(account),
                  "a pool for an instance on demand");
  if (command.kind != InstanceKind::committed) return {};
  if (!line)
    return refuse(RefusalCode::invalid_value, "account", state.name_of(account),
                  "a line of the tenant's for a committed instance");
  PartyId lessee = state.lease_of(account).offer.lessee;
  if (!is_part_of(state, command.tenant, lessee))
    return refuse(RefusalCode::not_a_side, "tenant", state.name_of(command.tenant),
                  state.name_of(lessee) + ", who leases " + state.name_of(account) +
                      ", or a department of it");
  if (state.line(account).atoms_at(now) == 0)
    return refuse(RefusalCode::lease_ended, state.name_of(account), "", "a line that runs now");
  return {};
}

Checked check_quota(const State& state, const LaunchInstance& command, int64_t accelerators) {
  if (command.kind == InstanceKind::committed) return {};
  std::optional<int64_t> left = state.quota_left(command.tenant);
  if (!left || accelerators <= *left) return {};
  return refuse(RefusalCode::quota_exceeded, "quota", state.name_of(command.tenant),
                "at most " + std::to_string(std::max<int64_t>(*left, 0)) +
                    " accelerators more on demand, of " +
                    std::to_string(state.workspace.quotas.at(command.tenant)) +
                    "; 'leasehold quota list' has them");
}

struct Found {
  std::vector<ServerId> servers;
  std::vector<GpuShare> gpus;
};

// Where the request goes among the servers of one account.
std::optional<Found> find_in(const State& state, const AccountId& account,
                             const LaunchInstance& command) {
  int64_t available = command.kind == InstanceKind::committed ? state.fleet.holdings(account).free()
                                                              : state.available_servers(account);
  if (command.servers > 0) {
    if (available < command.servers) return std::nullopt;
    auto choice = choose(state, account, command.servers, Spread::pack);
    return Found{servers_of(state.fleet, *choice), {}};
  }
  if (auto place = state.splits.find(account, command.gpus, command.milli))
    return Found{{place->server}, place->gpus};
  if (available < 1) return std::nullopt;
  Found found{servers_of(state.fleet, *choose(state, account, 1, Spread::pack)), {}};
  for (int64_t i = 0; i < std::max<int64_t>(command.gpus, 1); ++i)
    found.gpus.push_back({i, command.gpus > 0 ? kWholeGpu : command.milli});
  return found;
}

// A line whose last accelerators are no whole server has them on a server of the account above it.
std::optional<Found> find(const State& state, const LaunchInstance& command, Instant now) {
  int64_t per_server = state.sku_of(command.account).per_server;
  for (AccountId account = command.account;; account = state.line(account).source) {
    if (auto found = find_in(state, account, command)) return found;
    bool line = account.kind == AccountKind::line;
    if (!line || command.servers > 0 || state.line(account).atoms_at(now) % per_server == 0)
      return std::nullopt;
  }
}

// From when a part of an accelerator needs a promise of its own: when the last other part of the
// same account ends.
Instant uncovered_from(const State& state, const AccountId& account, const Found& found,
                       Instant now) {
  Instant covered = now;
  for (InstanceId id : state.running_on(found.servers.front())) {
    const Instance& other = state.instances.at(id);
    if (other.account == account && other.kind != InstanceKind::preemptible &&
        other.gpus.front().gpu == found.gpus.front().gpu)
      covered = std::max(covered, other.until);
  }
  return covered;
}

}  // namespace

Result<Facts> decide_body(const State& state, const LaunchInstance& command, Instant now) {
  if (!command.name.empty()) LH_CHECK(check_new_name(state.instances, command.name));
  LH_CHECK(check_tenant(state, command, now));
  if (command.setup) LH_CHECK(check_setup(state, command.tenant, *command.setup));
  int64_t per_server = state.sku_of(command.account).per_server;
  LH_CHECK(check_size(command, per_server));
  bool part = command.milli > 0;
  int64_t atoms = part ? 1 : command.servers * per_server + command.gpus;
  LH_CHECK(check_quota(state, command, atoms));
  Instant until = command.until;
  if (command.account.kind == AccountKind::line)
    until = std::min(until, state.line(command.account).term().until);
  LH_CHECK(check_interval({now, until}, "until"));
  LaunchInstance request = command;
  if (request.gpus == per_server) request.servers = std::exchange(request.gpus, 0) / per_server;
  std::optional<Found> found = find(state, request, now);
  Instant from = found && part ? uncovered_from(state, command.account, *found, now) : now;
  if (command.kind == InstanceKind::preemptible || from >= until) atoms = 0;
  if (atoms > 0) {
    capacity::Proposal proposal(state.ledger);
    draw(proposal, state, command.account, {from, until}, -atoms);
    if (auto shortfall = proposal.check()) {
      Refusal refusal = shortage(state, *shortfall, RefusalCode::capacity_short);
      refusal.asked = atoms;
      return Unexpected<Refusal>(std::move(refusal));
    }
  }
  if (!found) {
    Facts reclaimed = reclaim(state, command.account, std::max<int64_t>(request.servers, 1), now);
    if (command.kind == InstanceKind::committed && !reclaimed.empty()) return reclaimed;
    return refuse(RefusalCode::servers_short, state.name_of(command.account), "",
                  "as much as its servers that are ready and free now have: " +
                      std::to_string(state.available_servers(command.account)) + " whole ones");
  }
  Instance instance{state.instances.next_id(),
                    command.name,
                    command.tenant,
                    command.kind,
                    command.account,
                    ranges_of(found->servers),
                    found->gpus,
                    now,
                    until,
                    atoms,
                    from,
                    0,
                    {},
                    {}};
  return Facts{InstanceLaunched{std::move(instance), command.setup}};
}

Result<Facts> decide_body(const State& state, const EndInstance& command, Instant) {
  const Instance* instance = state.instances.find(command.instance);
  if (instance == nullptr)
    return refuse(RefusalCode::unknown_reference, "instance", to_text(command.instance));
  LH_CHECK(check_text(command.reason, "reason"));
  if (instance->ended_at)
    return refuse(RefusalCode::nothing_to_change, to_text(command.instance),
                  "ended " + to_text(*instance->ended_at));
  return Facts{InstanceEnded{command.instance, command.reason}};
}

}  // namespace leasehold::engine
