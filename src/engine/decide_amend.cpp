// Amendments of a line, and what they do to the promises above and below it.
#include <algorithm>
#include <set>

#include "engine/holder.h"
#include "engine/rules.h"

namespace leasehold::engine {

namespace {

Price repriced(const Line& line, const std::vector<Tranche>& tranches) {
  if (line.price.basis != PriceBasis::total || line.term().open()) return line.price;
  Line amended = line;
  amended.tranches = tranches;
  if (amended.term().open()) return line.price;
  Int128 before = atom_seconds(line, line.term());
  Int128 after = tranches.empty() ? 0 : atom_seconds(amended, amended.term());
  return {line.price.basis, scale(line.price.amount, after, before)};
}

void propose_tranches(capacity::Proposal& proposal, const State& state, const AccountId& account,
                      const std::vector<Tranche>& tranches, int64_t sign) {
  for (const Tranche& tranche : tranches)
    draw(proposal, state, account, tranche.interval(), sign * tranche.atoms);
}

}  // namespace

std::vector<capacity::Steps::Piece> low_stretches(const capacity::Proposal& proposal,
                                                  const AccountId& account) {
  std::vector<capacity::Step> steps = proposal.free(account).steps({kDawn, kForever});
  std::vector<capacity::Steps::Piece> low;
  for (size_t i = 0; i < steps.size(); ++i)
    if (steps[i].level < 0)
      low.push_back(
          {{steps[i].at, i + 1 < steps.size() ? steps[i + 1].at : kForever}, -steps[i].level});
  return low;
}

namespace {

// What the promises of an account must give up so that it fits: holds first, then instances, then
// lines, the latest signed first. Asked again after each holder, as its own tranches begin and end
// within a stretch.
class Curtailment {
 public:
  Curtailment(const State& state, capacity::Proposal& proposal, const AccountId& account,
              Facts& facts)
      : state_(state), proposal_(proposal), account_(account), facts_(facts) {}

  Checked run() {
    std::vector<Holder> holders = holders_latest_first();
    for (const Holder& holder : holders) {
      if (!proposal_.check(account_)) return {};
      if (holder.kind == HolderKind::hold)
        release_hold(QuoteId{holder.number});
      else if (holder.kind == HolderKind::instance)
        end_instance(InstanceId{holder.number});
      else if (holder.kind == HolderKind::line)
        LH_CHECK(cut_line(holder.line_account()));
    }
    if (auto shortfall = proposal_.check(account_))
      return Unexpected<Refusal>(shortage(state_, *shortfall, RefusalCode::breaks_promises));
    return {};
  }

 private:
  std::vector<Holder> holders_latest_first() const {
    std::set<capacity::HolderKey, std::greater<>> keys;
    if (const capacity::Account* account = state_.ledger.find(account_))
      for (const capacity::Promise& promise : account->slots())
        if (promise.quantity > 0) keys.insert(promise.holder);
    std::vector<Holder> holders;
    for (HolderKind kind : {HolderKind::hold, HolderKind::instance, HolderKind::line})
      for (capacity::HolderKey key : keys)
        if (Holder::from(key).kind == kind) holders.push_back(Holder::from(key));
    return holders;
  }

  void release_hold(QuoteId id) {
    const Quote& quote = state_.quotes.at(id);
    bool matters = false;
    for (const Line& line : quote.offer.lines)
      for (const auto& low : low_stretches(proposal_, account_))
        matters = matters || (line.source == account_ && line.term().overlaps(low.interval));
    bool released = std::any_of(facts_.begin(), facts_.end(), [id](const FactBody& fact) {
      const auto* ended = std::get_if<HoldEnded>(&fact);
      return ended != nullptr && ended->quote == id;
    });
    if (!matters || released) return;
    for (const Line& line : quote.offer.lines)
      propose_tranches(proposal_, state_, line.source, line.tranches, +1);
    facts_.push_back(HoldEnded{id, QuoteStatus::released});
  }

  void end_instance(InstanceId id) {
    const Instance& instance = state_.instances.at(id);
    Interval promised{instance.promised_from, instance.until};
    bool matters = false;
    for (const auto& low : low_stretches(proposal_, account_))
      matters = matters || promised.overlaps(low.interval);
    if (!matters) return;
    draw(proposal_, state_, account_, promised, instance.atoms);
    facts_.push_back(InstanceEnded{id, "its line was cut"});
  }

