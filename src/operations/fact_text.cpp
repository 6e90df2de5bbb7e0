#include "operations/fact_text.h"

#include <fmt/format.h>

#include "operations/billing_text.h"
#include "operations/fleet_text.h"
#include "operations/workspace.h"

namespace leasehold::operations {

namespace {

using engine::State;

std::string named(const std::string& id, const std::string& name) {
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

std::string words(const State&, const PartyDefined& fact) {
  return fmt::format("party {}: a {}", named(to_text(fact.party.id), fact.party.name),
                     name_of(fact.party.kind));
}
std::string words(const State& state, const KeyIssued& fact) {
  const ApiKey& key = fact.key;
  return fmt::format("key {}: {} of {}", named(to_text(key.id), key.name), name_of(key.role),
                     whose(state, key.party));
}
std::string words(const State& state, const KeyRevoked& fact) {
  return fmt::format("key {} revoked",
                     named(to_text(fact.key), state.access.keys.at(fact.key).name));
}
std::string words(const State& state, const UserSet& fact) {
  return fmt::format("user {}: {} of {}", fact.user.email, name_of(fact.user.role),
                     whose(state, fact.user.party));
}
std::string words(const State&, const UserRemoved& fact) {
  return fmt::format("user {} removed", fact.email);
}
std::string words(const State&, const RequestsRefused& fact) {
  int64_t requests = 0;
  for (const Refused& row : fact.refused) requests += row.requests;
  const Refused& first = fact.refused.front();
  std::string more = requests > 1 ? fmt::format(", and {} more", requests - 1) : "";
  return fmt::format("refused: {} by {} ({}){}", first.asked, first.who, first.code, more);
}
std::string words(const State& state, const AccessUsed& fact) {
  std::vector<std::string> names = fact.users;
  for (KeyId key : fact.keys) names.push_back(state.access.keys.at(key).name);
  return fmt::format("seen: {}", fmt::join(names, ", "));
}
std::string words(const State& state, const WebhookAdded& fact) {
  return fmt::format("webhook {}: {} is told of {}", fact.webhook.name, fact.webhook.url,
                     whose(state, fact.webhook.party));
}
std::string words(const State&, const WebhookRemoved& fact) {
  return fmt::format("webhook {} removed", fact.webhook);
}
std::string words(const State&, const WebhookReplayed& fact) {
  return fmt::format("webhook {} is told again from fact {} on", fact.webhook, fact.from);
}
std::string words(const State&, const WebhookReported& fact) {
  return fact.error.empty()
             ? fmt::format("webhook {} was told up to fact {}", fact.webhook, fact.told)
             : fmt::format("webhook {} cannot be told: {}", fact.webhook, fact.error);
}
std::string words(const State&, const RequestKept& fact) {
  return fact.first == fact.last
             ? fmt::format("the answer to a request is kept: fact {}", fact.first)
             : fmt::format("the answer to a request is kept: facts {} to {}", fact.first,
                           fact.last);
}
std::string words(const State& state, const PartiesRelated& fact) {
  const Relation& relation = fact.relation;
  std::string share =
      relation.share_ppm > 0 ? fmt::format(" {:g} % of", double(relation.share_ppm) / 10'000) : "";
  std::string verb = name_of(relation.kind);
  if (verb == "lends_to") verb = "lends to";
  if (verb == "owns" && share.empty()) verb = "owns a share of";
  return fmt::format("{} {}{} {}", state.name_of(relation.subject), verb, share,
                     state.name_of(relation.object));
}
std::string words(const State& state, const SiteOpened& fact) {
  return fmt::format("site {}: held by {}", named(to_text(fact.site.id), fact.site.name),
                     state.name_of(fact.site.holder));
}
std::string words(const State& state, const PowerChanged& fact) {
  return fmt::format(
      "power of {}: {}{} {}", state.sites.at(fact.site).name, fact.watts > 0 ? "+" : "",
      to_text(Quantity{fact.watts, QuantityKind::megawatt}), term_text({fact.from, fact.until}));
}
std::string words(const State&, const SkuDefined& fact) {
  return fmt::format("sku {}: {} {}s a server", named(to_text(fact.sku.id), fact.sku.name),
                     fact.sku.per_server, name_of(fact.sku.atom_kind()));
}
std::string words(const State& state, const PoolOpened& fact) {
  return fmt::format("pool {}: {} at {}", named(to_text(fact.pool.id), fact.pool.name),
                     state.skus.at(fact.pool.sku).name, state.sites.at(fact.pool.site).name);
}
std::string words(const State& state, const OvercommitSet& fact) {
  return fmt::format("overcommit of {}: {}.{} %", state.pools.at(fact.pool).name,
                     fact.permille / 10, fact.permille % 10);
}
std::string words(const State& state, const DeliveryPlanned& fact) {
  const Delivery& delivery = fact.delivery;
  return fmt::format("delivery {}: {} to {} {}", named(to_text(delivery.id), delivery.name),
                     to_text(delivery.quantity), state.pools.at(delivery.pool).name,
                     term_text({delivery.from, delivery.until}));
}
std::string words(const State& state, const DeliveryRetimed& fact) {
  const Delivery& delivery = state.deliveries.at(fact.delivery);
  return fmt::format("delivery {} now comes {}", named(to_text(fact.delivery), delivery.name),
                     to_short_text(fact.from));
}
std::string words(const State& state, const SupplyWithdrawn& fact) {
  const Delivery& delivery = state.deliveries.at(fact.delivery);
  return fmt::format(
      "withdrawn from {}: {} {}", named(to_text(fact.delivery), delivery.name),
      to_text(Quantity{fact.atoms, state.sku_of(account_of(delivery.pool)).atom_kind()}),
      term_text({fact.from, fact.until}));
}
std::string offer_words(const State& state, const Offer& offer) {
  std::string text =
      fmt::format("{} to {}", state.name_of(offer.lessor), state.name_of(offer.lessee));
  for (const Line& line : offer.lines) text += ", " + line_text(state, line);
  return text;
}
std::string words(const State& state, const QuoteIssued& fact) {
  return fmt::format("quote {}: {}", named(to_text(fact.quote.id), fact.quote.offer.name),
                     offer_words(state, fact.quote.offer));
}
std::string words(const State&, const HoldPlaced& fact) {
  return fmt::format("{} held until {}", to_text(fact.quote), to_short_text(fact.until));
}
std::string words(const State&, const HoldEnded& fact) {
  return fmt::format("{} {}", to_text(fact.quote), name_of(fact.status));
}
std::string words(const State& state, const LeaseSigned& fact) {
  const Lease& lease = fact.lease;
  bool sublease = lease.offer.lines.front().source.kind == AccountKind::line;
  return fmt::format("{} {} signed: {}", sublease ? "sublease" : "lease",
                     named(to_text(lease.id), lease.offer.name), offer_words(state, lease.offer));
}
std::string words(const State& state, const TrancheAccepted& fact) {
  return fmt::format("tranche {} of {} accepted on {}: due from then", fact.tranche,
                     state.name_of(fact.line), to_short_text(fact.on));
}
// How a line runs from now on: "2,500 accelerators from 2026-01-01, 5,000 from 2026-03-02, until
// 2030-01-01".
std::string course_text(const Line& line, QuantityKind unit) {
  constexpr size_t kMostShown = 8;
  Interval term = line.term();
  std::vector<capacity::Steps::Piece> pieces = engine::supply_of(line).pieces(term);
  std::string text;
  for (size_t i = 0; i < std::min(pieces.size(), kMostShown); ++i)
    text += fmt::format(
        "{}{} from {}", i == 0 ? "" : ", ",
        i == 0 ? to_text(Quantity{pieces[i].level, unit}) : with_thousands(pieces[i].level),
        to_short_text(pieces[i].interval.from));
  if (pieces.size() > kMostShown) text += ", ...";
  return text + (term.open() ? ", open" : ", until " + to_short_text(term.until));
}
std::string words(const State& state, const LineAmended& fact) {
  Line after = state.line(fact.line);
  after.tranches = fact.tranches;
  std::string name = fact.name.empty() ? "" : fact.name + ": ";
  QuantityKind unit = state.sku_of(after.source).atom_kind();
  if (after.tranches.empty())
    return fmt::format("{}{} {}: nothing is left", name, state.name_of(fact.line), fact.change);
  return fmt::format("{}{} {}: {}", name, state.name_of(fact.line), fact.change,
                     course_text(after, unit));
}
std::string words(const State& state, const LineAdded& fact) {
  return fmt::format("line added to {}: {}",
                     named(to_text(fact.lease), state.leases.at(fact.lease).offer.name),
                     line_text(state, fact.line));
}
std::string words(const State& state, const LeaseAssigned& fact) {
  return fmt::format("{}: the {} is now {}",
                     named(to_text(fact.lease), state.leases.at(fact.lease).offer.name),
                     name_of(fact.side), state.name_of(fact.to));
}
std::string words(const State& state, const NoticeGiven& fact) {
  return fmt::format("notice given for {}: it ends {}",
                     named(to_text(fact.lease), state.leases.at(fact.lease).offer.name),
                     to_short_text(fact.ends));
}
std::string words(const State& state, const LeaseRenewed& fact) {
  return fmt::format("{} renewed to {}",
                     named(to_text(fact.lease), state.leases.at(fact.lease).offer.name),
                     to_short_text(fact.until));
}
std::string words(const State& state, const LeaseTerminated& fact) {
  return fmt::format(
      "{} terminated on {}{}", named(to_text(fact.lease), state.leases.at(fact.lease).offer.name),
      to_short_text(fact.on), fact.fee ? "; the fee is " + to_display(*fact.fee) : "");
}
std::string words(const State& state, const CommitmentSigned& fact) {
  const Commitment& commitment = fact.commitment;
  return fmt::format(
      "commitment {} signed: {} draws {} from {} by {}, at no less than {} an "
      "accelerator-hour",
      named(to_text(commitment.id), commitment.name), state.name_of(commitment.lessee),
      to_display(commitment.sum), state.name_of(commitment.lessor), to_short_text(commitment.until),
      to_text(commitment.floor_rate));
}

}  // namespace

std::string whose(const State& state, const std::optional<PartyId>& party) {
  return party ? state.name_of(*party) : "the whole cloud";
}

std::string term_text(const Interval& term) {
  if (term.open()) return fmt::format("from {}, open", to_short_text(term.from));
  return fmt::format("{} to {}", to_short_text(term.from), to_short_text(term.until));
}

std::string price_text(const Price& price, QuantityKind unit) {
  switch (price.basis) {
    case PriceBasis::total:
      return to_display(price.amount) + " in total";
    case PriceBasis::per_accelerator_hour:
      return fmt::format("{} {} {}-hour", to_text(price.amount),
                         unit == QuantityKind::chip ? "a" : "an", name_of(unit));
    case PriceBasis::per_server_month:
      return to_text(price.amount) + " a server-month";
  }
  return "";
}

std::string line_text(const State& state, const Line& line, bool names_source) {
  std::string ramp =
      line.tranches.size() > 1 ? fmt::format(" in {} tranches", line.tranches.size()) : "";
  return fmt::format("{}{} from {}, {}, {}", to_text(line.quantity), ramp,
                     names_source ? state.name_of(line.source) : "a line of the lessor",
                     term_text(line.term()),
                     price_text(line.price, state.sku_of(line.source).atom_kind()));
}

std::string fact_text(const State& state, const FactBody& body) {
  return std::visit([&state](const auto& fact) { return words(state, fact); }, body);
}

}  // namespace leasehold::operations
