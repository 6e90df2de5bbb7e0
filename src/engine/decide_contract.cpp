// Quotes, holds, signing, and the life of a lease but for amendments of its lines.
#include <algorithm>
#include <set>

#include "engine/holder.h"
#include "engine/rules.h"

namespace leasehold::engine {

namespace {

Result<Lease> new_lease(const State& state, Offer offer, Instant now) {
  if (!offer.name.empty()) LH_CHECK(check_new_name(state.leases, offer.name));
  return Lease{state.leases.next_id(), std::move(offer), now, {}, {}, {}, false, {}};
}

Result<const Quote*> open_quote(const State& state, QuoteId id) {
  const Quote* quote = state.quotes.find(id);
  if (quote == nullptr) return refuse(RefusalCode::unknown_reference, "quote", to_text(id));
  if (quote->status != QuoteStatus::open && quote->status != QuoteStatus::held)
    return refuse(RefusalCode::quote_not_open, to_text(id), name_of(quote->status),
                  "a quote that is open or held");
  return quote;
}

Result<const Lease*> running_lease(const State& state, LeaseId id, Instant now) {
  const Lease* lease = state.leases.find(id);
  if (lease == nullptr) return refuse(RefusalCode::unknown_reference, "lease", to_text(id));
  if (lease->terminated_at || lease->term().until <= now)
    return refuse(RefusalCode::lease_ended, to_text(id),
                  to_text(lease->terminated_at.value_or(lease->term().until)));
  return lease;
}

// Checks that what a quote offers still fits: its rules and its capacity.
Checked check_quote(const State& state, const Quote& quote) {
  capacity::Proposal proposal(state.ledger);
  for (const Line& line : quote.offer.lines) {
    LH_CHECK(check_use(state, line.source, quote.offer.lessor, quote.offer.lessee));
    if (state.promiser(line.source) != quote.offer.lessor)
      return refuse(RefusalCode::not_a_side, "lessor", state.name_of(quote.offer.lessor));
    if (quote.status == QuoteStatus::held) continue;  // its capacity is kept
    for (const Tranche& tranche : line.tranches)
      draw(proposal, state, line.source, tranche.interval(), -tranche.atoms);
  }
  if (auto shortfall = proposal.check()) {
    Refusal refusal = shortage(state, *shortfall, RefusalCode::capacity_short);
    const Line& line = quote.offer.lines.front();
    add_nearest(refusal, state, capacity::Proposal(state.ledger), line.source, line.quantity,
                line.term(), quote.offer.lessor);
    return Unexpected<Refusal>(std::move(refusal));
  }
  return check_commitment(state, quote.offer);
}

std::vector<Tranche> ended_at(std::vector<Tranche> tranches, Instant end) {
  std::erase_if(tranches, [end](const Tranche& tranche) { return tranche.from >= end; });
  for (Tranche& tranche : tranches) tranche.until = std::min(tranche.until, end);
  return tranches;
}

// Ends all lines of a lease at a moment, in one proposal.
Checked end_lines(const State& state, const Lease& lease, Instant end, const char* change,
                  Resolve resolve, Facts& facts) {
  capacity::Proposal proposal(state.ledger);
  for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
    Checked ended =
        rewrite_line(state, proposal, line_of(lease.id, i),
                     ended_at(lease.offer.lines[i].tranches, end), change, "", resolve, facts);
    if (ended) continue;
    add_needed_end(ended.error(), proposal);
    return ended;
  }
  return {};
}

// What is left to pay after a moment; nothing where a line runs open.
std::optional<Money> left_to_pay(const State& state, const Lease& lease, Instant after) {
  std::optional<Money> sum;
  for (const Line& line : lease.offer.lines) {
    auto money = value(line, {after, kForever}, state.sku_of(line.source).per_server);
    if (!money) return std::nullopt;
    sum = sum ? *sum + *money : *money;
  }
  return sum;
}

// The leases that draw on a lease's lines, at any depth, itself first.
std::vector<LeaseId> family_of(const State& state, LeaseId top) {
  std::vector<LeaseId> family{top};
  std::set<LeaseId> seen{top};
  for (size_t next = 0; next < family.size(); ++next)
    for (size_t i = 0; i < state.leases.at(family[next]).offer.lines.size(); ++i) {
      const capacity::Account* account = state.ledger.find(line_of(family[next], i));
      if (account == nullptr) continue;
      for (const capacity::Promise& promise : account->slots()) {
        Holder holder = Holder::from(promise.holder);
        if (promise.quantity > 0 && holder.kind == HolderKind::line &&
            seen.insert(LeaseId{holder.number}).second)
          family.push_back(LeaseId{holder.number});
      }
    }
  return family;
}

// What is sublet must still be allowed when `lease` has another lessee, and nobody may mix two
// lessors in one sublease.
Checked check_below_assigned(const State& state, const Lease& lease, PartyId to) {
  UseChange change{lease.id, to};
  for (LeaseId id : family_of(state, lease.id)) {
    if (id == lease.id) continue;
    const Lease& below = state.leases.at(id);
    bool direct = false;
    bool others = false;
    for (const Line& line : below.offer.lines) {
      if (line.tranches.empty()) continue;
      bool here = line.source.kind == AccountKind::line && line.source.number == lease.id.number;
      direct = direct || here;
      others = others || !here;
    }
    if (direct && others)
      return refuse(RefusalCode::assignment_not_allowed, to_text(lease.id), to_text(below.id),
                    "subleases that draw on this lease alone");
    if (direct && below.offer.lessee == to)
      return refuse(RefusalCode::assignment_not_allowed, to_text(lease.id), state.name_of(to),
                    "a party that does not lease from it: it would be its own lessor");
    PartyId lessor = direct ? to : below.offer.lessor;
    for (const Line& line : below.offer.lines)
      if (!line.tranches.empty())
        LH_CHECK(check_use(state, line.source, lessor, below.offer.lessee, change));
  }
  return {};
}

}  // namespace

