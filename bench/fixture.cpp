#include "fixture.h"

#include <filesystem>

namespace leasehold::bench {

std::unique_ptr<journal::Journal> open_store(const std::string& path) {
  auto journal = journal::open_sqlite(path, journal::Access::write);
  LH_ASSERT(journal.has_value());
  return std::move(*journal);
}

cloud::Cloud open_cloud(const std::string& path, cloud::SnapshotPolicy policy) {
  auto cloud = cloud::Cloud::open(open_store(path), policy);
  LH_ASSERT(cloud.has_value());
  return std::move(*cloud);
}

cloud::Cloud new_cloud(const std::string& path, int64_t accelerators) {
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path + part);
  cloud::Cloud cloud = open_cloud(path, {0});
  Site site;
  site.name = "hall";
  site.holder = PartyId{1};
  site.zone = "Etc/UTC";
  Sku sku;
  sku.name = "h100";
  sku.per_server = 8;
  std::vector<Command> world{
      at(0, DefineParty{{{}, "operator", PartyKind::company, {}}}),
      at(0, DefineParty{{{}, "anchor", PartyKind::company, {}}}),
      at(0, DefineParty{{{}, "lab", PartyKind::company, {}}}),
      at(0, OpenSite{site}),
      at(0, DefineSku{sku}),
      at(0, OpenPool{{{}, "gpus", PartyId{1}, SkuId{1}, SiteId{1}, "infiniband", {}}}),
      at(0, Deliver{"",
                    PoolId{1},
                    {accelerators, QuantityKind::accelerator},
                    {Instant{kStart}, kForever}})};
  auto answers = cloud.execute(world);
  LH_ASSERT(answers.has_value());
  for (const cloud::Answer& answer : *answers) LH_ASSERT(answer.has_value());
  return cloud;
}

Command at(int64_t second, CommandBody body) {
  return {Instant{kStart + second}, "bench", std::move(body)};
}

OfferRequest offer(PartyId lessee, const Interval& interval, int64_t accelerators) {
  OfferRequest request{"", PartyId{1}, lessee, {}, {}};
  LineRequest line;
  line.sources = {AccountId{AccountKind::pool, 1, 0}};
  line.quantity = {accelerators, QuantityKind::accelerator};
  line.interval = interval;
  line.price = {PriceBasis::per_accelerator_hour, Money{2'350'000'000, {"USD"}}};
  request.lines.push_back(line);
  return request;
}

}  // namespace leasehold::bench
