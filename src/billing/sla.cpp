#include "billing/sla.h"

#include <algorithm>

#include "billing/line_rating.h"
#include "capacity/steps.h"

namespace leasehold::billing {

namespace {

using capacity::Steps;

int64_t integral(const Steps& steps, const Interval& window, int64_t free) {
  int64_t sum = 0;
  for (const auto& piece : steps.pieces(window)) {
    Interval common = intersection(piece.interval, window);
    if (common.empty() || piece.level <= free) continue;
    sum += (piece.level - free) * (common.until.seconds - common.from.seconds);
  }
  return sum;
}

// Servers of a rack that are down count only when they are more than tolerated, and then all do.
Steps whole_racks(const engine::State& state, const std::map<RackId, Steps>& racks,
                  int64_t tolerated, const Interval& window) {
  Steps all;
  for (const auto& [rack, down] : racks) {
    auto servers = static_cast<int64_t>(state.fleet.servers_in(rack).size());
    for (const auto& piece : down.pieces(window))
      if (piece.level > tolerated) all.add(piece.interval, std::max(servers, piece.level));
  }
  return all;
}

struct Lost {
  int64_t counted = 0;
  int64_t excused = 0;
};

Lost lost_servers(const engine::State& state, const OutagesByLine& outages, const AccountId& id,
                  const SlaClause& clause, const Interval& window) {
  Steps down;
  Steps excused;
  std::map<RackId, Steps> racks;
  for (OutageId outage : outages.of(id)) {
    const Outage& row = state.fleet.outages.at(outage);
    Interval common = intersection({row.from, row.until}, window);
    if (common.empty()) continue;
    if (row.excused) {
      excused.add(common, 1);
    } else if (RackId rack = state.fleet.server(row.server).rack;
               clause.unit == SlaUnit::rack && rack) {
      racks[rack].add(common, 1);
    } else {
      down.add(common, 1);
    }
  }
  for (const auto& piece : whole_racks(state, racks, clause.tolerated, window).pieces(window))
    down.add(piece.interval, piece.level);
  // Spares that the lessee holds are its own to put in.
  const Terms& terms = state.lease_of(id).offer.terms;
  int64_t spares = 0;
  if (terms.spares_held_by == Side::lessee)
    spares = state.line(id).greatest_atoms() / state.sku_of(id).per_server * terms.spares_permille /
             1000;
  return {integral(down, window, spares), integral(excused, window, 0)};
}

Lost lost_by_incidents(const engine::State& state, const AccountId& id, SlaKind kind,
                       int64_t promised, const Interval& window) {
  Lost lost;
  for (const Incident& incident : state.billing.incidents.rows()) {
    if (incident.line != id || incident.kind != kind) continue;
    Interval common = intersection({incident.from, incident.until}, window);
    if (common.empty()) continue;
    Int128 share = Int128{promised} * (common.until.seconds - common.from.seconds) *
                   incident.share_permille /
                   (Int128{1000} * (window.until.seconds - window.from.seconds));
    (incident.excused ? lost.excused : lost.counted) += static_cast<int64_t>(share);
  }
  return lost;
}

Money credit_of(const SlaClause& clause, const SlaResult& result, const Money& fee) {
  Money none{0, fee.currency};
  if (result.available_ppm >= clause.target_ppm) return none;
  int64_t permille = 0;
  for (const SlaStep& step : clause.steps)
    if (result.available_ppm < step.below_ppm) permille = step.credit_permille;
  Money credit = clause.pro_rata
                     ? scale(fee, Int128{permille} * result.lost, Int128{1000} * result.promised)
                     : scale(fee, permille, 1000);
  Money cap = scale(fee, clause.cap_permille, 1000);
  return round_to_minor_unit(cap < credit ? cap : credit);
}

}  // namespace

OutagesByLine::OutagesByLine(const engine::State& state) {
  for (const Outage& outage : state.fleet.outages.rows())
    for (const AccountId& account : state.chain_of(outage.line))
      if (account.kind == AccountKind::line) outages_[account].push_back(outage.id);
}

const std::vector<OutageId>& OutagesByLine::of(const AccountId& line) const {
  static const std::vector<OutageId> kNone;
  auto found = outages_.find(line);
  return found == outages_.end() ? kNone : found->second;
}

std::vector<SlaResult> service_levels(const engine::State& state, const OutagesByLine& outages,
                                      const AccountId& id, const Interval& window,
                                      const Money& fee) {
  const Terms& terms = state.lease_of(id).offer.terms;
  std::vector<SlaResult> results;
  if (!terms.billing || terms.billing->slas.empty()) return results;
  int64_t per_server = state.sku_of(id).per_server;
  int64_t promised = payable_atom_seconds(state.line(id), terms, window) / per_server;
  if (promised == 0) return results;
  Money left = fee;
  for (const SlaClause& clause : terms.billing->slas) {
    Lost lost = clause.kind == SlaKind::data_plane
                    ? lost_servers(state, outages, id, clause, window)
                    : lost_by_incidents(state, id, clause.kind, promised, window);
    SlaResult result{clause, promised, std::min(lost.counted, promised), lost.excused, 0, {}};
    result.available_ppm =
        static_cast<int64_t>(Int128{promised - result.lost} * 1'000'000 / promised);
    result.credit = credit_of(clause, result, fee);
    if (left < result.credit) result.credit = left;
    left = left - result.credit;
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace leasehold::billing