Result<Facts> decide_body(const State& state, const IssueQuote& command, Instant now) {
  if (!command.offer.name.empty()) LH_CHECK(check_new_name(state.quotes, command.offer.name));
  capacity::Proposal proposal(state.ledger);
  Result<Offer> offer = build_offer(state, command.offer, proposal, now);
  if (!offer) return Unexpected<Refusal>(std::move(offer.error()));
  Quote quote{state.quotes.next_id(), std::move(*offer), now, {}, QuoteStatus::open};
  Facts facts{QuoteIssued{quote}};
  if (command.hold_until) {
    LH_CHECK(check_interval({now, *command.hold_until}, "hold"));
    facts.push_back(HoldPlaced{quote.id, *command.hold_until});
  }
  return facts;
}

Result<Facts> decide_body(const State& state, const PlaceHold& command, Instant now) {
  Result<const Quote*> quote = open_quote(state, command.quote);
  if (!quote) return Unexpected<Refusal>(std::move(quote.error()));
  LH_CHECK(check_interval({now, command.until}, "hold"));
  if ((*quote)->status == QuoteStatus::held)
    return refuse(RefusalCode::nothing_to_change, to_text(command.quote), "held",
                  "a quote that is not held already");
  LH_CHECK(check_quote(state, **quote));
  return Facts{HoldPlaced{command.quote, command.until}};
}

Result<Facts> decide_body(const State& state, const ReleaseHold& command, Instant) {
  Result<const Quote*> quote = open_quote(state, command.quote);
  if (!quote) return Unexpected<Refusal>(std::move(quote.error()));
  return Facts{HoldEnded{command.quote, QuoteStatus::released}};
}

Result<Facts> decide_body(const State& state, const SignQuote& command, Instant now) {
  Result<const Quote*> quote = open_quote(state, command.quote);
  if (!quote) return Unexpected<Refusal>(std::move(quote.error()));
  for (const Line& line : (*quote)->offer.lines)
    if (line.term().from < now)
      return refuse(RefusalCode::quote_not_open, to_text(command.quote),
                    "starts " + to_text(line.term().from), "a quote whose lines begin later");
  LH_CHECK(check_quote(state, **quote));
  Result<Lease> lease = new_lease(state, (*quote)->offer, now);
  if (!lease) return Unexpected<Refusal>(std::move(lease.error()));
  return Facts{HoldEnded{command.quote, QuoteStatus::signed_}, LeaseSigned{*lease}};
}

