#include "engine/agenda.h"

#include "engine/state.h"

namespace leasehold::engine {

namespace {

Due line_due(const AccountId& line, Instant at, bool release) {
  return {at,
          release ? DueKind::release : DueKind::place,
          release ? ~line.number : line.number,
          line.number,
          line.line,
          0};
}

void set_line_due(State& state, const AccountId& line, const Due& due) {
  if (auto known = state.line_dues.find(line); known != state.line_dues.end())
    state.agenda.erase(known->second);
  state.line_dues[line] = due;
  state.agenda.insert(due);
}

}  // namespace

void schedule(State& state, const Due& due) { state.agenda.insert(due); }
void unschedule(State& state, const Due& due) { state.agenda.erase(due); }

Due hold_due(const Quote& quote) {
  return {*quote.held_until, DueKind::hold, quote.id.number, quote.id.number, 0, 0};
}
Due delivery_due(const Delivery& delivery) {
  return {delivery.from, DueKind::delivery, delivery.id.number, delivery.id.number, 0, 0};
}
Due instance_due(const Instance& instance) {
  return {instance.until, DueKind::instance, instance.id.number, instance.id.number, 0, 0};
}
Due acceptance_due(const AccountId& line, size_t tranche, Instant at) {
  return {at,          DueKind::acceptance, line.number,
          line.number, line.line,           static_cast<uint16_t>(tranche + 1)};
}

void reschedule_line(State& state, const AccountId& id) {
  if (auto known = state.line_dues.find(id); known != state.line_dues.end()) {
    state.agenda.erase(known->second);
    state.line_dues.erase(known);
  }
  const Line& line = state.line(id);
  if (!state.itemised(line.pool)) return;
  auto found = state.placements.find(id);
  Placement placement = found == state.placements.end() ? Placement{} : found->second;
  std::set<AccountId>& short_lines = state.short_lines[line.source];
  if (placement.placed < placement.wanted)
    short_lines.insert(id);
  else
    short_lines.erase(id);
  if (short_lines.empty()) state.short_lines.erase(line.source);
  int64_t per_server = state.sku_of(id).per_server;
  for (const auto& piece : supply_of(line).pieces({state.now, kForever})) {
    int64_t wanted = piece.level / per_server;
    if (wanted == placement.wanted) continue;
    return set_line_due(state, id, line_due(id, piece.interval.from, wanted < placement.wanted));
  }
}

void reschedule_delivery(State& state, DeliveryId id) {
  const Delivery& delivery = state.deliveries.at(id);
  bool uncounted = state.fleet.uncounted().contains(id) ||
                   (state.itemised(delivery.pool) && !state.lacking.contains(id));
  if (uncounted)
    schedule(state, delivery_due(delivery));
  else
    unschedule(state, delivery_due(delivery));
}

std::optional<AccountId> line_to_fill(const State& state) {
  for (const auto& [source, lines] : state.short_lines)
    if (state.available_servers(source) > 0) return *lines.begin();
  return std::nullopt;
}

void build_agenda(State& state) {
  for (const Quote& quote : state.quotes.rows())
    if (quote.status == QuoteStatus::held) schedule(state, hold_due(quote));
  for (const Delivery& delivery : state.deliveries.rows()) reschedule_delivery(state, delivery.id);
  for (const Instance& instance : state.instances.rows())
    if (!instance.ended_at && instance.until != kForever) schedule(state, instance_due(instance));
  for (const Maintenance& maintenance : state.maintenances.rows()) {
    uint32_t number = maintenance.id.number;
    if (maintenance.status == MaintenanceStatus::planned)
      schedule(state, {maintenance.from, DueKind::maintenance_begins, number, number, 0, 0});
    if (maintenance.status == MaintenanceStatus::running)
      schedule(state, {maintenance.until, DueKind::maintenance_ends, number, number, 0, 0});
  }
  for (const Lease& lease : state.leases.rows())
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      AccountId line = line_of(lease.id, i);
      reschedule_line(state, line);
      const std::vector<Tranche>& tranches = lease.offer.lines[i].tranches;
      for (size_t k = 0; k < tranches.size(); ++k)
        if (tranches[k].deemed_on && !tranches[k].accepted_at)
          schedule(state, acceptance_due(line, k, *tranches[k].deemed_on));
    }
}

}  // namespace leasehold::engine
