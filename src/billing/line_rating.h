// What a line costs by its contract: the part of it that is payable in a window of a billing
// period, exactly, and rounded once.
#pragma once

#include "base/money.h"
#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::billing {

// A tranche is payable from its acceptance. Where it was accepted or is offered for acceptance, or
// the contract states an acceptance window, it is not before; else it is from its start.
Interval payable(const Terms& terms, const Tranche& tranche);

// Accelerator-seconds (of chips: chip-seconds) payable in a window.
int64_t payable_atom_seconds(const Line& line, const Terms& terms, const Interval& window);

// The price at an instant, escalated since the line's start. Of a total: the total.
Money price_at(const Line& line, const Terms& terms, Instant at);

struct LineFee {
  int64_t atom_seconds = 0;
  Money unit_price;  // of an accelerator-hour; zero where the price is another, or rose meanwhile
  Money amount;      // in whole minor units
};

// The fee in a window of a billing period. Prices by the hour: by the second of it. Prices by the
// month: a whole period costs the whole price, a part its share of that period's seconds. A total:
// what of it has come due by the window's end less what had by its start, each rounded, so that all
// windows together are the total to the cent; each tranche has its share of the total by its
// planned accelerator-seconds (largest remainder), spread evenly over the time in which it is
// payable.
LineFee line_fee(const Line& line, const Terms& terms, int64_t atoms_per_server,
                 const Interval& window, const Interval& period);

// What a quantity costs that is `quantity / per_unit` units.
Money rated(const Rate& rate, Int128 quantity, Int128 per_unit);

}  // namespace leasehold::billing