Result<Facts> decide_body(const State& state, const SignLease& command, Instant now) {
  capacity::Proposal proposal(state.ledger);
  Result<Offer> offer = build_offer(state, command.offer, proposal, now);
  if (!offer) return Unexpected<Refusal>(std::move(offer.error()));
  Result<Lease> lease = new_lease(state, std::move(*offer), now);
  if (!lease) return Unexpected<Refusal>(std::move(lease.error()));
  return Facts{LeaseSigned{*lease}};
}

Result<Facts> decide_body(const State& state, const AcceptTranche& command, Instant now) {
  const Line* line = state.find_line(command.line);
  if (line == nullptr) return refuse(RefusalCode::unknown_reference, "line", to_text(command.line));
  LH_CHECK(check_range(command.tranche, 1, static_cast<int64_t>(line->tranches.size()), "tranche"));
  const Tranche& tranche = line->tranches[static_cast<size_t>(command.tranche - 1)];
  if (tranche.accepted_at)
    return refuse(RefusalCode::already_accepted, to_text(command.line),
                  to_text(*tranche.accepted_at));
  if (command.on < tranche.from || command.on > now)
    return refuse(RefusalCode::invalid_value, "on", to_text(command.on),
                  "from " + to_text(tranche.from) + " to " + to_text(now));
  LH_CHECK(check_in_place(state, command.line));
  return Facts{TrancheAccepted{command.line, command.tranche, command.on}};
}

Result<Facts> decide_body(const State& state, const AssignLease& command, Instant now) {
  Result<const Lease*> found = running_lease(state, command.lease, now);
  if (!found) return Unexpected<Refusal>(std::move(found.error()));
  const Lease& lease = **found;
  if (state.parties.find(command.to) == nullptr)
    return refuse(RefusalCode::unknown_reference, "to", to_text(command.to));
  if (command.side == Side::lessor)
    return refuse(RefusalCode::assignment_not_allowed, to_text(command.lease), "lessor",
                  "the lessee's side: the lessor's follows the pool or the head lease");
  if (lease.offer.lessee == command.to)
    return refuse(RefusalCode::nothing_to_change, to_text(command.lease));
  if (lease.offer.lessor == command.to)
    return refuse(RefusalCode::assignment_not_allowed, to_text(command.lease),
                  state.name_of(command.to), "a party other than its lessor");
  const Terms& terms = lease.offer.terms;
  bool own_use = terms.use == Use::internal || terms.use == Use::no_resale;
  bool listed = std::any_of(terms.listed.begin(), terms.listed.end(),
                            [&](PartyId party) { return is_part_of(state, command.to, party); });
  bool kept = is_affiliate(state, command.to, lease.offer.lessee) ||
              is_affiliate(state, lease.offer.lessee, command.to);
  if ((own_use && !kept) || (terms.use == Use::listed && !listed && !kept))
    return refuse(
        RefusalCode::assignment_not_allowed, to_text(command.lease), state.name_of(command.to),
        std::string("a party that the use restriction '") + name_of(terms.use) + "' allows");
  for (const Line& line : lease.offer.lines)
    LH_CHECK(check_use(state, line.source, lease.offer.lessor, command.to));
  LH_CHECK(check_below_assigned(state, lease, command.to));
  return Facts{LeaseAssigned{lease.id, command.side, command.to}};
}

Result<Facts> decide_body(const State& state, const GiveNotice& command, Instant now) {
  Result<const Lease*> found = running_lease(state, command.lease, now);
  if (!found) return Unexpected<Refusal>(std::move(found.error()));
  const Lease& lease = **found;
  const Terms& terms = lease.offer.terms;
  if (!terms.notice || lease.notice_given_at)
    return refuse(RefusalCode::notice_not_allowed, to_text(command.lease), "",
                  "a lease with a notice period, under which no notice was given");
  Instant ends = add_term(now, *terms.notice, terms.zone);
  if (ends >= lease.term().until)
    return refuse(RefusalCode::notice_not_allowed, to_text(command.lease), to_text(ends),
                  "notice that ends it before " + to_text(lease.term().until));
  Facts facts{NoticeGiven{lease.id, ends}};
  LH_CHECK(end_lines(state, lease, ends, "notice", command.resolve, facts));
  return facts;
}

