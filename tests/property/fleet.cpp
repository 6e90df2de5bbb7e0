#include "property/fleet.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include <rapidcheck.h>

#include "engine/engine.h"
#include "projections/proof.h"
#include "property/rolls.h"

namespace leasehold::property {

namespace {

constexpr int64_t kStart = 1'800'000'000;
constexpr int64_t kPerServer = 2;
constexpr int64_t kWatts = 1000;
constexpr int64_t kUnits = 5;

std::map<std::string, int> outcomes;

Instant second(int64_t offset) { return {kStart + offset}; }

// A world, and what was counted second by second beside it.
class World {
 public:
  World();

  // One random command, with all that time brings before and after it; checks everything.
  void step(const Roll& roll);

 private:
  void must(CommandBody body);
  void play(CommandBody body);
  void pass(Instant until);
  void tally(const Fact& fact);

  CommandBody lease(const Roll& roll) const;
  CommandBody move(const Roll& roll) const;
  CommandBody launch(const Roll& roll) const;
  void mend(ServerId server);
  std::vector<AccountId> running_lines() const;

  void check() const;
  void check_rows() const;
  void check_lines() const;
  void check_supply() const;
  void check_budgets() const;
  void check_feeds() const;
  void check_shares() const;
  void check_proof() const;
  void check_snapshot() const;

