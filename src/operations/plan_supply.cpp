// The plan's parties, relations, sites, SKUs and pools.
#include <array>

#include "operations/plan.h"

namespace leasehold::operations {

namespace {

using Commands = std::vector<CommandBody>;

// What exists under a name must be what is declared.
void must_be(Reader& reader, bool same, const std::string& path, const std::string& name) {
  if (!same)
    reader.wrong(path, name,
                 "what exists under this name, or another name: it is there with other values");
}

void plan_party(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string kind = map.text("kind", "company");
  std::string part_of = map.text("part_of");
  plan.steps.push_back(
      {map.text("at"), PlanRank::party, map.path(), "party " + name,
       [=, path = map](Reader& reader, Instant) -> Commands {
         Party party{{}, name, reader.choice<PartyKind>(path.path("kind"), kind), {}};
         if (!part_of.empty()) party.part_of = reader.party(path.path("part_of"), part_of);
         const Party* known = reader.state().parties.find(reader.state().parties.resolve(name));
         if (known == nullptr) return {DefineParty{party}};
         must_be(reader, known->kind == party.kind && known->part_of == party.part_of,
                 path.path("name"), name);
         return {};
       }});
  map.finish();
}

void plan_relation(Plan& plan, YamlMap& map) {
  std::string subject = map.required("subject", "a 'subject': who owns, supplies or lends");
  std::string kind = map.required("kind", "a 'kind': " + names_of<RelationKind>());
  std::string object = map.required("object", "an 'object': of whom or to whom");
  std::string share = map.text("share");
  plan.steps.push_back(
      {map.text("at"), PlanRank::relation, map.path(), subject + " " + kind + " " + object,
       [=, path = map](Reader& reader, Instant) -> Commands {
         Relation relation{reader.party(path.path("subject"), subject),
                           reader.choice<RelationKind>(path.path("kind"), kind),
                           reader.party(path.path("object"), object), 0};
         if (!share.empty()) relation.share_ppm = reader.ppm(path.path("share"), share);
         for (const Relation& known : reader.state().relations)
           if (known.subject == relation.subject && known.kind == relation.kind &&
               known.object == relation.object && known.share_ppm == relation.share_ppm)
             return {};
         return {RelateParties{relation}};
       }});
  map.finish();
}

struct PowerText {
  std::string path, from, until, add;
};

// The difference between the power declared and the power known, as changes.
Commands power_commands(Reader& reader, const std::string& site_name,
                        const std::vector<PowerText>& texts) {
  capacity::Steps missing;
  for (const PowerText& text : texts) {
    missing.add({reader.instant(text.path + ".from", text.from),
                 reader.instant(text.path + ".until", text.until)},
                reader.watts(text.path + ".add", text.add));
  }
  SiteId site = reader.site("site", site_name);
  if (!reader.good()) return {};
  const capacity::Steps& known = reader.state().ledger.find(account_of(site))->supply();
  for (const auto& piece : known.pieces({kDawn, kForever}))
    missing.add(piece.interval, -piece.level);
  // What head leases give is declared with them.
  for (const SiteLease& lease : reader.state().fleet.site_leases.rows())
    if (lease.site == site) missing.add(lease.interval(), lease.watts);
  Commands commands;
  for (const auto& piece : missing.pieces({kDawn, kForever}))
    if (piece.level != 0) commands.push_back(ChangePower{site, piece.interval, piece.level});
  return commands;
}

void plan_site(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string holder = map.required("holder", "a 'holder': who head-leases the site");
  std::string region = map.text("region");
  std::string zone = map.text("zone", "Etc/UTC");
  std::string non_gpu = map.text("non_gpu", "0 %");
  std::string at = map.text("at");
  plan.steps.push_back({at, PlanRank::site, map.path(), "site " + name,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          Site site;
                          site.name = name;
                          site.holder = reader.party(path.path("holder"), holder);
                          site.region = region;
                          site.zone = zone;
                          site.non_gpu_permille = reader.permille(path.path("non_gpu"), non_gpu);
                          const Site* known =
                              reader.state().sites.find(reader.state().sites.resolve(name));
                          if (known == nullptr) return {OpenSite{site}};
                          bool same = known->holder == site.holder && known->region == region &&
                                      known->zone == zone &&
                                      known->non_gpu_permille == site.non_gpu_permille;
                          must_be(reader, same, path.path("name"), name);
                          return {};
                        }});
  std::vector<PowerText> powers;
  for (YamlMap& power : map.maps("power")) {
    powers.push_back({power.path(), power.required("from", "a 'from' date"),
                      power.text("until", "forever"),
                      power.required("add", "an 'add' such as '24 MW'")});
    power.finish();
  }
  plan.steps.push_back(
      {at, PlanRank::power, map.path("power"), "power of " + name,
       [=](Reader& reader, Instant) { return power_commands(reader, name, powers); }});
  map.finish();
}

void plan_sku_specs(Plan& plan, YamlMap& map, const std::string& at, const std::string& sku) {
  SkuSpecs texts;
  texts.accelerator = map.required("accelerator", "an 'accelerator' such as H100");
  texts.form = map.text("form");
  std::array<std::pair<const char*, int64_t SkuSpecs::*>, 4> numbers{
      {{"accelerator_gib", &SkuSpecs::accelerator_gib},
       {"vcpus", &SkuSpecs::vcpus},
       {"memory_gib", &SkuSpecs::memory_gib},
       {"storage_gib", &SkuSpecs::storage_gib}}};
  std::array<std::string, 4> said;
  for (size_t i = 0; i < said.size(); ++i) said[i] = map.text(numbers[i].first, "0");
  plan.steps.push_back({at, PlanRank::sku_specs, map.path(), "specs of sku " + sku,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          SkuSpecs specs = texts;
                          for (size_t i = 0; i < said.size(); ++i)
                            specs.*numbers[i].second =
                                reader.whole(path.path(numbers[i].first), said[i]);
                          SkuId id = reader.sku(path.path(), sku);
                          if (!reader.good() || reader.state().skus.at(id).specs == specs)
                            return {};
                          return {DescribeSku{id, specs}};
                        }});
  map.finish();
}

