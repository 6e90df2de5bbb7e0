// The rules that several decisions share. Internal to the engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capacity/ledger.h"
#include "domain/command.h"
#include "domain/refusal.h"
#include "engine/engine.h"
#include "engine/state.h"

namespace leasehold::engine {

using Checked = Result<std::monostate>;

// Names are 1 to 64 of letters, digits, '.', '-' and '_', and never read as an id ("lease-7" as the
// name of a lease) or as a line ("comet.1").
Checked check_name(const std::string& name, bool taken, std::string_view stem = "");
template <class IdType, class Row>
Checked check_new_name(const Registry<IdType, Row>& table, const std::string& name) {
  std::string id = to_text(IdType{1});
  return check_name(name, bool(table.resolve(name)), id.substr(0, id.rfind('-')));
}
// Free text: UTF-8 without control characters, at most 256 bytes.
Checked check_text(const std::string& text, std::string_view subject);
Checked check_interval(const Interval& interval, std::string_view subject);
Checked check_range(int64_t value, int64_t least, int64_t most, std::string_view subject);
// Amounts so small that no sum of contracts leaves 128 bits: a total of 10^12 units of a currency,
// 10^6 an accelerator-hour, 10^9 a server-month.
Checked check_price(const Price& price);
// Atoms of a quantity, from 1 to kMostAtoms.
// What runs until notice has a price by time and a notice period.
// Days, shares and rates of what a contract says about billing.
Checked check_billing(const State& state, const BillingTerms& terms);
Checked check_open_term(const Price& price, const Terms& terms);
inline constexpr int64_t kMostAtoms = 1'000'000'000;
inline constexpr int64_t kMostCount = 1'000'000'000'000;  // of a typed quantity, watts included
Result<int64_t> atoms_of(const Sku& sku, const Site& site, const Quantity& quantity);

// Promises (negative) or gives back (positive) atoms of an account, opening a line's account in
// the proposal where nothing was drawn from it yet.
void draw(capacity::Proposal& proposal, const State& state, const AccountId& account,
          const Interval& interval, int64_t delta);

// Whether `lessee` may use what is drawn from `source`: every clause of every lease above.
// `lessor` is the party that would sublease to it.
Checked check_use(const State& state, const AccountId& source, PartyId lessor, PartyId lessee);
// The same as it would be if a lease had another lessee.
struct UseChange {
  LeaseId lease;
  PartyId lessee;
};
Checked check_use(const State& state, const AccountId& source, PartyId lessor, PartyId lessee,
                  const UseChange& change);
// Owned by at least half, over any number of steps, or a part of such a company.
bool is_affiliate(const State& state, PartyId party, PartyId of);

// Builds and checks an offer; its draws stay in the proposal. Line by line, all or nothing.
Result<Offer> build_offer(const State& state, const OfferRequest& request,
                          capacity::Proposal& proposal, Instant now);
// What the offer's lines would take from a commitment, checked against it.
Checked check_commitment(const State& state, const Offer& offer);
// The refusal for a shortfall: who holds what there, and what would fit instead.
Refusal shortage(const State& state, const capacity::Shortfall& shortfall, RefusalCode code);
// Adds the nearest that would fit for so many atoms in the window: fewer, later, elsewhere.
// `before` is the proposal without the request.
void add_nearest(Refusal& refusal, const State& state, const capacity::Proposal& before,
                 const AccountId& account, const Quantity& quantity, const Interval& window,
                 PartyId lessor);

// What would fit where a change would take too much from the promises of the refused account: less
// of it, or a line that ends when it is no longer needed.
void add_less(Refusal& refusal, const capacity::Proposal& proposal, int64_t asked,
              const Interval& window);
// How far a line can be extended: to where it stops to fit, where that is after its present end.
void add_fitting_end(Refusal& refusal, Instant present_end);
void add_needed_end(Refusal& refusal, const capacity::Proposal& proposal);
// The part of a window after its last moment with less than `atoms`.
void add_later_part(Refusal& refusal, const capacity::Calendar& free, int64_t atoms,
                    const Interval& window);

// Where an account is below zero with a proposal's changes, and by how much.
std::vector<capacity::Steps::Piece> low_stretches(const capacity::Proposal& proposal,
                                                  const AccountId& account);

// The line's tranches without `atoms` in the interval, taken from the last tranche first.
std::vector<Tranche> cut(const std::vector<Tranche>& tranches, const Interval& interval,
                         int64_t atoms);

// Replaces a line's tranches: checks the account above it and the promises below it. Facts are
// added to `facts`, for the promises below as well where `resolve` is curtail.
Checked rewrite_line(const State& state, capacity::Proposal& proposal, const AccountId& line,
                     const std::vector<Tranche>& tranches, const std::string& change,
                     const std::string& name, Resolve resolve, Facts& facts);
// Makes the promises of an account fit what it has, or refuses.
Checked settle_below(const State& state, capacity::Proposal& proposal, const AccountId& account,
                     Resolve resolve, Facts& facts);

// Whether a line has all the servers that it wants now.
Checked check_in_place(const State& state, const AccountId& line);

// Planned work begins and ends.
Facts begin_maintenance(const State& state, MaintenanceId id, Instant now);
Facts end_maintenance(const State& state, MaintenanceId id, Instant now, bool cancelled);

// The decisions, one for each command; decide() in engine.cpp calls them.
Result<Facts> decide_body(const State&, const DefineParty&, Instant now);
Result<Facts> decide_body(const State&, const RelateParties&, Instant now);
Result<Facts> decide_body(const State&, const OpenSite&, Instant now);
Result<Facts> decide_body(const State&, const ChangePower&, Instant now);
Result<Facts> decide_body(const State&, const DefineSku&, Instant now);
Result<Facts> decide_body(const State&, const OpenPool&, Instant now);
Result<Facts> decide_body(const State&, const SetOvercommit&, Instant now);
Result<Facts> decide_body(const State&, const Deliver&, Instant now);
Result<Facts> decide_body(const State&, const RetimeDelivery&, Instant now);
Result<Facts> decide_body(const State&, const WithdrawSupply&, Instant now);
Result<Facts> decide_body(const State&, const IssueQuote&, Instant now);
Result<Facts> decide_body(const State&, const PlaceHold&, Instant now);
Result<Facts> decide_body(const State&, const ReleaseHold&, Instant now);
Result<Facts> decide_body(const State&, const PassTime&, Instant now);
Result<Facts> decide_body(const State&, const SignQuote&, Instant now);
Result<Facts> decide_body(const State&, const SignLease&, Instant now);
Result<Facts> decide_body(const State&, const AcceptTranche&, Instant now);
Result<Facts> decide_body(const State&, const AmendLine&, Instant now);
Result<Facts> decide_body(const State&, const AssignLease&, Instant now);
Result<Facts> decide_body(const State&, const GiveNotice&, Instant now);
Result<Facts> decide_body(const State&, const RenewLease&, Instant now);
Result<Facts> decide_body(const State&, const TerminateLease&, Instant now);
Result<Facts> decide_body(const State&, const SignCommitment&, Instant now);
Result<Facts> decide_body(const State&, const LeaseSite&, Instant now);
Result<Facts> decide_body(const State&, const RetimeSiteLease&, Instant now);
Result<Facts> decide_body(const State&, const BuildHall&, Instant now);
Result<Facts> decide_body(const State&, const BuildRow&, Instant now);
Result<Facts> decide_body(const State&, const InstallFeed&, Instant now);
Result<Facts> decide_body(const State&, const PlanPod&, Instant now);
Result<Facts> decide_body(const State&, const InstallRacks&, Instant now);
Result<Facts> decide_body(const State&, const ChangeBudget&, Instant now);
Result<Facts> decide_body(const State&, const GrantLien&, Instant now);
Result<Facts> decide_body(const State&, const MeasureDraw&, Instant now);
Result<Facts> decide_body(const State&, const KeepSpares&, Instant now);
Result<Facts> decide_body(const State&, const AddServers&, Instant now);
Result<Facts> decide_body(const State&, const MoveServers&, Instant now);
Result<Facts> decide_body(const State&, const RecordTest&, Instant now);
Result<Facts> decide_body(const State&, const PlanMaintenance&, Instant now);
Result<Facts> decide_body(const State&, const CancelMaintenance&, Instant now);
Result<Facts> decide_body(const State&, const LaunchInstance&, Instant now);
Result<Facts> decide_body(const State&, const EndInstance&, Instant now);
Result<Facts> decide_body(const State&, const PresentTranche&, Instant now);
Result<Facts> decide_body(const State&, const DescribeParty&, Instant now);
Result<Facts> decide_body(const State&, const SetTaxRate&, Instant now);
Result<Facts> decide_body(const State&, const SetListPrice&, Instant now);
Result<Facts> decide_body(const State&, const SetAssetCost&, Instant now);
Result<Facts> decide_body(const State&, const DefineMeter&, Instant now);
Result<Facts> decide_body(const State&, const RecordUsage&, Instant now);
Result<Facts> decide_body(const State&, const RecordIncident&, Instant now);
Result<Facts> decide_body(const State&, const ExcuseOutage&, Instant now);
Result<Facts> decide_body(const State&, const GrantPromotion&, Instant now);
Result<Facts> decide_body(const State&, const IssueInvoice&, Instant now);
Result<Facts> decide_body(const State&, const CloseMonth&, Instant now);
Result<Facts> decide_body(const State&, const CreditInvoice&, Instant now);
Result<Facts> decide_body(const State&, const RecordPayment&, Instant now);
Result<Facts> decide_body(const State&, const IssueKey&, Instant now);
Result<Facts> decide_body(const State&, const RevokeKey&, Instant now);
Result<Facts> decide_body(const State&, const SetUser&, Instant now);
Result<Facts> decide_body(const State&, const RemoveUser&, Instant now);
Result<Facts> decide_body(const State&, const NoteAccess&, Instant now);
Result<Facts> decide_body(const State&, const AddWebhook&, Instant now);
Result<Facts> decide_body(const State&, const RemoveWebhook&, Instant now);
Result<Facts> decide_body(const State&, const ReplayWebhook&, Instant now);
Result<Facts> decide_body(const State&, const ReportWebhook&, Instant now);
Result<Facts> decide_body(const State&, const KeepRequest&, Instant now);
Result<Facts> decide_body(const State&, const AddSshKey&, Instant now);
Result<Facts> decide_body(const State&, const RemoveSshKey&, Instant now);
Result<Facts> decide_body(const State&, const CreateFileSystem&, Instant now);
Result<Facts> decide_body(const State&, const DeleteFileSystem&, Instant now);
Result<Facts> decide_body(const State&, const SetFirewall&, Instant now);
Result<Facts> decide_body(const State&, const DeleteFirewall&, Instant now);
Result<Facts> decide_body(const State&, const OfferImage&, Instant now);
Result<Facts> decide_body(const State&, const ReportInstance&, Instant now);
Result<Facts> decide_body(const State&, const RestartInstance&, Instant now);
Result<Facts> decide_body(const State&, const LabelInstance&, Instant now);
Result<Facts> decide_body(const State&, const DescribeSku&, Instant now);
Result<Facts> decide_body(const State&, const SetQuota&, Instant now);
Result<Facts> decide_body(const State&, const SetSpendBudget&, Instant now);
Result<Facts> decide_body(const State&, const NoteSpend&, Instant now);
// Whether a setup names what is there and the tenant's own.
Checked check_setup(const State& state, PartyId tenant, const Setup& setup);

}  // namespace leasehold::engine

// Gives back the refusal of a check that failed.
#define LH_CHECK(check)                                                                 \
  do {                                                                                  \
    if (auto checked = (check); !checked)                                               \
      return ::leasehold::Unexpected<::leasehold::Refusal>(std::move(checked.error())); \
  } while (false)
