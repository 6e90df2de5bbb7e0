// What a party's capacity costs, day by day: what is owed for a billing period, spread over it by
// what each day had. The days of a period add up to what is owed for it, to the cent.
#pragma once

#include <span>
#include <vector>

#include "billing/rater.h"
#include "domain/command.h"

namespace leasehold::billing {

// A charge in one span of time.
struct Spend {
  size_t span = 0;  // the index of its beginning among the boundaries
  PartyId lessor;
  ChargeKind kind = ChargeKind::committed;  // a kind that is_service()
  LeaseId lease;
  AccountId account;  // the line or pool
  PartyId tenant;
  MeterId meter;
  int64_t quantity = 0;  // thousandths of an accelerator-second; millionths of a meter's unit
  // Of what is leased: thousandths of accelerator-seconds that something ran on or that were
  // sublet.
  int64_t used = 0;
  Money amount;  // in whole minor units
};

// Of a company: all that it owes. Of a department: what its own leases and instances cost, and what
// its instances used of lines that others pay, at no cost. Boundaries do not descend, at least two;
// span i is [boundaries[i], boundaries[i + 1]). What runs without an end is taken to go on, so that
// spans after now are a forecast. Before taxes, promotions, prepayments and interest. In the order
// of spans, then lessors, then as owed.
//
// By price: leases by their fee to date, so that a price that rises counts from its day; on demand
// by accelerator-hours; meters by their units; a minimum and credits evenly over their period; an
// exit fee on its day.
std::vector<Spend> spend(const engine::State& state, Rater& rater, PartyId party,
                         std::span<const Instant> boundaries);

// What was spent in a calendar month (UTC) until now and what its end will bring, in a currency.
struct MonthSpend {
  Money so_far;
  Money expected;
};
MonthSpend month_spend(const engine::State& state, Rater& rater, const SpendMonth& of,
                       const Currency& currency, Instant now);

// What the engine must be told of now, so that no alert of a budget is missed: of this month and
// the last.
std::vector<NoteSpend> spend_to_note(const engine::State& state, Instant now);

}  // namespace leasehold::billing