  Checked cut_line(const AccountId& id) {
    const Line& line = state_.line(id);
    std::vector<Tranche> tranches = line.tranches;
    for (const auto& low : low_stretches(proposal_, account_))
      tranches = cut(tranches, low.interval, low.level);
    if (supply_equal(tranches, line.tranches)) return {};
    return rewrite_line(state_, proposal_, id, tranches, "curtail", "", Resolve::curtail, facts_);
  }

  static bool supply_equal(const std::vector<Tranche>& a, const std::vector<Tranche>& b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](const Tranche& x, const Tranche& y) {
             return x.interval() == y.interval() && x.atoms == y.atoms;
           });
  }

  const State& state_;
  capacity::Proposal& proposal_;
  AccountId account_;
  Facts& facts_;
};

}  // namespace

std::vector<Tranche> cut(const std::vector<Tranche>& tranches, const Interval& interval,
                         int64_t atoms) {
  // Pieces so small that each lies within the interval or outside it, latest tranche first.
  std::vector<Tranche> pieces;
  std::vector<Tranche> inside;
  for (const Tranche& tranche : tranches) {
    for (const Interval& part :
         {Interval{kDawn, interval.from}, interval, Interval{interval.until, kForever}}) {
      Interval common = intersection(tranche.interval(), part);
      if (common.empty()) continue;
      Tranche piece = tranche;
      piece.from = common.from;
      piece.until = common.until;
      (part == interval ? inside : pieces).push_back(piece);
    }
  }
  // Within the interval the tranches may begin and end: cut each stretch between their edges.
  std::set<Instant> edges;
  for (const Tranche& piece : inside) edges.insert({piece.from, piece.until});
  std::vector<Tranche> kept;
  for (auto edge = edges.begin(); edge != edges.end() && std::next(edge) != edges.end(); ++edge) {
    Interval stretch{*edge, *std::next(edge)};
    int64_t left = atoms;
    for (auto piece = inside.rbegin(); piece != inside.rend(); ++piece) {
      if (!piece->interval().covers(stretch)) continue;
      int64_t taken = std::min(left, piece->atoms);
      left -= taken;
      if (piece->atoms == taken) continue;
      Tranche rest = *piece;
      rest.from = stretch.from;
      rest.until = stretch.until;
      rest.atoms = piece->atoms - taken;
      kept.push_back(rest);
    }
  }
  pieces.insert(pieces.end(), kept.begin(), kept.end());
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Tranche& a, const Tranche& b) { return a.from < b.from; });
  // Join what the stretches took apart.
  std::vector<Tranche> joined;
  for (const Tranche& piece : pieces) {
    auto before = std::find_if(joined.begin(), joined.end(), [&piece](const Tranche& tranche) {
      return tranche.until == piece.from && tranche.atoms == piece.atoms &&
             tranche.accepted_at == piece.accepted_at;
    });
    if (before != joined.end())
      before->until = piece.until;
    else
      joined.push_back(piece);
  }
  return joined;
}

Checked rewrite_line(const State& state, capacity::Proposal& proposal, const AccountId& id,
                     const std::vector<Tranche>& tranches, const std::string& change,
                     const std::string& name, Resolve resolve, Facts& facts) {
  const Line& line = state.line(id);
  propose_tranches(proposal, state, line.source, line.tranches, +1);
  propose_tranches(proposal, state, line.source, tranches, -1);
  if (change != "curtail")
    if (auto shortfall = proposal.check(line.source))
      return Unexpected<Refusal>(shortage(state, *shortfall, RefusalCode::capacity_short));
  facts.push_back(LineAmended{id, change, name, repriced(line, tranches), tranches});
  if (!state.ledger.has(id)) return {};
  propose_tranches(proposal, state, id, line.tranches, -1);
  propose_tranches(proposal, state, id, tranches, +1);
  return settle_below(state, proposal, id, resolve, facts);
}

Checked settle_below(const State& state, capacity::Proposal& proposal, const AccountId& account,
                     Resolve resolve, Facts& facts) {
  auto shortfall = proposal.check(account);
  if (!shortfall) return {};
  if (resolve == Resolve::curtail) return Curtailment(state, proposal, account, facts).run();
  return Unexpected<Refusal>(shortage(state, *shortfall, RefusalCode::breaks_promises));
}

