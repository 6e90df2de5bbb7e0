#include "operations/reader.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "access/sides.h"

namespace leasehold::operations {

namespace {

// "20 %" or "2.5%" in millionths.
std::optional<int64_t> parse_percent(std::string text) {
  std::erase(text, ' ');
  if (text.empty() || text.back() != '%') return std::nullopt;
  text.pop_back();
  size_t point = text.find('.');
  std::string whole = text.substr(0, point);
  std::string fraction = point == std::string::npos ? "" : text.substr(point + 1);
  if (whole.empty() || fraction.size() > 4) return std::nullopt;
  fraction.resize(4, '0');
  std::string digits = whole + fraction;
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0)
    return std::nullopt;
  return value;
}

}  // namespace

void Reader::wrong(const std::string& field, const std::string& got, const std::string& expected) {
  errors_.push_back({field, got, expected});
}

void Reader::set_zone(const std::string& field, const std::string& text) {
  if (zone_known(text))
    zone_ = text;
  else
    wrong(field, text, "an IANA time zone such as Etc/UTC or America/Los_Angeles");
}

template <class T>
T Reader::take(const std::string& field, Parsed<T> parsed) {
  if (parsed) return *parsed;
  wrong(field, parsed.error().got, parsed.error().expected);
  return {};
}

Instant Reader::instant(const std::string& field, const std::string& text) {
  return take(field, parse_instant(text, zone_));
}
Term Reader::term(const std::string& field, const std::string& text) {
  return take(field, parse_term(text));
}
Quantity Reader::quantity(const std::string& field, const std::string& text) {
  return take(field, parse_quantity(text));
}
int64_t Reader::watts(const std::string& field, const std::string& text) {
  auto power = parse_quantity(text);
  if (power && power->kind == QuantityKind::megawatt) return power->count;
  wrong(field, text, "power, such as '24 MW' or '14300 W'");
  return 0;
}
Money Reader::money(const std::string& field, const std::string& text) {
  return take(field, parse_money(text));
}

Price Reader::price(const std::string& field, const std::string& text) {
  struct Suffix {
    std::string_view text;
    PriceBasis basis;
  };
  constexpr std::array kSuffixes{
      Suffix{" total", PriceBasis::total},
      Suffix{"/accelerator-hour", PriceBasis::per_accelerator_hour},
      Suffix{"/chip-hour", PriceBasis::per_accelerator_hour},
      Suffix{"/server-month", PriceBasis::per_server_month},
  };
  for (const Suffix& suffix : kSuffixes) {
    if (!text.ends_with(suffix.text)) continue;
    auto amount = parse_money(std::string_view(text).substr(0, text.size() - suffix.text.size()));
    if (amount) return {suffix.basis, *amount};
  }
  wrong(field, text,
        "'1300000000 USD total', '2.04 USD/accelerator-hour' or '36999 USD/server-month'");
  return {};
}

int64_t Reader::ppm(const std::string& field, const std::string& text) {
  auto value = parse_percent(text);
  if (value) return *value;
  wrong(field, text, "a share such as '5 %' or '2.5%'");
  return 0;
}

int64_t Reader::permille(const std::string& field, const std::string& text) {
  auto value = parse_percent(text);
  if (value && *value % 1000 == 0) return *value / 1000;
  wrong(field, text, "a share with at most one digit after the point, such as '20 %'");
  return 0;
}

int64_t Reader::ratio_permille(const std::string& field, const std::string& text) {
  // Of a percentage a hundredth: 1.25 is 125 %.
  auto value = parse_percent(text + "%");
  if (value && *value % 10 == 0 && *value <= 1'000'000) return *value / 10;
  wrong(field, text, "a ratio with at most three digits after the point, such as 1.25");
  return 0;
}

int64_t Reader::whole(const std::string& field, const std::string& text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    wrong(field, text, "a whole number");
  return value;
}

namespace {

using access::sides_of;

// Whether something belongs to a party: what does not is unknown to it. Parties, sites, SKUs and
// pools are the catalogue, which everybody may name.
struct Belongs {
  const engine::State& state;
  PartyId asker;

  bool operator()(const Party&) const { return true; }
  bool operator()(const Site&) const { return true; }
  bool operator()(const Sku&) const { return true; }
  bool operator()(const Pool&) const { return true; }
  bool operator()(const Quote& quote) const { return among(sides_of(quote.offer)); }
  bool operator()(const Lease& lease) const { return among(sides_of(lease.offer)); }
  bool operator()(const Commitment& one) const { return among(sides_of(one)); }
  bool operator()(const Delivery& delivery) const {
    return asker == state.pools.at(delivery.pool).owner;
  }
  bool operator()(const Instance& instance) const { return among(sides_of(state, instance)); }
  bool operator()(const Meter& meter) const { return asker == meter.owner; }
  bool operator()(const Invoice& invoice) const { return among(sides_of(invoice)); }
  bool operator()(const Outage& outage) const {
    return among(sides_of(state.lease_of(outage.line).offer));
  }
  bool operator()(const ApiKey& key) const { return key.party && asker == *key.party; }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }

