#include "access/authority.h"

#include "access/sides.h"

namespace leasehold::access {

namespace {

using engine::State;

Parties sides(const State& state, LeaseId id) {
  const Lease* lease = state.leases.find(id);
  return lease == nullptr ? Parties{} : sides_of(lease->offer);
}
Parties sides(const State& state, QuoteId id) {
  const Quote* quote = state.quotes.find(id);
  return quote == nullptr ? Parties{} : sides_of(quote->offer);
}
Parties lessor(const State& state, QuoteId id) {
  const Quote* quote = state.quotes.find(id);
  return quote == nullptr ? Parties{} : Parties{quote->offer.lessor};
}
Parties lessor(const State& state, const AccountId& line) {
  if (line.kind != AccountKind::line || state.find_line(line) == nullptr) return {};
  return {state.lease_of(line).offer.lessor};
}
Parties lessee(const State& state, const AccountId& line) {
  if (line.kind != AccountKind::line || state.find_line(line) == nullptr) return {};
  return {state.lease_of(line).offer.lessee};
}
Parties owner(const State& state, PoolId id) {
  const Pool* pool = state.pools.find(id);
  return pool == nullptr ? Parties{} : Parties{pool->owner};
}
Parties owner(const State& state, DeliveryId id) {
  const Delivery* delivery = state.deliveries.find(id);
  return delivery == nullptr ? Parties{} : owner(state, delivery->pool);
}
Parties issuer(const State& state, InvoiceId id) {
  const Invoice* invoice = state.billing.invoices.find(id);
  return invoice == nullptr ? Parties{} : Parties{invoice->to.lessor};
}
// Who may promise from a pool or a line.
Parties promiser(const State& state, const AccountId& account) {
  if (account.kind == AccountKind::pool) return owner(state, PoolId{account.number});
  return lessee(state, account);
}

struct Sides {
  const State& state;

  Parties operator()(const OpenSite& c) const { return {c.site.holder}; }
  Parties operator()(const ChangePower& c) const {
    const Site* site = state.sites.find(c.site);
    return site == nullptr ? Parties{} : Parties{site->holder};
  }
  Parties operator()(const OpenPool& c) const { return {c.pool.owner}; }
  Parties operator()(const SetOvercommit& c) const { return owner(state, c.pool); }
  Parties operator()(const Deliver& c) const { return owner(state, c.pool); }
  Parties operator()(const KeepSpares& c) const { return owner(state, c.pool); }
  Parties operator()(const RetimeDelivery& c) const { return owner(state, c.delivery); }
  Parties operator()(const WithdrawSupply& c) const { return owner(state, c.delivery); }
  Parties operator()(const AddServers& c) const { return owner(state, c.delivery); }
  Parties operator()(const SetAssetCost& c) const { return owner(state, c.cost.delivery); }
  Parties operator()(const IssueQuote& c) const { return {c.offer.lessor}; }
  Parties operator()(const SignLease& c) const { return {c.offer.lessor}; }
  Parties operator()(const SignCommitment& c) const { return {c.commitment.lessor}; }
  Parties operator()(const PlaceHold& c) const { return lessor(state, c.quote); }
  Parties operator()(const ReleaseHold& c) const { return sides(state, c.quote); }
  Parties operator()(const SignQuote& c) const { return sides(state, c.quote); }
  Parties operator()(const AcceptTranche& c) const { return lessee(state, c.line); }
  Parties operator()(const PresentTranche& c) const { return lessor(state, c.line); }
  Parties operator()(const AmendLine& c) const { return lessor(state, c.line); }
  Parties operator()(const AssignLease& c) const { return sides(state, c.lease); }
  Parties operator()(const GiveNotice& c) const { return sides(state, c.lease); }
  Parties operator()(const RenewLease& c) const { return sides(state, c.lease); }
  Parties operator()(const TerminateLease& c) const { return sides(state, c.lease); }
  // An instance runs on what its party may use: a line of its own, or a pool on demand.
  Parties operator()(const LaunchInstance& c) const {
    if (c.account.kind != AccountKind::line) return {c.tenant};
    Parties all = lessee(state, c.account);
    if (!all.empty() && engine::is_part_of(state, c.tenant, all.front())) all.push_back(c.tenant);
    return all;
  }
  Parties operator()(const EndInstance& c) const {
    const Instance* instance = state.instances.find(c.instance);
    if (instance == nullptr) return {};
    Parties all = promiser(state, instance->account);
    all.push_back(instance->tenant);
    return all;
  }
  Parties operator()(const DescribeParty& c) const { return {c.party}; }
  Parties operator()(const SetTaxRate& c) const { return {c.rate.seller}; }
  Parties operator()(const SetListPrice& c) const { return promiser(state, c.price.account); }
  Parties operator()(const DefineMeter& c) const { return {c.meter.owner}; }
  Parties operator()(const RecordIncident& c) const { return lessor(state, c.incident.line); }
  Parties operator()(const ExcuseOutage& c) const {
    const Outage* outage = state.fleet.outages.find(c.outage);
    return outage == nullptr ? Parties{} : lessor(state, outage->line);
  }
  Parties operator()(const SetSpendBudget& c) const { return {c.budget.party}; }
  Parties operator()(const GrantPromotion& c) const { return {c.promotion.lessor}; }
  Parties operator()(const IssueInvoice& c) const { return {c.invoice.to.lessor}; }
  Parties operator()(const CloseMonth& c) const { return {c.lessor}; }
  Parties operator()(const CreditInvoice& c) const { return issuer(state, c.invoice); }
  Parties operator()(const RecordPayment& c) const { return issuer(state, c.invoice); }
  Parties operator()(const IssueKey& c) const { return only(c.key.party); }
  Parties operator()(const RevokeKey& c) const {
    const ApiKey* key = state.access.keys.find(c.key);
    return key == nullptr ? Parties{} : only(key->party);
  }
  Parties operator()(const SetUser& c) const {
    // Whoever has them now must agree as well.
    auto known = state.access.users.find(c.user.email);
    bool elsewhere = known != state.access.users.end() && known->second.party != c.user.party;
    return elsewhere ? Parties{} : only(c.user.party);
  }
  Parties operator()(const RemoveUser& c) const {
    auto user = state.access.users.find(c.email);
    return user == state.access.users.end() ? Parties{} : only(user->second.party);
  }
  Parties operator()(const AddWebhook& c) const { return only(c.webhook.party); }
  Parties operator()(const RemoveWebhook& c) const { return of_webhook(c.webhook); }
  Parties operator()(const ReplayWebhook& c) const { return of_webhook(c.webhook); }
  Parties operator()(const AddSshKey& c) const { return {c.key.party}; }
  Parties operator()(const RemoveSshKey& c) const { return owner_of(space.ssh_keys, c.key); }
  Parties operator()(const CreateFileSystem& c) const { return {c.file_system.party}; }
  Parties operator()(const DeleteFileSystem& c) const {
    return owner_of(space.file_systems, c.file_system);
  }
  Parties operator()(const SetFirewall& c) const { return {c.firewall.party}; }
  Parties operator()(const DeleteFirewall& c) const {
    return owner_of(space.firewalls, c.firewall);
  }
  Parties operator()(const RestartInstance& c) const { return tenant(c.instance); }
  Parties operator()(const LabelInstance& c) const { return tenant(c.instance); }
  // What concerns everybody, or a fleet below its site.
  template <class Other>
  Parties operator()(const Other&) const {
    return {};
  }

