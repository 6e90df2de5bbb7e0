#include "cli/lease_changes.h"

namespace leasehold::cli {

namespace {

struct AmendValues {
  std::string line, change, name, from, until, quantity, tranche = "1", to_source, price,
                                                         resolve = "refuse";
};
void amend_options(CLI::App& app, AmendValues& values) {
  app.add_option("change", values.change, names_of<Change>())->required();
  app.add_option("line", values.line, "The line, such as comet.1")->required();
  app.add_option("--name", values.name, "A name for the amendment");
  app.add_option("--from", values.from, "When it begins: add, reduce, retime, swap");
  app.add_option("--until", values.until,
                 "extend and shorten: the new end; swap: when the old part ends; "
                 "add and reduce: to when");
  app.add_option("--quantity", values.quantity, "add, reduce, swap: how much");
  app.add_option("--tranche", values.tranche, "retime: which tranche, from 1");
  app.add_option("--to", values.to_source, "swap: the pool or line of the new part");
  app.add_option("--price", values.price, "swap: the price of the new part");
  app.add_option("--resolve", values.resolve,
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
void accept_options(CLI::App& app, AcceptValues& values) {
  app.add_option("line", values.line, "The line")->required();
  app.add_option("--tranche", values.tranche, "Which tranche, from 1");
  app.add_option("--on", values.on, "When it was accepted; now where it is not said");
}
void accept(Shell& shell, const AcceptValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return AcceptTranche{reader.line("line", values.line),
                         reader.whole("--tranche", values.tranche),
                         values.on.empty() ? shell.now() : reader.instant("--on", values.on)};
  });
}

struct AssignValues {
  std::string lease, to;
};
void assign_options(CLI::App& app, AssignValues& values) {
  app.add_option("lease", values.lease, "The lease")->required();
  app.add_option("--to", values.to, "The party that takes the lessee's place")->required();
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
void notice_options(CLI::App& app, EndValues& values) {
  app.add_option("lease", values.lease, "The lease")->required();
  app.add_option("--resolve", values.resolve, "refuse, or curtail subleases that run longer");
}
void terminate_options(CLI::App& app, EndValues& values) {
  notice_options(app, values);
  app.add_option("--on", values.on, "The last moment; the fee is for what is left after it")
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
void renew_options(CLI::App& app, EndValues& values) {
  app.add_option("lease", values.lease, "The lease")->required();
}
void renew(Shell& shell, const EndValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RenewLease{reader.lease("lease", values.lease)};
  });
}

}  // namespace

void add_lease_changes(CLI::App& lease, Shell& shell) {
  add_command(lease, shell, "amend",
              "Change a line: lease amend extend comet.1 --until 2031-01-01; lease amend swap "
              "tpu.1 --to b200 --quantity '128 servers' --from 2026-02-01 --until 2026-05-01 "
              "--price '4 USD/accelerator-hour'",
              amend_options, amend);
  add_command(lease, shell, "accept", "Accept a tranche: lease accept comet.1 --tranche 2",
              accept_options, accept);
  add_command(lease, shell, "assign", "Pass a lease on: lease assign comet --to acme",
              assign_options, assign);
  add_command(lease, shell, "notice", "Give notice under an open term: lease notice b",
              notice_options, give_notice);
  add_command(lease, shell, "renew", "Use the renewal option: lease renew comet", renew_options,
              renew);
  add_command(lease, shell, "terminate", "End early, with the fee: lease terminate comet --on DATE",
              terminate_options, terminate);
}

}  // namespace leasehold::cli
