// site slip and site headroom: what a landlord's delay does, and how much a site can still take.
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fleet_text.h"
#include "projections/headroom.h"
#include "projections/slip.h"

namespace leasehold::operations {

namespace {

struct SlipValues {
  std::string landlord, by;
};
void slip_options(Form& form, SlipValues& values) {
  form.add_option("landlord", values.landlord, "Who is late")->required();
  form.add_option("--by", values.by, "How late, such as '90 days'")->required();
}
const Columns kSlipColumns = columns_of(
    "line, lessee, late, from: moment, until: moment, revenue put off: money, damages: money, may "
    "leave from: moment, could run at");
void show_slip(Shell& shell, const SlipValues& values) {
  auto view = shell.view();
  if (!view || !shell.owner_only("site slip")) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  PartyId landlord = reader.party("landlord", values.landlord);
  Term by = reader.term("--by", values.by);
  if (!reader.good()) return shell.say(reader.errors());
  projections::Slip slip = projections::slip(state, landlord, by, view->moment);
  if (shell.output() == Output::table) {
    for (SiteLeaseId id : slip.leases)
      shell.out() << fmt::format("head lease {} of {} begins {} later than {}\n",
                                 state.fleet.site_leases.at(id).name,
                                 state.sites.at(state.fleet.site_leases.at(id).site).name,
                                 to_text(by), to_short_text(state.fleet.site_leases.at(id).from));
    for (const projections::SlippedDelivery& moved : slip.deliveries) {
      const Delivery& delivery = state.deliveries.at(moved.delivery);
      shell.out() << fmt::format("delivery {} of {} has its power from {} instead of {}\n",
                                 delivery.name.empty() ? to_text(delivery.id) : delivery.name,
                                 to_text(delivery.quantity), to_short_text(moved.now),
                                 to_short_text(moved.was));
    }
  }
  Table table(kSlipColumns);
  for (const projections::SlippedLine& line : slip.lines) {
    const Lease& lease = state.lease_of(line.line);
    QuantityKind unit = state.sku_of(line.line).atom_kind();
    table.add({text(state.name_of(line.line)), text(state.name_of(lease.offer.lessee)),
               text(to_text(Quantity{line.atoms, unit})), moment(line.missing.from),
               moment(line.missing.until), money(line.put_off),
               line.clause ? money(line.damages) : text("no clause"),
               line.walk_from ? moment(*line.walk_from) : text(""),
               text(line.instead.empty() ? "nowhere" : line.instead)});
  }
  shell.say(table);
}

struct HeadroomValues {
  std::string months = "12";
};
void headroom_options(Form& form, HeadroomValues& values) {
  form.add_option("--months", values.months, "How many, from the present one on");
}
const Columns kHeadroomColumns = columns_of(
    "site, month, contracted: power, delivered: power, used: power, free: power, servers: number, "
    "sold: number, more by power: "
    "number, more by racks: number, binds first");
void show_headroom(Shell& shell, const HeadroomValues& values) {
  auto view = shell.view();
  if (!view || !shell.owner_only("site headroom")) return;
  Reader reader = shell.reader(view->state);
  int64_t months = reader.whole("--months", values.months);
  if (months < 1 || months > 240) reader.wrong("--months", values.months, "1 to 240");
  if (!reader.good()) return shell.say(reader.errors());
  auto megawatts = [](int64_t watts) {
    return Cell{watts_text(watts), std::to_string(watts), true};
  };
  // The month's first moment: its name without the day.
  Reader month(view->state, "Etc/UTC");
  Instant first = month.instant("--at", to_text(view->moment).substr(0, 7) + "-01");
  Table table(kHeadroomColumns);
  for (const projections::Headroom& room :
       projections::headroom(view->state, first, static_cast<int>(months)))
    table.add({text(view->state.sites.at(room.site).name), text(to_text(room.month).substr(0, 7)),
               megawatts(room.watts), megawatts(room.promised), megawatts(room.in_use),
               megawatts(room.watts - room.promised), number(room.servers), number(room.sold),
               number(room.by_power), room.by_racks ? number(*room.by_racks) : text("not limited"),
               text(room.binds)});
  shell.say(table);
}

}  // namespace

void add_site_questions(Noun site) {
  add_command(site, "slip",
              "What a landlord's delay does to deliveries and contracts: site slip edgecore --by "
              "'90 days'",
              slip_options, show_slip, kSlipColumns);
  add_command(site, "headroom",
              "Power, servers and racks by month, and what binds first: site headroom --months 6",
              headroom_options, show_headroom, kHeadroomColumns);
}

}  // namespace leasehold::operations
