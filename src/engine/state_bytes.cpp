// A state as bytes and back: for its hash and for snapshots. Rows are written by their
// descriptions; what follows from them (names, due holds, calendars) is built anew.
#include <ranges>

#include <sodium.h>

#include "base/json.h"
#include "engine/state.h"

namespace leasehold::engine {

namespace {

// Raised whenever the bytes of a state change their meaning: snapshots of another layout are passed
// over, and the facts are folded instead.
constexpr int64_t kLayout = 7;

template <class T>
void put(BinaryWriter& out, const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    out.text(value);
  } else if constexpr (std::is_same_v<T, Instant>) {
    out.instant(value);
  } else if constexpr (std::is_same_v<T, Money>) {
    out.money(value);
  } else if constexpr (std::is_same_v<T, Term>) {
    out.number(value.months);
    out.number(value.days);
    out.number(value.seconds);
  } else if constexpr (std::is_same_v<T, Quantity>) {
    out.number(value.count);
    put(out, value.kind);
  } else if constexpr (std::is_same_v<T, AccountId>) {
    put(out, value.kind);
    out.number(value.number);
    out.number(value.line);
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    out.number(static_cast<int64_t>(value));
  } else if constexpr (IsOptional<T>::value) {
    out.number(value ? 1 : 0);
    if (value) put(out, *value);
  } else if constexpr (std::ranges::sized_range<T>) {
    out.number(static_cast<int64_t>(value.size()));
    for (const auto& item : value) put(out, item);
  } else if constexpr (Described<T>) {
    for_each_field(value, [&out](std::string_view, const auto& member) { put(out, member); });
  } else {
    out.number(value.number);  // an id
  }
}

template <class T>
void get(BinaryReader& in, T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    value = in.text();
  } else if constexpr (std::is_same_v<T, Instant>) {
    value = in.instant();
  } else if constexpr (std::is_same_v<T, Money>) {
    value = in.money();
  } else if constexpr (std::is_same_v<T, Term>) {
    value.months = static_cast<int>(in.number());
    value.days = static_cast<int>(in.number());
    value.seconds = in.number();
  } else if constexpr (std::is_same_v<T, Quantity>) {
    value.count = in.number();
    get(in, value.kind);
  } else if constexpr (std::is_same_v<T, AccountId>) {
    get(in, value.kind);
    value.number = static_cast<uint32_t>(in.number());
    value.line = static_cast<uint16_t>(in.number());
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    value = static_cast<T>(in.number());
  } else if constexpr (IsOptional<T>::value) {
    if (in.number() == 1) get(in, value.emplace());
  } else if constexpr (IsVector<T>::value) {
    value.resize(in.length());
    for (auto& item : value) get(in, item);
  } else if constexpr (Described<T>) {
    for_each_field(value, [&in](std::string_view, auto& member) { get(in, member); });
  } else {
    value.number = static_cast<uint32_t>(in.number());
  }
}

const std::string& name_in(const Quote& quote) { return quote.offer.name; }
const std::string& name_in(const Lease& lease) { return lease.offer.name; }
template <class Row>
const std::string& name_in(const Row& row) {
  return row.name;
}

template <class IdType, class Row>
void get_table(BinaryReader& in, Registry<IdType, Row>& table) {
  for (size_t count = in.length(); count > 0; --count) {
    Row row;
    get(in, row);
    std::string name = name_in(row);
    table.add(name, std::move(row));
  }
}

void index_derived(State& state) {
  for (const Lease& lease : state.leases.rows())
    if (lease.offer.terms.draws_on) state.draws[*lease.offer.terms.draws_on].push_back(lease.id);
  for (const Instance& instance : state.instances.rows()) {
    state.workspace.instances_of[instance.tenant].push_back(instance.id);
    if (instance.ended_at) continue;
    if (instance.kind != InstanceKind::committed)
      state.workspace.unleased[instance.tenant] += state.accelerators_of(instance);
    auto report = state.workspace.reports.find(instance.id);
    if (report == state.workspace.reports.end() || report->second.condition == Condition::booting)
      state.workspace.booting.insert(instance.id);
    for (ServerId server : servers_of(instance.servers)) {
      state.running[server].insert(instance.id);
      if (instance.gpus.empty()) continue;
      const Server& row = state.fleet.server(server);
      if (!state.splits.has(server))
        state.splits.open(server, state.fleet.holder(row),
                          state.skus.at(state.pool_of(row).sku).per_server);
      state.splits.take(server, instance.gpus);
    }
  }
  for (const auto& [server, split] : state.splits.all())
    state.splits.set_open(server, state.fleet.server(server).state == ServerState::ready);
  build_agenda(state);
}

