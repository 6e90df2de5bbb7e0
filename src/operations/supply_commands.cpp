// party, site, sku and pool.
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fact_text.h"
#include "projections/holders.h"
#include "projections/proof.h"

namespace leasehold::operations {

namespace {

struct Named {
  std::string name;
};

struct PartyValues {
  std::string name, kind = "company", part_of;
};
void party_options(Form& form, PartyValues& values) {
  form.add_option("name", values.name, "Its name, unique among parties")->required();
  form.add_option("--kind", values.kind, "company, department or person");
  form.add_option("--part-of", values.part_of, "The party that a department belongs to");
}
void add_one_party(Shell& shell, const PartyValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    Party party{{}, values.name, reader.choice<PartyKind>("--kind", values.kind), {}};
    if (!values.part_of.empty()) party.part_of = reader.party("--part-of", values.part_of);
    return DefineParty{party};
  });
}

struct RelationValues {
  std::string subject, kind, object, share;
};
void relation_options(Form& form, RelationValues& values) {
  form.add_option("subject", values.subject, "Who owns, supplies or lends")->required();
  form.add_option("kind", values.kind, "owns, supplies or lends_to")->required();
  form.add_option("object", values.object, "Of whom or to whom")->required();
  form.add_option("--share", values.share, "The share owned, such as '5 %'");
}
void relate(Shell& shell, const RelationValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    Relation relation{reader.party("subject", values.subject),
                      reader.choice<RelationKind>("kind", values.kind),
                      reader.party("object", values.object), 0};
    if (!values.share.empty()) relation.share_ppm = reader.ppm("--share", values.share);
    return RelateParties{relation};
  });
}

const Columns kPartiesColumns = columns_of("id, name, kind, part of, relations");
void list_parties(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kPartiesColumns);
  for (const Party& party : state.parties.rows()) {
    std::string relations;
    for (const Relation& relation : state.relations)
      if (relation.subject == party.id)
        relations += (relations.empty() ? "" : "; ") +
                     fact_text(state, PartiesRelated{relation}).substr(party.name.size() + 1);
    table.add({text(to_text(party.id)), text(party.name), text(name_of(party.kind)),
               text(party.part_of ? state.name_of(*party.part_of) : ""), text(relations)});
  }
  shell.say(table);
}

struct SiteValues {
  std::string name, holder, region, site_zone = "Etc/UTC", non_gpu = "0 %", pue = "1.0";
};
void site_options(Form& form, SiteValues& values) {
  form.add_option("name", values.name, "Its name, unique among sites")->required();
  form.add_option("--holder", values.holder, "Who head-leases the site")->required();
  form.add_option("--region", values.region, "Where it is");
  form.add_option("--site-zone", values.site_zone, "Its IANA time zone");
  form.add_option("--non-gpu", values.non_gpu, "Network, storage and management, of server power");
}
void open_site(Shell& shell, const SiteValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    Site site;
    site.name = values.name;
    site.holder = reader.party("--holder", values.holder);
    site.region = values.region;
    site.zone = values.site_zone;
    site.non_gpu_permille = reader.permille("--non-gpu", values.non_gpu);
    return OpenSite{site};
  });
}

struct PowerValues {
  std::string site, add, remove, from, until = "forever", without;
  bool rows = false;
};
void power_options(Form& form, PowerValues& values) {
  form.add_option("site", values.site, "The site; all where it is not said");
  auto* add = form.add_option("--add", values.add, "Critical power that comes, such as '24 MW'");
  form.add_option("--remove", values.remove, "Critical power that goes")->excludes(add);
  form.add_option("--from", values.from, "When");
  form.add_option("--until", values.until, "To when; forever where it is not said");
  form.add_flag("--rows", values.rows, "Show rows and feeds as well");
  form.add_option("--without", values.without, "Show what is left when this feed is lost");
}
void change_power(Shell& shell, const PowerValues& values) {
  if (values.add.empty() && values.remove.empty())
    return show_site_power(shell, values.site, values.without, values.rows);
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    bool more = !values.add.empty();
    int64_t watts =
        more ? reader.watts("--add", values.add) : -reader.watts("--remove", values.remove);
    return ChangePower{
        reader.site("site", values.site),
        {reader.instant("--from", values.from), reader.instant("--until", values.until)},
        watts};
  });
}