namespace {

// What would fit instead of an amendment that was refused for capacity.
void add_nearest_change(Refusal& refusal, const State& state, const capacity::Proposal& proposal,
                        const AmendLine& command) {
  const Line& line = state.line(command.line);
  Interval term = line.term();
  Interval window{command.from, std::min(command.until, term.until)};
  capacity::Proposal before(state.ledger);
  auto atoms = state.sku_of(command.line).atoms(command.quantity, state.site_of(command.line));
  switch (command.change) {
    case Change::extend:
      return add_fitting_end(refusal, term.until);
    case Change::shorten:
      return add_needed_end(refusal, proposal);
    case Change::add:
      add_less(refusal, proposal, atoms.value_or(0), window);
      return add_later_part(refusal, before.free(line.source), atoms.value_or(0), window);
    case Change::reduce:
      return add_less(refusal, proposal, atoms.value_or(0), window);
    case Change::retime: {
      const Tranche& tranche = line.tranches[static_cast<size_t>(command.tranche - 1)];
      if (refusal.code == RefusalCode::breaks_promises) {
        if (refusal.first_at > tranche.from)
          refusal.nearest.push_back(
              {Alternative::later, command.line, tranche.atoms, {refusal.first_at, tranche.until}});
        return;
      }
      draw(before, state, line.source, tranche.interval(), tranche.atoms);
      return add_later_part(refusal, before.free(line.source), tranche.atoms,
                            {command.from, tranche.until});
    }
    case Change::swap:
      return;
  }
}

Checked check_future(Instant at, Instant now, const char* subject) {
  if (at < now)
    return refuse(RefusalCode::invalid_value, subject, to_text(at),
                  "a moment not before " + to_text(now));
  return {};
}

Checked check_in_head_term(const State& state, const AccountId& source, const Interval& window) {
  if (source.kind != AccountKind::line) return {};
  Interval term = state.line(source).term();
  if (!term.covers(window))
    return refuse(RefusalCode::outside_head_lease, state.name_of(source),
                  to_text(window.from) + " to " + to_text(window.until),
                  "within " + to_text(term.from) + " to " + to_text(term.until));
  return {};
}

// The line's tranches after extend, shorten, add, reduce or retime.
Result<std::vector<Tranche>> amended(const State& state, const AmendLine& command, Instant now) {
  const Line& line = state.line(command.line);
  Interval term = line.term();
  std::vector<Tranche> tranches = line.tranches;
  switch (command.change) {
    case Change::extend:
      if (command.until <= term.until)
        return refuse(RefusalCode::invalid_value, "until", to_text(command.until),
                      "an end after " + to_text(term.until));
      LH_CHECK(check_interval({term.from, command.until}, "until"));
      if (command.until == kForever)
        LH_CHECK(check_open_term(line.price, state.lease_of(command.line).offer.terms));
      for (Tranche& tranche : tranches)
        if (tranche.until == term.until) tranche.until = command.until;
      return tranches;
    case Change::shorten:
      LH_CHECK(check_future(command.until, now, "until"));
      if (command.until >= term.until || command.until <= term.from)
        return refuse(RefusalCode::invalid_value, "until", to_text(command.until),
                      "an end within " + to_text(term.from) + " to " + to_text(term.until));
      std::erase_if(tranches, [&](const Tranche& t) { return t.from >= command.until; });
      for (Tranche& tranche : tranches) tranche.until = std::min(tranche.until, command.until);
      return tranches;
    case Change::add:
    case Change::reduce: {
      LH_CHECK(check_future(command.from, now, "from"));
      Interval window{command.from, std::min(command.until, term.until)};
      LH_CHECK(check_interval(window, "amendment"));
      Result<int64_t> atoms =
          atoms_of(state.sku_of(command.line), state.site_of(command.line), command.quantity);
      if (!atoms) return Unexpected<Refusal>(std::move(atoms.error()));
      if (command.change == Change::add) {
        tranches.push_back({window.from, window.until, *atoms, std::nullopt, 0});
        return tranches;
      }
      int64_t least = supply_of(line).least(window);
      LH_CHECK(check_range(*atoms, 1, least, "quantity, in accelerators or chips"));
      return cut(tranches, window, *atoms);
    }
    case Change::retime: {
      LH_CHECK(check_future(command.from, now, "from"));
      LH_CHECK(check_range(command.tranche, 1, static_cast<int64_t>(tranches.size()), "tranche"));
      Tranche& tranche = tranches[static_cast<size_t>(command.tranche - 1)];
      LH_CHECK(check_future(tranche.from, now, "tranche"));
      LH_CHECK(check_interval({command.from, tranche.until}, "tranche"));
      tranche.from = command.from;
      return tranches;
    }
    case Change::swap:
      break;
  }
  LH_ASSERT(false);
  return tranches;
}

// From one SKU to another, with an overlap in which both run: [from, until).
Result<Facts> swap(const State& state, const AmendLine& command, Instant now) {
  const Line& old_line = state.line(command.line);
  const Lease& lease = state.lease_of(command.line);
  Interval term = old_line.term();
  LH_CHECK(check_future(command.from, now, "from"));
  LH_CHECK(check_interval({command.from, term.until}, "swap"));
  if (command.until < command.from || command.until >= term.until)
    return refuse(RefusalCode::invalid_value, "until", to_text(command.until),
                  "an end of the old part from " + to_text(command.from) + " to before " +
                      to_text(term.until));
  LineRequest asked{{command.source},           false, command.quantity,
                    {command.from, term.until}, {},    command.price.value_or(old_line.price)};
  if (asked.price.amount.currency != old_line.price.amount.currency)
    return refuse(RefusalCode::invalid_value, "price", to_text(asked.price.amount),
                  "one currency in all lines of a contract");
  if (!command.price && old_line.price.basis == PriceBasis::total)
    return refuse(RefusalCode::invalid_value, "price", "", "a price for the new part");
  Facts facts;
  capacity::Proposal proposal(state.ledger);
  std::vector<Tranche> tranches = old_line.tranches;
  std::erase_if(tranches, [&](const Tranche& t) { return t.from >= command.until; });
  for (Tranche& tranche : tranches) tranche.until = std::min(tranche.until, command.until);
  LH_CHECK(rewrite_line(state, proposal, command.line, tranches, "swap", command.name,
                        command.resolve, facts));
  OfferRequest request{"", lease.offer.lessor, lease.offer.lessee, lease.offer.terms, {asked}};
  request.terms.draws_on.reset();
  Result<Offer> offer = build_offer(state, request, proposal, now);
  if (!offer) return Unexpected<Refusal>(std::move(offer.error()));
  facts.push_back(LineAdded{lease.id, offer->lines.front()});
  return facts;
}

}  // namespace