template <class Key, class Value, class Put>
void put_map(BinaryWriter& out, const std::map<Key, Value>& map, Put put_value) {
  out.number(static_cast<int64_t>(map.size()));
  for (const auto& [key, value] : map) {
    put(out, key);
    put_value(value);
  }
}

template <class Key, class Value, class Get>
void get_map(BinaryReader& in, std::map<Key, Value>& map, Get get_value) {
  for (size_t count = in.length(); count > 0; --count) {
    Key key;
    get(in, key);
    get_value(map[key]);
  }
}

void put_fleet(BinaryWriter& out, const State& state) {
  const fleet::Fleet& fleet = state.fleet;
  put(out, state.liens.rows());
  put(out, fleet.site_leases.rows());
  put(out, fleet.halls.rows());
  put(out, fleet.rows.rows());
  put(out, fleet.feeds.rows());
  put(out, fleet.pods.rows());
  put(out, fleet.racks.rows());
  put(out, fleet.servers().rows());
  put(out, fleet.outages.rows());
  put_map(out, state.spares, [&](const Spares& spares) {
    out.number(spares.kept);
    out.number(spares.left);
    out.instant(spares.until);
  });
  put_map(out, state.lacking, [&](int64_t servers) { out.number(servers); });
  put_map(out, state.placements, [&](const Placement& placement) {
    out.number(placement.wanted);
    out.number(placement.placed);
  });
  put_map(out, state.measured, [&](const Measured& measured) {
    out.instant(measured.at);
    out.number(measured.watts);
  });
  put_map(out, state.remarks, [&](const std::string& remark) { out.text(remark); });
  put(out, state.maintenances.rows());
  put(out, state.instances.rows());
}

void put_billing(BinaryWriter& out, const BillingState& billing) {
  auto row = [&](const auto& value) { put(out, value); };
  put_map(out, billing.details, row);
  put(out, billing.taxes);
  out.number(static_cast<int64_t>(billing.prices.size()));
  for (const auto& [key, prices] : billing.prices) put(out, prices);
  put_map(out, billing.costs, row);
  put(out, billing.meters.rows());
  put_map(out, billing.usage, [&](const UsageBuckets& buckets) {
    put_map(out, buckets, [&](int64_t micro) { out.number(micro); });
  });
  std::vector<Fingerprint> known = billing.known.sorted();
  out.number(static_cast<int64_t>(known.size()));
  for (const Fingerprint& id : known)
    for (uint64_t half : id) out.number(static_cast<int64_t>(half));
  out.number(billing.refused_events);
  put(out, billing.incidents.rows());
  put_map(out, billing.excused, row);
  put(out, billing.promotions.rows());
  put(out, billing.invoices.rows());
  put_map(out, billing.settled, row);
  put(out, billing.payments.rows());
  put_map(out, billing.last_number, row);
  put_map(out, billing.closed, row);
  put_map(out, billing.assignments, row);
  put_map(out, billing.downs, row);
  put_map(out, billing.spend_budgets, row);
  put_map(out, billing.spend_reached, row);
}

void put_access(BinaryWriter& out, const AccessState& access) {
  auto row = [&](const auto& value) { put(out, value); };
  put(out, access.keys.rows());
  out.number(static_cast<int64_t>(access.revoked.size()));
  for (KeyId key : access.revoked) out.number(key.number);
  put_map(out, access.key_used, row);
  put_map(out, access.users, row);
  put_map(out, access.user_seen, row);
  put_map(out, access.webhooks, row);
  out.number(static_cast<int64_t>(access.requests.size()));
  // In the order in which they are to be forgotten.
  for (const auto& [at, key] : access.oldest) {
    out.text(key);
    row(access.requests.at(key));
  }
}