const Columns kSitesColumns =
    columns_of("id, name, holder, region, power: power, promised: power, free: power");
void list_sites(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kSitesColumns);
  auto megawatts = [](int64_t watts) {
    return Cell{to_text(Quantity{watts, QuantityKind::megawatt}), std::to_string(watts), true};
  };
  for (const Site& site : view->state.sites.rows()) {
    const capacity::Account& account = *view->state.ledger.find(account_of(site.id));
    int64_t supply = account.supply().level_at(view->moment);
    int64_t free = account.free().level_at(view->moment);
    table.add({text(to_text(site.id)), text(site.name), text(view->state.name_of(site.holder)),
               text(site.region), megawatts(supply), megawatts(supply - free), megawatts(free)});
  }
  shell.say(table);
}

struct SkuValues {
  std::string name, family = "gpu", model, per_server = "8", per_tray = "0", per_domain = "0",
                    per_rack = "0", per_slice = "0", power = "0 W", units;
  std::vector<std::string> shapes;
};
void sku_options(Form& form, SkuValues& values) {
  form.add_option("name", values.name, "Its name, unique among SKUs")->required();
  form.add_option("--family", values.family, "gpu or tpu");
  form.add_option("--model", values.model, "The accelerator's model");
  form.add_option("--per-server", values.per_server, "Accelerators or chips a server");
  form.add_option("--per-tray", values.per_tray, "Accelerators a compute tray");
  form.add_option("--per-nvlink-domain", values.per_domain, "Accelerators an NVLink domain");
  form.add_option("--per-rack", values.per_rack, "Accelerators a rack");
  form.add_option("--per-slice", values.per_slice, "Chips a slice");
  form.add_option("--power", values.power, "Greatest draw of a server, such as '14300 W'");
  form.add_option("--shapes", values.shapes, "The slices that it is sold in, such as 2x2x1,4x4x4")
      ->delimiter(',');
  form.add_option("--units", values.units, "Height of a server in a rack, in rack units");
}
void define_sku(Shell& shell, const SkuValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    Sku sku;
    sku.name = values.name;
    sku.family = reader.choice<SkuFamily>("--family", values.family);
    sku.model = values.model;
    sku.per_server = reader.whole("--per-server", values.per_server);
    sku.per_tray = reader.whole("--per-tray", values.per_tray);
    sku.per_nvlink_domain = reader.whole("--per-nvlink-domain", values.per_domain);
    sku.per_rack = reader.whole("--per-rack", values.per_rack);
    sku.per_slice = reader.whole("--per-slice", values.per_slice);
    sku.watts_per_server = reader.watts("--power", values.power);
    if (!values.units.empty()) sku.units_per_server = reader.whole("--units", values.units);
    if (!values.shapes.empty()) sku.shapes = values.shapes;
    return DefineSku{sku};
  });
}

struct SkuSpecsValues {
  std::string sku, accelerator, form, accelerator_gib, vcpus, memory_gib, storage_gib = "0";
};
void sku_specs_options(Form& form, SkuSpecsValues& values) {
  form.add_option("sku", values.sku, "Its name or id")->required();
  form.add_option("--accelerator", values.accelerator, "As the trade calls it: H100")->required();
  form.add_option("--form", values.form, "Of the accelerator: SXM5, PCIe");
  form.add_option("--accelerator-gib", values.accelerator_gib, "Memory of one")->required();
  form.add_option("--vcpus", values.vcpus, "Of a server")->required();
  form.add_option("--memory-gib", values.memory_gib, "Of a server")->required();
  form.add_option("--storage-gib", values.storage_gib, "Of a server");
}
void describe_sku(Shell& shell, const SkuSpecsValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return DescribeSku{
        reader.sku("sku", values.sku),
        {values.accelerator, values.form, reader.whole("--accelerator-gib", values.accelerator_gib),
         reader.whole("--vcpus", values.vcpus), reader.whole("--memory-gib", values.memory_gib),
         reader.whole("--storage-gib", values.storage_gib)}};
  });
}

const Columns kSkusColumns = columns_of(
    "id, name, family, model, per server: number, per tray: number, per domain: number, per rack: "
    "number, per slice: number, watts: number");
