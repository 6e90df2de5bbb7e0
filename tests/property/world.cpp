#include "property/world.h"

#include <algorithm>

namespace leasehold::property {

namespace {

Instant second(int64_t offset) { return {kStart + offset}; }

// Lines that still run, with the tier they are at.
std::vector<AccountId> lines_of(const engine::State& state, int deepest) {
  std::vector<AccountId> lines;
  for (const Lease& lease : state.leases.rows())
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      AccountId id = engine::line_of(lease.id, i);
      int tier = 0;
      for (AccountId at = id; at.kind == AccountKind::line; at = state.line(at).source) ++tier;
      if (tier <= deepest && !state.line(id).tranches.empty()) lines.push_back(id);
    }
  return lines;
}

template <class Rows>
const auto& pick(const Rows& from, int roll) {
  return from[static_cast<size_t>(roll) % from.size()];
}

Interval window(const engine::State& state, const Roll& roll) {
  int64_t now = state.now.seconds - kStart;
  int64_t from = now + roll.b % 40;
  int64_t until = from + 1 + roll.c % 40;
  return {second(from), until >= kHorizon - 10 && roll.c % 3 == 0 ? kForever : second(until)};
}

CommandBody lease_or_quote(const engine::State& state, const Roll& roll, bool quote) {
  std::vector<AccountId> sources = lines_of(state, kTiers - 1);
  sources.push_back(AccountId{AccountKind::pool, 1, 0});
  // Chains grow long only where the newest line is often leased on.
  AccountId source =
      roll.d % 2 == 0 && sources.size() > 1 ? sources[sources.size() - 2] : pick(sources, roll.d);
  OfferRequest offer;
  offer.lessor = state.promiser(source);
  offer.lessee = PartyId{1 + (offer.lessor.number + static_cast<uint32_t>(roll.a) % 5) % 6};
  offer.terms.notice = Term{0, 0, 5};
  LineRequest line;
  line.sources = {source};
  line.quantity = {1 + roll.a % 12, QuantityKind::accelerator};
  line.interval = window(state, roll);
  if (source.kind == AccountKind::line) {
    // Mostly what fits into the head lease; a little more of it, or longer, now and then.
    const Line& head = state.line(source);
    Instant from = std::max(head.term().from, state.now) + roll.b % 8;
    line.interval = {from, std::min(from + (1 + roll.c % 40), head.term().until + roll.c % 3 / 2)};
    line.quantity.count = 1 + roll.a % (head.greatest_atoms() + 2);
  }
  line.price = {PriceBasis::per_accelerator_hour, Money{2'000'000'000, {"USD"}}};
  Instant step = line.interval.from + (1 + roll.a % 7);
  if (roll.a % 4 == 0 && step < line.interval.until)
    line.ramp.push_back({step, {1 + roll.b % 5, QuantityKind::accelerator}});
  offer.lines.push_back(line);
  if (roll.a % 5 == 0) offer.lines.push_back(line);  // two lines of one account
  if (!quote) return SignLease{offer};
  return IssueQuote{offer, state.now + (1 + roll.c % 15)};
}

CommandBody amend(const engine::State& state, const AccountId& line, const Roll& roll) {
  AmendLine command;
  command.line = line;
  command.change = static_cast<Change>(roll.a % 6);
  command.resolve = roll.b % 2 == 0 ? Resolve::refuse : Resolve::curtail;
  Interval chosen = window(state, roll);
  command.from = chosen.from;
  command.until = chosen.until;
  command.quantity = {1 + roll.d % 6, QuantityKind::accelerator};
  command.tranche = 1 + roll.d % 2;
  command.source = AccountId{AccountKind::pool, 1, 0};
  return command;
}

std::optional<CommandBody> body_of(const engine::State& state, const Roll& roll) {
  std::vector<AccountId> lines = lines_of(state, kTiers);
  auto deliveries = static_cast<int>(state.deliveries.rows().size());
  auto delivery = DeliveryId{static_cast<uint32_t>(1 + (deliveries ? roll.d % deliveries : 0))};
  Resolve resolve = roll.a % 2 == 0 ? Resolve::refuse : Resolve::curtail;
  switch (roll.kind % 16) {
    case 0:
    case 1:
      return Deliver{
          "", PoolId{1}, {4 + roll.a % 20, QuantityKind::accelerator}, window(state, roll)};
    case 2:
      if (deliveries == 0) return std::nullopt;
      return RetimeDelivery{delivery, window(state, roll).from, resolve};
    case 3:
      if (deliveries == 0) return std::nullopt;
      return WithdrawSupply{
          delivery, {1 + roll.b % 6, QuantityKind::accelerator}, window(state, roll), resolve};
    case 4:
      return SetOvercommit{PoolId{1}, roll.a % 4 * 125};
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
      return lease_or_quote(state, roll, false);
    case 10:
      return lease_or_quote(state, roll, true);
    case 11:
      if (state.quotes.rows().empty()) return std::nullopt;
      return SignQuote{pick(state.quotes.rows(), roll.d).id};
    case 12:
    case 13:
      if (lines.empty()) return std::nullopt;
      return amend(state, pick(lines, roll.c), roll);
    case 14:
      if (lines.empty()) return std::nullopt;
      return TerminateLease{LeaseId{pick(lines, roll.c).number}, window(state, roll).from, resolve};
    default:
      if (lines.empty()) return std::nullopt;
      if (roll.a % 3 == 0)
        return AssignLease{LeaseId{pick(lines, roll.c).number}, Side::lessee,
                           PartyId{static_cast<uint32_t>(1 + roll.b % 6)}};
      return GiveNotice{LeaseId{pick(lines, roll.c).number}, resolve};
  }
}

void add(Levels& levels, const Interval& interval, int64_t amount) {
  levels.resize(kHorizon + 60, 0);
  for (size_t t = 0; t < levels.size(); ++t)
    if (interval.contains(second(static_cast<int64_t>(t)))) levels[t] += amount;
}

// What of a delivery is out of service, second by second; a delivery that is moved to a later
// second is whole again before it.
Levels withdrawn(const std::vector<Fact>& history, const Delivery& delivery) {
  Levels gone;
  add(gone, {kDawn, kDawn}, 0);
  for (const Fact& fact : history) {
    if (const auto* taken = std::get_if<SupplyWithdrawn>(&fact.body);
        taken != nullptr && taken->delivery == delivery.id)
      add(gone, {taken->from, taken->until}, taken->atoms);
    if (const auto* moved = std::get_if<DeliveryRetimed>(&fact.body);
        moved != nullptr && moved->delivery == delivery.id)
      for (size_t t = 0; t < gone.size() && second(static_cast<int64_t>(t)) < moved->from; ++t)
        gone[t] = 0;
  }
  return gone;
}

void promise(Naive& naive, const Line& line) {
  for (const Tranche& tranche : line.tranches)
    add(naive.promised[line.source], tranche.interval(), tranche.atoms);
}

}  // namespace

engine::State new_world() {
  engine::State state;
  auto play = [&state](CommandBody body) {
    auto done = engine::perform(state, {Instant{kStart}, "test", std::move(body)});
    LH_ASSERT(done.has_value());
  };
  for (const char* name : {"a", "b", "c", "d", "e", "f"})
    play(DefineParty{{{}, name, PartyKind::company, {}}});
  Site site;
  site.name = "site";
  site.holder = PartyId{1};
  site.zone = "Etc/UTC";
  play(OpenSite{site});
  play(ChangePower{SiteId{1}, {Instant{kStart}, kForever}, 60'000});
  Sku sku;
  sku.name = "sku";
  sku.per_server = 1;
  sku.watts_per_server = 1000;
  play(DefineSku{sku});
  play(OpenPool{{{}, "pool", PartyId{1}, SkuId{1}, SiteId{1}, "", {}}});
  return state;
}

std::optional<Command> command_of(const engine::State& state, const Roll& roll) {
  auto body = body_of(state, roll);
  if (!body) return std::nullopt;
  // Time goes on by fits and starts, never past the horizon.
  Instant at = std::min(state.now + (roll.b % 3 == 0 ? roll.c % 3 : 0), second(kHorizon - 45));
  return Command{at, "test", std::move(*body)};
}

Naive count(const engine::State& state, const std::vector<Fact>& history) {
  Naive naive;
  for (const Site& site : state.sites.rows())
    add(naive.supply[account_of(site.id)], {Instant{kStart}, kForever}, 60'000);
  for (const Delivery& delivery : state.deliveries.rows()) {
    Levels there;
    add(there, {delivery.from, delivery.until}, delivery.atoms);
    Levels gone = withdrawn(history, delivery);
    Levels& supply = naive.supply[account_of(delivery.pool)];
    supply.resize(there.size(), 0);
    for (size_t t = 0; t < there.size(); ++t) supply[t] += there[t] - gone[t];
    add(naive.promised[account_of(SiteId{1})], {delivery.from, delivery.until},
        delivery.atoms * 1000);
  }
  for (const Lease& lease : state.leases.rows())
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      promise(naive, lease.offer.lines[i]);
      for (const Tranche& tranche : lease.offer.lines[i].tranches)
        add(naive.supply[engine::line_of(lease.id, i)], tranche.interval(), tranche.atoms);
    }
  for (const Quote& quote : state.quotes.rows())
    if (quote.status == QuoteStatus::held)
      for (const Line& line : quote.offer.lines) promise(naive, line);
  return naive;
}

}  // namespace leasehold::property
