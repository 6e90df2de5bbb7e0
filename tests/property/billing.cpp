#include "property/billing.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include <rapidcheck.h>

#include "billing/books.h"
#include "billing/period.h"
#include "billing/reconcile.h"
#include "billing/run.h"
#include "billing/spend.h"
#include "engine/engine.h"
#include "property/rolls.h"

namespace leasehold::property {

namespace {

using billing::Rater;

constexpr int64_t kTick = 1800;  // everything happens at a half hour: every zone's midnight is one
constexpr Month kFirst{2025 * 12 + 1};  // February: with 31 days a wrong length would show
constexpr int kMonths = 4;
const Instant kStart{1'738'368'000};  // 2025-02-01T00:00:00Z
constexpr int64_t kPerServer = 2;

std::map<std::string, int> outcomes;

Money dollars(int64_t cents) { return {Int128{cents} * 10'000'000, {"USD"}}; }

// What a naive biller counts: tick by tick, from what it sees.
struct Count {
  std::map<std::pair<AccountId, int64_t>, int64_t> lost;  // by line and the tick's second
  std::map<std::pair<billing::InstanceUse, int64_t>, int64_t> used;  // the same
  std::map<std::string, std::pair<engine::UsageKey, std::pair<Instant, int64_t>>> events;  // by id
};

class World {
 public:
  World();
  void step(const Roll& roll);
  void finish();

 private:
  bool play(CommandBody body);
  void must(CommandBody body) { RC_ASSERT(play(std::move(body))); }
  void pass(Instant until);
  void bill();
  void count_use();
  void meter(const Roll& roll);
  void mend(ServerId server);
  std::optional<CommandBody> contract(const Roll& roll) const;
  std::optional<CommandBody> happening(const Roll& roll) const;

  void check_invoices() const;
  void check_lines() const;
  void check_use() const;
  void check_events() const;
  void check_spend(PartyId party) const;
  void check_periods(PartyId party) const;
  void check_books() const;
  void check_replay() const;
  Money billed(ChargeKind kind, Month month, const AccountId& account, PartyId tenant,
               MeterId meter, LeaseId lease) const;

  engine::State state_;
  std::vector<Fact> history_;
  Instant now_ = kStart;
  Count count_;
  std::map<InstanceId, int64_t> running_;  // at the last tick, with thousandths in service
  int next_event_ = 0;
};

bool World::play(CommandBody body) {
  auto facts = engine::perform(state_, {now_, "test", std::move(body)});
  if (!facts) {
    ++outcomes[name_of(facts.error().code)];
    return false;
  }
  for (Fact& fact : *facts) {
    ++outcomes[std::string("fact ") + kind_of(fact.body)];
    history_.push_back(std::move(fact));
  }
  for (Fact& fact : engine::pass_time(state_, now_)) history_.push_back(std::move(fact));
  return true;
}

World::World() {
  for (const char* name : {"operator", "reseller", "tenant"})
    must(DefineParty{{{}, name, PartyKind::company, {}}});
  must(DefineParty{{{}, "team", PartyKind::department, PartyId{3}}});
  Site site;
  site.name = "site";
  site.holder = PartyId{1};
  site.zone = "Asia/Kolkata";
  must(OpenSite{site});
  must(ChangePower{SiteId{1}, {now_, kForever}, 1'000'000});
  Sku sku;
  sku.name = "sku";
  sku.per_server = kPerServer;
  sku.watts_per_server = 1000;
  sku.units_per_server = 1;
  must(DefineSku{sku});
  must(OpenPool{{{}, "pool", PartyId{1}, SkuId{1}, SiteId{1}, "", dollars(333)}});
  must(BuildHall{{{}, "hall", SiteId{1}, 0, 0}});
  must(BuildRow{{{}, "row", HallId{1}, 0, 0}});
  must(PlanPod{{{}, "pod", PoolId{1}}});
  must(InstallRacks{{Rack{{}, "rack", RowId{1}, PodId{1}, 0, 0, Redundancy::none, {}}}});
  must(Deliver{"d", PoolId{1}, {12, QuantityKind::server}, {now_, kForever}});
  std::vector<NewServer> servers;
  for (int i = 0; i < 12; ++i) servers.push_back({"s" + std::to_string(i), 0});
  must(AddServers{DeliveryId{1}, RackId{1}, ServerState::ready, servers});
  Rate graduated{dollars(7), RateMode::graduated, {{3, dollars(5)}, {8, dollars(2)}}};
  must(DefineMeter{{{}, "storage", PartyId{1}, "GB", graduated}});
  must(DefineMeter{
      {{}, "egress", PartyId{2}, "GB", {dollars(9), RateMode::volume, {{5, dollars(4)}}}}});
  must(SetTaxRate{{PartyId{1}, {}, {}, TaxCategory::S, 190'000, kStart, ""}});
  must(KeepSpares{PoolId{1}, 1});
  must(SetSpendBudget{{PartyId{3}, dollars(500), {500, 1000, 2000}, {}}});
}

// What is signed and changed.
std::optional<CommandBody> World::contract(const Roll& roll) const {
  if (roll.kind % 3 == 0 || state_.leases.rows().empty()) {
    OfferRequest offer;
    const char* zones[] = {"Etc/UTC", "America/Los_Angeles", "Asia/Kolkata"};
    offer.terms.zone = zones[roll.a % 3];
    BillingTerms terms;
    terms.day = roll.b % 2 == 0 ? 1 : 31;
    terms.slas = {{SlaKind::data_plane,
                   999'000,
                   SlaUnit::server,
                   0,
                   true,
                   {{999'000, 1000}, {900'000, 2000}},
                   500}};
    offer.terms.billing = terms;
    if (roll.c % 4 == 0) offer.terms.acceptance_window = Term{0, 5, 0};
    if (roll.d % 3 == 0) offer.terms.prepay_permille = 150;
    LineRequest line;
    bool below = roll.d % 2 == 0 && !state_.leases.rows().empty();
    line.sources = {below ? AccountId{AccountKind::line, 1, 1}
                          : AccountId{AccountKind::pool, 1, 0}};
    offer.lessor = state_.promiser(line.sources.front());
    offer.lessee = below || roll.b % 3 == 0 ? PartyId{3} : PartyId{2};
    if (offer.lessee == offer.lessor) return std::nullopt;
    line.quantity = {1 + roll.a % 5, QuantityKind::server};
    line.interval = {now_, now_ + kTick * (1 + (roll.c * 7 + roll.b) % 4000)};
    if (roll.b % 4 == 0)
      line.ramp = {{line.interval.from + kTick * (roll.a % 400 + 1), {1, QuantityKind::server}}};
    PriceBasis bases[] = {PriceBasis::per_accelerator_hour, PriceBasis::per_server_month,
                          PriceBasis::total};
    line.price = {bases[roll.c % 3], dollars(100 + roll.d * 131)};
    offer.lines.push_back(line);
    return SignLease{offer};
  }
  AmendLine amend;
  auto lease = static_cast<uint32_t>(1 + roll.a % static_cast<int>(state_.leases.rows().size()));
  amend.line = {AccountKind::line, lease, 1};
  amend.change = roll.b % 2 == 0 ? Change::shorten : Change::reduce;
  amend.from = now_ + kTick * (roll.c % 50);
  amend.until = now_ + kTick * (1 + roll.d % 1000);
  amend.quantity = {1, QuantityKind::server};
  amend.resolve = Resolve::curtail;
  return amend;
}

// What befalls servers and who runs on them.
std::optional<CommandBody> World::happening(const Roll& roll) const {
  ServerId server{static_cast<uint32_t>(1 + roll.a % 12)};
  switch (roll.kind % 5) {
    case 0:
      return MoveServers{{server}, ServerState::repair, {}, 0, "broken"};
    case 2:
      return LaunchInstance{"",
                            PartyId{static_cast<uint32_t>(3 + roll.b % 2)},
                            roll.c % 3 == 0 ? InstanceKind::preemptible : InstanceKind::on_demand,
                            {AccountKind::pool, 1, 0},
                            roll.d % 3 == 0 ? 1 : 0,
                            roll.d % 3 == 1 ? 1 : 0,
                            roll.d % 3 == 2 ? 250 : 0,
                            kForever};
    case 3:
      if (state_.instances.rows().empty()) return std::nullopt;
      return EndInstance{
          {static_cast<uint32_t>(1 + roll.b % static_cast<int>(state_.instances.rows().size()))},
          ""};
    default:
      if (state_.leases.rows().empty()) return std::nullopt;
      return AcceptTranche{
          {AccountKind::line,
           static_cast<uint32_t>(1 + roll.b % static_cast<int>(state_.leases.rows().size())), 1},
          1,
          now_};
  }
}

// Through its tests and back into service.
void World::mend(ServerId server) {
  if (state_.fleet.server(server).state != ServerState::repair) return;
  must(MoveServers{{server}, ServerState::burn_in, {}, 0, ""});
  for (TestLevel level : {TestLevel::inventory, TestLevel::node, TestLevel::soak,
                          TestLevel::scale_up, TestLevel::fabric})
    must(RecordTest{{server}, level, true, ""});
  must(MoveServers{{server}, ServerState::ready, {}, 0, ""});
}

// Events late, twice, out of order, and impossible ones among them.
void World::meter(const Roll& roll) {
  RecordUsage usage{"meters", {}, {}};
  for (int i = 0; i < 3; ++i) {
    UsageEvent event;
    bool again = (roll.a + i) % 3 == 0 && next_event_ > 0;
    event.id = "e" + std::to_string(again ? roll.b % next_event_ : next_event_++);
    event.meter = MeterId{static_cast<uint32_t>(1 + (roll.c + i) % 2)};
    event.party = PartyId{static_cast<uint32_t>((roll.d + i) % 5 == 0 ? 9 : 3 + (roll.d + i) % 2)};
    event.at = now_ + -kTick * ((roll.b * (i + 1)) % 2500);
    event.micro = (roll.c * 7919 + i * 104'729) % 9'000'000;
    usage.events.push_back(event);
    bool sound = event.party.number <= 4 && event.at >= Instant{0} && event.at <= now_;
    if (sound && !count_.events.contains(event.id))
      count_.events[event.id] = {{event.meter, event.party, {}}, {event.at, event.micro}};
  }
  std::reverse(usage.events.begin(), usage.events.end());
  // The first of an id that counts is the one: what came in reverse order is taken in that order.
  std::map<std::string, UsageEvent> first;
  for (const UsageEvent& event : usage.events) first.try_emplace(event.id, event);
  for (const auto& [id, event] : first) {
    bool known = false;
    for (const Fact& fact : history_)
      if (const auto* recorded = std::get_if<UsageRecorded>(&fact.body))
        for (const UsageEvent& earlier : recorded->events) known = known || earlier.id == id;
    bool sound = event.party.number <= 4;
    if (!known && sound)
      count_.events[id] = {{event.meter, event.party, {}}, {event.at, event.micro}};
    else if (!known)
      count_.events.erase(id);
  }
  play(usage);
}

int64_t milli_in_service(const engine::State& state, const Instance& instance) {
  int64_t milli = 0;
  for (ServerId server : servers_of(instance.servers)) {
    if (!in_service(state.fleet.server(server).state)) continue;
    if (instance.gpus.empty()) milli += kMilli * kPerServer;
    for (const GpuShare& share : instance.gpus) milli += share.milli;
  }
  return milli;
}

// What ran at the last tick ran until now, or until it ended within the half hour: what is wanted
// back does.
void World::count_use() {
  for (const auto& [id, milli] : std::exchange(running_, {})) {
    const Instance& instance = state_.instances.at(id);
    Instant last = now_ + -kTick;
    Instant until = std::min(now_, instance.ended_at.value_or(now_));
    count_.used[{{instance.account, instance.kind, instance.tenant}, last.seconds}] +=
        milli * (until.seconds - last.seconds);
  }
}

// Tick by tick: which lines lack a server now, and what every instance has now.
void World::pass(Instant until) {
  for (;;) {
    for (Fact& fact : engine::pass_time(state_, now_)) history_.push_back(std::move(fact));
    count_use();
    bill();
    if (now_ >= until) return;
    for (OutageId id : state_.fleet.open_outages) {
      const Outage& outage = state_.fleet.outages.at(id);
      for (const AccountId& line : state_.chain_of(outage.line))
        if (line.kind == AccountKind::line) ++count_.lost[{line, now_.seconds}];
    }
    for (const Instance& instance : state_.instances.rows())
      if (!instance.ended_at && instance.kind != InstanceKind::committed)
        running_[instance.id] = milli_in_service(state_, instance);
    now_ = now_ + kTick;
  }
}

// Months are billed some hours after they are over, or days.
void World::bill() {
  if (now_.seconds % (7 * kSecondsPerDay) == 0)
    for (const NoteSpend& note : billing::spend_to_note(state_, now_)) must(note);
  for (PartyId lessor : {PartyId{1}, PartyId{2}}) {
    auto closed = state_.billing.closed.find(lessor);
    Month month = closed == state_.billing.closed.end() ? kFirst + -1 : closed->second + 1;
    if (billing::period_start(month + 1, "America/Los_Angeles", 31) + 5 * kTick > now_) continue;
    Rater rater(state_);
    auto run = billing::month_of(state_, rater, lessor, month, now_);
    RC_ASSERT(run.has_value() && run->pending.empty());
    for (CommandBody& command : run->commands) must(std::move(command));
  }
}

void World::step(const Roll& roll) {
  pass(std::min(now_ + kTick * (roll.a % 120), kStart + kTick * 48 * 28 * (kMonths - 1)));
  switch ((roll.kind + roll.b) % 4) {
    case 0:
      if (auto command = contract(roll)) play(std::move(*command));
      return;
    case 1:
      return meter(roll);
    default:
      if (roll.kind % 5 == 1) return mend({static_cast<uint32_t>(1 + roll.a % 12)});
      if (auto command = happening(roll)) play(std::move(*command));
  }
}

Money World::billed(ChargeKind kind, Month month, const AccountId& account, PartyId tenant,
                    MeterId meter, LeaseId lease) const {
  Money sum = dollars(0);
  for (const Invoice& invoice : state_.billing.invoices.rows())
    for (const InvoiceLine& line : invoice.lines)
      if (line.kind == kind && line.service == month && line.account == account &&
          line.tenant == tenant && line.meter == meter && (!lease || line.lease == lease))
        sum = sum + line.amount;
  return sum;
}

void World::check_invoices() const {
  std::map<PartyId, int64_t> last;
  for (const Invoice& invoice : state_.billing.invoices.rows()) {
    RC_ASSERT(invoice.number == ++last[invoice.to.lessor]);
    Money sum = dollars(0);
    for (const InvoiceLine& line : invoice.lines) sum = sum + line.amount;
    RC_ASSERT(sum == invoice.net);
    for (const InvoiceTax& tax : invoice.taxes) sum = sum + tax.tax;
    RC_ASSERT(sum == invoice.total);
  }
}

// The ticks of a month in which a tranche is payable.
int64_t ticks_payable(const Terms& terms, const Tranche& tranche, const Interval& period) {
  int64_t ticks = 0;
  for (Instant at = period.from; at < period.until; at = at + kTick) {
    bool due = tranche.accepted_at ? *tranche.accepted_at <= at
                                   : !tranche.deemed_on && !terms.acceptance_window;
    ticks += tranche.from <= at && at < tranche.until && due;
  }
  return ticks;
}

// Hours and months to the cent, and what was lost by servers that were not there.
void World::check_lines() const {
  for (const Lease& lease : state_.leases.rows()) {
    AccountId id = engine::line_of(lease.id, 0);
    const Line& line = lease.offer.lines.front();
    const Terms& terms = lease.offer.terms;
    for (int i = -1; i < kMonths - 1; ++i) {
      Month month = kFirst + i;
      auto closed = state_.billing.closed.find(lease.offer.lessor);
      if (closed == state_.billing.closed.end() || closed->second < month) continue;
      Interval period = billing::period_of(month, terms.zone, terms.billing->day);
      int64_t atom_ticks = 0;
      for (const Tranche& tranche : line.tranches)
        atom_ticks += tranche.atoms * ticks_payable(terms, tranche, period);
      Money fee = billed(ChargeKind::committed, month, id, {}, {}, {});
      if (line.price.basis == PriceBasis::per_accelerator_hour)
        RC_ASSERT(fee == round_to_minor_unit(
                             scale(line.price.amount, atom_ticks * kTick, kSecondsPerHour)));
      if (line.price.basis == PriceBasis::per_server_month)
        RC_ASSERT(fee == round_to_minor_unit(
                             scale(line.price.amount, atom_ticks * kTick,
                                   kPerServer * (period.until.seconds - period.from.seconds))));
      int64_t lost = 0;
      for (const auto& [key, servers] : count_.lost)
        if (key.first == id && period.contains({key.second})) lost += servers;
      Money credit = billed(ChargeKind::sla_credit, month, id, {}, {}, {});
      int64_t promised = atom_ticks / kPerServer;
      if (promised == 0) continue;
      lost = std::min(lost, promised);
      int64_t ppm = (promised - lost) * 1'000'000 / promised;
      int64_t times = ppm < 900'000 ? 2 : ppm < 999'000 ? 1 : 0;
      Money due = scale(fee, Int128{times} * lost, promised);
      Money cap = scale(fee, 1, 2);
      due = round_to_minor_unit(cap < due ? cap : due);
      RC_ASSERT(credit == dollars(0) - due);
      if (!due.zero()) ++outcomes["credited"];
    }
  }
}

void World::check_use() const {
  std::set<billing::InstanceUse> uses;
  for (const auto& [key, milli] : count_.used) uses.insert(key.first);
  auto closed = state_.billing.closed.find(PartyId{1});
  if (closed == state_.billing.closed.end()) return;
  for (const billing::InstanceUse& use : uses)
    for (Month month = kFirst + -1; month <= closed->second; month = month + 1) {
      Interval period = billing::period_of(month, "Asia/Kolkata", 1);
      int64_t milli_seconds = 0;
      for (const auto& [key, milli] : count_.used)
        if (key.first == use && period.contains({key.second})) milli_seconds += milli;
      ChargeKind kind =
          use.kind == InstanceKind::preemptible ? ChargeKind::preemptible : ChargeKind::on_demand;
      Money due =
          round_to_minor_unit(scale(dollars(333), milli_seconds, Int128{kMilli} * kSecondsPerHour));
      Money is = billed(kind, month, use.account, use.tenant, {}, {});
      RC_LOG() << to_text(month) << ' ' << name_of(use.kind) << ' ' << to_text(use.tenant) << ": "
               << to_text(is) << ", due " << to_text(due) << '\n';
      RC_ASSERT(is == due);
    }
}

// Every event once, whatever came how often; what came after its month was billed as well, but for
// what came after the last month was.
void World::check_events() const {
  std::map<std::pair<engine::UsageKey, Month>, int64_t> sums;
  for (const auto& [id, event] : count_.events)
    sums[{event.first, billing::month_at(event.second.first, "Etc/UTC", 1)}] += event.second.second;
  for (const auto& [key, micro] : sums) {
    const Meter& meter = state_.billing.meters.at(key.first.meter);
    auto closed = state_.billing.closed.find(meter.owner);
    if (closed == state_.billing.closed.end() || key.second > closed->second) continue;
    Money due;
    int64_t nano_price = 0;
    if (meter.list.mode == RateMode::volume) {
      nano_price = micro > 5 * kMicro ? 40'000'000 : 90'000'000;
      due = {Int128{micro} * nano_price / kMicro, {"USD"}};
      due = scale(Money{Int128{nano_price}, {"USD"}}, micro, kMicro);
    } else {
      int64_t low = std::min<int64_t>(micro, 3 * kMicro);
      int64_t middle = std::clamp<int64_t>(micro - 3 * kMicro, 0, 5 * kMicro);
      int64_t high = std::max<int64_t>(micro - 8 * kMicro, 0);
      due = scale(dollars(7), low, kMicro) + scale(dollars(5), middle, kMicro) +
            scale(dollars(2), high, kMicro);
    }
    RC_ASSERT(billed(ChargeKind::metered, key.second, {}, key.first.party, key.first.meter, {}) ==
              round_to_minor_unit(due));
  }
}

// Days against what was seen tick by tick: of servers exactly, of money to the cent.
void World::check_spend(PartyId party) const {
  std::vector<Instant> days;
  for (Instant day = kStart + 10 * kSecondsPerDay; day <= kStart + 50 * kSecondsPerDay;
       day = day + kSecondsPerDay)
    days.push_back(day);
  std::map<std::pair<billing::InstanceUse, size_t>, int64_t> used;
  for (const auto& [key, milli] : count_.used)
    if (engine::is_part_of(state_, key.first.tenant, party) &&
        Interval{days.front(), days.back()}.contains({key.second}) && milli != 0)
      used[{key.first,
            static_cast<size_t>((key.second - days.front().seconds) / kSecondsPerDay)}] += milli;
  // A day may lie in two billing periods.
  std::map<std::pair<billing::InstanceUse, size_t>, Money> costs;
  std::map<std::pair<AccountId, size_t>, int64_t> leased;
  Rater rater(state_);
  for (const billing::Spend& row : billing::spend(state_, rater, party, days)) {
    if (row.kind == ChargeKind::on_demand || row.kind == ChargeKind::preemptible) {
      InstanceKind kind =
          row.kind == ChargeKind::on_demand ? InstanceKind::on_demand : InstanceKind::preemptible;
      billing::InstanceUse use{row.account, kind, row.tenant};
      used[{use, row.span}] -= row.quantity;
      Money& cost = costs[{use, row.span}];
      cost =
          cost + row.amount - scale(dollars(333), row.quantity, Int128{kMilli} * kSecondsPerHour);
    }
    if (row.kind == ChargeKind::committed && party.number != 4) {
      RC_ASSERT(row.amount.nanos >= 0);
      leased[{row.account, row.span}] += row.quantity;
    }
  }
  for (const auto& [key, left] : used) RC_ASSERT(left == 0);
  for (const auto& [key, off] : costs)
    RC_ASSERT(-dollars(2).nanos < off.nanos && off.nanos < dollars(2).nanos);
  for (const auto& [key, quantity] : leased) {
    const Lease& lease = state_.lease_of(key.first);
    int64_t atom_ticks = 0;
    for (const Tranche& tranche : lease.offer.lines.front().tranches)
      atom_ticks += tranche.atoms * ticks_payable(lease.offer.terms, tranche,
                                                  {days[key.second], days[key.second + 1]});
    RC_ASSERT(quantity == kMilli * kTick * atom_ticks);
  }
  ++outcomes["spent"];
}

// The days of each billing period add up to what is owed for it.
void World::check_periods(PartyId party) const {
  Rater rater(state_);
  for (PartyId lessor : {PartyId{1}, PartyId{2}})
    for (const BillTo& to : rater.bill_tos(lessor, kFirst + 1)) {
      if (to.lessee != party) continue;
      using Charge = std::tuple<ChargeKind, LeaseId, AccountId, PartyId, MeterId>;
      std::map<Charge, Money> owed;
      Interval period = billing::period_of(kFirst + 1, to.zone, to.day);
      std::vector<Instant> days{period.from};
      while (days.back() < period.until)
        days.push_back(std::min(period.until, days.back() + 36 * kTick));
      // A month in which another of the party's bills has another period is left out.
      if (rater.bill_tos(lessor, kFirst + 1).size() > 1) continue;
      for (const InvoiceLine& line : rater.owed(to, kFirst + 1)) {
        if (!is_service(line.kind)) continue;
        Money& sum = owed[{line.kind, line.lease, line.account, line.tenant, line.meter}];
        sum = sum + line.amount;
      }
      for (const billing::Spend& row : billing::spend(state_, rater, party, days))
        if (row.lessor == lessor) {
          Money& sum = owed[{row.kind, row.lease, row.account, row.tenant, row.meter}];
          sum = sum - row.amount;
        }
      for (const auto& [charge, left] : owed) RC_ASSERT(left.zero());
      ++outcomes["a period spent"];
    }
}

void World::check_books() const {
  std::map<std::pair<PartyId, PartyId>, Money> claims;  // by lessor and lessee
  std::map<std::pair<PartyId, PartyId>, Money> debts;
  for (PartyId party : billing::book_keepers(state_)) {
    auto transactions = billing::transactions_of(state_, party, kLast);
    for (const billing::Transaction& transaction : transactions) {
      Money sum;
      for (const billing::Posting& posting : transaction.postings) sum = sum + posting.amount;
      RC_ASSERT(sum.zero());
    }
    for (const auto& [key, amount] : billing::balances_of(transactions))
      for (const Party& other : state_.parties.rows()) {
        if (key.first == "assets:receivable:" + other.name) claims[{party, other.id}] = amount;
        if (key.first == "liabilities:payable:" + other.name)
          debts[{other.id, party}] = dollars(0) - amount;
      }
  }
  for (const auto& [pair, claim] : claims) RC_ASSERT(claim == debts[pair]);
  RC_ASSERT(claims.size() == debts.size());
}

void World::check_replay() const {
  billing::Reconciler reconciler;
  for (const Fact& fact : history_) reconciler.take(fact);
  for (const billing::Pair& pair : reconciler.done()) RC_ASSERT(pair.differ.empty());
  RC_ASSERT(reconciler.state().bytes() == state_.bytes());
  auto resumed = engine::State::from_bytes(state_.bytes());
  RC_ASSERT(resumed.has_value() && resumed->bytes() == state_.bytes());
}

void World::finish() {
  pass(kStart + kTick * 48 * 31 * kMonths);
  check_invoices();
  check_lines();
  check_use();
  check_events();
  for (PartyId party : {PartyId{2}, PartyId{3}, PartyId{4}}) check_spend(party);
  for (PartyId party : {PartyId{2}, PartyId{3}}) check_periods(party);
  check_books();
  check_replay();
}

}  // namespace

void every_second_is_billed_once() {
  World world;
  for (const Roll& roll : *rolls()) world.step(roll);
  world.finish();
}

bool billing_tried_enough() {
  for (const auto& [what, count] : outcomes) std::cout << "  " << what << ": " << count << '\n';
  for (const char* what :
       {"credited", "fact usage_recorded", "fact usage_refused", "fact line_amended",
        "fact outage_ended", "fact tranche_accepted", "fact instance_ended", "fact invoice_issued",
        "fact spend_budget_reached", "spent", "a period spent"})
    if (outcomes[what] == 0) return false;
  return true;
}

}  // namespace leasehold::property