void plan_sku(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string family = map.text("family", "gpu");
  std::string model = map.text("model");
  std::vector<std::pair<std::string, std::string>> counts;
  counts.reserve(5);
  for (const char* key : {"per_server", "per_tray", "per_nvlink_domain", "per_rack", "per_slice"})
    counts.emplace_back(map.path(key), map.text(key, "0"));
  std::string power = map.text("power", "0 W");
  std::string units = map.text("units");
  std::vector<std::string> shapes = map.texts("shapes");
  plan.steps.push_back(
      {map.text("at"), PlanRank::sku, map.path(), "sku " + name,
       [=, path = map](Reader& reader, Instant) -> Commands {
         std::vector<int64_t> per;
         per.reserve(counts.size());
         for (const auto& [field, text] : counts) per.push_back(reader.whole(field, text));
         Sku sku{{},
                 name,
                 reader.choice<SkuFamily>(path.path("family"), family),
                 model,
                 per[0],
                 per[1],
                 per[2],
                 per[3],
                 per[4],
                 reader.watts(path.path("power"), power),
                 {},
                 {}};
         if (!shapes.empty()) sku.shapes = shapes;
         if (!units.empty()) sku.units_per_server = reader.whole(path.path("units"), units);
         const Sku* known = reader.state().skus.find(reader.state().skus.resolve(name));
         if (known == nullptr) return {DefineSku{sku}};
         bool same = known->family == sku.family && known->model == sku.model &&
                     known->per_server == sku.per_server && known->per_tray == sku.per_tray &&
                     known->per_nvlink_domain == sku.per_nvlink_domain &&
                     known->per_rack == sku.per_rack && known->per_slice == sku.per_slice &&
                     known->watts_per_server == sku.watts_per_server &&
                     known->units_per_server == sku.units_per_server && known->shapes == sku.shapes;
         must_be(reader, same, path.path("name"), name);
         return {};
       }});
  for (YamlMap& specs : map.maps("specs")) plan_sku_specs(plan, specs, map.text("at"), name);
  map.finish();
}

