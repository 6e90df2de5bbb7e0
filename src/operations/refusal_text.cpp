#include "operations/refusal_text.h"

#include <fmt/format.h>

#include "operations/fleet_text.h"

namespace leasehold::operations {

namespace {

std::string window_text(const Interval& window) {
  return fmt::format("from {} {}", to_short_text(window.from),
                     window.open() ? "on" : "to " + to_short_text(window.until));
}

std::string plain_text(const Refusal& refusal) {
  std::string text = fmt::format("refused {}: {}", name_of(refusal.code), refusal.subject);
  if (!refusal.value.empty()) text += fmt::format(" '{}'", refusal.value);
  if (!refusal.rule.empty()) text += "; the rule: " + refusal.rule;
  return text + "\n";
}

std::string holders_text(const engine::State& state, const Refusal& refusal,
                         const MaySee& may_see) {
  std::string text;
  int64_t others = 0;
  for (const HeldBy& held : refusal.held_by) {
    bool contract = bool(held.lessee);
    if (contract && !may_see(held.lessor, held.lessee)) {
      others += held.atoms;
      continue;
    }
    text += fmt::format("  held by {}{}: {}\n", held.holder,
                        contract ? fmt::format(" ({})", state.name_of(held.lessee)) : "",
                        amount_text(held.atoms, refusal.unit, refusal.atoms_per_server));
  }
  if (others > 0)
    text += fmt::format("  held by others: {}\n",
                        amount_text(others, refusal.unit, refusal.atoms_per_server));
  return text;
}

std::string nearest_text(const engine::State& state, const Refusal& refusal,
                         const Nearest& nearest) {
  bool site = nearest.account.kind == AccountKind::site;
  int64_t per_server = refusal.atoms_per_server;
  bool power = site && nearest.kind == Alternative::fewer;
  QuantityKind unit =
      refusal.unit == QuantityKind::megawatt && !power ? QuantityKind::accelerator : refusal.unit;
  std::string amount = amount_text(nearest.atoms, unit, per_server);
  switch (nearest.kind) {
    case Alternative::fewer:
      return fmt::format("  would fit: {} {}\n", amount, window_text(nearest.interval));
    case Alternative::later:
      return fmt::format("  would fit: {}{} {}\n", amount,
                         site ? " at " + state.name_of(nearest.account) : "",
                         window_text(nearest.interval));
    case Alternative::elsewhere:
      return fmt::format("  would fit: {} at {} {}\n", amount, state.name_of(nearest.account),
                         window_text(nearest.interval));
    case Alternative::until:
      return fmt::format("  would fit: until {}\n", to_short_text(nearest.interval.until));
  }
  return "";
}

}  // namespace

std::string amount_text(int64_t atoms, QuantityKind unit, int64_t atoms_per_server) {
  if (unit == QuantityKind::megawatt) return watts_text(atoms);
  std::string text = to_text(Quantity{atoms, unit});
  bool servers = atoms_per_server > 1 && atoms > 0 && atoms % atoms_per_server == 0;
  if (servers)
    text += fmt::format(" ({})", to_text(Quantity{atoms / atoms_per_server, QuantityKind::server}));
  return text;
}

std::string refusal_text(const engine::State& state, const Refusal& refusal,
                         const MaySee& may_see) {
  if (!refusal.account) return plain_text(refusal);
  int64_t per_server = refusal.unit == QuantityKind::megawatt ? 0 : refusal.atoms_per_server;
  std::string asked = refusal.asked > 0
                          ? ", asked for " + amount_text(refusal.asked, refusal.unit, per_server)
                          : "";
  std::string text = fmt::format(
      "refused {}: {} is short by {} at {}{}\n", name_of(refusal.code), refusal.subject,
      amount_text(refusal.short_by, refusal.unit, per_server), to_text(refusal.first_at), asked);
  if (!refusal.rule.empty()) text += "  the rule: " + refusal.rule + "\n";
  text += holders_text(state, refusal, may_see);
  for (const Nearest& nearest : refusal.nearest) {
    bool line = nearest.account.kind == AccountKind::line;
    const Offer* offer = line ? &state.lease_of(nearest.account).offer : nullptr;
    bool own = nearest.account == refusal.account;
    if (own || !line || may_see(offer->lessor, offer->lessee))
      text += nearest_text(state, refusal, nearest);
  }
  return text;
}

}  // namespace leasehold::operations
