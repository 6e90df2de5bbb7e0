// Parties, sites, SKUs, pools and what is delivered to them.
#include <algorithm>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {

// A shortage of a site's power, with the nearest that would fit: fewer servers, a later date at
// the site, or the first date at another site of the same holder.
Refusal power_shortage(const State& state, const capacity::Proposal& before,
                       const capacity::Shortfall& shortfall, const Pool& pool, int64_t atoms,
                       const Interval& interval) {
  Refusal refusal = shortage(state, shortfall, RefusalCode::power_short);
  const Sku& sku = state.skus.at(pool.sku);
  const Site& site = state.sites.at(pool.site);
  refusal.asked = sku.watts(atoms, site);
  int64_t each = sku.watts(sku.per_server, site);
  int64_t free = before.least(account_of(pool.site), interval);
  AccountId pool_account = account_of(pool.id);
  refusal.atoms_per_server = sku.per_server;
  if (each > 0 && free >= each)
    refusal.nearest.push_back(
        {Alternative::fewer, pool_account, free / each * sku.per_server, interval});
  int64_t seconds = interval.open() ? capacity::Calendar::kOpenRun
                                    : interval.until.seconds - interval.from.seconds;
  for (const Site& other : state.sites.rows()) {
    if (other.holder != site.holder) continue;
    auto from =
        before.earliest(account_of(other.id), interval.from, sku.watts(atoms, other), seconds);
    if (!from) continue;
    bool same = other.id == site.id;
    refusal.nearest.push_back({same ? Alternative::later : Alternative::elsewhere,
                               account_of(other.id),
                               atoms,
                               {*from, interval.open() ? kForever : *from + seconds}});
  }
  return refusal;
}

capacity::Steps withdrawn_of(const State& state, DeliveryId id) {
  auto found = state.withdrawn.find(id);
  return found == state.withdrawn.end() ? capacity::Steps() : found->second;
}

}  // namespace

Result<Facts> decide_body(const State& state, const DefineParty& command, Instant) {
  Party party = command.party;
  LH_CHECK(check_new_name(state.parties, party.name));
  if (party.part_of && state.parties.find(*party.part_of) == nullptr)
    return refuse(RefusalCode::unknown_reference, "part_of", to_text(*party.part_of));
  party.id = state.parties.next_id();
  return Facts{PartyDefined{party}};
}

Result<Facts> decide_body(const State& state, const RelateParties& command, Instant) {
  const Relation& relation = command.relation;
  for (PartyId party : {relation.subject, relation.object})
    if (state.parties.find(party) == nullptr)
      return refuse(RefusalCode::unknown_reference, "party", to_text(party));
  if (relation.subject == relation.object)
    return refuse(RefusalCode::invalid_value, "object", state.name_of(relation.object),
                  "another party than the subject");
  LH_CHECK(check_range(relation.share_ppm, 0, 1'000'000, "share"));
  for (const Relation& known : state.relations)
    if (known.subject == relation.subject && known.kind == relation.kind &&
        known.object == relation.object && known.share_ppm == relation.share_ppm)
      return refuse(RefusalCode::nothing_to_change, "relation");
  return Facts{PartiesRelated{relation}};
}