Result<Facts> decide_body(const State& state, const RenewLease& command, Instant now) {
  Result<const Lease*> found = running_lease(state, command.lease, now);
  if (!found) return Unexpected<Refusal>(std::move(found.error()));
  const Lease& lease = **found;
  const auto& option = lease.offer.terms.renewal;
  Interval term = lease.term();
  if (!option || lease.renewed || term.open())
    return refuse(RefusalCode::renewal_not_allowed, to_text(command.lease), "",
                  "a dated lease with a renewal option that was not used");
  if (add_term(now, option->notice, lease.offer.terms.zone) > term.until)
    return refuse(RefusalCode::renewal_not_allowed, to_text(command.lease), to_text(now),
                  to_text(option->notice) + " before " + to_text(term.until) + " at the latest");
  Instant until = add_term(term.until, option->term, lease.offer.terms.zone);
  LH_CHECK(check_interval({term.from, until}, "renewal"));
  Facts facts{LeaseRenewed{lease.id, until}};
  capacity::Proposal proposal(state.ledger);
  for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
    const Line& line = lease.offer.lines[i];
    std::vector<Tranche> tranches = line.tranches;
    for (Tranche& tranche : tranches)
      if (tranche.until == term.until) tranche.until = until;
    Checked renewed = rewrite_line(state, proposal, line_of(lease.id, i), tranches, "renew", "",
                                   Resolve::refuse, facts);
    if (renewed) continue;
    add_fitting_end(renewed.error(), term.until);
    return Unexpected<Refusal>(std::move(renewed.error()));
  }
  return facts;
}

Result<Facts> decide_body(const State& state, const TerminateLease& command, Instant now) {
  Result<const Lease*> found = running_lease(state, command.lease, now);
  if (!found) return Unexpected<Refusal>(std::move(found.error()));
  const Lease& lease = **found;
  if (command.on < now || command.on >= lease.term().until)
    return refuse(RefusalCode::invalid_value, "on", to_text(command.on),
                  "from " + to_text(now) + " to before " + to_text(lease.term().until));
  std::optional<Money> fee = left_to_pay(state, lease, command.on);
  if (!fee && lease.offer.terms.notice) {
    // An open term owes its notice period.
    Instant noticed = add_term(command.on, *lease.offer.terms.notice, lease.offer.terms.zone);
    for (const Line& line : lease.offer.lines) {
      auto money = value(line, {command.on, noticed}, state.sku_of(line.source).per_server);
      if (money) fee = fee ? *fee + *money : *money;
    }
  }
  if (fee) fee = round_to_minor_unit(scale(*fee, lease.offer.terms.exit_fee_permille, 1000));
  Facts facts{LeaseTerminated{lease.id, command.on, fee}};
  LH_CHECK(end_lines(state, lease, command.on, "terminate", command.resolve, facts));
  return facts;
}

Result<Facts> decide_body(const State& state, const SignCommitment& command, Instant now) {
  Commitment commitment = command.commitment;
  if (!commitment.name.empty()) LH_CHECK(check_new_name(state.commitments, commitment.name));
  for (PartyId party : {commitment.lessor, commitment.lessee})
    if (state.parties.find(party) == nullptr)
      return refuse(RefusalCode::unknown_reference, "party", to_text(party));
  LH_CHECK(check_interval({commitment.from, commitment.until}, "commitment"));
  bool same = commitment.sum.currency == commitment.floor_rate.currency;
  if (commitment.until <= now || commitment.sum.nanos <= 0 || !same)
    return refuse(RefusalCode::invalid_value, "commitment", to_text(commitment.sum),
                  "a sum above zero, a floor rate in its currency and a date to come");
  LH_CHECK(check_price({PriceBasis::total, commitment.sum}));
  LH_CHECK(check_price({PriceBasis::per_accelerator_hour, commitment.floor_rate}));
  commitment.id = state.commitments.next_id();
  return Facts{CommitmentSigned{commitment}};
}

}  // namespace leasehold::engine