  const engine::WorkspaceState& space = state.workspace;

  template <class Rows, class IdType>
  static Parties owner_of(const Rows& rows, IdType id) {
    const auto* row = rows.find(id);
    return row == nullptr ? Parties{} : Parties{row->party};
  }
  Parties of_webhook(const std::string& name) const {
    auto row = state.access.webhooks.find(name);
    return row == state.access.webhooks.end() ? Parties{} : only(row->second.webhook.party);
  }
  Parties tenant(InstanceId id) const {
    const Instance* instance = state.instances.find(id);
    return instance == nullptr ? Parties{} : Parties{instance->tenant};
  }
};

struct AreaOf {
  template <class C, class... Some>
  static constexpr bool kIs = (std::is_same_v<C, Some> || ...);

  template <class C>
  Area operator()(const C&) const {
    if constexpr (kIs<C, IssueQuote, PlaceHold, ReleaseHold, SignQuote, SignLease, AcceptTranche,
                      AmendLine, AssignLease, GiveNotice, RenewLease, TerminateLease,
                      SignCommitment, PresentTranche>)
      return Area::contract;
    else if constexpr (kIs<C, LaunchInstance, EndInstance, AddSshKey, RemoveSshKey,
                           CreateFileSystem, DeleteFileSystem, SetFirewall, DeleteFirewall,
                           RestartInstance, LabelInstance, SetSpendBudget>)
      return Area::use;
    else if constexpr (kIs<C, DescribeParty, SetTaxRate, SetListPrice, SetAssetCost, DefineMeter,
                           RecordUsage, RecordIncident, ExcuseOutage, GrantPromotion, IssueInvoice,
                           CloseMonth, CreditInvoice, RecordPayment>)
      return Area::money;
    else if constexpr (kIs<C, IssueKey, RevokeKey, SetUser, RemoveUser, AddWebhook, RemoveWebhook,
                           ReplayWebhook>)
      return Area::keys;
    else if constexpr (kIs<C, DefineParty, RelateParties, PassTime, KeepRequest, NoteAccess,
                           NoteSpend, ReportWebhook>)
      return Area::log;
    else
      return Area::supply;
  }
};

}  // namespace

bool may_see(Role role, Area area) {
  switch (role) {
    case Role::owner:
    case Role::auditor:
      return true;
    case Role::capacity:
    case Role::read_only:
      return area != Area::money && area != Area::keys && area != Area::log;
    case Role::finance:
      return area != Area::keys && area != Area::log;
    case Role::tenant_admin:
      return area == Area::catalogue || area == Area::contract || area == Area::use ||
             area == Area::money || area == Area::keys;
    case Role::tenant:
      return area == Area::catalogue || area == Area::use;
  }
  return false;
}

bool may_change(Role role, Area area) {
  switch (role) {
    case Role::owner:
      return true;
    case Role::capacity:
      return area == Area::contract || area == Area::supply || area == Area::use;
    case Role::finance:
      return area == Area::money;
    case Role::tenant_admin:
      return area == Area::use || area == Area::keys;
    case Role::tenant:
      return area == Area::use;
    case Role::auditor:
    case Role::read_only:
      return false;
  }
  return false;
}

Area area_of(const CommandBody& command) { return std::visit(AreaOf{}, command); }

Parties sides_of(const State& state, const CommandBody& command) {
  return std::visit(Sides{state}, command);
}

bool may_command(const State& state, const Asker& asker, const CommandBody& command) {
  if (!may_change(asker.role, area_of(command))) return false;
  if (!asker.party) return true;
  // Nobody gives more than they have: only an owner makes an owner's key, or an owner of a user.
  const auto* issue = std::get_if<IssueKey>(&command);
  const auto* set = std::get_if<SetUser>(&command);
  bool gives_more = (issue != nullptr && issue->key.role != Role::tenant) ||
                    (set != nullptr && set->user.role != Role::tenant);
  if (asker.role != Role::owner && gives_more) return false;
  return among(sides_of(state, command), *asker.party);
}

}  // namespace leasehold::access