void plan_delivery(Plan& plan, YamlMap& map, const std::string& pool) {
  std::string name = map.required("name", "a 'name', so that it is known again");
  std::string quantity = map.required("quantity", "a 'quantity' such as '1250 servers'");
  std::string from = map.required("from", "a 'from' date");
  std::string until = map.text("until", "forever");
  plan.steps.push_back({map.text("at"), PlanRank::delivery, map.path(), "delivery " + name,
                        [=, unit = plan.unit, path = map](Reader& reader, Instant) -> Commands {
                          Quantity asked =
                              read_quantity(reader, unit, path.path("quantity"), quantity);
                          Interval interval{reader.instant(path.path("from"), from),
                                            reader.instant(path.path("until"), until)};
                          DeliveryId id = reader.state().deliveries.resolve(name);
                          if (!id)
                            return {Deliver{name, reader.pool(path.path(), pool), asked, interval}};
                          const Delivery& known = reader.state().deliveries.at(id);
                          bool same = known.pool == reader.pool(path.path(), pool) &&
                                      known.quantity == asked && known.until == interval.until;
                          must_be(reader, same, path.path("name"), name);
                          if (known.from == interval.from) return {};
                          return {RetimeDelivery{id, interval.from, Resolve::refuse}};
                        }});
  map.finish();
}

void plan_pool(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string owner = map.required("owner", "an 'owner': who leases it out");
  std::string sku = map.required("sku", "a 'sku'");
  std::string site = map.required("site", "a 'site'");
  std::string fabric = map.text("fabric");
  std::string list_price = map.text("list_price");
  std::string overcommit = map.text("overcommit", "0 %");
  std::string at = map.text("at");
  plan.steps.push_back({at, PlanRank::pool, map.path(), "pool " + name,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          Pool pool{{},
                                    name,
                                    reader.party(path.path("owner"), owner),
                                    reader.sku(path.path("sku"), sku),
                                    reader.site(path.path("site"), site),
                                    fabric,
                                    {}};
                          if (!list_price.empty())
                            pool.list_price = reader.money(path.path("list_price"), list_price);
                          const Pool* known =
                              reader.state().pools.find(reader.state().pools.resolve(name));
                          if (known == nullptr) return {OpenPool{pool}};
                          bool same = known->owner == pool.owner && known->sku == pool.sku &&
                                      known->site == pool.site && known->fabric == fabric &&
                                      known->list_price == pool.list_price;
                          must_be(reader, same, path.path("name"), name);
                          return {};
                        }});
  plan.steps.push_back({at, PlanRank::overcommit, map.path(), "overcommit of " + name,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          int64_t permille = reader.permille(path.path("overcommit"), overcommit);
                          PoolId id = reader.pool(path.path("name"), name);
                          if (!id) return {};
                          const auto* account = reader.state().ledger.find(account_of(id));
                          if (account->overcommit_permille() == permille) return {};
                          return {SetOvercommit{id, permille}};
                        }});
  for (YamlMap& delivery : map.maps("deliveries")) plan_delivery(plan, delivery, name);
  map.finish();
}

}  // namespace

void plan_supply(Plan& plan, YamlMap& root) {
  for (YamlMap& map : root.maps("parties")) plan_party(plan, map);
  for (YamlMap& map : root.maps("relations")) plan_relation(plan, map);
  for (YamlMap& map : root.maps("sites")) plan_site(plan, map);
  for (YamlMap& map : root.maps("skus")) plan_sku(plan, map);
  for (YamlMap& map : root.maps("pools")) plan_pool(plan, map);
}

}  // namespace leasehold::operations
