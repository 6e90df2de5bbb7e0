// What time brings, the first thing due, whatever it is; and acceptance, which may come by silence.
#include "engine/placing.h"
#include "engine/rules.h"

namespace leasehold::engine {

Result<Facts> decide_body(const State& state, const PassTime&, Instant now) {
  if (state.agenda.empty() || state.agenda.begin()->at > now) {
    if (auto line = line_to_fill(state)) return place_line(state, *line, now);
    return refuse(RefusalCode::nothing_to_change, "agenda");
  }
  const Due& due = *state.agenda.begin();
  switch (due.kind) {
    case DueKind::hold:
      return Facts{HoldEnded{QuoteId{due.number}, QuoteStatus::expired}};
    case DueKind::delivery:
      return count_delivery(state, DeliveryId{due.number}, now);
    case DueKind::instance:
      return Facts{InstanceEnded{InstanceId{due.number}, "its time is over"}};
    case DueKind::maintenance_begins:
      return begin_maintenance(state, MaintenanceId{due.number}, now);
    case DueKind::maintenance_ends:
      return end_maintenance(state, MaintenanceId{due.number}, now, false);
    case DueKind::release:
    case DueKind::place:
      return place_line(state, {AccountKind::line, due.number, due.line}, now);
    case DueKind::acceptance:
      return Facts{TrancheAccepted{{AccountKind::line, due.number, due.line}, due.tranche, due.at}};
  }
  return Facts{};
}

Checked check_in_place(const State& state, const AccountId& line) {
  auto placement = state.placements.find(line);
  if (placement == state.placements.end() || placement->second.placed >= placement->second.wanted)
    return {};
  return refuse(RefusalCode::servers_short, state.name_of(line),
                std::to_string(placement->second.placed) + " servers",
                "all " + std::to_string(placement->second.wanted) + " servers in place");
}

Result<Facts> decide_body(const State& state, const PresentTranche& command, Instant now) {
  const Line* line = state.find_line(command.line);
  if (line == nullptr) return refuse(RefusalCode::unknown_reference, "line", to_text(command.line));
  LH_CHECK(check_range(command.tranche, 1, static_cast<int64_t>(line->tranches.size()), "tranche"));
  const Tranche& tranche = line->tranches[static_cast<size_t>(command.tranche - 1)];
  if (tranche.accepted_at)
    return refuse(RefusalCode::already_accepted, to_text(command.line),
                  to_text(*tranche.accepted_at));
  if (tranche.deemed_on)
    return refuse(RefusalCode::nothing_to_change, state.name_of(command.line),
                  "offered, and deemed accepted on " + to_text(*tranche.deemed_on));
  if (tranche.from > now)
    return refuse(RefusalCode::invalid_value, "tranche", to_text(tranche.from),
                  "a tranche that has begun by " + to_text(now));
  LH_CHECK(check_in_place(state, command.line));
  const Terms& terms = state.lease_of(command.line).offer.terms;
  Instant deemed = add_term(now, terms.acceptance_window.value_or(Term{0, 14, 0}), terms.zone);
  LH_CHECK(check_interval({now, deemed}, "acceptance window"));
  return Facts{TranchePresented{command.line, command.tranche, deemed}};
}

}  // namespace leasehold::engine
