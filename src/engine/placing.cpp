#include "engine/placing.h"

#include <algorithm>

#include "engine/absence.h"
#include "engine/rules.h"

namespace leasehold::engine {

ServerId Placing::replacement(const Server& out) const {
  AccountId pool = account_of(state_.pool_of(out).id);
  const fleet::Holdings& holdings = state_.fleet.holdings(pool);
  auto free_in = [&](PodId pod) -> ServerId {
    const fleet::Holdings::Entry* entry = holdings.find(pod);
    if (entry == nullptr) return {};
    for (ServerId id : state_.fleet.servers_at(pod, entry->free))
      if (!taken_.contains(id)) return id;
    return {};
  };
  if (ServerId near = free_in(state_.fleet.racks.at(out.rack).pod)) return near;
  ServerId found;
  holdings.from_least_free([&](PodId pod) {
    found = free_in(pod);
    return !found;
  });
  return found;
}

void Placing::replace(const AccountId& line, ServerId out, ServerId in) {
  taken_.insert(in);
  facts_.push_back(ServerReplaced{line, out, in});
}

bool Placing::excused(const AccountId& line) const {
  if (!planned_) return false;
  const Terms& terms = state_.lease_of(line).offer.terms;
  if (!terms.maintenance) return false;
  if (add_term(planned_->from, terms.maintenance->notice, terms.zone) > now_) return false;
  return planned_->until.seconds - now_.seconds <=
         terms.maintenance->hours_per_month * kSecondsPerHour;
}

void Placing::excuse(Instant planned_at, Instant ends) { planned_ = Interval{planned_at, ends}; }

void Placing::begin_outage(const AccountId& line, ServerId server) {
  Outage outage{next_outage_, line, server, now_, kForever, excused(line), reason_};
  ++next_outage_.number;
  facts_.push_back(OutageBegan{outage});
}

void Placing::lose(const std::vector<ServerId>& servers, const std::vector<ServerId>& excluded) {
  taken_.insert(excluded.begin(), excluded.end());
  for (ServerId id : servers) {
    const Server& server = state_.fleet.server(id);
    if (!server.line && !server.in_use) continue;
    if (ServerId other = replacement(server))
      replace(server.line, id, other);
    else if (server.line)
      begin_outage(server.line, id);
  }
}

void Placing::gain(const std::vector<ServerId>& servers) {
  std::vector<ServerId> spare;
  for (ServerId id : servers) {
    const Server& server = state_.fleet.server(id);
    if (!server.line) {
      if (!server.in_use) spare.push_back(id);  // else what ran on it runs on
      continue;
    }
    for (OutageId outage : state_.fleet.open_outages)
      if (state_.fleet.outages.at(outage).server == id && ended_.insert(outage).second)
        facts_.push_back(OutageEnded{outage});
  }
  for (ServerId id : spare) {
    PoolId pool = state_.pool_of(state_.fleet.server(id)).id;
    for (OutageId open : state_.fleet.open_outages) {
      const Outage& outage = state_.fleet.outages.at(open);
      const Server& out = state_.fleet.server(outage.server);
      if (out.line != outage.line || state_.pool_of(out).id != pool) continue;
      if (!ended_.insert(open).second) continue;
      replace(outage.line, outage.server, id);
      facts_.push_back(OutageEnded{open});
      break;
    }
  }
}

std::vector<ServerId> servers_of(const fleet::Fleet& fleet, const fleet::Choice& choice) {
  std::vector<ServerId> servers;
  servers.reserve(static_cast<size_t>(choice.servers));
  for (const fleet::PodTake& take : choice.takes)
    take.servers.for_each(
        [&](int64_t slot) { servers.push_back(fleet.slots(take.pod)[static_cast<size_t>(slot)]); });
  return servers;
}

std::optional<fleet::Choice> choose(const State& state, const AccountId& from, int64_t servers,
                                    Spread spread) {
  const fleet::Fleet& fleet = state.fleet;
  const fleet::Holdings& holdings = fleet.holdings(from);
  if (spread == Spread::pack) return fleet::pack(holdings, servers);
  return fleet::spread(holdings, servers, [&](PodId pod, int64_t slot) {
    if (spread == Spread::pod) return pod.number;
    const Server& server = fleet.server(fleet.slots(pod)[static_cast<size_t>(slot)]);
    return spread == Spread::rack ? server.rack.number : fleet.racks.at(server.rack).row.number;
  });
}

namespace {

// What a line gives back: what is out of service first, then free ones of the pods of which it has
// the fewest, so that the pods it goes on with stay whole; what is in use last.
std::vector<ServerId> to_release(const State& state, const AccountId& line, int64_t count) {
  struct Candidate {
    int rank = 0;
    int64_t of_pod = 0;
    ServerId server;
    auto operator<=>(const Candidate&) const = default;
  };
  std::vector<Candidate> candidates;
  for (const fleet::Holdings::Entry& entry : state.fleet.holdings(line).entries()) {
    int64_t of_pod = entry.held.count();
    for (ServerId id : state.fleet.servers_at(entry.pod, entry.held)) {
      const Server& server = state.fleet.server(id);
      int rank = !in_service(server.state) ? 0 : server.in_use ? 2 : 1;
      candidates.push_back({rank, of_pod, id});
    }
  }
  auto wanted = static_cast<size_t>(std::min(count, static_cast<int64_t>(candidates.size())));
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(wanted),
                    candidates.end());
  std::vector<ServerId> servers;
  servers.reserve(wanted);
  for (size_t i = 0; i < wanted; ++i) servers.push_back(candidates[i].server);
  return servers;
}

// Outages of servers that the line has lost for good end as others come, or when it wants no more.
void end_lost(const State& state, const AccountId& line, int64_t still_missing, Facts& facts) {
  std::vector<OutageId> lost;
  for (OutageId id : state.fleet.open_outages) {
    const Outage& outage = state.fleet.outages.at(id);
    if (outage.line == line && state.fleet.server(outage.server).line != line) lost.push_back(id);
  }
  for (int64_t i = 0; i + still_missing < static_cast<int64_t>(lost.size()); ++i)
    facts.push_back(OutageEnded{lost[static_cast<size_t>(i)]});
}

// A line that ends gives its servers back to the line above, which has been without those that are
// out of service as well, and goes on without them.
void pass_outages_up(const State& state, const AccountId& above, const std::vector<OutageId>& ended,
                     Instant now, Facts& facts) {
  OutageId next = state.fleet.outages.next_id();
  bool clause = state.lease_of(above).offer.terms.maintenance.has_value();
  for (OutageId id : ended) {
    const Outage& below = state.fleet.outages.at(id);
    if (!state.fleet.server(below.server).rack) continue;
    facts.push_back(OutageBegan{
        {next, above, below.server, now, kForever, below.excused && clause, below.reason}});
    ++next.number;
  }
}

}  // namespace

