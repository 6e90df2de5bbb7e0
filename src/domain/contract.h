// Contracts: what is offered, quoted, held and signed. A sublease is a lease whose lines draw on
// lines of the lessor's own lease; nothing else tells it apart.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/describe.h"
#include "base/money.h"
#include "base/quantity.h"
#include "base/time.h"
#include "domain/account_id.h"
#include "domain/billing_terms.h"
#include "domain/ids.h"

namespace leasehold {

// Who may use what is leased. A rule binds every tier below it as well.
enum class Use : uint8_t {
  resale,         // anybody, to any depth
  sublease_once,  // the lessee may sublease; its sublessees may not, but to parts of themselves
  listed,         // only to the listed parties and parts of them
  no_resale,      // only to parts of the lessee and to companies it owns at least half of
  internal,       // only to parts of the lessee
};
constexpr auto enum_names(Use) {
  return std::array{"resale", "sublease_once", "listed", "no_resale", "internal"};
}

enum class Side : uint8_t { lessor, lessee };
constexpr auto enum_names(Side) { return std::array{"lessor", "lessee"}; }

struct Renewal {
  Term term;
  Term notice;  // to be given before the end
  bool operator==(const Renewal&) const = default;
  static constexpr auto fields() {
    return describe(field("term", &Renewal::term), field("notice", &Renewal::notice));
  }
};

// How servers of a line lie in the fleet.
enum class Spread : uint8_t {
  pack,  // in as few pods as there can be: whole pods first
  rack,  // as evenly as there can be over racks, rows or pods
  row,
  pod,
};
constexpr auto enum_names(Spread) { return std::array{"pack", "rack", "row", "pod"}; }

// Planned maintenance that is no outage: told so long before, and no longer than that in a month.
struct MaintenanceClause {
  Term notice;
  int64_t hours_per_month = 0;
  bool operator==(const MaintenanceClause&) const = default;
  static constexpr auto fields() {
    return describe(field("notice", &MaintenanceClause::notice),
                    field("hours_per_month", &MaintenanceClause::hours_per_month));
  }
};

// What the lessor owes for a tranche that comes late: a share of a month's fee for each day after
// the grace, up to a share of it; after so long the lessee may leave the tranche.
struct DelayClause {
  Term grace;
  int64_t permille_per_day = 0;
  int64_t cap_permille = 0;
  std::optional<Term> walk_after;
  bool operator==(const DelayClause&) const = default;
  static constexpr auto fields() {
    return describe(field("grace", &DelayClause::grace),
                    field("permille_per_day", &DelayClause::permille_per_day),
                    field("cap_permille", &DelayClause::cap_permille),
                    field("walk_after", &DelayClause::walk_after));
  }
};

struct Terms {
  std::string zone = "Etc/UTC";  // IANA: month boundaries and calendar terms
  Use use = Use::resale;
  std::vector<PartyId> listed;
  int64_t take_or_pay_permille = 1000;
  int64_t prepay_permille = 0;
  std::optional<Term> notice;  // ends an open term; a dated term without it runs to its end
  std::optional<Renewal> renewal;
  Side spares_held_by = Side::lessor;
  int64_t spares_permille = 0;
  int64_t exit_fee_permille = 1000;  // of what is left to pay, on early termination
  std::optional<CommitmentId> draws_on;
  std::optional<Spread> spread;           // pack where it is not said
  std::optional<Term> acceptance_window;  // silence that accepts; 14 days where it is not said
  std::optional<MaintenanceClause> maintenance;
  std::optional<DelayClause> delay;
  std::optional<BillingTerms> billing;
  bool operator==(const Terms&) const = default;

  static constexpr auto fields() {
    return describe(
        field("zone", &Terms::zone), field("use", &Terms::use), field("listed", &Terms::listed),
        field("take_or_pay_permille", &Terms::take_or_pay_permille),
        field("prepay_permille", &Terms::prepay_permille), field("notice", &Terms::notice),
        field("renewal", &Terms::renewal), field("spares_held_by", &Terms::spares_held_by),
        field("spares_permille", &Terms::spares_permille),
        field("exit_fee_permille", &Terms::exit_fee_permille), field("draws_on", &Terms::draws_on),
        field("spread", &Terms::spread), field("acceptance_window", &Terms::acceptance_window),
        field("maintenance", &Terms::maintenance), field("delay", &Terms::delay),
        field("billing", &Terms::billing));
  }
};

enum class PriceBasis : uint8_t { total, per_accelerator_hour, per_server_month };
constexpr auto enum_names(PriceBasis) {
  return std::array{"total", "per_accelerator_hour", "per_server_month"};
}

struct Price {
  PriceBasis basis = PriceBasis::total;
  Money amount;
  bool operator==(const Price&) const = default;
  static constexpr auto fields() {
    return describe(field("basis", &Price::basis), field("amount", &Price::amount));
  }
};

// The part of a line that is delivered and accepted together; payable from its acceptance.
struct Tranche {
  Instant from;
  Instant until = kForever;
  int64_t atoms = 0;
  std::optional<Instant> accepted_at;
  uint32_t promise = 0;                   // the slot in the source's account
  std::optional<Instant> deemed_on = {};  // offered: accepted then where nobody objects

