// maintenance and instance: what runs on servers, and planned work on them.
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fleet_text.h"
#include "operations/workspace.h"
#include "projections/maintenance.h"

namespace leasehold::operations {

namespace {

struct PlanValues {
  std::string scope, from, until, reason;
};
void plan_options(Form& form, PlanValues& values) {
  form.add_option("scope", values.scope, "Such as 'rack kc-1-a-01', 'feed kc-a', 'pod kc-p1'")
      ->required();
  form.add_option("--from", values.from, "When it begins")->required();
  form.add_option("--until", values.until, "When it ends")->required();
  form.add_option("--reason", values.reason, "What is done");
}
PlanMaintenance read_plan(Reader& reader, const PlanValues& values) {
  return {
      reader.level("scope", values.scope, {AccountKind::rack, AccountKind::feed, AccountKind::pod}),
      {reader.instant("--from", values.from), reader.instant("--until", values.until)},
      values.reason};
}

// What it would break, before it is agreed on.
void say_impact(Shell& shell, const engine::State& state, const PlanMaintenance& plan) {
  Table table({"line", "lessee", "servers", "spares left for them", "outage", "because"});
  for (const projections::MaintenanceImpact& impact :
       projections::maintenance_impact(state, plan.scope, plan.interval, shell.now())) {
    const Lease& lease = state.lease_of(impact.line);
    table.add({text(state.name_of(impact.line)), text(state.name_of(lease.offer.lessee)),
               number(impact.servers), number(impact.replaced),
               text(impact.servers == impact.replaced ? "none"
                    : impact.excused                  ? "excused"
                                                      : "counts"),
               text(impact.servers == impact.replaced ? "others take their place"
                    : impact.excused                  ? "the contract's maintenance clause"
                                                      : impact.why_not)});
  }
  shell.say_meaning(table);
}

void plan_maintenance(Shell& shell, const PlanValues& values) {
  shell.submit_and_say(
      [&](Reader& reader) -> CommandBody { return read_plan(reader, values); },
      [&shell](const engine::State& after, const std::vector<Fact>& facts) {
        const Maintenance& planned = std::get<MaintenancePlanned>(facts.front().body).maintenance;
        say_impact(shell, after, {planned.scope, {planned.from, planned.until}, planned.reason});
      });
}

struct MaintenanceName {
  std::string maintenance;
};
void maintenance_option(Form& form, MaintenanceName& values) {
  form.add_option("maintenance", values.maintenance, "Such as maintenance-3")->required();
}
void cancel(Shell& shell, const MaintenanceName& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return CancelMaintenance{reader.maintenance("maintenance", values.maintenance)};
  });
}
const Columns kMaintenancesColumns =
    columns_of("id, scope, from: moment, until: moment, status, out of service: number, reason");
void list_maintenances(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view || !shell.owner_only("maintenance list")) return;
  Table table(kMaintenancesColumns);
  for (const Maintenance& row : view->state.maintenances.rows())
    table.add({text(to_text(row.id)),
               text(std::string(name_of(row.scope.kind)) + " " + view->state.name_of(row.scope)),
               moment(row.from), moment(row.until), text(name_of(row.status)),
               number(count_of(row.servers)), text(row.reason)});
  shell.say(table);
}

struct LaunchValues {
  std::string account, tenant, kind = "committed", name, servers = "0", gpus = "0", milli = "0",
                               until = "forever";
  SetupValues setup;
};
void launch_options(Form& form, LaunchValues& values) {
  form.add_option("account", values.account, "The line that it draws on, or a pool")->required();
  form.add_option("--tenant", values.tenant, "Whose it is")->required();
  form.add_option("--kind", values.kind, "committed, on_demand or preemptible");
  form.add_option("--name", values.name, "Its name, unique among instances");
  form.add_option("--servers", values.servers, "Whole servers");
  form.add_option("--gpus", values.gpus, "Accelerators of one server");
  form.add_option("--milli", values.milli, "Thousandths of one accelerator");
  form.add_option("--until", values.until, "When it ends by itself");
  setup_options(form, values.setup);
}
void launch(Shell& shell, const LaunchValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return LaunchInstance{values.name,
                          reader.party("--tenant", values.tenant),
                          reader.choice<InstanceKind>("--kind", values.kind),
                          reader.source("account", values.account),
                          reader.whole("--servers", values.servers),
                          reader.whole("--gpus", values.gpus),
                          reader.whole("--milli", values.milli),
                          reader.instant("--until", values.until),
                          read_setup(reader, values.setup)};
  });
}

struct InstanceEndValues {
  std::string instance, reason;
};
void instance_end_options(Form& form, InstanceEndValues& values) {
  form.add_option("instance", values.instance, "Its name or id")->required();
  form.add_option("--reason", values.reason, "Why");
}
void end(Shell& shell, const InstanceEndValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return EndInstance{reader.instance("instance", values.instance), values.reason};
  });
}

const Columns kInstancesColumns = columns_of(
    "id, name, tenant, account, kind, size, servers, from: moment, until: moment, state");
void list_instances(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kInstancesColumns);
  for (const Instance& row : state.instances.rows()) {
    PartyId promiser = state.promiser(row.account);
    if (!shell.may_see(promiser, row.tenant)) continue;
    table.add({text(to_text(row.id)), text(row.name), text(state.name_of(row.tenant)),
               text(state.name_of(row.account)), text(name_of(row.kind)), text(size_text(row)),
               text(servers_text(state, row.servers)), moment(row.from),
               moment(row.ended_at.value_or(row.until)),
               text(row.ended_at       ? "ended"
                    : row.reclaimed_at ? "wanted back"
                                       : "running")});
  }
  shell.say(table);
}

}  // namespace

void add_maintenance(Noun root) {
  Noun noun = root.noun("maintenance", "Planned work on racks, feeds and pods");
  add_command(noun, "plan",
              "Plan work, and say what it breaks; --dry-run plans nothing: maintenance plan 'rack "
              "kc-1-a-01' --from 2026-07-01T02:00 --until 2026-07-01T06:00 --reason 'new busbar'",
              plan_options, plan_maintenance);
  add_command(noun, "cancel", "Cancel it, or end it now: maintenance cancel maintenance-1",
              maintenance_option, cancel);
  add_command<NoValues>(noun, "list", "List planned work", nullptr, list_maintenances,
                        kMaintenancesColumns);
}

void add_instance(Noun root) {
  Noun noun = root.noun("instance", "What runs on servers, or on parts of them");
  add_command(
      noun, "launch",
      "Launch on a line, or on a pool on demand: instance launch team.1 --tenant ai-team "
      "--gpus 2; instance launch h100-home --tenant developers --kind on_demand --servers 1",
      launch_options, launch);
  add_command(noun, "end", "End one: instance end instance-3", instance_end_options, end);
  add_command<NoValues>(noun, "list", "List instances", nullptr, list_instances, kInstancesColumns);
  add_instance_setup(noun);
}

}  // namespace leasehold::operations
