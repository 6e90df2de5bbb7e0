// Offers: from what is asked for to lines with tranches, checked against everything above them.
#include <algorithm>
#include <cstdlib>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {

Checked check_terms(const State& state, const OfferRequest& request) {
  for (PartyId party : {request.lessor, request.lessee})
    if (state.parties.find(party) == nullptr)
      return refuse(RefusalCode::unknown_reference, "party", to_text(party));
  if (request.lessor == request.lessee)
    return refuse(RefusalCode::invalid_value, "lessee", state.name_of(request.lessee),
                  "another party than the lessor");
  const Terms& terms = request.terms;
  for (PartyId party : terms.listed)
    if (state.parties.find(party) == nullptr)
      return refuse(RefusalCode::unknown_reference, "listed", to_text(party));
  if (terms.use == Use::listed && terms.listed.empty())
    return refuse(RefusalCode::invalid_value, "listed", "", "at least one listed party");
  if (request.lines.empty())
    return refuse(RefusalCode::invalid_value, "lines", "", "at least one line");
  for (const LineRequest& line : request.lines)
    if (line.price.amount.currency != request.lines.front().price.amount.currency)
      return refuse(RefusalCode::invalid_value, "price", to_text(line.price.amount),
                    "one currency in all lines of a contract");
  LH_CHECK(check_range(terms.take_or_pay_permille, 0, 1000, "take_or_pay"));
  LH_CHECK(check_range(terms.prepay_permille, 0, 1000, "prepay"));
  LH_CHECK(check_range(terms.spares_permille, 0, 1000, "spares"));
  LH_CHECK(check_range(terms.exit_fee_permille, 0, 1000, "exit_fee"));
  if (terms.maintenance)
    LH_CHECK(check_range(terms.maintenance->hours_per_month, 0, 744, "maintenance"));
  if (terms.delay) {
    LH_CHECK(check_range(terms.delay->permille_per_day, 0, 1000, "delay"));
    LH_CHECK(check_range(terms.delay->cap_permille, 0, 1000, "delay"));
  }
  if (terms.billing) LH_CHECK(check_billing(state, *terms.billing));
  if (!zone_known(terms.zone))
    return refuse(RefusalCode::unknown_zone, "zone", terms.zone, "an IANA zone such as Etc/UTC");
  return {};
}

Checked check_line(const State& state, const LineRequest& line, const Terms& terms, Instant now) {
  LH_CHECK(check_interval(line.interval, "line"));
  if (line.interval.from < now)
    return refuse(RefusalCode::invalid_value, "from", to_text(line.interval.from),
                  "a start not before " + to_text(now));
  LH_CHECK(check_range(line.quantity.count, 1, kMostCount, "quantity"));
  LH_CHECK(check_range(static_cast<int64_t>(line.sources.size()), 1, 1000, "sources"));
  if (line.interval.open()) LH_CHECK(check_open_term(line.price, terms));
  LH_CHECK(check_price(line.price));
  Instant last = line.interval.from;
  for (const RampStep& step : line.ramp) {
    if (step.from <= last || step.from >= line.interval.until)
      return refuse(RefusalCode::invalid_value, "ramp", to_text(step.from),
                    "ramp steps in order of time, within the line's term");
    if (step.quantity.kind != line.quantity.kind)
      return refuse(RefusalCode::invalid_value, "ramp", to_text(step.quantity),
                    "the kind of quantity of the line");
    LH_CHECK(check_range(step.quantity.count, 1, kMostCount, "ramp"));
    last = step.from;
  }
  for (const AccountId& source : line.sources) {
    bool known = source.kind == AccountKind::pool
                     ? state.pools.find(PoolId{source.number}) != nullptr
                     : state.find_line(source) != nullptr;
    if (!known) return refuse(RefusalCode::unknown_reference, "source", to_text(source));
  }
  return {};
}

// Whether a number of chips is a slice that the SKU is sold in, or several of one kind.
Checked check_shape(const Sku& sku, int64_t atoms) {
  if (!sku.shapes || sku.shapes->empty()) return {};
  std::vector<std::pair<int64_t, std::string>> by_distance;
  for (const std::string& shape : *sku.shapes) {
    int64_t chips = chips_of(shape).value_or(0);
    if (chips == atoms) return {};
    by_distance.emplace_back(std::abs(chips - atoms), shape);
  }
  std::sort(by_distance.begin(), by_distance.end());
  std::string accepted;
  for (size_t i = 0; i < std::min<size_t>(by_distance.size(), 4); ++i) {
    const std::string& shape = by_distance[i].second;
    accepted += (i == 0 ? "" : ", ") + shape + " (" + std::to_string(*chips_of(shape)) + " chips)";
  }
  return refuse(RefusalCode::shape_not_sold, "quantity", std::to_string(atoms) + " chips",
                "a slice of " + sku.name + ", the nearest " + accepted);
}