void get_access(BinaryReader& in, AccessState& access) {
  get_table(in, access.keys);
  for (const ApiKey& key : access.keys.rows()) access.by_digest[key.digest] = key.id;
  for (size_t count = in.length(); count > 0; --count)
    access.revoked.insert(KeyId{static_cast<uint32_t>(in.number())});
  auto row = [&](auto& value) { get(in, value); };
  get_map(in, access.key_used, row);
  get_map(in, access.users, row);
  get_map(in, access.user_seen, row);
  get_map(in, access.webhooks, row);
  for (size_t count = in.length(); count > 0; --count) {
    std::string key(in.text());
    KeptRequest& kept = access.requests[key];
    get(in, kept);
    access.oldest.emplace_back(kept.at, key);
  }
}

template <class IdType, class Row>
void put_own(BinaryWriter& out, const OwnRows<IdType, Row>& own) {
  out.number(own.drawn);
  put_map(out, own.rows, [&](const Row& row) { put(out, row); });
}
template <class IdType, class Row>
void get_own(BinaryReader& in, OwnRows<IdType, Row>& own) {
  own.drawn = static_cast<uint32_t>(in.number());
  get_map(in, own.rows, [&](Row& row) { get(in, row); });
}

void put_workspace(BinaryWriter& out, const WorkspaceState& workspace) {
  auto row = [&](const auto& value) { put(out, value); };
  put_own(out, workspace.ssh_keys);
  put_own(out, workspace.file_systems);
  put_own(out, workspace.firewalls);
  put(out, workspace.images);
  put_map(out, workspace.setups, row);
  put_map(out, workspace.reports, row);
  put_map(out, workspace.quotas, row);
}
void get_workspace(BinaryReader& in, WorkspaceState& workspace) {
  auto row = [&](auto& value) { get(in, value); };
  get_own(in, workspace.ssh_keys);
  get_own(in, workspace.file_systems);
  get_own(in, workspace.firewalls);
  get(in, workspace.images);
  get_map(in, workspace.setups, row);
  get_map(in, workspace.reports, row);
  get_map(in, workspace.quotas, row);
}

template <class Row, class Add>
void get_rows(BinaryReader& in, Add add) {
  for (size_t count = in.length(); count > 0; --count) {
    Row row;
    get(in, row);
    add(row);
  }
}

bool get_fleet(BinaryReader& in, State& state) {
  fleet::Fleet& fleet = state.fleet;
  get_table(in, state.liens);
  get_table(in, fleet.site_leases);
  get_table(in, fleet.halls);
  get_table(in, fleet.rows);
  get_table(in, fleet.feeds);
  get_rows<Pod>(in, [&](const Pod& pod) { fleet.add_pod(pod); });
  get_rows<Rack>(in, [&](const Rack& rack) { fleet.add_rack(rack); });
  get_rows<Server>(in, [&](const Server& server) {
    fleet.restore_server(server, state.each_of(server.delivery));
  });
  get_rows<Outage>(in, [&](const Outage& outage) {
    fleet.outages.add("", outage);
    if (outage.until == kForever) fleet.open_outages.insert(outage.id);
  });
  get_map(in, state.spares, [&](Spares& spares) {
    spares.kept = in.number();
    spares.left = in.number();
    spares.until = in.instant();
  });
  get_map(in, state.lacking, [&](int64_t& servers) { servers = in.number(); });
  get_map(in, state.placements, [&](Placement& placement) {
    placement.wanted = in.number();
    placement.placed = in.number();
  });
  get_map(in, state.measured, [&](Measured& measured) {
    measured.at = in.instant();
    measured.watts = in.number();
  });
  get_map(in, state.remarks, [&](std::string& remark) { remark = in.text(); });
  get_rows<Maintenance>(
      in, [&](const Maintenance& maintenance) { state.maintenances.add("", maintenance); });
  get_table(in, state.instances);
  return in.ok();
}

