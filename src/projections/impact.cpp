#include "projections/impact.h"

#include <set>

#include "projections/accounts.h"

namespace leasehold::projections {

namespace {

using engine::State;

bool fits(const State& state, const Line& line, const AccountId& account) {
  if (line.source != account) return true;
  capacity::Calendar free = AccountView(state, account).free();
  for (const Tranche& tranche : line.tranches) free.add(tranche.interval(), -tranche.atoms);
  for (const Tranche& tranche : line.tranches)
    if (free.least(tranche.interval()) < 0) return false;
  return true;
}

std::vector<std::string> lost(const State& before, const State& after, const AccountId& account) {
  std::vector<std::string> quotes;
  for (const Quote& quote : before.quotes.rows()) {
    if (quote.status != QuoteStatus::open) continue;
    for (const Line& line : quote.offer.lines)
      if (fits(before, line, account) && !fits(after, line, account)) {
        quotes.push_back(quote.offer.name.empty() ? to_text(quote.id) : quote.offer.name);
        break;
      }
  }
  return quotes;
}

}  // namespace

std::vector<Impact> impact(const State& before, const State& after, const Offer& offer) {
  constexpr int64_t kYear = 365 * kSecondsPerDay;
  std::vector<Impact> impacts;
  std::set<AccountId> seen;
  for (const Line& line : offer.lines) {
    if (!seen.insert(line.source).second) continue;
    Interval term = line.term();
    AccountView account_before(before, line.source);
    AccountView account_after(after, line.source);
    const capacity::Calendar& free_before = account_before.free();
    const capacity::Calendar& free_after = account_after.free();
    Impact impact{line.source, free_before.least(term), free_after.least(term), {}, {}};
    for (int64_t part : {4, 2, 1}) {
      int64_t atoms = impact.free_before / part;
      if (atoms == 0) continue;
      impact.asks.push_back({atoms, Term{12, 0, 0}, free_before.earliest(term.from, atoms, kYear),
                             free_after.earliest(term.from, atoms, kYear)});
    }
    impact.quotes_lost = lost(before, after, line.source);
    impacts.push_back(std::move(impact));
  }
  return impacts;
}

}  // namespace leasehold::projections