// The line drawn on one source, or the refusal. Capacity is not asked yet.
Result<Line> line_from(const State& state, const OfferRequest& request, const LineRequest& asked,
                       const AccountId& source) {
  const Sku& sku = state.sku_of(source);
  const Site& site = state.site_of(source);
  Line line{source, state.pool_of(source).id, asked.quantity, asked.price, {}};
  auto add = [&](Instant from, const Quantity& quantity) -> Checked {
    Result<int64_t> atoms = atoms_of(sku, site, quantity);
    if (!atoms) return Unexpected<Refusal>(std::move(atoms.error()));
    LH_CHECK(check_shape(sku, *atoms));
    line.tranches.push_back({from, asked.interval.until, *atoms, std::nullopt, 0});
    return {};
  };
  const std::string& fabric = state.pool_of(source).fabric;
  if (!asked.fabric.empty() && asked.fabric != fabric)
    return refuse(RefusalCode::fabric_differs, "fabric", asked.fabric,
                  fabric.empty() ? "a pool that names its fabric"
                                 : fabric + ", the fabric of " + state.pool_of(source).name);
  LH_CHECK(add(asked.interval.from, asked.quantity));
  for (const RampStep& step : asked.ramp) {
    LH_CHECK(add(step.from, step.quantity));
    line.quantity = line.quantity + step.quantity;
  }
  if (state.promiser(source) != request.lessor)
    return refuse(RefusalCode::not_a_side, "lessor", state.name_of(request.lessor),
                  source.kind == AccountKind::pool ? "the owner of " + state.name_of(source)
                                                   : "the lessee of " + state.name_of(source));
  LH_CHECK(check_use(state, source, request.lessor, request.lessee));
  if (source.kind == AccountKind::line) {
    const Lease& head = state.lease_of(source);
    if (head.terminated_at)
      return refuse(RefusalCode::lease_ended, to_text(head.id), to_text(*head.terminated_at));
    Interval term = state.line(source).term();
    if (!term.covers(asked.interval))
      return refuse(RefusalCode::outside_head_lease, state.name_of(source),
                    to_text(asked.interval.from) + " to " + to_text(asked.interval.until),
                    "within " + to_text(term.from) + " to " + to_text(term.until));
  }
  return line;
}

void draw_line(capacity::Proposal& proposal, const State& state, const Line& line) {
  for (const Tranche& tranche : line.tranches)
    draw(proposal, state, line.source, tranche.interval(), -tranche.atoms);
}

// Takes what each source has, in order of preference, until the whole is reached.
std::optional<std::vector<Line>> split(const State& state, const OfferRequest& request,
                                       const LineRequest& asked, capacity::Proposal& proposal) {
  capacity::Proposal trial = proposal;
  std::vector<Line> lines;
  int64_t left = asked.quantity.count;
  for (const AccountId& source : asked.sources) {
    LineRequest part = asked;
    part.quantity.count = 1;
    Result<Line> one = line_from(state, request, part, source);
    if (!one) continue;
    draw(trial, state, source, asked.interval, 0);
    int64_t fits = trial.least(source, asked.interval) / one->tranches.front().atoms;
    part.quantity.count = std::min(left, fits);
    if (part.quantity.count <= 0) continue;
    lines.push_back(*line_from(state, request, part, source));
    draw_line(trial, state, lines.back());
    left -= part.quantity.count;
    if (left == 0) {
      proposal = std::move(trial);
      return lines;
    }
  }
  return std::nullopt;
}