Result<Facts> decide_body(const State& state, const OpenSite& command, Instant) {
  Site site = command.site;
  LH_CHECK(check_new_name(state.sites, site.name));
  if (!zone_known(site.zone))
    return refuse(RefusalCode::unknown_zone, "zone", site.zone, "an IANA zone such as Etc/UTC");
  if (state.parties.find(site.holder) == nullptr)
    return refuse(RefusalCode::unknown_reference, "holder", to_text(site.holder));
  LH_CHECK(check_text(site.region, "region"));
  LH_CHECK(check_range(site.non_gpu_permille, 0, 10'000, "non_gpu_permille"));
  LH_CHECK(check_range(site.pue_permille, 1000, 10'000, "pue_permille"));
  site.id = state.sites.next_id();
  return Facts{SiteOpened{site}};
}

Result<Facts> decide_body(const State& state, const ChangePower& command, Instant) {
  if (state.sites.find(command.site) == nullptr)
    return refuse(RefusalCode::unknown_reference, "site", to_text(command.site));
  LH_CHECK(check_interval(command.interval, "power"));
  LH_CHECK(check_range(command.watts, -kMostCount, kMostCount, "power"));
  if (command.watts == 0) return refuse(RefusalCode::nothing_to_change, "power");
  capacity::Proposal proposal(state.ledger);
  proposal.change_supply(account_of(command.site), command.interval, command.watts);
  if (auto shortfall = proposal.check()) {
    Refusal refusal = shortage(state, *shortfall, RefusalCode::breaks_promises);
    add_less(refusal, proposal, -command.watts, command.interval);
    return Unexpected<Refusal>(std::move(refusal));
  }
  return Facts{
      PowerChanged{command.site, command.interval.from, command.interval.until, command.watts}};
}

Result<Facts> decide_body(const State& state, const DefineSku& command, Instant) {
  Sku sku = command.sku;
  LH_CHECK(check_new_name(state.skus, sku.name));
  LH_CHECK(check_text(sku.model, "model"));
  LH_CHECK(check_range(sku.per_server, 1, 100'000, "per_server"));
  for (int64_t per : {sku.per_tray, sku.per_nvlink_domain, sku.per_rack, sku.per_slice})
    LH_CHECK(check_range(per, 0, 100'000, "accelerators per unit"));
  LH_CHECK(check_range(sku.watts_per_server, 0, 10'000'000, "watts_per_server"));
  LH_CHECK(check_range(sku.units_per_server.value_or(0), 0, 200, "units_per_server"));
  if (sku.shapes) {
    LH_CHECK(check_range(static_cast<int64_t>(sku.shapes->size()), 1, 100, "shapes"));
    for (const std::string& shape : *sku.shapes)
      if (!chips_of(shape))
        return refuse(RefusalCode::invalid_value, "shape", shape,
                      "two or three sides in chips, such as 4x4 or 4x4x8");
  }
  sku.id = state.skus.next_id();
  return Facts{SkuDefined{sku}};
}

Result<Facts> decide_body(const State& state, const DescribeSku& command, Instant) {
  const SkuSpecs& specs = command.specs;
  const Sku* sku = state.skus.find(command.sku);
  if (sku == nullptr) return refuse(RefusalCode::unknown_reference, "sku", to_text(command.sku));
  LH_CHECK(check_text(specs.accelerator, "accelerator"));
  if (specs.accelerator.empty() || specs.accelerator.find(' ') != std::string::npos)
    return refuse(RefusalCode::invalid_value, "accelerator", specs.accelerator,
                  "one word, such as H100");
  LH_CHECK(check_text(specs.form, "form"));
  LH_CHECK(check_range(specs.accelerator_gib, 1, 100'000, "accelerator_gib"));
  LH_CHECK(check_range(specs.vcpus, 1, 100'000, "vcpus"));
  LH_CHECK(check_range(specs.memory_gib, 1, 10'000'000, "memory_gib"));
  LH_CHECK(check_range(specs.storage_gib, 0, 100'000'000, "storage_gib"));
  if (sku->specs == specs)
    return refuse(RefusalCode::nothing_to_change, "sku", sku->name, "specs that differ");
  return Facts{SkuDescribed{command.sku, specs}};
}

Result<Facts> decide_body(const State& state, const OpenPool& command, Instant) {
  Pool pool = command.pool;
  LH_CHECK(check_new_name(state.pools, pool.name));
  if (state.parties.find(pool.owner) == nullptr)
    return refuse(RefusalCode::unknown_reference, "owner", to_text(pool.owner));
  if (state.skus.find(pool.sku) == nullptr)
    return refuse(RefusalCode::unknown_reference, "sku", to_text(pool.sku));
  if (state.sites.find(pool.site) == nullptr)
    return refuse(RefusalCode::unknown_reference, "site", to_text(pool.site));
  LH_CHECK(check_text(pool.fabric, "fabric"));
  if (pool.list_price) LH_CHECK(check_price({PriceBasis::per_accelerator_hour, *pool.list_price}));
  pool.id = state.pools.next_id();
  return Facts{PoolOpened{pool}};
}

Result<Facts> decide_body(const State& state, const SetOvercommit& command, Instant) {
  if (state.pools.find(command.pool) == nullptr)
    return refuse(RefusalCode::unknown_reference, "pool", to_text(command.pool));
  LH_CHECK(check_range(command.permille, 0, 10'000, "overcommit"));
  const capacity::Account& account = *state.ledger.find(account_of(command.pool));
  if (account.overcommit_permille() == command.permille)
    return refuse(RefusalCode::nothing_to_change, "overcommit");
  capacity::Proposal proposal(state.ledger);
  for (const auto& piece : account.supply().pieces({kDawn, kForever}))
    proposal.change(
        account_of(command.pool), piece.interval,
        piece.level + piece.level * command.permille / 1000 - account.limit(piece.level));
  if (auto shortfall = proposal.check())
    return Unexpected<Refusal>(shortage(state, *shortfall, RefusalCode::breaks_promises));
  return Facts{OvercommitSet{command.pool, command.permille}};
}

Result<Facts> decide_body(const State& state, const Deliver& command, Instant) {
  if (!command.name.empty()) LH_CHECK(check_new_name(state.deliveries, command.name));
  const Pool* pool = state.pools.find(command.pool);
  if (pool == nullptr) return refuse(RefusalCode::unknown_reference, "pool", to_text(command.pool));
  LH_CHECK(check_interval(command.interval, "delivery"));
  const Site& site = state.sites.at(pool->site);
  Result<int64_t> atoms = atoms_of(state.skus.at(pool->sku), site, command.quantity);
  if (!atoms) return Unexpected<Refusal>(std::move(atoms.error()));
  capacity::Proposal before(state.ledger);
  capacity::Proposal proposal(state.ledger);
  proposal.change(account_of(pool->site), command.interval,
                  -state.skus.at(pool->sku).watts(*atoms, site));
  if (auto shortfall = proposal.check())
    return Unexpected<Refusal>(
        power_shortage(state, before, *shortfall, *pool, *atoms, command.interval));
  Delivery delivery{state.deliveries.next_id(),
                    command.name,
                    command.pool,
                    command.quantity,
                    *atoms,
                    command.interval.from,
                    command.interval.until,
                    0};
  return Facts{DeliveryPlanned{delivery}};
}

Result<Facts> decide_body(const State& state, const GrantLien& command, Instant) {
  Lien lien = command.lien;
  LH_CHECK(check_new_name(state.liens, lien.name));
  if (state.parties.find(lien.lender) == nullptr)
    return refuse(RefusalCode::unknown_reference, "lender", to_text(lien.lender));
  if (state.deliveries.find(lien.delivery) == nullptr)
    return refuse(RefusalCode::unknown_reference, "delivery", to_text(lien.delivery));
  lien.id = state.liens.next_id();
  return Facts{LienGranted{lien}};
}

Result<Facts> decide_body(const State& state, const RetimeDelivery& command, Instant now) {
  const Delivery* delivery = state.deliveries.find(command.delivery);
  if (delivery == nullptr)
    return refuse(RefusalCode::unknown_reference, "delivery", to_text(command.delivery));
  LH_CHECK(check_interval({command.from, delivery->until}, "delivery"));
  if (command.from == delivery->from)
    return refuse(RefusalCode::nothing_to_change, "delivery", to_text(command.from));
  if (std::min(command.from, delivery->from) < now)
    return refuse(RefusalCode::invalid_value, "from",
                  to_text(std::min(command.from, delivery->from)),
                  "a delivery that has not begun, moved to a moment not before " + to_text(now));
  const Pool& pool = state.pools.at(delivery->pool);
  int64_t watts = state.skus.at(pool.sku).watts(delivery->atoms, state.sites.at(pool.site));
  capacity::Proposal power(state.ledger);
  power.change(account_of(pool.site), {delivery->from, delivery->until}, watts);
  capacity::Proposal before = power;
  power.change(account_of(pool.site), {command.from, delivery->until}, -watts);
  if (auto shortfall = power.check())
    return Unexpected<Refusal>(power_shortage(state, before, *shortfall, pool, delivery->atoms,
                                              {command.from, delivery->until}));
  capacity::Proposal proposal(state.ledger);
  for (const auto& gone : withdrawn_of(state, delivery->id).pieces({delivery->from, command.from}))
    proposal.change_supply(account_of(pool.id), gone.interval, gone.level - delivery->atoms);
  Facts facts{DeliveryRetimed{command.delivery, command.from}};
  Checked settled = settle_below(state, proposal, account_of(pool.id), command.resolve, facts);
  if (settled) return facts;
  Refusal& refusal = settled.error();
  if (refusal.first_at > delivery->from)
    refusal.nearest.push_back({Alternative::later,
                               account_of(pool.id),
                               delivery->atoms,
                               {refusal.first_at, delivery->until}});
  return Unexpected<Refusal>(std::move(refusal));
}

Result<Facts> decide_body(const State& state, const WithdrawSupply& command, Instant now) {
  const Delivery* delivery = state.deliveries.find(command.delivery);
  if (delivery == nullptr)
    return refuse(RefusalCode::unknown_reference, "delivery", to_text(command.delivery));
  LH_CHECK(check_interval(command.interval, "withdrawal"));
  if (command.interval.from < now)
    return refuse(RefusalCode::invalid_value, "from", to_text(command.interval.from),
                  "a moment not before " + to_text(now));
  const Pool& pool = state.pools.at(delivery->pool);
  Result<int64_t> atoms =
      atoms_of(state.skus.at(pool.sku), state.sites.at(pool.site), command.quantity);
  if (!atoms) return Unexpected<Refusal>(std::move(atoms.error()));
  Interval interval{command.interval.from, std::min(command.interval.until, delivery->until)};
  if (interval.from < delivery->from || interval.empty())
    return refuse(RefusalCode::invalid_value, "from", to_text(interval.from),
                  "within " + to_text(delivery->from) + " to " + to_text(delivery->until) +
                      ", while the delivery is there");
  int64_t gone = 0;
  for (const auto& piece : withdrawn_of(state, delivery->id).pieces(interval))
    gone = std::max(gone, piece.level);
  LH_CHECK(check_range(*atoms, 1, delivery->atoms - gone, "quantity, in accelerators or chips"));
  AccountId account = account_of(pool.id);
  capacity::Proposal proposal(state.ledger);
  proposal.change_supply(account, interval, -*atoms);
  Facts facts{SupplyWithdrawn{command.delivery, interval.from, interval.until, *atoms}};
  Checked settled = settle_below(state, proposal, account, command.resolve, facts);
  if (settled) return facts;
  add_less(settled.error(), proposal, *atoms, interval);
  return Unexpected<Refusal>(std::move(settled.error()));
}

}  // namespace leasehold::engine
