#include "projections/calendar_change.h"

#include <algorithm>
#include <set>

#include "projections/accounts.h"

namespace leasehold::projections {

namespace {

using Accounts = std::vector<AccountId>;

// The accounts from which something is drawn or to which something is added.
struct Touched {
  const engine::State& state;

  Accounts operator()(const DeliveryPlanned& f) const { return {account_of(f.delivery.pool)}; }
  Accounts operator()(const DeliveryRetimed& f) const { return pool(f.delivery); }
  Accounts operator()(const SupplyWithdrawn& f) const { return pool(f.delivery); }
  Accounts operator()(const OvercommitSet& f) const { return {account_of(f.pool)}; }
  Accounts operator()(const SparesKept& f) const { return {account_of(f.pool)}; }
  Accounts operator()(const HoldPlaced& f) const { return sources(state.quotes.at(f.quote).offer); }
  Accounts operator()(const HoldEnded& f) const { return sources(state.quotes.at(f.quote).offer); }
  Accounts operator()(const LeaseSigned& f) const { return sources(f.lease.offer); }
  Accounts operator()(const LineAmended& f) const { return {state.line(f.line).source, f.line}; }
  Accounts operator()(const LineAdded& f) const { return {f.line.source}; }
  template <class Other>
  Accounts operator()(const Other&) const {
    return {};
  }

  Accounts pool(DeliveryId id) const { return {account_of(state.deliveries.at(id).pool)}; }
  static Accounts sources(const Offer& offer) {
    Accounts all;
    for (const Line& line : offer.lines) all.push_back(line.source);
    return all;
  }
};

bool known(const engine::State& state, const AccountId& account) {
  return account.kind == AccountKind::pool
             ? state.pools.find(PoolId{account.number}) != nullptr
             : account.kind == AccountKind::line && state.find_line(account) != nullptr;
}

bool differs(const CalendarChange::Step& step) {
  return step.supply_before != step.supply_after || step.promised_before != step.promised_after;
}

std::vector<CalendarChange::Step> steps_of(const AccountView& before, const AccountView& after) {
  std::set<Instant> instants{kDawn};
  for (const AccountView* view : {&before, &after}) {
    for (const capacity::Change& change : view->supply().changes()) instants.insert(change.at);
    for (const capacity::Step& step : view->free().steps({kDawn, kForever}))
      instants.insert(step.at);
  }
  std::vector<CalendarChange::Step> steps;
  for (Instant at : instants) {
    if (at == kForever) continue;
    int64_t has = before.supply().level_at(at);
    int64_t will_have = after.supply().level_at(at);
    steps.push_back({at, has, has - before.free().level_at(at), will_have,
                     will_have - after.free().level_at(at)});
  }
  return steps;
}

// What is to be seen of the steps; nothing where none differs.
void cut(std::vector<CalendarChange::Step>& steps) {
  auto first = std::find_if(steps.begin(), steps.end(), differs);
  if (first == steps.end()) return steps.clear();
  auto last = std::find_if(steps.rbegin(), steps.rend(), differs).base();  // the one after it
  Instant from = first->at;
  Instant until = last == steps.end() ? steps.back().at : last->at;
  int64_t quarter = (until.seconds - from.seconds) / 4;
  int64_t margin = std::max<int64_t>(quarter / kSecondsPerDay, 30) * kSecondsPerDay;
  std::erase_if(steps, [&](const auto& step) { return until + margin < step.at; });
  auto begins =
      std::upper_bound(steps.begin(), steps.end(), from + -margin,
                       [](Instant at, const CalendarChange::Step& step) { return at < step.at; });
  if (begins == steps.begin()) return;
  --begins;
  begins->at = std::max(begins->at, from + -margin);
  steps.erase(steps.begin(), begins);
}

}  // namespace

std::vector<CalendarChange> calendar_changes(const engine::State& before,
                                             const engine::State& after,
                                             const std::vector<Fact>& facts) {
  std::vector<CalendarChange> changes;
  std::set<AccountId> seen;
  for (const Fact& fact : facts)
    for (const AccountId& account : std::visit(Touched{after}, fact.body)) {
      if (!seen.insert(account).second || !known(before, account) || !known(after, account))
        continue;
      CalendarChange change{account,
                            steps_of(AccountView(before, account), AccountView(after, account))};
      cut(change.steps);
      if (!change.steps.empty()) changes.push_back(std::move(change));
    }
  return changes;
}

}  // namespace leasehold::projections
