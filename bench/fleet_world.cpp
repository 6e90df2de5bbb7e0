#include "fleet_world.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "journal/sqlite.h"

namespace leasehold::bench {

namespace {

constexpr int64_t kServersOfRack = 4;
constexpr int64_t kRacksOfPod = 8;
constexpr int64_t kWatts = 10'200;
constexpr int64_t kYear = 365 * kSecondsPerDay;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "the fleet could not be built: %s\n", why.c_str());
  std::exit(1);
}

}  // namespace

FleetWorld::FleetWorld(int64_t servers, const std::string& store) {
  if (!store.empty()) {
    auto journal = journal::open_sqlite(store, journal::Access::write);
    auto cloud = journal ? cloud::Cloud::open(std::move(*journal), {0})
                         : Unexpected<journal::IoError>(journal.error());
    if (!cloud) fail(cloud.error().message);
    cloud_.emplace(std::move(*cloud));
  }
  for (const char* name : {"operator", "anchor", "tenant"})
    must(DefineParty{{{}, name, PartyKind::company, {}}});
  Site site;
  site.name = "site";
  site.holder = PartyId{1};
  site.zone = "Etc/UTC";
  must(OpenSite{site});
  must(ChangePower{SiteId{1}, {now_, kForever}, servers * kWatts});
  Sku sku;
  sku.name = "sku";
  sku.per_server = 8;
  sku.watts_per_server = kWatts;
  must(DefineSku{sku});
  must(OpenPool{{{}, "pool", PartyId{1}, SkuId{1}, SiteId{1}, "infiniband", {}}});
  must(Deliver{"all", PoolId{1}, {servers, QuantityKind::server}, {now_, kForever}});
  must(BuildHall{{{}, "hall", SiteId{1}, 0, 0}});
  must(BuildRow{{{}, "row", HallId{1}, 0, 0}});
  must(InstallFeed{{{}, "fa", SiteId{1}, servers * kWatts}});
  int64_t added = 0;
  for (uint32_t pod = 1; added < servers; ++pod) {
    must(PlanPod{{{}, fmt::format("p{}", pod), PoolId{1}}});
    for (int64_t k = 0; k < kRacksOfPod && added < servers; ++k) {
      must(InstallRacks{{{{},
                          fmt::format("p{}k{}", pod, k),
                          RowId{1},
                          PodId{pod},
                          kServersOfRack * kWatts,
                          0,
                          Redundancy::none,
                          {FeedId{1}}}}});
      AddServers command{
          DeliveryId{1}, RackId{state().fleet.racks.next_id().number - 1}, ServerState::ready, {}};
      for (int64_t i = 0; i < kServersOfRack && added < servers; ++i)
        command.servers.push_back({fmt::format("SN{:07}", ++added), 0});
      must(std::move(command));
    }
  }
  pass();
}

std::vector<Fact> FleetWorld::must(CommandBody body) {
  Command command{now_, "bench", std::move(body)};
  cloud::Answer answer = Unexpected<Refusal>(Refusal{});
  if (cloud_) {
    auto answers = cloud_->execute({&command, 1});
    if (!answers) fail(answers.error().message);
    answer = std::move(answers->front());
  } else {
    answer = engine::perform(state_, command);
  }
  if (!answer) fail(name_of(answer.error().code) + (": " + answer.error().rule));
  return std::move(*answer);
}

// A cloud does what is due at once with the command that made it so.
void FleetWorld::pass() {
  if (!cloud_) engine::pass_time(state_, now_);
}

int64_t FleetWorld::free() const {
  return state().fleet.holdings(AccountId{AccountKind::pool, 1, 0}).free();
}

std::vector<Fact> FleetWorld::lease(int64_t servers, Instant from) {
  OfferRequest offer;
  offer.lessor = PartyId{1};
  offer.lessee = PartyId{2};
  LineRequest line;
  line.sources = {AccountId{AccountKind::pool, 1, 0}};
  line.quantity = {servers, QuantityKind::server};
  line.interval = {from, from + kYear};
  line.price.amount.currency = {"USD"};
  offer.lines.push_back(line);
  std::vector<Fact> facts = must(SignLease{offer});
  pass();
  return facts;
}

void FleetWorld::end(LeaseId lease) {
  must(TerminateLease{lease, now_, Resolve::refuse});
  pass();
}

void FleetWorld::fill(int64_t high, int64_t low) {
  auto servers = static_cast<int64_t>(state().fleet.servers().rows().size());
  while ((servers - free()) * 1000 < servers * high) {
    int64_t most = random_.one_in(20) ? std::max<int64_t>(64, servers / 20) : 64;
    int64_t wanted = 1 + static_cast<int64_t>(random_.below(static_cast<uint64_t>(most)));
    lease(std::min(wanted, free()), now_);
  }
  advance(1);
  while ((servers - free()) * 1000 > servers * low) {
    LeaseId id{1 + static_cast<uint32_t>(random_.below(state().leases.rows().size()))};
    if (!state().leases.at(id).terminated_at) end(id);
  }
}

}  // namespace leasehold::bench