void list_skus(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kSkusColumns);
  for (const Sku& sku : view->state.skus.rows())
    table.add({text(to_text(sku.id)), text(sku.name), text(name_of(sku.family)), text(sku.model),
               number(sku.per_server), number(sku.per_tray), number(sku.per_nvlink_domain),
               number(sku.per_rack), number(sku.per_slice), number(sku.watts_per_server)});
  shell.say(table);
}

struct PoolValues {
  std::string name, owner, sku, site, fabric, list_price;
};
void pool_options(Form& form, PoolValues& values) {
  form.add_option("name", values.name, "Its name, unique among pools")->required();
  form.add_option("--owner", values.owner, "Who leases it out")->required();
  form.add_option("--sku", values.sku, "The kind of server")->required();
  form.add_option("--site", values.site, "Where the servers stand")->required();
  form.add_option("--fabric", values.fabric, "infiniband, ethernet, co-packaged-optics, ici");
  form.add_option("--list-price", values.list_price, "On demand, per accelerator-hour");
}
void open_pool(Shell& shell, const PoolValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    Pool pool{{},
              values.name,
              reader.party("--owner", values.owner),
              reader.sku("--sku", values.sku),
              reader.site("--site", values.site),
              values.fabric,
              {}};
    if (!values.list_price.empty())
      pool.list_price = reader.money("--list-price", values.list_price);
    return OpenPool{pool};
  });
}

struct DeliverValues {
  std::string pool, name, quantity, from, until = "forever";
};
void deliver_options(Form& form, DeliverValues& values) {
  form.add_option("pool", values.pool, "The pool")->required();
  form.add_option("--name", values.name, "The delivery's name");
  form.add_option("--quantity", values.quantity, "Such as '1250 servers'")->required();
  form.add_option("--from", values.from, "When it can be leased")->required();
  form.add_option("--until", values.until, "When it goes again");
}
void deliver(Shell& shell, const DeliverValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return Deliver{
        values.name,
        reader.pool("pool", values.pool),
        reader.quantity("--quantity", values.quantity),
        {reader.instant("--from", values.from), reader.instant("--until", values.until)}};
  });
}

struct RetimeValues {
  std::string delivery, to, resolve = "refuse";
};
void retime_options(Form& form, RetimeValues& values) {
  form.add_option("delivery", values.delivery, "The delivery")->required();
  form.add_option("--to", values.to, "When it now comes")->required();
  form.add_option("--resolve", values.resolve,
                  "refuse, or curtail: cut the latest promises while it is missing");
}
void retime(Shell& shell, const RetimeValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RetimeDelivery{reader.delivery("delivery", values.delivery),
                          reader.instant("--to", values.to),
                          reader.choice<Resolve>("--resolve", values.resolve)};
  });
}

struct WithdrawValues {
  std::string delivery, quantity, from, until = "forever", resolve = "refuse";
};
void withdraw_options(Form& form, WithdrawValues& values) {
  form.add_option("delivery", values.delivery, "The delivery it belongs to")->required();
  form.add_option("--quantity", values.quantity, "Such as '2 servers'")->required();
  form.add_option("--from", values.from, "When")->required();
  form.add_option("--until", values.until, "To when");
  form.add_option("--resolve", values.resolve, "refuse or curtail");
}
void withdraw(Shell& shell, const WithdrawValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return WithdrawSupply{
        reader.delivery("delivery", values.delivery),
        reader.quantity("--quantity", values.quantity),
        {reader.instant("--from", values.from), reader.instant("--until", values.until)},
        reader.choice<Resolve>("--resolve", values.resolve)};
  });
}

struct OvercommitValues {
  std::string pool, share;
};
void overcommit_options(Form& form, OvercommitValues& values) {
  form.add_option("pool", values.pool, "The pool")->required();
  form.add_option("share", values.share, "What may be promised above supply, such as '5 %'")
      ->required();
}
void set_overcommit(Shell& shell, const OvercommitValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return SetOvercommit{reader.pool("pool", values.pool), reader.permille("share", values.share)};
  });
}

struct LienValues {
  std::string delivery, lender, name;
};
void lien_options(Form& form, LienValues& values) {
  form.add_option("name", values.name, "The loan's name, unique among liens")->required();
  form.add_option("--delivery", values.delivery, "The delivery whose servers secure it")
      ->required();
  form.add_option("--lender", values.lender, "Who lends")->required();
}
void grant_lien(Shell& shell, const LienValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return GrantLien{{{},
                      values.name,
                      reader.party("--lender", values.lender),
                      reader.delivery("--delivery", values.delivery)}};
  });
}