Result<Facts> decide_body(const State& state, const AmendLine& command, Instant now) {
  const Line* line = state.find_line(command.line);
  if (line == nullptr) return refuse(RefusalCode::unknown_reference, "line", to_text(command.line));
  const Lease& lease = state.lease_of(command.line);
  if (line->tranches.empty() || lease.terminated_at || line->term().until <= now)
    return refuse(RefusalCode::lease_ended, to_text(command.line));
  if (!command.name.empty()) {
    bool taken = std::find(lease.amendments.begin(), lease.amendments.end(), command.name) !=
                 lease.amendments.end();
    LH_CHECK(check_name(command.name, taken));
  }
  if (command.change == Change::swap) return swap(state, command, now);
  Result<std::vector<Tranche>> tranches = amended(state, command, now);
  if (!tranches) return Unexpected<Refusal>(std::move(tranches.error()));
  Interval window{kForever, kDawn};
  for (const Tranche& tranche : *tranches)
    window = {std::min(window.from, tranche.from), std::max(window.until, tranche.until)};
  if (command.change == Change::extend || command.change == Change::add)
    LH_CHECK(check_in_head_term(state, line->source, window));
  Facts facts;
  capacity::Proposal proposal(state.ledger);
  Checked rewritten = rewrite_line(state, proposal, command.line, *tranches,
                                   name_of(command.change), command.name, command.resolve, facts);
  if (rewritten) return facts;
  add_nearest_change(rewritten.error(), state, proposal, command);
  return Unexpected<Refusal>(std::move(rewritten.error()));
}

}  // namespace leasehold::engine