  bool among(const access::Parties& parties) const { return access::among(parties, asker); }
};

}  // namespace

template <class IdType, class Row>
IdType Reader::seen(const Registry<IdType, Row>& table, const std::string& text) const {
  IdType id = table.resolve(text);
  return !id || !asker_ || Belongs{state_, asker_}(table.at(id)) ? id : IdType{};
}

template <class IdType, class Row>
IdType Reader::known(const std::string& field, const std::string& text,
                     const Registry<IdType, Row>& table, const char* noun) {
  IdType id = seen(table, text);
  if (!id)
    wrong(field, text,
          fmt::format("the name or id of a {}; 'leasehold {} list' has them", noun, noun));
  return id;
}

template <class IdType, class Row>
IdType Reader::known_as(const std::string& field, const std::string& text,
                        const Registry<IdType, Row>& table, const char* where) {
  IdType id = seen(table, text);
  if (!id) wrong(field, text, fmt::format("the name or id of a {} has them", where));
  return id;
}

PartyId Reader::party(const std::string& field, const std::string& text) {
  return known(field, text, state_.parties, "party");
}
SiteId Reader::site(const std::string& field, const std::string& text) {
  return known(field, text, state_.sites, "site");
}
SkuId Reader::sku(const std::string& field, const std::string& text) {
  return known(field, text, state_.skus, "sku");
}
PoolId Reader::pool(const std::string& field, const std::string& text) {
  return known(field, text, state_.pools, "pool");
}
QuoteId Reader::quote(const std::string& field, const std::string& text) {
  return known(field, text, state_.quotes, "quote");
}
LeaseId Reader::lease(const std::string& field, const std::string& text) {
  return known(field, text, state_.leases, "lease");
}
DeliveryId Reader::delivery(const std::string& field, const std::string& text) {
  DeliveryId id = seen(state_.deliveries, text);
  if (!id) wrong(field, text, "the name or id of a delivery; 'leasehold pool deliveries' has them");
  return id;
}
CommitmentId Reader::commitment(const std::string& field, const std::string& text) {
  CommitmentId id = seen(state_.commitments, text);
  if (!id)
    wrong(field, text, "the name or id of a commitment; 'leasehold lease commitments' has them");
  return id;
}

SiteLeaseId Reader::site_lease(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.fleet.site_leases, "head lease; 'leasehold site leases'");
}
HallId Reader::hall(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.fleet.halls, "hall; 'leasehold site power'");
}
RowId Reader::row(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.fleet.rows, "row; 'leasehold site power'");
}
FeedId Reader::feed(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.fleet.feeds, "feed; 'leasehold site power'");
}
PodId Reader::pod(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.fleet.pods, "pod; 'leasehold rack pods'");
}
RackId Reader::rack(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.fleet.racks, "rack; 'leasehold rack list'");
}
ServerId Reader::server(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.fleet.servers(),
                  "server, or its serial number; 'leasehold server list'");
}
InstanceId Reader::instance(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.instances, "instance; 'leasehold instance list'");
}
MeterId Reader::meter(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.billing.meters, "meter; 'leasehold meter list'");
}
InvoiceId Reader::invoice(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.billing.invoices, "invoice; 'leasehold invoice list'");
}
OutageId Reader::outage(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.fleet.outages, "outage; 'leasehold sla outages'");
}
Month Reader::month(const std::string& field, const std::string& text) {
  return take(field, parse_month(text));
}
KeyId Reader::key(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.access.keys, "key; 'leasehold key list'");
}

std::string Reader::user(const std::string& field, const std::string& text) {
  auto found = state_.access.users.find(text);
  if (found == state_.access.users.end() || (asker_ && found->second.party != asker_))
    wrong(field, text, "the address of a user; 'leasehold user list' has them");
  return text;
}
std::string Reader::webhook(const std::string& field, const std::string& text) {
  auto found = state_.access.webhooks.find(text);
  if (found == state_.access.webhooks.end() || (asker_ && found->second.webhook.party != asker_))
    wrong(field, text, "the name of a webhook; 'leasehold webhook list' has them");
  return text;
}

