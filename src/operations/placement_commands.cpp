// placement: which servers every line has, and why these.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fleet_text.h"
#include "projections/placements.h"

namespace leasehold::operations {

namespace {

struct LineValues {
  std::string line;
};
void line_option(Form& form, LineValues& values) {
  form.add_option("line", values.line, "A line of a lease")->required();
}

std::string awaited(const projections::LineServers& line) {
  return line.wanted > line.placed ? fmt::format("awaits {}", line.wanted - line.placed) : "";
}

const Columns kPlacementsColumns = columns_of(
    "line, lessee, wants: number, placed: number, in service: number, passed on: number, pods: "
    "number, least pods: number, note");
void list_placements(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kPlacementsColumns);
  for (const projections::LineServers& line : projections::line_servers(state)) {
    const Lease& lease = state.lease_of(line.line);
    if (!shell.may_see(lease)) continue;
    table.add({text(state.name_of(line.line)), text(state.name_of(lease.offer.lessee)),
               number(line.wanted), number(line.placed), number(line.in_service),
               number(line.passed_on), number(line.pods), number(line.least_pods),
               text(awaited(line))});
  }
  shell.say(table);
}

void explain_placement(Shell& shell, const LineValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  AccountId id = reader.line("line", values.line);
  if (!reader.good()) return shell.say(reader.errors());
  if (!shell.may_look(state, id)) return;
  const Line& line = state.line(id);
  projections::LineServers has = projections::servers_of_line(state, id);
  Spread spread = state.lease_of(id).offer.terms.spread.value_or(Spread::pack);
  std::ostream& out = shell.out();
  if (shell.output() == Output::table) {
    out << fmt::format("{} draws on {}: {} {}, {} in place, {} in service\n", state.name_of(id),
                       state.name_of(line.source), has.wanted,
                       has.wanted == 1 ? "server" : "servers", has.placed, has.in_service);
    out << (spread == Spread::pack
                ? std::string("packed: whole pods first, the rest where it leaves the least\n")
                : fmt::format("spread evenly over each {}\n", name_of(spread)));
    out << fmt::format("{} pods, where {} could hold them\n", has.pods, has.least_pods);
  }
  Table table({"pod", "servers of it", "of the pod", "racks", "why"});
  for (const projections::PodShare& share : projections::pods_of_line(state, id)) {
    std::string why = share.mine == share.size ? "whole"
                      : share.others == 0      ? "the rest of the pod is free or out of service"
                                               : "shared with other lines";
    table.add({text(state.fleet.pods.at(share.pod).name), number(share.mine), number(share.size),
               number(share.racks), text(why)});
  }
  table.print(out, shell.output());
}

const Columns kPlacementOutagesColumns = columns_of(
    "outage, line, lessee, server, from: moment, until: moment, minutes: number, excused, reason");
void list_placement_outages(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kPlacementOutagesColumns);
  for (const Outage& outage : state.fleet.outages.rows()) {
    const Lease& lease = state.lease_of(outage.line);
    if (!shell.may_see(lease)) continue;
    Instant end = std::min(outage.until, view->moment);
    table.add({text(to_text(outage.id)), text(state.name_of(outage.line)),
               text(state.name_of(lease.offer.lessee)),
               text(state.fleet.server(outage.server).serial), moment(outage.from),
               moment(outage.until), number((end.seconds - outage.from.seconds) / 60),
               text(outage.excused ? "yes" : "no"), text(outage.reason)});
  }
  shell.say(table);
}

}  // namespace

void add_placement(Noun root) {
  Noun noun = root.noun("placement", "Which servers the lines have, and why these");
  add_command<NoValues>(noun, "list", "What every line wants and has", nullptr, list_placements,
                        kPlacementsColumns);
  add_command(noun, "explain", "Why these servers: placement explain comet.1", line_option,
              explain_placement);
  add_command<NoValues>(noun, "outages", "When lines were without a server", nullptr,
                        list_placement_outages, kPlacementOutagesColumns);
  add_replay(noun);
}

}  // namespace leasehold::operations