Facts end_instances_on(const State& state, const std::vector<ServerId>& servers,
                       const std::string& reason) {
  Facts facts;
  std::set<InstanceId> ended;
  for (ServerId server : servers)
    for (InstanceId instance : state.running_on(server))
      if (ended.insert(instance).second) facts.push_back(InstanceEnded{instance, reason});
  return facts;
}

Facts reclaim(const State& state, const AccountId& source, int64_t servers, Instant now) {
  Facts facts;
  const auto& rows = state.instances.rows();
  for (auto row = rows.rbegin(); row != rows.rend() && servers > 0; ++row) {
    if (row->kind != InstanceKind::preemptible || row->ended_at || row->reclaimed_at) continue;
    if (state.fleet.holder(state.fleet.server(row->servers.front().first)) != source) continue;
    facts.push_back(
        InstanceReclaimed{row->id, std::min(row->until, now + kPreemptionNoticeSeconds)});
    servers -= count_of(row->servers);
  }
  return facts;
}

Facts place_line(const State& state, const AccountId& id, Instant now) {
  const Line& line = state.line(id);
  int64_t wanted = state.wanted_servers(id, now);
  auto found = state.placements.find(id);
  int64_t placed = found == state.placements.end() ? 0 : found->second.placed;
  LinePlaced fact{id, wanted, {}, {}};
  Facts facts;
  std::vector<OutageId> passed_on;
  if (placed > wanted) {
    std::vector<ServerId> servers = to_release(state, id, placed - wanted);
    facts = end_instances_on(state, servers, "its line gives the server back");
    for (OutageId outage : state.fleet.open_outages)
      if (std::find(servers.begin(), servers.end(), state.fleet.outages.at(outage).server) !=
          servers.end()) {
        facts.push_back(OutageEnded{outage});
        passed_on.push_back(outage);
      }
    fact.released = ranges_of(std::move(servers));
  } else if (placed < wanted) {
    int64_t missing = wanted - placed;
    int64_t now_free = std::min(missing, state.available_servers(line.source));
    Spread spread = state.lease_of(id).offer.terms.spread.value_or(Spread::pack);
    if (now_free > 0)
      fact.placed =
          ranges_of(servers_of(state.fleet, *choose(state, line.source, now_free, spread)));
    if (now_free < missing) facts = reclaim(state, line.source, missing - now_free, now);
  }
  int64_t got = placed + count_of(fact.placed) - count_of(fact.released);
  end_lost(state, id, std::max<int64_t>(0, wanted - got), facts);
  facts.push_back(std::move(fact));
  if (line.source.kind == AccountKind::line)
    pass_outages_up(state, line.source, passed_on, now, facts);
  return facts;
}

Facts count_delivery(const State& state, DeliveryId id, Instant now) {
  const Delivery& delivery = state.deliveries.at(id);
  int64_t per_server = state.skus.at(state.pools.at(delivery.pool).sku).per_server;
  Absences absences(state, now);
  int64_t unregistered = delivery.atoms / per_server - state.fleet.registered(id);
  Facts facts{DeliveryCounted{id, absences.lacks(id, std::max<int64_t>(unregistered, 0))}};
  std::vector<ServerId> ready;
  auto uncounted = state.fleet.uncounted().find(id);
  if (uncounted != state.fleet.uncounted().end())
    for (ServerId server : uncounted->second) {
      if (in_service(state.fleet.server(server).state))
        ready.push_back(server);
      else
        absences.leaves(server, false);
    }
  for (FactBody& fact : absences.facts()) facts.push_back(std::move(fact));
  if (!ready.empty()) facts.push_back(AbsencesSet{ranges_of(ready), Absence::none});
  return facts;
}

}  // namespace leasehold::engine