template <class IdType, class Row>
IdType Reader::own(const std::string& field, const std::string& text,
                   const engine::OwnRows<IdType, Row>& table, const char* where) {
  IdType found{};
  for (const auto& [id, row] : table.rows) {
    if (asker_ && row.party != asker_) continue;
    if (to_text(id) == text) return id;
    if (row.name != text) continue;
    if (found) {
      wrong(field, text,
            fmt::format("an id such as {}: several parties use the name", to_text(id)));
      return {};
    }
    found = id;
  }
  if (!found) wrong(field, text, fmt::format("the name or id of a {} has them", where));
  return found;
}
SshKeyId Reader::ssh_key(const std::string& field, const std::string& text) {
  return own(field, text, state_.workspace.ssh_keys, "SSH key; 'leasehold ssh-key list'");
}
FileSystemId Reader::file_system(const std::string& field, const std::string& text) {
  return own(field, text, state_.workspace.file_systems,
             "file system; 'leasehold file-system list'");
}
FirewallId Reader::firewall(const std::string& field, const std::string& text) {
  return own(field, text, state_.workspace.firewalls, "firewall; 'leasehold firewall list'");
}
ImageId Reader::image(const std::string& field, const std::string& text) {
  for (const Image& image : state_.workspace.images)
    if (image.name == text || to_text(image.id) == text) return image.id;
  wrong(field, text, "the name or id of an image; 'leasehold image list' has them");
  return {};
}

MaintenanceId Reader::maintenance(const std::string& field, const std::string& text) {
  return known_as(field, text, state_.maintenances, "maintenance; 'leasehold maintenance list'");
}

std::vector<ServerId> Reader::servers(const std::string& field,
                                      const std::vector<std::string>& texts) {
  std::vector<ServerId> servers;
  for (const std::string& text : texts) {
    size_t dots = text.find("..");
    if (dots == std::string::npos) {
      servers.push_back(server(field, text));
      continue;
    }
    ServerId first = server(field, text.substr(0, dots));
    ServerId last = server(field, text.substr(dots + 2));
    if (last < first) wrong(field, text, "a run from a lower id to a higher one");
    for (ServerId id = first; good() && id <= last; ++id.number) servers.push_back(id);
  }
  return servers;
}

AccountId Reader::level(const std::string& field, const std::string& text,
                        const std::vector<AccountKind>& kinds) {
  std::string accepted;
  for (AccountKind kind : kinds) {
    std::string word = name_of(kind);
    accepted += (accepted.empty() ? "'" : " or '") + word + " NAME'";
    bool named = text.starts_with(word + " ");
    bool id = text.starts_with(word + "-");
    if (!named && !id) continue;
    std::string name = named ? text.substr(word.size() + 1) : text;
    switch (kind) {
      case AccountKind::site:
        return account_of(site(field, name));
      case AccountKind::hall:
        return account_of(hall(field, name));
      case AccountKind::row:
        return account_of(row(field, name));
      case AccountKind::rack:
        return account_of(rack(field, name));
      case AccountKind::feed:
        return account_of(feed(field, name));
      case AccountKind::pod:
        return account_of(pod(field, name));
      default:
        break;
    }
  }
  wrong(field, text, accepted + ", or the id");
  return {};
}

std::optional<AccountId> Reader::find_line(const std::string& text) const {
  std::string lease = text;
  int64_t index = 0;
  size_t dot = text.rfind('.');
  if (dot != std::string::npos && dot + 1 < text.size()) {
    auto [end, error] = std::from_chars(text.data() + dot + 1, text.data() + text.size(), index);
    if (error == std::errc() && end == text.data() + text.size() && index > 0)
      lease = text.substr(0, dot);
    else
      index = 0;
  }
  const Lease* found = state_.leases.find(seen(state_.leases, lease));
  if (found == nullptr) return std::nullopt;
  auto lines = static_cast<int64_t>(found->offer.lines.size());
  if (index == 0 && lines == 1) index = 1;
  if (index < 1 || index > lines) return std::nullopt;
  return engine::line_of(found->id, static_cast<size_t>(index - 1));
}

AccountId Reader::line(const std::string& field, const std::string& text) {
  if (auto found = find_line(text)) return *found;
  wrong(field, text,
        "a line of a lease, such as comet.1 or lease-7.1; 'leasehold lease list' has them");
  return {};
}

AccountId Reader::source(const std::string& field, const std::string& text) {
  if (PoolId pool = state_.pools.resolve(text)) return account_of(pool);
  if (auto found = find_line(text)) return *found;
  wrong(field, text,
        "a pool, or a line of a lease such as comet.1; 'leasehold pool list' and 'leasehold lease "
        "list' have them");
  return {};
}

}  // namespace leasehold::operations