struct SparesValues {
  std::string pool, servers;
};
void spares_options(Form& form, SparesValues& values) {
  form.add_option("pool", values.pool, "The pool")->required();
  form.add_option("servers", values.servers,
                  "How many servers stand in for others, or their share: '3 %'")
      ->required();
}
void keep_spares(Shell& shell, const SparesValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    PoolId pool = reader.pool("pool", values.pool);
    if (!values.servers.ends_with('%'))
      return KeepSpares{pool, reader.whole("servers", values.servers)};
    int64_t permille = reader.permille("servers", values.servers);
    if (!reader.good()) return KeepSpares{};
    // Of what the pool has now, spares included; a part of a server is a whole one.
    const engine::State& state = reader.state();
    auto known = state.spares.find(pool);
    int64_t kept = known == state.spares.end() ? 0 : known->second.kept;
    int64_t per_server = state.skus.at(state.pools.at(pool).sku).per_server;
    int64_t supply = state.ledger.find(account_of(pool))->supply().level_at(shell.now());
    return KeepSpares{pool, ((supply / per_server + kept) * permille + 999) / 1000};
  });
}

const Columns kPoolsColumns =
    columns_of("id, name, owner, sku, site, supply: number, promised: number, free: number");
void list_pools(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kPoolsColumns);
  for (const Pool& pool : state.pools.rows()) {
    const capacity::Account& account = *state.ledger.find(account_of(pool.id));
    int64_t supply = account.supply().level_at(view->moment);
    int64_t free = account.free().level_at(view->moment);
    table.add({text(to_text(pool.id)), text(pool.name), text(state.name_of(pool.owner)),
               text(state.skus.at(pool.sku).name), text(state.sites.at(pool.site).name),
               number(supply), number(account.limit(supply) - free), number(free)});
  }
  shell.say(table);
}

const Columns kDeliveriesColumns =
    columns_of("id, name, pool, quantity, from: moment, until: moment");
void list_deliveries(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kDeliveriesColumns);
  for (const Delivery& delivery : view->state.deliveries.rows())
    table.add({text(to_text(delivery.id)), text(delivery.name),
               text(view->state.pools.at(delivery.pool).name), text(to_text(delivery.quantity)),
               moment(delivery.from), moment(delivery.until)});
  shell.say(table);
}

void pool_name_option(Form& form, Named& values) {
  form.add_option("pool", values.name, "A pool or a line of a lease")->required();
}
const Columns kHoldersColumns =
    columns_of("tier: number, holder, lessee, holds: number, own or free: number");
void list_holders(Shell& shell, const Named& values) {
  auto view = shell.view();
  if (!view) return;
  Reader reader = shell.reader(view->state);
  AccountId account = reader.source("pool", values.name);
  if (!reader.good()) return shell.say(reader.errors());
  if (!shell.may_look(view->state, account)) return;
  Table table(kHoldersColumns);
  int64_t others = 0;
  int hidden_from = 0;  // the depth of a holder that the asker may not see; 0: none
  for (const projections::Holding& holding :
       projections::holders(view->state, account, view->moment)) {
    if (hidden_from > 0 && holding.depth > hidden_from) continue;
    bool seen = holding.depth == 0 || shell.may_see(holding.lessor, holding.lessee);
    hidden_from = seen ? 0 : holding.depth;
    if (!seen) {
      // How much is passed on may be seen, to whom and in which parts not.
      others += holding.depth == 1 ? holding.atoms : 0;
      continue;
    }
    std::string indent(static_cast<size_t>(2 * holding.depth), ' ');
    table.add({number(holding.depth), text(indent + holding.name),
               text(view->state.name_of(holding.lessee)), number(holding.atoms),
               number(holding.not_passed_on)});
  }
  if (others > 0) table.add({number(1), text("  others"), text(""), number(others), number(0)});
  shell.say(table);
}

const Columns kProveColumns = columns_of(
    "account, tier: number, promises: number, instants: number, least free: number, unit, at: "
    "moment, verdict");
