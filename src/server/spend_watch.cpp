#include "server/spend_watch.h"

#include <algorithm>

#include "billing/spend.h"

namespace leasehold::server {

SpendWatch::SpendWatch(RunningCloud& cloud) : cloud_(cloud), thread_([this] { run(); }) {}

SpendWatch::~SpendWatch() {
  {
    std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void SpendWatch::run() {
  constexpr auto kBetween = std::chrono::milliseconds(500);
  while (true) {
    if (is_due()) look();
    std::unique_lock guard(mutex_);
    if (stopped_.wait_for(guard, kBetween, [this] { return stopping_; })) return;
  }
}

bool SpendWatch::is_due() {
  if (!cloud_.writes() || cloud_.failure()) return false;
  std::map<PartyId, Instant> budgets;
  {
    operations::HeldState state = cloud_.read();
    for (const auto& [party, budget] : state->billing.spend_budgets) budgets[party] = budget.since;
  }
  bool set = budgets != seen_;
  seen_ = std::move(budgets);
  return !seen_.empty() && (set || std::chrono::steady_clock::now() - looked_at_ >= kEvery);
}

// On a copy: what is spent takes a while to find.
void SpendWatch::look() {
  looked_at_ = std::chrono::steady_clock::now();
  operations::HeldState state = cloud_.copy();
  Instant now = std::max(state->now, cloud_.now());
  std::vector<Command> commands;
  for (const NoteSpend& note : billing::spend_to_note(*state, now))
    commands.push_back({now, "leasehold", note});
  state.reset();
  if (!commands.empty()) (void)cloud_.submit_and_wait(std::move(commands));
}

}  // namespace leasehold::server