void get_billing(BinaryReader& in, BillingState& billing) {
  auto row = [&](auto& value) { get(in, value); };
  get_map(in, billing.details, row);
  get(in, billing.taxes);
  for (size_t count = in.length(); count > 0; --count) {
    std::vector<ListPrice> prices;
    get(in, prices);
    if (!prices.empty()) billing.prices[{prices.front().account, prices.front().kind}] = prices;
  }
  get_map(in, billing.costs, row);
  get_table(in, billing.meters);
  get_map(in, billing.usage, [&](UsageBuckets& buckets) { get_map(in, buckets, row); });
  std::vector<Fingerprint> known(in.length());
  for (Fingerprint& id : known)
    for (uint64_t& half : id) half = static_cast<uint64_t>(in.number());
  billing.known.add(std::move(known));
  billing.refused_events = in.number();
  auto unnamed = [&](auto& registry, const auto& prototype) {
    get_rows<std::remove_cvref_t<decltype(prototype)>>(
        in, [&](const auto& value) { registry.add("", value); });
  };
  unnamed(billing.incidents, Incident{});
  get_map(in, billing.excused, row);
  get_table(in, billing.promotions);
  unnamed(billing.invoices, Invoice{});
  get_map(in, billing.settled, row);
  unnamed(billing.payments, Payment{});
  get_map(in, billing.last_number, row);
  get_map(in, billing.closed, row);
  get_map(in, billing.assignments, row);
  get_map(in, billing.downs, row);
  get_map(in, billing.spend_budgets, row);
  get_map(in, billing.spend_reached, row);
  for (const Invoice& invoice : billing.invoices.rows())
    if (invoice.kind == InvoiceKind::invoice)
      billing.billed[{invoice.to, invoice.period}] = invoice.id;
}

}  // namespace

std::string State::bytes() const {
  BinaryWriter out;
  out.number(kLayout);
  out.number(static_cast<int64_t>(sequence));
  out.instant(now);
  put(out, parties.rows());
  put(out, relations);
  put(out, sites.rows());
  put(out, skus.rows());
  put(out, pools.rows());
  put(out, deliveries.rows());
  put(out, quotes.rows());
  put(out, leases.rows());
  put(out, commitments.rows());
  out.number(static_cast<int64_t>(withdrawn.size()));
  for (const auto& [delivery, steps] : withdrawn) {
    out.number(delivery.number);
    steps.write(out);
  }
  ledger.write(out);
  put_fleet(out, *this);
  put_billing(out, billing);
  put_access(out, access);
  put_workspace(out, workspace);
  return out.take();
}

bool State::laid_out_as_now(std::string_view bytes) {
  return BinaryReader(bytes).number() == kLayout;
}

std::optional<State> State::from_bytes(std::string_view bytes) {
  BinaryReader in(bytes);
  if (in.number() != kLayout) return std::nullopt;
  State state;
  state.sequence = static_cast<uint64_t>(in.number());
  state.now = in.instant();
  get_table(in, state.parties);
  get(in, state.relations);
  get_table(in, state.sites);
  get_table(in, state.skus);
  get_table(in, state.pools);
  get_table(in, state.deliveries);
  get_table(in, state.quotes);
  get_table(in, state.leases);
  get_table(in, state.commitments);
  for (size_t count = in.length(); count > 0; --count) {
    DeliveryId delivery{static_cast<uint32_t>(in.number())};
    state.withdrawn[delivery] = capacity::Steps::read(in);
  }
  state.ledger = capacity::Ledger::read(in);
  if (!get_fleet(in, state)) return std::nullopt;
  get_billing(in, state.billing);
  get_access(in, state.access);
  get_workspace(in, state.workspace);
  if (!in.at_end()) return std::nullopt;
  index_derived(state);
  return state;
}

std::string State::hash() const { return hash_of(bytes()); }

std::string hash_of(std::string_view bytes) {
  unsigned char digest[32];
  crypto_generichash(digest, sizeof digest, reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), nullptr, 0);
  char hex[65];
  sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
  return hex;
}

}  // namespace leasehold::engine
