// What a contract says about money beside its prices: periods, service levels, rates of meters.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "base/money.h"
#include "base/time.h"
#include "domain/ids.h"

namespace leasehold {

// How a price that depends on the quantity of a billing period is meant.
enum class RateMode : uint8_t {
  graduated,  // each step's price for the units above the step's start
  volume,     // the price of the step that the whole quantity reaches, for all of it
};
constexpr auto enum_names(RateMode) { return std::array{"graduated", "volume"}; }

struct RateStep {
  int64_t above = 0;  // whole units in a billing period
  Money price;
  bool operator==(const RateStep&) const = default;
  static constexpr auto fields() {
    return describe(field("above", &RateStep::above), field("price", &RateStep::price));
  }
};

// A price per unit: of an accelerator-hour, or of a meter's unit.
struct Rate {
  Money price;  // up to the first step
  RateMode mode = RateMode::graduated;
  std::vector<RateStep> steps;  // ascending
  bool operator==(const Rate&) const = default;
  static constexpr auto fields() {
    return describe(field("price", &Rate::price), field("mode", &Rate::mode),
                    field("steps", &Rate::steps));
  }
};

struct MeterRate {
  MeterId meter;
  Rate rate;
  bool operator==(const MeterRate&) const = default;
  static constexpr auto fields() {
    return describe(field("meter", &MeterRate::meter), field("rate", &MeterRate::rate));
  }
};

// Oracle's contracts keep the three apart (data set: sla_table.csv, S82).
enum class SlaKind : uint8_t {
  data_plane,     // servers that are not there
  control_plane,  // launching and managing them does not work
  performance,    // they are there and do less than was promised
};
constexpr auto enum_names(SlaKind) {
  return std::array{"data_plane", "control_plane", "performance"};
}

enum class SlaUnit : uint8_t {
  server,
  rack,  // a rack with more servers down than are tolerated counts as down as a whole
};
constexpr auto enum_names(SlaUnit) { return std::array{"server", "rack"}; }

struct SlaStep {
  int64_t below_ppm = 0;  // of availability
  int64_t credit_permille = 0;
  bool operator==(const SlaStep&) const = default;
  static constexpr auto fields() {
    return describe(field("below_ppm", &SlaStep::below_ppm),
                    field("credit_permille", &SlaStep::credit_permille));
  }
};

// What the lessor gives back of a line's fee for a period in which less was available than was
// promised. The lowest step that the availability is below holds.
struct SlaClause {
  SlaKind kind = SlaKind::data_plane;
  int64_t target_ppm = 0;
  SlaUnit unit = SlaUnit::server;
  int64_t tolerated = 0;  // servers of a rack that may be down
  // The credit is a share of the fee; or, pro rata, that many times (1000: once) what was missing.
  bool pro_rata = false;
  std::vector<SlaStep> steps;  // descending
  int64_t cap_permille = 1000;
  bool operator==(const SlaClause&) const = default;
  static constexpr auto fields() {
    return describe(field("kind", &SlaClause::kind), field("target_ppm", &SlaClause::target_ppm),
                    field("unit", &SlaClause::unit), field("tolerated", &SlaClause::tolerated),
                    field("pro_rata", &SlaClause::pro_rata), field("steps", &SlaClause::steps),
                    field("cap_permille", &SlaClause::cap_permille));
  }
};

// The price rises by so much, compound, each time so long has passed since the line's start.
struct Escalator {
  Term every;
  int64_t permille = 0;
  bool operator==(const Escalator&) const = default;
  static constexpr auto fields() {
    return describe(field("every", &Escalator::every), field("permille", &Escalator::permille));
  }
};

// Revenue of a reseller: the whole (a principal) or what it keeps (an agent).
enum class Presentation : uint8_t { gross, net };
constexpr auto enum_names(Presentation) { return std::array{"gross", "net"}; }

struct BillingTerms {
  int64_t day = 1;  // of the month on which a period begins; its last where it has no such day
  Term due{0, 30, 0};
  int64_t late_interest_permille = 0;  // a year, simple; 0: none
  std::vector<Term> dunning;           // after the due date
  std::optional<Escalator> escalator;  // of prices by the hour or month
  std::optional<Money> minimum;        // a period
  std::optional<Money> overage;        // an accelerator-hour on demand from the lines' pools
  bool most_favoured = false;
  std::optional<Presentation> presentation;  // where it is not to follow from the contract
  std::string accounting_reason;             // why it is a lease or a service, and not the other
  bool accounted_as_lease = false;           // ASC 842 or IFRS 16, rather than a service
  std::vector<MeterRate> rates;
  std::vector<SlaClause> slas;
  bool operator==(const BillingTerms&) const = default;
  static constexpr auto fields() {
    return describe(
        field("day", &BillingTerms::day), field("due", &BillingTerms::due),
        field("late_interest_permille", &BillingTerms::late_interest_permille),
        field("dunning", &BillingTerms::dunning), field("escalator", &BillingTerms::escalator),
        field("minimum", &BillingTerms::minimum), field("overage", &BillingTerms::overage),
        field("most_favoured", &BillingTerms::most_favoured),
        field("presentation", &BillingTerms::presentation),
        field("accounting_reason", &BillingTerms::accounting_reason),
        field("accounted_as_lease", &BillingTerms::accounted_as_lease),
        field("rates", &BillingTerms::rates), field("slas", &BillingTerms::slas));
  }
};

}  // namespace leasehold
