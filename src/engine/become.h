// What the facts about the fleet and about money do to a state. Internal to apply().
#pragma once

#include "domain/access.h"
#include "domain/billing_fact.h"
#include "domain/fleet_fact.h"
#include "engine/state.h"

namespace leasehold::engine {

void become(State& state, const SiteLeased& fact);
void become(State& state, const SiteLeaseRetimed& fact);
void become(State& state, const LienGranted& fact);
void become(State& state, const DrawMeasured& fact);
void become(State& state, const HallBuilt& fact);
void become(State& state, const RowBuilt& fact);
void become(State& state, const FeedInstalled& fact);
void become(State& state, const PodPlanned& fact);
void become(State& state, const RacksInstalled& fact);
void become(State& state, const BudgetChanged& fact);
void become(State& state, const SparesKept& fact);
void become(State& state, const ServersAdded& fact);
void become(State& state, const ServersMoved& fact);
void become(State& state, const ServersTested& fact);
void become(State& state, const AbsencesSet& fact);
void become(State& state, const DeliveryCounted& fact);
void become(State& state, const LinePlaced& fact);
void become(State& state, const ServerReplaced& fact);
void become(State& state, const OutageBegan& fact);
void become(State& state, const OutageEnded& fact);
void become(State& state, const MaintenancePlanned& fact);
void become(State& state, const MaintenanceBegan& fact);
void become(State& state, const MaintenanceEnded& fact);
void become(State& state, const InstanceLaunched& fact);
void become(State& state, const InstanceReclaimed& fact);
void become(State& state, const InstanceEnded& fact);
void become(State& state, const TranchePresented& fact);
void become(State& state, const PartyDescribed& fact);
void become(State& state, const TaxRateSet& fact);
void become(State& state, const ListPriceSet& fact);
void become(State& state, const AssetCostSet& fact);
void become(State& state, const MeterDefined& fact);
void become(State& state, const UsageRecorded& fact);
void become(State& state, const UsageRefused& fact);
void become(State& state, const IncidentRecorded& fact);
void become(State& state, const OutageExcused& fact);
void become(State& state, const PromotionGranted& fact);
void become(State& state, const InvoiceIssued& fact);
void become(State& state, const MonthClosed& fact);
void become(State& state, const PaymentRecorded& fact);
void become(State& state, const KeyIssued& fact);
void become(State& state, const KeyRevoked& fact);
void become(State& state, const RequestKept& fact);
void become(State& state, const UserSet& fact);
void become(State& state, const UserRemoved& fact);
void become(State& state, const RequestsRefused& fact);
void become(State& state, const AccessUsed& fact);
void become(State& state, const WebhookAdded& fact);
void become(State& state, const WebhookRemoved& fact);
void become(State& state, const WebhookReplayed& fact);
void become(State& state, const WebhookReported& fact);
void become(State& state, const SshKeyAdded& fact);
void become(State& state, const SshKeyRemoved& fact);
void become(State& state, const FileSystemCreated& fact);
void become(State& state, const FileSystemDeleted& fact);
void become(State& state, const FirewallSet& fact);
void become(State& state, const FirewallDeleted& fact);
void become(State& state, const ImageOffered& fact);
void become(State& state, const InstanceReported& fact);
void become(State& state, const InstanceRestarted& fact);
void become(State& state, const InstanceLabelled& fact);
void become(State& state, const SkuDescribed& fact);
void become(State& state, const QuotaSet& fact);
void become(State& state, const SpendBudgetSet& fact);
void become(State& state, const SpendBudgetReached& fact);

}  // namespace leasehold::engine