  Interval interval() const { return {from, until}; }
  static constexpr auto fields() {
    return describe(field("from", &Tranche::from), field("until", &Tranche::until),
                    field("atoms", &Tranche::atoms), field("accepted_at", &Tranche::accepted_at),
                    field("promise", &Tranche::promise), field("deemed_on", &Tranche::deemed_on));
  }
};

struct Line {
  AccountId source;   // a pool, or a line of the lessor's own lease
  PoolId pool;        // where the servers are, whatever the tier
  Quantity quantity;  // as sold; the tranches say what runs when, in atoms
  Price price;
  std::vector<Tranche> tranches;

  // From the first tranche's start to the last one's end.
  Interval term() const;
  int64_t atoms_at(Instant at) const;
  int64_t greatest_atoms() const;
  static constexpr auto fields() {
    return describe(field("source", &Line::source), field("pool", &Line::pool),
                    field("quantity", &Line::quantity), field("price", &Line::price),
                    field("tranches", &Line::tranches));
  }
};

struct Offer {
  std::string name;
  PartyId lessor;
  PartyId lessee;
  Terms terms;
  std::vector<Line> lines;
  static constexpr auto fields() {
    return describe(field("name", &Offer::name), field("lessor", &Offer::lessor),
                    field("lessee", &Offer::lessee), field("terms", &Offer::terms),
                    field("lines", &Offer::lines));
  }
};

enum class QuoteStatus : uint8_t { open, held, signed_, released, expired };
constexpr auto enum_names(QuoteStatus) {
  return std::array{"open", "held", "signed", "released", "expired"};
}

struct Quote {
  QuoteId id;
  Offer offer;
  Instant issued_at;
  std::optional<Instant> held_until;
  QuoteStatus status = QuoteStatus::open;
  static constexpr auto fields() {
    return describe(field("id", &Quote::id), field("offer", &Quote::offer),
                    field("issued_at", &Quote::issued_at), field("held_until", &Quote::held_until),
                    field("status", &Quote::status));
  }
};

struct Lease {
  LeaseId id;
  Offer offer;
  Instant signed_at;
  std::optional<Instant> notice_given_at;
  std::optional<Instant> terminated_at;
  std::optional<Money> exit_fee;
  bool renewed = false;
  std::vector<std::string> amendments;  // their names, in order; "" for one without a name

  Interval term() const;
  static constexpr auto fields() {
    return describe(
        field("id", &Lease::id), field("offer", &Lease::offer),
        field("signed_at", &Lease::signed_at), field("notice_given_at", &Lease::notice_given_at),
        field("terminated_at", &Lease::terminated_at), field("exit_fee", &Lease::exit_fee),
        field("renewed", &Lease::renewed), field("amendments", &Lease::amendments));
  }
};

// A sum to be drawn at a floor rate by a date, with no dated block of servers.
struct Commitment {
  CommitmentId id;
  std::string name;
  PartyId lessor;
  PartyId lessee;
  Money sum;
  Money floor_rate;  // per accelerator-hour: a lease that draws on it may not be cheaper
  Instant from;
  Instant until;
  bool operator==(const Commitment&) const = default;
  static constexpr auto fields() {
    return describe(field("id", &Commitment::id), field("name", &Commitment::name),
                    field("lessor", &Commitment::lessor), field("lessee", &Commitment::lessee),
                    field("sum", &Commitment::sum), field("floor_rate", &Commitment::floor_rate),
                    field("from", &Commitment::from), field("until", &Commitment::until));
  }
};

// Atom-hours (as atom-seconds) that the line's tranches give between two instants.
Int128 atom_seconds(const Line& line, const Interval& window);

// What the line costs within a window, exactly: a total is spread evenly over the line's
// atom-seconds; a server-month is a twelfth of 365.25 days. Nothing where the window is open, or
// for a total over an open term. The per_server of the line's SKU converts server-months.
std::optional<Money> value(const Line& line, const Interval& window, int64_t atoms_per_server);

// What an accelerator-hour costs; nothing for a total over an open term, or where nothing is left.
std::optional<Money> hourly_rate(const Line& line, int64_t atoms_per_server);

}  // namespace leasehold