Result<std::vector<Line>> build_line(const State& state, const OfferRequest& request,
                                     const LineRequest& asked, capacity::Proposal& proposal) {
  std::optional<Refusal> first_refusal;
  for (const AccountId& source : asked.sources) {
    Result<Line> line = line_from(state, request, asked, source);
    if (!line) {
      if (!first_refusal) first_refusal = line.error();
      continue;
    }
    capacity::Proposal trial = proposal;
    draw_line(trial, state, *line);
    auto shortfall = trial.check();
    if (!shortfall) {
      proposal = std::move(trial);
      return std::vector<Line>{*line};
    }
    // A shortage says more than a broken rule at another source: it is the nearer miss.
    if (first_refusal && first_refusal->code == RefusalCode::capacity_short) continue;
    first_refusal = shortage(state, *shortfall, RefusalCode::capacity_short);
    draw(proposal, state, source, asked.interval, 0);
    add_nearest(*first_refusal, state, proposal, source, line->quantity, asked.interval,
                request.lessor);
  }
  bool splits = asked.may_split && asked.ramp.empty() && asked.price.basis != PriceBasis::total &&
                asked.quantity.kind != QuantityKind::megawatt;
  if (splits)
    if (auto lines = split(state, request, asked, proposal)) return *lines;
  return Unexpected<Refusal>(std::move(*first_refusal));
}

}  // namespace

Result<Offer> build_offer(const State& state, const OfferRequest& request,
                          capacity::Proposal& proposal, Instant now) {
  LH_CHECK(check_terms(state, request));
  Offer offer{request.name, request.lessor, request.lessee, request.terms, {}};
  for (const LineRequest& asked : request.lines) {
    LH_CHECK(check_line(state, asked, request.terms, now));
    Result<std::vector<Line>> lines = build_line(state, request, asked, proposal);
    if (!lines) return Unexpected<Refusal>(std::move(lines.error()));
    offer.lines.insert(offer.lines.end(), lines->begin(), lines->end());
  }
  LH_CHECK(check_commitment(state, offer));
  return offer;
}

// What a line takes from a commitment: its value to its end, or to the commitment's date.
static Money taken(const State& state, const Line& line, const Commitment& commitment) {
  Interval window{kDawn, commitment.until};
  auto money = value(line, window, state.sku_of(line.source).per_server);
  return money.value_or(Money{0, commitment.sum.currency});
}

Money drawn_from(const State& state, const Commitment& commitment) {
  Money sum{0, commitment.sum.currency};
  auto leases = state.draws.find(commitment.id);
  if (leases == state.draws.end()) return sum;
  for (LeaseId id : leases->second)
    for (const Line& line : state.leases.at(id).offer.lines)
      sum = sum + taken(state, line, commitment);
  // An open term draws until the sum is used up.
  return commitment.sum < sum ? commitment.sum : sum;
}

Checked check_commitment(const State& state, const Offer& offer) {
  if (!offer.terms.draws_on) return {};
  const Commitment* commitment = state.commitments.find(*offer.terms.draws_on);
  if (commitment == nullptr)
    return refuse(RefusalCode::unknown_reference, "draws_on", to_text(*offer.terms.draws_on));
  if (commitment->lessor != offer.lessor || commitment->lessee != offer.lessee)
    return refuse(RefusalCode::not_a_side, "draws_on", to_text(commitment->id),
                  "a commitment between the same two parties");
  Money left = commitment->sum - drawn_from(state, *commitment);
  for (const Line& line : offer.lines) {
    if (line.price.amount.currency != commitment->sum.currency)
      return refuse(RefusalCode::invalid_value, "price", to_text(line.price.amount),
                    "the currency of the commitment");
    if (line.term().from >= commitment->until)
      return refuse(RefusalCode::beyond_commitment, to_text(commitment->id),
                    to_text(line.term().from), "drawn by " + to_text(commitment->until));
    auto rate = hourly_rate(line, state.sku_of(line.source).per_server);
    if (!rate || *rate < commitment->floor_rate)
      return refuse(RefusalCode::below_floor_rate, "price", to_text(line.price.amount),
                    "at least " + to_text(commitment->floor_rate) + " an accelerator-hour");
    left = left - taken(state, line, *commitment);
  }
  // An open term runs until the sum is drawn: what it takes is settled when it is used.
  bool open = std::any_of(offer.lines.begin(), offer.lines.end(),
                          [](const Line& line) { return line.term().open(); });
  if (left.nanos < 0 && !open)
    return refuse(RefusalCode::beyond_commitment, to_text(commitment->id),
                  to_text(Money{-left.nanos, left.currency}) + " too much",
                  "at most what is left of " + to_text(commitment->sum));
  return {};
}

}  // namespace leasehold::engine