void prove(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view || !shell.owner_only("pool proof")) return;
  Table table(kProveColumns);
  bool sound = true;
  for (const projections::Proof& proof : projections::prove(view->state)) {
    sound = sound && proof.sound();
    table.add({text(view->state.name_of(proof.account)), number(proof.tier), number(proof.promises),
               number(proof.instants), number(proof.least_free),
               text(proof.account.kind == AccountKind::site
                        ? "watt"
                        : name_of(view->state.sku_of(proof.account).atom_kind())),
               moment(proof.least_at), text(proof.sound() ? "ok" : "SOLD TWICE")});
  }
  shell.say(table);
  if (!sound) shell.fail(kRefused);
}

}  // namespace

void add_party(Noun root) {
  Noun noun = root.noun("party", "Companies, departments and people");
  add_command(noun, "add", "Define a party: party add nvidia", party_options, add_one_party);
  add_command(noun, "relate",
              "Say what ties two parties: party relate nvidia owns lambda --share '5 %'",
              relation_options, relate);
  add_command<NoValues>(noun, "list", "List parties and their relations", nullptr, list_parties,
                        kPartiesColumns);
  add_party_details(noun);
}

void add_site(Noun root) {
  Noun noun = root.noun("site", "Data centres and their power");
  add_command(noun, "add", "Open a site: site add kansas-city --holder lambda", site_options,
              open_site);
  add_command(
      noun, "power",
      "Show every budget and what is taken, or change a site's critical power: site power "
      "kansas-city --rows; site power kansas-city --without kc-a; site power kansas-city --add "
      "'24 MW' --from 2026-01-01",
      power_options, change_power);
  add_command<NoValues>(noun, "list", "List sites with power at a moment (--at)", nullptr,
                        list_sites, kSitesColumns);
  add_facility(noun, root);
}

void add_sku(Noun root) {
  Noun noun = root.noun("sku", "Kinds of servers");
  add_command(noun, "add", "Define a SKU: sku add dgx-b200 --model B200 --power '14300 W'",
              sku_options, define_sku);
  add_command(
      noun, "describe",
      "Say what tenants are told of it: sku describe dgx-h100 --accelerator H100 --form SXM5 "
      "--accelerator-gib 80 --vcpus 208 --memory-gib 1800 --storage-gib 22528",
      sku_specs_options, describe_sku);
  add_command<NoValues>(noun, "list", "List SKUs", nullptr, list_skus, kSkusColumns);
}

void add_pool(Noun root) {
  Noun noun = root.noun("pool", "What is leased out interchangeably, and its supply");
  add_command(noun, "add",
              "Open a pool: pool add b200-kc --owner lambda --sku dgx-b200 --site kansas-city",
              pool_options, open_pool);
  add_command(noun, "deliver",
              "Add supply: pool deliver b200-kc --quantity '1250 servers' --from 2026-01-01",
              deliver_options, deliver);
  add_command(noun, "delay",
              "Move a delivery: pool delay delivery-3 --to 2026-03-01 --resolve curtail",
              retime_options, retime);
  add_command(noun, "withdraw",
              "Take servers out of supply: pool withdraw delivery-3 --quantity '2 servers' "
              "--from 2026-03-01 --until 2026-03-08",
              withdraw_options, withdraw);
  add_command(noun, "overcommit", "Set the overcommit policy: pool overcommit h100 '5 %'",
              overcommit_options, set_overcommit);
  add_command(noun, "lien",
              "Give a delivery's servers as security: pool lien ddtl-1 --delivery b200-2026q1 "
              "--lender bank",
              lien_options, grant_lien);
  add_command(noun, "spares",
              "Keep servers that are not sold: pool spares b200-kc 38; pool spares b200-kc '3 %'",
              spares_options, keep_spares);
  add_command<NoValues>(noun, "list", "List pools at a moment (--at)", nullptr, list_pools,
                        kPoolsColumns);
  add_command<NoValues>(noun, "deliveries", "List deliveries", nullptr, list_deliveries,
                        kDeliveriesColumns);
  add_command(noun, "holders", "Who holds what at a moment, down the tiers", pool_name_option,
              list_holders, kHoldersColumns);
  add_command<NoValues>(
      noun, "proof", "Check every account anew, without the calendar, that nothing is sold twice",
      nullptr, prove, kProveColumns);
}

}  // namespace leasehold::operations
