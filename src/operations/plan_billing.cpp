// The plan's money: what parties are to the law, taxes, meters, prices and what servers cost.
#include "operations/offer_options.h"
#include "operations/plan.h"

namespace leasehold::operations {

namespace {

using Commands = std::vector<CommandBody>;

void plan_details(Plan& plan, YamlMap& map) {
  std::string party = map.required("party", "a 'party'");
  LegalDetails details{map.required("legal_name", "a 'legal_name'"),
                       map.text("street"),
                       map.text("city"),
                       map.text("postcode"),
                       map.text("country"),
                       map.text("tax_id"),
                       map.text("email"),
                       map.text("iban")};
  plan.steps.push_back({map.text("at"), PlanRank::details, map.path(), "details of " + party,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          PartyId id = reader.party(path.path("party"), party);
                          auto known = reader.state().billing.details.find(id);
                          if (known != reader.state().billing.details.end() &&
                              known->second == details)
                            return {};
                          return {DescribeParty{id, details}};
                        }});
  map.finish();
}

void plan_tax(Plan& plan, YamlMap& map) {
  std::string seller = map.required("seller", "a 'seller'");
  std::string buyer = map.text("buyer");
  std::string site = map.text("site");
  std::string category = map.text("category", "S");
  std::string share = map.text("rate");
  std::string from = map.required("from", "a 'from' date");
  std::string reason = map.text("reason");
  plan.steps.push_back({map.text("at"), PlanRank::tax, map.path(), "tax of " + seller,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          TaxRate rate;
                          rate.seller = reader.party(path.path("seller"), seller);
                          if (!buyer.empty()) rate.buyer = reader.party(path.path("buyer"), buyer);
                          if (!site.empty()) rate.site = reader.site(path.path("site"), site);
                          rate.category =
                              reader.choice<TaxCategory>(path.path("category"), category);
                          if (!share.empty()) rate.ppm = reader.ppm(path.path("rate"), share);
                          rate.from = reader.instant(path.path("from"), from);
                          rate.reason = reason;
                          for (const TaxRate& known : reader.state().billing.taxes)
                            if (known == rate) return {};
                          return {SetTaxRate{rate}};
                        }});
  map.finish();
}

void plan_meter(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string owner = map.required("owner", "an 'owner': who charges for it");
  std::string unit = map.required("unit", "a 'unit' such as GB-month");
  std::string rate = map.required("rate", "a 'rate' such as '0.10 USD'");
  plan.steps.push_back({map.text("at"), PlanRank::meter, map.path(), "meter " + name,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          Meter meter{{},
                                      name,
                                      reader.party(path.path("owner"), owner),
                                      unit,
                                      read_rate(reader, path.path("rate"), rate)};
                          const auto& meters = reader.state().billing.meters;
                          const Meter* known = meters.find(meters.resolve(name));
                          if (known == nullptr) return {DefineMeter{meter}};
                          if (known->owner != meter.owner || known->unit != unit ||
                              known->list != meter.list)
                            reader.wrong(path.path("name"), name, "the meter as it was defined");
                          return {};
                        }});
  map.finish();
}

void plan_price(Plan& plan, YamlMap& map) {
  std::string account = map.required("account", "an 'account': a pool, or a line");
  std::string kind = map.text("kind", "on_demand");
  std::string rate = map.required("rate", "a 'rate' such as '3.99 USD'");
  std::string from = map.required("from", "a 'from' date");
  plan.steps.push_back({map.text("at"), PlanRank::price, map.path(), "price of " + account,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          ListPrice price{reader.source(path.path("account"), account),
                                          reader.choice<InstanceKind>(path.path("kind"), kind),
                                          reader.instant(path.path("from"), from),
                                          read_rate(reader, path.path("rate"), rate)};
                          auto known =
                              reader.state().billing.prices.find({price.account, price.kind});
                          if (known != reader.state().billing.prices.end())
                            for (const ListPrice& row : known->second)
                              if (row.from == price.from && row.rate == price.rate) return {};
                          return {SetListPrice{price}};
                        }});
  map.finish();
}

void plan_cost(Plan& plan, YamlMap& map) {
  std::string delivery = map.required("delivery", "a 'delivery'");
  std::string supplier = map.required("supplier", "a 'supplier': who sold the servers");
  std::string each = map.required("per_server", "'per_server': what one cost");
  std::string life = map.text("life_months", "60");
  std::string residual = map.text("residual", "0 %");
  plan.steps.push_back({map.text("at"), PlanRank::cost, map.path(), "cost of " + delivery,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          AssetCost cost{reader.delivery(path.path("delivery"), delivery),
                                         reader.party(path.path("supplier"), supplier),
                                         reader.money(path.path("per_server"), each),
                                         reader.whole(path.path("life_months"), life),
                                         reader.permille(path.path("residual"), residual)};
                          if (reader.state().billing.costs.contains(cost.delivery)) return {};
                          return {SetAssetCost{cost}};
                        }});
  map.finish();
}

}  // namespace

void plan_billing(Plan& plan, YamlMap& root) {
  for (YamlMap& map : root.maps("details")) plan_details(plan, map);
  for (YamlMap& map : root.maps("taxes")) plan_tax(plan, map);
  for (YamlMap& map : root.maps("meters")) plan_meter(plan, map);
  for (YamlMap& map : root.maps("prices")) plan_price(plan, map);
  for (YamlMap& map : root.maps("costs")) plan_cost(plan, map);
}

}  // namespace leasehold::operations
