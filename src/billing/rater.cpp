#include "billing/rater.h"

#include <algorithm>

#include "billing/line_rating.h"
#include "billing/period.h"

namespace leasehold::billing {

namespace {

constexpr int64_t kMilliAtomHour = kMilli * kSecondsPerHour;

const BillingTerms& billing_of(const Terms& terms) {
  static const BillingTerms kStandard;
  return terms.billing ? *terms.billing : kStandard;
}

std::string currency_of(const Lease& lease) {
  std::string_view code = lease.offer.lines.front().price.amount.currency.text();
  return code.empty() ? "USD" : std::string(code);
}

BillTo bill_to(const engine::State& state, const Sides& sides, const Lease& lease) {
  const Terms& terms = lease.offer.terms;
  return {company_of(state, sides.lessor), company_of(state, sides.lessee), terms.zone,
          billing_of(terms).day, currency_of(lease)};
}

// The contract's price for what its lessee uses on demand from the pool beside it.
const Lease* overage_lease(const engine::State& state, PartyId lessor, PartyId lessee, PoolId pool,
                           const Interval& window) {
  for (const Lease& lease : state.leases.rows()) {
    if (!billing_of(lease.offer.terms).overage || lease.offer.lessor != lessor ||
        company_of(state, lease.offer.lessee) != lessee)
      continue;
    for (const Line& line : lease.offer.lines)
      if (line.pool == pool && line.term().overlaps(window)) return &lease;
  }
  return nullptr;
}

// The list price in a window's last second; the pool's own where none was set.
Rate list_rate(const engine::State& state, const InstanceUse& use, Instant at) {
  auto last_set = [&](const AccountId& account, InstanceKind kind) -> const ListPrice* {
    auto known = state.billing.prices.find({account, kind});
    if (known == state.billing.prices.end()) return nullptr;
    const ListPrice* last = nullptr;
    for (const ListPrice& price : known->second)
      if (price.from < at) last = &price;
    return last;
  };
  for (InstanceKind kind : {use.kind, InstanceKind::on_demand})
    if (const ListPrice* price = last_set(use.account, kind)) return price->rate;
  const Pool& pool = state.pool_of(use.account);
  if (const ListPrice* price = last_set(account_of(pool.id), use.kind)) return price->rate;
  Rate rate;
  rate.price = pool.list_price.value_or(Money{0, {"USD"}});
  return rate;
}

// Whom a meter's use without a lease is billed to.
BillTo metered_bill(const engine::State& state, const engine::UsageKey& key) {
  const Meter& meter = state.billing.meters.at(key.meter);
  return {company_of(state, meter.owner), company_of(state, key.party), "Etc/UTC", 1,
          std::string(meter.list.price.currency.text())};
}

BillTo on_demand_bill(const engine::State& state, const InstanceUse& use, const Money& price) {
  const Site& site = state.sites.at(state.pool_of(use.account).site);
  return {company_of(state, state.promiser(use.account)), company_of(state, use.tenant), site.zone,
          1, std::string(price.currency.text())};
}

}  // namespace

Rater::Rater(const engine::State& state) : state_(state), outages_(state) {
  for (const Lease& lease : state.leases.rows())
    for (const Sides& sides : sides_of(state, lease)) {
      BillTo to = bill_to(state, sides, lease);
      lessors_.insert(to.lessor);
      if (to.lessor == to.lessee) continue;
      std::vector<LeaseId>& leases = leases_[to];
      if (leases.empty() || leases.back() != lease.id) leases.push_back(lease.id);
      Instant first = std::max(std::min(lease.signed_at, lease.term().from), sides.interval.from);
      if (lease.offer.terms.prepay_permille == 0) first = std::max(first, lease.term().from);
      if (first == kForever) first = lease.signed_at;  // nothing is left of it
      Month month = month_at(first, to.zone, to.day);
      auto known = first_.try_emplace(to, month).first;
      known->second = std::min(known->second, month);
    }
  for (const Pool& pool : state.pools.rows()) lessors_.insert(company_of(state, pool.owner));
  for (const Meter& meter : state.billing.meters.rows())
    lessors_.insert(company_of(state, meter.owner));
  for (const Invoice& invoice : state.billing.invoices.rows()) add_billed(invoice);
}

void Rater::add_billed(const Invoice& invoice) {
  std::map<Key, Money>& billed = billed_[invoice.to];
  for (const InvoiceLine& line : invoice.lines) {
    Money& sum = billed[key_of(line)];
    sum = sum + line.amount;
  }
}

void Rater::issued(const Invoice& invoice) {
  add_billed(invoice);
  for (const InvoiceLine& line : invoice.lines)  // what a promotion gave is in the state by now
    if (line.promotion) promised_[line.promotion] = promised_[line.promotion] + line.amount;
}

InvoiceLine Rater::line_for(ChargeKind kind, Month month, const Interval& window) {
  InvoiceLine line;
  line.kind = kind;
  line.service = month;
  line.from = window.from;
  line.until = window.until;
  return line;
}

Rater::Key Rater::key_of(const InvoiceLine& line) {
  return {line.kind, line.service, line.lease, line.account, line.tenant, line.meter};
}

std::optional<Month> Rater::first_month(PartyId lessor) const {
  std::optional<Month> first;
  auto take = [&](Month month) { first = first ? std::min(*first, month) : month; };
  for (const auto& [to, month] : first_)
    if (to.lessor == lessor) take(month);
  if (!first_instance_) {
    first_instance_.emplace();
    for (const Instance& instance : state_.instances.rows()) {
      if (instance.kind == InstanceKind::committed) continue;
      PartyId whose = company_of(state_, state_.promiser(instance.account));
      auto known = first_instance_->try_emplace(whose, instance.from).first;
      known->second = std::min(known->second, instance.from);
    }
  }
  if (auto known = first_instance_->find(lessor); known != first_instance_->end())
    take(month_at(known->second, "Etc/UTC", 1));
  for (const auto& [key, buckets] : state_.billing.usage)
    if (company_of(state_, state_.billing.meters.at(key.meter).owner) == lessor)
      take(month_at({buckets.begin()->first * engine::kBucketSeconds}, "Etc/UTC", 1));
  return first;
}

const InstanceUses& Rater::use_in(const Interval& window) {
  auto known = use_.find(window);
  if (known == use_.end()) known = use_.emplace(window, instance_use(state_, window)).first;
  return known->second;
}

void Rater::find_use(Instant from, const std::vector<Instant>& untils) {
  bool known = std::all_of(untils.begin(), untils.end(),
                           [&](Instant until) { return use_.contains({from, until}); });
  if (known) return;
  std::vector<InstanceUses> uses = instance_use(state_, from, untils);
  for (size_t i = 0; i < untils.size(); ++i)
    use_.try_emplace({from, untils[i]}, std::move(uses[i]));
}

template <class Wanted>
std::vector<BillTo> Rater::bills(Month month, Wanted wanted) {
  std::set<BillTo> all;
  for (const auto& [to, first] : first_)
    if (wanted(to) && first <= month) all.insert(to);
  std::set<std::string> zones;
  for (const Site& site : state_.sites.rows()) zones.insert(site.zone);
  for (const std::string& zone : zones)
    for (const auto& [use, quantity] : use_in(period_of(month, zone, 1))) {
      if (use.kind == InstanceKind::committed) continue;
      BillTo to = on_demand_bill(state_, use, list_rate(state_, use, kForever).price);
      if (wanted(to) && to.lessee != to.lessor && to.zone == zone) all.insert(to);
    }
  for (const auto& [key, buckets] : state_.billing.usage) {
    BillTo to = metered_bill(state_, key);
    if (!key.lease && wanted(to) && to.lessee != to.lessor) all.insert(to);
  }
  return {all.begin(), all.end()};
}

std::vector<BillTo> Rater::bill_tos(PartyId lessor, Month month) {
  return bills(month, [&](const BillTo& to) { return to.lessor == lessor; });
}

std::vector<BillTo> Rater::bills_to(PartyId lessee, Month month) {
  return bills(month, [&](const BillTo& to) { return to.lessee == lessee; });
}

// What a line's lessee used beyond the part that is always paid: by its own instances, and by what
// it has sublet.
void Rater::add_use(InvoiceLine committed, const Terms& terms, std::vector<InvoiceLine>& lines) {
  Interval window{committed.from, committed.until};
  int64_t used = used_of(state_, use_in(window), committed.account, window);
  auto always =
      static_cast<int64_t>(Int128{committed.quantity} * terms.take_or_pay_permille / 1000);
  InvoiceLine beyond = committed;
  beyond.kind = ChargeKind::used;
  beyond.quantity = std::clamp<int64_t>(used - always, 0, committed.quantity - always);
  beyond.amount = round_to_minor_unit(scale(committed.amount, beyond.quantity, committed.quantity));
  committed.amount = round_to_minor_unit(scale(committed.amount, always, committed.quantity));
  committed.quantity = always;
  for (const InvoiceLine& line : {committed, beyond})
    if (!line.amount.zero()) lines.push_back(line);
}

void Rater::add_line(std::vector<InvoiceLine>& lines, const Lease& lease, size_t index,
                     const Interval& window, const Interval& period, Month month) {
  AccountId id = engine::line_of(lease.id, index);
  const Line& line = lease.offer.lines[index];
  const Terms& terms = lease.offer.terms;
  LineFee fee = line_fee(line, terms, state_.sku_of(id).per_server, window, period);
  if (fee.atom_seconds == 0 && fee.amount.zero()) return;
  InvoiceLine committed = line_for(ChargeKind::committed, month, window);
  committed.lease = lease.id;
  committed.account = id;
  committed.quantity = kMilli * fee.atom_seconds;
  committed.unit_price = fee.unit_price;
  committed.amount = fee.amount;
  if (terms.take_or_pay_permille < 1000 && fee.atom_seconds > 0)
    add_use(committed, terms, lines);
  else if (!fee.amount.zero())
    lines.push_back(committed);
  for (const SlaResult& level : service_levels(state_, outages_, id, window, fee.amount)) {
    if (level.credit.zero()) continue;
    InvoiceLine credit = line_for(ChargeKind::sla_credit, month, window);
    credit.lease = lease.id;
    credit.account = id;
    credit.quantity = level.lost * kMilli;
    credit.amount = Money{-level.credit.nanos, level.credit.currency};
    lines.push_back(credit);
  }
}

// Of a prepayment: what was drawn before a month.
Money Rater::prepaid_before(const BillTo& to, const Lease& lease, Month month,
                            const Money& prepayment) {
  Money drawn{0, prepayment.currency};
  for (Month before = first_.at(to); before < month; before = before + 1)
    for (const InvoiceLine& line : owed(to, before))
      if (line.kind == ChargeKind::prepaid && line.lease == lease.id) drawn = drawn - line.amount;
  return drawn;
}

void Rater::add_prepayment(std::vector<InvoiceLine>& lines, const BillTo& to, const Lease& lease,
                           Month month) {
  const Terms& terms = lease.offer.terms;
  if (terms.prepay_permille == 0) return;
  Money worth{0, *parse_currency(to.currency)};
  for (const Line& line : lease.offer.lines) {
    auto money = value(line, {kDawn, kForever}, state_.sku_of(line.source).per_server);
    if (!money) return;  // an open term has no total to prepay
    worth = worth + *money;
  }
  Money prepayment = round_to_minor_unit(scale(worth, terms.prepay_permille, 1000));
  Interval period = period_of(month, to.zone, to.day);
  Sides first = sides_of(state_, lease).front();
  if (period.contains(lease.signed_at) && bill_to(state_, first, lease) == to) {
    InvoiceLine asked = line_for(ChargeKind::prepayment, month, lease.term());
    asked.lease = lease.id;
    asked.amount = prepayment;
    lines.push_back(asked);
  }
  Money charged{0, worth.currency};
  for (const InvoiceLine& line : lines)
    if (line.lease == lease.id &&
        (line.kind == ChargeKind::committed || line.kind == ChargeKind::used))
      charged = charged + line.amount;
  if (charged.zero()) return;
  Money left = prepayment - prepaid_before(to, lease, month, prepayment);
  bool last = lease.term().until <= period.until;
  Money draw = last ? charged : round_to_minor_unit(scale(charged, terms.prepay_permille, 1000));
  if (left < draw) draw = left;
  if (draw.zero()) return;
  InvoiceLine drawn = line_for(ChargeKind::prepaid, month, period);
  drawn.lease = lease.id;
  drawn.amount = Money{-draw.nanos, draw.currency};
  lines.push_back(drawn);
}

std::vector<InvoiceLine> Rater::lease_lines(const BillTo& to, const Lease& lease, Month month) {
  std::vector<InvoiceLine> lines;
  Interval period = period_of(month, to.zone, to.day);
  for (const Sides& sides : sides_of(state_, lease)) {
    if (bill_to(state_, sides, lease) != to) continue;
    Interval window = intersection(sides.interval, period);
    if (window.empty()) continue;
    for (size_t i = 0; i < lease.offer.lines.size(); ++i)
      add_line(lines, lease, i, window, period, month);
    if (lease.exit_fee && window.contains(*lease.terminated_at)) {
      InvoiceLine fee = line_for(ChargeKind::exit_fee, month, window);
      fee.lease = lease.id;
      fee.amount = round_to_minor_unit(*lease.exit_fee);
      lines.push_back(fee);
    }
  }
  const auto& minimum = billing_of(lease.offer.terms).minimum;
  Interval runs = intersection(lease.term(), period);
  if (minimum && !runs.empty()) {
    Money lacks = round_to_minor_unit(scale(*minimum, runs.until.seconds - runs.from.seconds,
                                            period.until.seconds - period.from.seconds));
    for (const InvoiceLine& line : lines) lacks = lacks - line.amount;
    if (lacks.nanos > 0) {
      InvoiceLine line = line_for(ChargeKind::minimum, month, runs);
      line.lease = lease.id;
      line.amount = lacks;
      lines.push_back(line);
    }
  }
  add_prepayment(lines, to, lease, month);
  return lines;
}

void Rater::add_instances(std::vector<InvoiceLine>& lines, const BillTo& to, Month month) {
  if (to.day != 1) return;
  Interval period = period_of(month, to.zone, 1);
  for (const auto& [use, quantity] : use_in(period)) {
    if (use.kind == InstanceKind::committed || quantity <= 0) continue;
    Rate rate = list_rate(state_, use, period.until);
    if (on_demand_bill(state_, use, rate.price) != to) continue;
    InvoiceLine line = line_for(
        use.kind == InstanceKind::preemptible ? ChargeKind::preemptible : ChargeKind::on_demand,
        month, period);
    if (use.kind == InstanceKind::on_demand)
      if (const Lease* lease = overage_lease(state_, state_.promiser(use.account), to.lessee,
                                             state_.pool_of(use.account).id, period)) {
        line.kind = ChargeKind::overage;
        line.lease = lease->id;
        rate = Rate{};
        rate.price = *lease->offer.terms.billing->overage;
      }
    line.account = use.account;
    line.tenant = use.tenant;
    line.quantity = quantity;
    if (rate.steps.empty()) line.unit_price = rate.price;
    line.amount = round_to_minor_unit(rated(rate, quantity, kMilliAtomHour));
    if (!line.amount.zero()) lines.push_back(line);
  }
}

void Rater::add_meters(std::vector<InvoiceLine>& lines, const BillTo& to, Month month) const {
  Interval period = period_of(month, to.zone, to.day);
  for (const auto& [key, buckets] : state_.billing.usage) {
    const Meter& meter = state_.billing.meters.at(key.meter);
    Rate rate = meter.list;
    BillTo here = metered_bill(state_, key);
    if (key.lease) {
      const Lease& lease = state_.leases.at(key.lease);
      here = bill_to(state_, sides_of(state_, lease).back(), lease);
      for (const MeterRate& own : billing_of(lease.offer.terms).rates)
        if (own.meter == key.meter) rate = own.rate;
    }
    if (here != to) continue;
    int64_t micro = 0;
    auto first = buckets.lower_bound(period.from.seconds / engine::kBucketSeconds);
    auto last = buckets.lower_bound(period.until.seconds / engine::kBucketSeconds);
    for (auto bucket = first; bucket != last; ++bucket) micro += bucket->second;
    if (micro == 0) continue;
    InvoiceLine line = line_for(ChargeKind::metered, month, period);
    line.lease = key.lease;
    line.meter = key.meter;
    line.tenant = key.party;
    line.quantity = micro;
    if (rate.steps.empty()) line.unit_price = rate.price;
    line.amount = round_to_minor_unit(rated(rate, micro, kMicro));
    if (!line.amount.zero()) lines.push_back(line);
  }
}

// One line a key: what two clauses of one service level give is one credit.
std::vector<InvoiceLine> Rater::merged(const std::vector<InvoiceLine>& lines) {
  std::vector<InvoiceLine> all;
  std::map<Key, size_t> places;
  for (const InvoiceLine& line : lines) {
    auto [place, added] = places.try_emplace(key_of(line), all.size());
    if (added) {
      all.push_back(line);
      continue;
    }
    InvoiceLine& same = all[place->second];
    same.amount = same.amount + line.amount;
    same.quantity += line.quantity;
    same.from = std::min(same.from, line.from);
    same.until = std::max(same.until, line.until);
    if (same.unit_price != line.unit_price) same.unit_price.nanos = 0;
  }
  return all;
}

const std::vector<InvoiceLine>& Rater::owed(const BillTo& to, Month month) {
  auto known = owed_.find({to, month});
  if (known != owed_.end()) return known->second;
  std::vector<InvoiceLine> lines;
  if (auto leases = leases_.find(to); leases != leases_.end())
    for (LeaseId id : leases->second)
      for (const InvoiceLine& line : lease_lines(to, state_.leases.at(id), month))
        lines.push_back(line);
  add_instances(lines, to, month);
  add_meters(lines, to, month);
  return owed_.emplace(std::pair(to, month), merged(lines)).first->second;
}

std::vector<SlaResult> Rater::service_levels_of(const AccountId& id, Month month) {
  const Lease& lease = state_.lease_of(id);
  BillTo to = bill_to(state_, sides_of(state_, lease).back(), lease);
  Interval period = period_of(month, to.zone, to.day);
  LineFee fee =
      line_fee(state_.line(id), lease.offer.terms, state_.sku_of(id).per_server, period, period);
  return service_levels(state_, outages_, id, period, fee.amount);
}

}  // namespace leasehold::billing
