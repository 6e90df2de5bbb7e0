// The closed list of commands: what somebody asks for. The engine decides each against the state
// and gives facts (fact.h) or a refusal (refusal.h). Time comes with the command, never from a
// clock. References are ids: the shells turn names into ids before.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "domain/access.h"
#include "domain/billing_command.h"
#include "domain/contract.h"
#include "domain/fleet_command.h"
#include "domain/party.h"
#include "domain/spend.h"
#include "domain/supply.h"
#include "domain/webhook.h"

namespace leasehold {

// What to do with promises that a change would break.
enum class Resolve : uint8_t {
  refuse,   // say which, change nothing
  curtail,  // cut the latest promises by what is missing while it is missing, at every tier below
};
constexpr auto enum_names(Resolve) { return std::array{"refuse", "curtail"}; }

struct DefineParty {
  Party party;
};  // its id is drawn
struct RelateParties {
  Relation relation;
};  // replaces the share of an equal relation
struct OpenSite {
  Site site;
};
struct ChangePower {
  SiteId site;
  Interval interval;
  int64_t watts = 0;
};  // more, or less
struct DefineSku {
  Sku sku;
};
struct DescribeSku {
  SkuId sku;
  SkuSpecs specs;
};
struct OpenPool {
  Pool pool;
};
struct SetOvercommit {
  PoolId pool;
  int64_t permille = 0;
};
struct Deliver {
  std::string name;
  PoolId pool;
  Quantity quantity;
  Interval interval;
};
struct RetimeDelivery {
  DeliveryId delivery;
  Instant from;
  Resolve resolve = Resolve::refuse;
};
struct WithdrawSupply {
  DeliveryId delivery;
  Quantity quantity;
  Interval interval;
  Resolve resolve = Resolve::refuse;
};

// A further part of a line that runs from a later moment to the line's end.
struct RampStep {
  Instant from;
  Quantity quantity;
};

// What is asked for in one line. All of it or nothing is given.
struct LineRequest {
  std::vector<AccountId> sources;  // in order of preference; the first that fits whole is taken
  bool may_split = false;          // else from several of them together
  Quantity quantity;               // running from `interval.from`; `ramp` adds to it
  Interval interval;
  std::vector<RampStep> ramp;
  Price price;
  std::string fabric = {};  // that its servers must be on; "" for any
};

struct OfferRequest {
  std::string name;
  PartyId lessor;
  PartyId lessee;
  Terms terms;
  std::vector<LineRequest> lines;
};

struct IssueQuote {
  OfferRequest offer;
  std::optional<Instant> hold_until;
};
struct PlaceHold {
  QuoteId quote;
  Instant until;
};
struct ReleaseHold {
  QuoteId quote;
};
struct PassTime {};  // issued when the engine's next due time has come: does the first thing due
struct SignQuote {
  QuoteId quote;
};
struct SignLease {
  OfferRequest offer;
};

struct AcceptTranche {
  AccountId line;
  int64_t tranche = 1;
  Instant on;
};

enum class Change : uint8_t { extend, shorten, add, reduce, retime, swap };
constexpr auto enum_names(Change) {
  return std::array{"extend", "shorten", "add", "reduce", "retime", "swap"};
}
struct AmendLine {
  std::string name;  // of the amendment; may be empty
  AccountId line;
  Change change = Change::extend;
  Instant from;                // add, reduce, retime, swap: when it begins
  Instant until = kForever;    // extend, shorten: the new end; swap: when the old part ends
  Quantity quantity;           // add, reduce, swap
  int64_t tranche = 1;         // retime: 1-based
  AccountId source;            // swap: where the new part is drawn from
  std::optional<Price> price;  // swap: of the new part
  Resolve resolve = Resolve::refuse;
};
struct AssignLease {
  LeaseId lease;
  Side side = Side::lessee;
  PartyId to;
};
struct GiveNotice {
  LeaseId lease;
  Resolve resolve = Resolve::refuse;
};
struct RenewLease {
  LeaseId lease;
};
struct TerminateLease {
  LeaseId lease;
  Instant on;
  Resolve resolve = Resolve::refuse;
};
struct SignCommitment {
  Commitment commitment;
};

using CommandBody = std::variant<
    DefineParty, RelateParties, OpenSite, ChangePower, DefineSku, OpenPool, SetOvercommit, Deliver,
    RetimeDelivery, WithdrawSupply, IssueQuote, PlaceHold, ReleaseHold, PassTime, SignQuote,
    SignLease, AcceptTranche, AmendLine, AssignLease, GiveNotice, RenewLease, TerminateLease,
    SignCommitment, LeaseSite, RetimeSiteLease, BuildHall, BuildRow, InstallFeed, PlanPod,
    InstallRacks, ChangeBudget, KeepSpares, AddServers, MoveServers, RecordTest, PlanMaintenance,
    CancelMaintenance, LaunchInstance, EndInstance, PresentTranche, GrantLien, MeasureDraw,
    DescribeParty, SetTaxRate, SetListPrice, SetAssetCost, DefineMeter, RecordUsage, RecordIncident,
    ExcuseOutage, GrantPromotion, IssueInvoice, CloseMonth, CreditInvoice, RecordPayment, IssueKey,
    RevokeKey, KeepRequest, SetUser, RemoveUser, NoteAccess, AddWebhook, RemoveWebhook,
    ReplayWebhook, ReportWebhook, AddSshKey, RemoveSshKey, CreateFileSystem, DeleteFileSystem,
    SetFirewall, DeleteFirewall, OfferImage, ReportInstance, RestartInstance, LabelInstance,
    DescribeSku, SetQuota, SetSpendBudget, NoteSpend>;

struct Command {
  Instant at;         // never before the last fact
  std::string actor;  // who asks, for the audit
  CommandBody body;
  // Where its repetition must be known: it is then done once and answered as the first time.
  std::optional<RequestKey> request = {};
};

}  // namespace leasehold
