#include "operations/lease_changes.h"

#include <ostream>

#include <fmt/format.h>

#include "projections/acceptance.h"

namespace leasehold::operations {

namespace {

struct AmendValues {
  std::string line, change, name, from, until, quantity, tranche = "1", to_source, price,
                                                         resolve = "refuse";
};
void amend_options(Form& form, AmendValues& values) {
  form.add_option("change", values.change, names_of<Change>())->required();
  form.add_option("line", values.line, "The line, such as comet.1")->required();
  form.add_option("--name", values.name, "A name for the amendment");
  form.add_option("--from", values.from, "When it begins: add, reduce, retime, swap");
  form.add_option("--until", values.until,
                  "extend and shorten: the new end; swap: when the old part ends; "
                  "add and reduce: to when");
  form.add_option("--quantity", values.quantity, "add, reduce, swap: how much");
  form.add_option("--tranche", values.tranche, "retime: which tranche, from 1");
  form.add_option("--to", values.to_source, "swap: the pool or line of the new part");
  form.add_option("--price", values.price, "swap: the price of the new part");
  form.add_option("--resolve", values.resolve,
                  "refuse, or curtail: cut the subleases that it would break");
}
void amend(Shell& shell, const AmendValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    AmendLine command;
    command.name = values.name;
    command.line = reader.line("line", values.line);
    command.change = reader.choice<Change>("change", values.change);
    bool dated = command.change == Change::add || command.change == Change::reduce ||
                 command.change == Change::retime || command.change == Change::swap;
    bool ends = command.change == Change::extend || command.change == Change::shorten ||
                command.change == Change::swap;
    bool counted = command.change == Change::add || command.change == Change::reduce ||
                   command.change == Change::swap;
    if (dated) command.from = reader.instant("--from", values.from);
    if (ends || !values.until.empty()) command.until = reader.instant("--until", values.until);
    if (counted) command.quantity = reader.quantity("--quantity", values.quantity);
    command.tranche = reader.whole("--tranche", values.tranche);
    if (command.change == Change::swap) command.source = reader.source("--to", values.to_source);
    if (!values.price.empty()) command.price = reader.price("--price", values.price);
    command.resolve = reader.choice<Resolve>("--resolve", values.resolve);
    return command;
  });
}

struct AcceptValues {
  std::string line, tranche = "1", on;
};
void accept_options(Form& form, AcceptValues& values) {
  form.add_option("line", values.line, "The line")->required();
  form.add_option("--tranche", values.tranche, "Which tranche, from 1");
  form.add_option("--on", values.on, "When it was accepted; now where it is not said");
}
void accept(Shell& shell, const AcceptValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return AcceptTranche{reader.line("line", values.line),
                         reader.whole("--tranche", values.tranche),
                         values.on.empty() ? shell.now() : reader.instant("--on", values.on)};
  });
}

void offer_tranche_options(Form& form, AcceptValues& values) {
  form.add_option("line", values.line, "The line")->required();
  form.add_option("--tranche", values.tranche, "Which, from 1");
}
void offer_tranche(Shell& shell, const AcceptValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return PresentTranche{reader.line("line", values.line),
                          reader.whole("--tranche", values.tranche)};
  });
}

const Columns kAcceptanceColumns = columns_of(
    "server, state, since: moment, tests to pass, hours of tests: number, failed: number, remark");
// When each tranche is accepted or can be, and which servers hold it up.
void show_acceptance(Shell& shell, const AcceptValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  AccountId line = reader.line("line", values.line);
  if (!reader.good()) return shell.say(reader.errors());
  if (!shell.may_look(state, line)) return;
  projections::Acceptance acceptance = projections::acceptance_of(state, line, view->moment);
  if (shell.output() == Output::table) {
    for (const projections::TrancheAcceptance& tranche : acceptance.tranches)
      shell.out() << fmt::format("tranche {} of {}: {}\n", tranche.number, state.name_of(line),
                                 tranche.words);
    shell.out() << fmt::format("{} servers wanted, {} in place, {} hold it up\n", acceptance.wanted,
                               acceptance.placed, acceptance.holding_up.size());
    if (acceptance.holding_up.empty()) return;
  }
  Table table(kAcceptanceColumns);
  for (const projections::HeldUpBy& held : acceptance.holding_up) {
    const Server& server = state.fleet.server(held.server);
    auto remark = state.remarks.find(held.server);
    table.add({text(server.serial), text(name_of(server.state)), moment(server.since),
               text(held.tests), number(held.hours), number(server.tests_failed),
               text(remark == state.remarks.end() ? "" : remark->second)});
  }
  shell.say(table);
}

struct AssignValues {
  std::string lease, to;
};
void assign_options(Form& form, AssignValues& values) {
  form.add_option("lease", values.lease, "The lease")->required();
  form.add_option("--to", values.to, "The party that takes the lessee's place")->required();
}
void assign(Shell& shell, const AssignValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return AssignLease{reader.lease("lease", values.lease), Side::lessee,
                       reader.party("--to", values.to)};
  });
}

struct EndValues {
  std::string lease, on, resolve = "refuse";
};
void notice_options(Form& form, EndValues& values) {
  form.add_option("lease", values.lease, "The lease")->required();
  form.add_option("--resolve", values.resolve, "refuse, or curtail subleases that run longer");
}
void terminate_options(Form& form, EndValues& values) {
  notice_options(form, values);
  form.add_option("--on", values.on, "The last moment; the fee is for what is left after it")
      ->required();
}
void give_notice(Shell& shell, const EndValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return GiveNotice{reader.lease("lease", values.lease),
                      reader.choice<Resolve>("--resolve", values.resolve)};
  });
}
void terminate(Shell& shell, const EndValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return TerminateLease{reader.lease("lease", values.lease), reader.instant("--on", values.on),
                          reader.choice<Resolve>("--resolve", values.resolve)};
  });
}
void renew_options(Form& form, EndValues& values) {
  form.add_option("lease", values.lease, "The lease")->required();
}
void renew(Shell& shell, const EndValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RenewLease{reader.lease("lease", values.lease)};
  });
}

}  // namespace

void add_lease_changes(Noun lease) {
  add_command(lease, "amend",
              "Change a line: lease amend extend comet.1 --until 2031-01-01; lease amend swap "
              "tpu.1 --to b200 --quantity '128 servers' --from 2026-02-01 --until 2026-05-01 "
              "--price '4 USD/accelerator-hour'",
              amend_options, amend);
  add_command(lease, "accept", "Accept a tranche: lease accept comet.1 --tranche 2", accept_options,
              accept);
  add_command(lease, "offer",
              "Offer a tranche for acceptance, silence accepts it: lease offer comet.1 --tranche 2",
              offer_tranche_options, offer_tranche);
  add_command(
      lease, "acceptance",
      "When tranches are accepted, and the servers that hold them up: lease acceptance comet.1",
      offer_tranche_options, show_acceptance, kAcceptanceColumns);
  add_command(lease, "assign", "Pass a lease on: lease assign comet --to acme", assign_options,
              assign);
  add_command(lease, "notice", "Give notice under an open term: lease notice b", notice_options,
              give_notice);
  add_command(lease, "renew", "Use the renewal option: lease renew comet", renew_options, renew);
  add_command(lease, "terminate", "End early, with the fee: lease terminate comet --on DATE",
              terminate_options, terminate);
}

}  // namespace leasehold::operations
