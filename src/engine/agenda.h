// What time will bring, in order: the engine does the first thing due when it is told that time
// passes.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "domain/contract.h"
#include "domain/instance.h"
#include "domain/supply.h"

namespace leasehold::engine {

// In the order in which things of one instant are done: what ends before what begins, so that what
// one gives back the other finds.
enum class DueKind : uint8_t {
  hold,                // number: the quote
  delivery,            // its servers become supply, or are late
  instance,            // ends by itself
  maintenance_ends,    //
  release,             // a line has more servers than it wants; the latest signed first
  maintenance_begins,  //
  place,               // a line wants servers; the first signed first
  acceptance,          // a tranche is deemed accepted
};

struct Due {
  Instant at;
  DueKind kind = DueKind::hold;
  uint32_t order = 0;  // the number; for release its complement
  uint32_t number = 0;
  uint16_t line = 0;
  uint16_t tranche = 0;
  auto operator<=>(const Due&) const = default;
};

struct State;

// Internal to apply(): keeps the agenda what follows from the rows of the state.
void schedule(State& state, const Due& due);
void unschedule(State& state, const Due& due);
// When a line next wants more or fewer servers than it has been given.
void reschedule_line(State& state, const AccountId& line);
// When the ledger is next told of a delivery's servers: where it has not been, or not of all.
void reschedule_delivery(State& state, DeliveryId delivery);
// Everything, of a state that was read from a snapshot.
void build_agenda(State& state);

// A line that awaits servers while its source has free ones: it is due now.
std::optional<AccountId> line_to_fill(const State& state);

Due hold_due(const Quote& quote);
Due delivery_due(const Delivery& delivery);
Due instance_due(const Instance& instance);
Due acceptance_due(const AccountId& line, size_t tranche, Instant at);

}  // namespace leasehold::engine