  engine::State state_;
  Instant now_ = second(0);
  int64_t seconds_out_ = 0;  // server-seconds that lines were without one of their servers
};

void World::must(CommandBody body) {
  auto done = engine::perform(state_, {now_, "test", std::move(body)});
  LH_ASSERT(done.has_value());
}

World::World() {
  for (const char* name : {"a", "b", "c", "d"})
    must(DefineParty{{{}, name, PartyKind::company, {}}});
  Site site;
  site.name = "site";
  site.holder = PartyId{1};
  site.zone = "Etc/UTC";
  must(OpenSite{site});
  must(LeaseSite{{{}, "head", SiteId{1}, PartyId{2}, 40 * kWatts, 7, now_, kForever, {}, 1200}});
  Sku sku;
  sku.name = "sku";
  sku.per_server = kPerServer;
  sku.watts_per_server = kWatts;
  sku.units_per_server = kUnits;
  must(DefineSku{sku});
  must(OpenPool{{{}, "pool", PartyId{1}, SkuId{1}, SiteId{1}, "", {}}});
  must(BuildHall{{{}, "hall", SiteId{1}, 15 * kWatts, 6}});
  must(BuildRow{{{}, "one", HallId{1}, 8 * kWatts, 0}});
  must(BuildRow{{{}, "two", HallId{1}, 0, 3}});
  for (const char* name : {"fa", "fb", "fc"}) must(InstallFeed{{{}, name, SiteId{1}, 7 * kWatts}});
  for (const char* name : {"x", "y", "z"}) must(PlanPod{{{}, name, PoolId{1}}});
  using F = std::vector<FeedId>;
  auto rack = [](const char* name, uint32_t row, uint32_t pod, Redundancy redundancy, F feeds) {
    return Rack{{}, name, RowId{row}, PodId{pod}, 3 * kWatts, 4 * kUnits, redundancy, feeds};
  };
  FeedId fa{1}, fb{2}, fc{3};
  must(InstallRacks{{rack("r1", 1, 1, Redundancy::two_n, {fa, fb}),
                     rack("r2", 1, 1, Redundancy::none, {fa}),
                     rack("r3", 1, 2, Redundancy::n_plus_1, {fa, fb, fc}),
                     rack("r4", 2, 2, Redundancy::two_n, {fb, fc}),
                     rack("r5", 2, 3, Redundancy::none, {fb, fc})}});
  must(Deliver{"d1", PoolId{1}, {12, QuantityKind::server}, {now_, kForever}});
  must(Deliver{"d2", PoolId{1}, {8, QuantityKind::server}, {second(20), kForever}});
  for (uint32_t i = 1; i <= 5; ++i)
    play(AddServers{DeliveryId{1},
                    RackId{i},
                    ServerState::ready,
                    {{"s" + std::to_string(2 * i), 0}, {"s" + std::to_string(2 * i + 1), 0}}});
}

void World::tally(const Fact& fact) { ++outcomes[std::string("fact ") + kind_of(fact.body)]; }

// Seconds pass one by one, so that the count of what is out is a plain sum.
void World::pass(Instant until) {
  for (;; now_ = now_ + 1) {
    for (const Fact& fact : engine::pass_time(state_, now_)) tally(fact);
    if (now_ >= until) return;
    for (const Server& server : state_.fleet.servers().rows())
      if (server.line && !in_service(server.state)) ++seconds_out_;
    for (OutageId id : state_.fleet.open_outages) {
      const Outage& outage = state_.fleet.outages.at(id);
      if (state_.fleet.server(outage.server).line != outage.line) ++seconds_out_;
    }
  }
}

void World::play(CommandBody body) {
  std::string before = state_.bytes();
  auto facts = engine::perform(state_, {now_, "test", std::move(body)});
  ++outcomes[facts ? "done" : name_of(facts.error().code)];
  if (!facts) {
    RC_ASSERT(state_.bytes() == before);
    return;
  }
  for (const Fact& fact : *facts) tally(fact);
  pass(now_);
}

std::vector<AccountId> World::running_lines() const {
  std::vector<AccountId> lines;
  for (const Lease& lease : state_.leases.rows())
    if (state_.line(engine::line_of(lease.id, 0)).atoms_at(now_) > 0)
      lines.push_back(engine::line_of(lease.id, 0));
  return lines;
}

CommandBody World::lease(const Roll& roll) const {
  std::vector<AccountId> sources = running_lines();
  sources.push_back(account_of(PoolId{1}));
  AccountId source = sources[static_cast<size_t>(roll.d) % sources.size()];
  OfferRequest offer;
  offer.lessor = state_.promiser(source);
  offer.lessee = PartyId{1 + (offer.lessor.number + static_cast<uint32_t>(roll.a) % 3) % 4};
  offer.terms.notice = Term{0, 0, 5};
  if (roll.a % 2 == 0) offer.terms.spread = static_cast<Spread>(roll.a / 2 % 4);
  if (roll.b % 2 == 0) offer.terms.maintenance = MaintenanceClause{Term{0, 0, 5}, 1};
  LineRequest line;
  line.sources = {source};
  line.quantity = {1 + roll.b % 9, QuantityKind::accelerator};
  line.interval = {now_ + roll.c % 4, now_ + (4 + roll.c % 30)};
  line.price = {PriceBasis::per_accelerator_hour, Money{1, {"USD"}}};
  if (source.kind == AccountKind::line)
    line.interval.until = std::min(line.interval.until, state_.line(source).term().until);
  offer.lines.push_back(line);
  return SignLease{offer};
}

CommandBody World::move(const Roll& roll) const {
  const auto& servers = state_.fleet.servers().rows();
  const Server& server = servers[static_cast<size_t>(roll.a) % servers.size()];
  constexpr std::array kTo{ServerState::repair,    ServerState::draining, ServerState::rma,
                           ServerState::delivered, ServerState::racked,   ServerState::retired,
                           ServerState::repair};
  MoveServers command;
  command.servers = {server.id};
  command.to = kTo[static_cast<size_t>(roll.b) % kTo.size()];
  if (command.to == ServerState::racked) command.rack = {1 + static_cast<uint32_t>(roll.c) % 5};
  if (roll.d % 3 == 0)
    command.servers.push_back(servers[static_cast<size_t>(roll.d) % servers.size()].id);
  return command;
}

void World::mend(ServerId server) {
  play(MoveServers{{server}, ServerState::burn_in, {}, 0, ""});
  for (size_t i = 0; i < enum_names(TestLevel{}).size(); ++i)
    play(RecordTest{{server}, static_cast<TestLevel>(i), true, ""});
  play(MoveServers{{server}, ServerState::ready, {}, 0, ""});
}

CommandBody World::launch(const Roll& roll) const {
  std::vector<AccountId> lines = running_lines();
  LaunchInstance command;
  command.kind = static_cast<InstanceKind>(roll.a % 3);
  command.account = lines.empty() || command.kind == InstanceKind::on_demand
                        ? account_of(PoolId{1})
                        : lines[static_cast<size_t>(roll.b) % lines.size()];
  command.tenant = command.account.kind == AccountKind::line
                       ? state_.lease_of(command.account).offer.lessee
                       : PartyId{3};
  if (roll.c % 3 == 0) command.servers = 1 + roll.c % 2;
  if (roll.c % 3 == 1) command.gpus = 1;
  if (roll.c % 3 == 2) command.milli = 100 + roll.c % 700;
  if (roll.d % 2 == 0) command.until = now_ + (1 + roll.d % 12);
  return command;
}

void World::step(const Roll& roll) {
  pass(now_ + roll.c % 3);
  const auto& servers = state_.fleet.servers().rows();
  ServerId server = servers[static_cast<size_t>(roll.d) % servers.size()].id;
  auto leases = static_cast<int>(state_.leases.rows().size());
  LeaseId lease_id{1 + static_cast<uint32_t>(leases ? roll.a % leases : 0)};
  auto instances = static_cast<int>(state_.instances.rows().size());
  switch (roll.kind % 12) {
    case 0:
    case 1:
      play(lease(roll));
      break;
    case 2:
    case 3:
      play(move(roll));
      break;
    case 4:
    case 5:
      mend(server);
      break;
    case 6:
      play(launch(roll));
      break;
    case 7:
      play(AddServers{DeliveryId{1 + static_cast<uint32_t>(roll.a) % 2},
                      roll.b % 2 == 0 ? RackId{1 + static_cast<uint32_t>(roll.c) % 5} : RackId{},
                      roll.b % 2 == 0 ? ServerState::ready : ServerState::ordered,
                      {{"n" + std::to_string(roll.d), 0}}});
      break;
    case 8:
      play(PlanMaintenance{
          roll.a % 2 == 0 ? AccountId{AccountKind::rack, 1 + static_cast<uint32_t>(roll.b) % 5, 0}
          : roll.a % 3 == 0
              ? AccountId{AccountKind::pod, 1 + static_cast<uint32_t>(roll.b) % 3, 0}
              : AccountId{AccountKind::feed, 1 + static_cast<uint32_t>(roll.b) % 3, 0},
          {now_ + roll.c % 8, now_ + (8 + roll.d % 8)},
          ""});
      break;
    case 9:
      play(KeepSpares{PoolId{1}, roll.a % 4});
      break;
    case 10:
      if (leases > 0)
        play(TerminateLease{lease_id, now_ + roll.b % 5,
                            roll.c % 2 == 0 ? Resolve::refuse : Resolve::curtail});
      break;
    default:
      if (instances > 0)
        play(EndInstance{InstanceId{1 + static_cast<uint32_t>(roll.a % instances)}, ""});
      break;
  }
  check();
}

void World::check() const {
  check_rows();
  check_lines();
  check_supply();
  check_budgets();
  check_feeds();
  check_shares();
  check_proof();
  check_snapshot();
}

// The holdings are what the servers' own rows say.
void World::check_rows() const {
  std::map<AccountId, std::pair<int64_t, int64_t>> naive;  // held, free
  for (const Server& server : state_.fleet.servers().rows()) {
    RC_ASSERT(!bool(server.line) || bool(server.rack));
    RC_ASSERT(bool(server.rack) == in_rack(server.state));
    if (!server.rack) continue;
    AccountId holder = server.line ? server.line : account_of(PoolId{1});
    auto& [held, free] = naive[holder];
    ++held;
    free += server.state == ServerState::ready && !server.in_use;
    PodId pod = state_.fleet.racks.at(server.rack).pod;
    RC_ASSERT(state_.fleet.slots(pod).at(static_cast<size_t>(server.slot)) == server.id);
  }
  for (const auto& [account, holdings] : state_.fleet.all_holdings()) {
    RC_ASSERT(holdings.held() == naive[account].first);
    RC_ASSERT(holdings.free() == naive[account].second);
    naive.erase(account);
  }
  for (const auto& [account, counts] : naive) RC_ASSERT(counts.first == 0);
}

// Invariant 2, and: a failed server's lease is whole again or its outage is counted.
void World::check_lines() const {
  std::map<AccountId, int64_t> placed;  // in a line, and through it in every line above
  int64_t out = 0;
  std::multiset<std::pair<AccountId, ServerId>> outages;
  int64_t lost = 0;
  for (OutageId id : state_.fleet.open_outages) {
    const Outage& outage = state_.fleet.outages.at(id);
    outages.insert({outage.line, outage.server});
    lost += state_.fleet.server(outage.server).line != outage.line;
  }
  for (const Server& server : state_.fleet.servers().rows()) {
    if (!server.line) continue;
    std::set<AccountId> once;
    for (const AccountId& above : state_.chain_of(server.line)) {
      RC_ASSERT(once.insert(above).second);
      ++placed[above];
    }
    if (in_service(server.state)) continue;
    ++out;
    RC_ASSERT(outages.count({server.line, server.id}) == 1);
  }
  RC_ASSERT(static_cast<int64_t>(outages.size()) == out + lost);
  int64_t awaited = 0;
  for (const Lease& lease : state_.leases.rows()) {
    AccountId line = engine::line_of(lease.id, 0);
    auto known = state_.placements.find(line);
    int64_t wanted = state_.wanted_servers(line, now_);
    RC_ASSERT(wanted == (known == state_.placements.end() ? 0 : known->second.wanted));
    RC_ASSERT(placed[line] == (known == state_.placements.end() ? 0 : known->second.placed));
    RC_ASSERT(placed[line] <= wanted);
    if (placed[line] == wanted) continue;
    awaited += wanted - placed[line];
    RC_ASSERT(state_.available_servers(state_.line(line).source) == 0);
  }
  RC_ASSERT(lost <= awaited);
  int64_t counted = 0;
  for (const Outage& outage : state_.fleet.outages.rows())
    counted += std::min(outage.until, now_).seconds - outage.from.seconds;
  RC_ASSERT(counted == seconds_out_);
}

// What the pool has, counted from its servers.
void World::check_supply() const {
  int64_t nameplate = 0;
  int64_t lacking = 0;
  for (const Delivery& delivery : state_.deliveries.rows()) {
    if (delivery.from > now_) continue;
    nameplate += delivery.atoms / kPerServer;
    lacking += state_.lacking.at(delivery.id);
  }
  int64_t withdrawn = 0;
  int64_t spare_borne = 0;
  for (const Server& server : state_.fleet.servers().rows()) {
    withdrawn += server.absence == Absence::withdrawn;
    spare_borne += server.absence == Absence::spare;
    if (server.counted) RC_ASSERT(in_service(server.state) == (server.absence == Absence::none));
  }
  auto known = state_.spares.find(PoolId{1});
  engine::Spares spares = known == state_.spares.end() ? engine::Spares{} : known->second;
  RC_ASSERT(spares.left == spares.kept - spare_borne);
  RC_ASSERT(spares.left >= 0);
  const capacity::Account& pool = *state_.ledger.find(account_of(PoolId{1}));
  int64_t supply = pool.supply().level_at(now_);
  RC_ASSERT(supply == (nameplate - lacking - withdrawn - spares.kept) * kPerServer);
  RC_ASSERT(pool.free().least({now_, kForever}) >= 0);
}

// Every level's budget against a plain sum over the servers in it.
void World::check_budgets() const {
  std::map<AccountId, int64_t> watts;
  std::map<RackId, int64_t> units;
  for (const Server& server : state_.fleet.servers().rows()) {
    if (!server.rack) continue;
    const Rack& rack = state_.fleet.racks.at(server.rack);
    const Row& row = state_.fleet.rows.at(rack.row);
    for (const AccountId& level : {account_of(rack.id), account_of(row.id), account_of(row.hall)})
      watts[level] += kWatts;
    units[rack.id] += kUnits;
  }
  for (const Rack& rack : state_.fleet.racks.rows()) {
    RC_ASSERT(watts[account_of(rack.id)] <= rack.watts && units[rack.id] <= rack.units);
    RC_ASSERT(state_.fleet.load(account_of(rack.id)).watts == watts[account_of(rack.id)]);
  }
  for (const Row& row : state_.fleet.rows.rows())
    RC_ASSERT(row.watts == 0 || watts[account_of(row.id)] <= row.watts);
  for (const Hall& hall : state_.fleet.halls.rows()) {
    RC_ASSERT(watts[account_of(hall.id)] <= hall.watts);
    RC_ASSERT(watts[account_of(hall.id)] <= 40 * kWatts);
  }
}

// With all feeds, and with any one lost, no feed carries more than it can: the racks' loads are
// spread anew over the feeds that are left.
void World::check_feeds() const {
  const auto& feeds = state_.fleet.feeds.rows();
  for (uint32_t lost = 0; lost <= feeds.size(); ++lost) {
    std::map<FeedId, int64_t> milliwatts;
    for (const Rack& rack : state_.fleet.racks.rows()) {
      std::vector<FeedId> left;
      for (FeedId feed : rack.feeds)
        if (feed.number != lost) left.push_back(feed);
      if (left.size() < rack.feeds.size() && rack.redundancy == Redundancy::none) continue;
      int64_t load = state_.fleet.load(account_of(rack.id)).watts;
      for (FeedId feed : left) milliwatts[feed] += load * 1000 / static_cast<int64_t>(left.size());
    }
    for (const Feed& feed : feeds) RC_ASSERT(milliwatts[feed.id] <= feed.watts * 1000);
  }
}

// No accelerator is rented beyond itself, and no server both whole and in parts.
void World::check_shares() const {
  std::map<std::pair<ServerId, int64_t>, int64_t> rented;
  std::map<ServerId, int> whole;
  for (const Instance& instance : state_.instances.rows()) {
    if (instance.ended_at) continue;
    for (ServerId server : servers_of(instance.servers)) {
      RC_ASSERT(state_.fleet.server(server).in_use);
      if (instance.gpus.empty()) RC_ASSERT(++whole[server] == 1);
      for (const GpuShare& share : instance.gpus)
        RC_ASSERT((rented[{server, share.gpu}] += share.milli) <= kWholeGpu);
    }
  }
  for (const auto& [gpu, milli] : rented) {
    RC_ASSERT(!whole.contains(gpu.first));
    RC_ASSERT(state_.splits.at(gpu.first).free.at(static_cast<size_t>(gpu.second)) ==
              kWholeGpu - milli);
  }
}

// The proof counts what runs as well: it finds what the calendars say.
void World::check_proof() const {
  for (const projections::Proof& proof : projections::prove(state_)) RC_ASSERT(proof.agrees);
}

// A state read from its bytes is the same, with all that follows from its rows.
void World::check_snapshot() const {
  std::string bytes = state_.bytes();
  auto again = engine::State::from_bytes(bytes);
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->bytes() == bytes);
  RC_ASSERT(again->agenda == state_.agenda);
  RC_ASSERT(again->short_lines == state_.short_lines);
  for (const auto& [account, holdings] : state_.fleet.all_holdings()) {
    RC_ASSERT(again->fleet.holdings(account).held() == holdings.held());
    RC_ASSERT(again->fleet.holdings(account).free() == holdings.free());
  }
}

}  // namespace

void fleet_is_sound() {
  World world;
  for (const Roll& roll : *rolls()) world.step(roll);
}

bool fleet_tried_enough() {
  for (const auto& [what, count] : outcomes) std::cout << "  " << what << ": " << count << '\n';
  bool enough = true;
  for (const char* what : {"power_short", "fact server_replaced", "fact outage_began",
                           "fact outage_ended", "fact maintenance_began", "fact maintenance_ended",
                           "fact absences_set", "fact instance_launched", "fact instance_reclaimed",
                           "fact line_placed", "fact delivery_counted"})
    if (outcomes[what] == 0) {
      std::cout << "  never: " << what << '\n';
      enough = false;
    }
  return enough;
}

}  // namespace leasehold::property
