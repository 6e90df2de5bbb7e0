// Names, intervals, parties and use restrictions.
#include <algorithm>
#include <array>
#include <cctype>

#include "engine/rules.h"
#include "engine/use.h"

namespace leasehold::engine {

namespace {

constexpr int64_t kHalfPpm = 500'000;

// Well-formed UTF-8 (RFC 3629) without control characters: it goes into JSON and onto screens.
bool plain_utf8(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x20 || first == 0x7F) return false;
    size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || first > 0xF4 || i + length > text.size()) return false;
    uint32_t point = length == 1 ? first : first & (0x7FU >> length);
    for (size_t k = 1; k < length; ++k) {
      auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0U) != 0x80) return false;
      point = (point << 6) | (next & 0x3FU);
    }
    constexpr std::array<uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < kLeast[length] || point > 0x10FFFF || surrogate || (point >= 0x80 && point < 0xA0))
      return false;
    i += length;
  }
  return true;
}

bool in_list(const State& state, const std::vector<PartyId>& listed, PartyId party) {
  return std::any_of(listed.begin(), listed.end(),
                     [&](PartyId whole) { return is_part_of(state, party, whole); });
}

bool use_allows(const State& state, const Terms& terms, PartyId holder, PartyId lessor,
                PartyId lessee) {
  switch (terms.use) {
    case Use::resale:
      return true;
    case Use::sublease_once:
      return lessor == holder || is_part_of(state, lessee, lessor);
    case Use::listed:
      return in_list(state, terms.listed, lessee) || is_part_of(state, lessee, holder);
    case Use::no_resale:
      return is_affiliate(state, lessee, holder);
    case Use::internal:
      return is_part_of(state, lessee, holder);
  }
  return false;
}

std::string use_rule(const State& state, const Lease& lease, PartyId lessee) {
  const std::string holder = state.name_of(lessee);
  std::string who = lease.offer.name.empty() ? to_text(lease.id) : lease.offer.name;
  switch (lease.offer.terms.use) {
    case Use::resale:
      break;
    case Use::sublease_once:
      return who + " may be subleased once, by " + holder + ", and then only used";
    case Use::listed: {
      std::string list;
      for (PartyId party : lease.offer.terms.listed)
        list += (list.empty() ? "" : ", ") + state.name_of(party);
      return who + " may be subleased only to " + list;
    }
    case Use::no_resale:
      return who + " is for " + holder + " and companies it owns by half or more";
    case Use::internal:
      return who + " is for " + holder + "'s own use: only departments of it";
  }
  return who;
}

}  // namespace

Checked check_name(const std::string& name, bool taken, std::string_view stem) {
  auto ends_in_number_after = [&name](size_t place) {
    return place != std::string::npos && place + 1 < name.size() &&
           name.find_first_not_of("0123456789", place + 1) == std::string::npos;
  };
  bool plain = !name.empty() && name.size() <= 64 &&
               std::all_of(name.begin(), name.end(), [](unsigned char c) {
                 return std::isalnum(c) || c == '.' || c == '-' || c == '_';
               });
  if (!plain)
    return refuse(RefusalCode::invalid_value, "name", name,
                  "1 to 64 letters, digits, '.', '-' or '_'");
  bool like_an_id =
      ends_in_number_after(name.rfind('-')) && name.substr(0, name.rfind('-')) == stem;
  if (like_an_id || ends_in_number_after(name.rfind('.')))
    return refuse(RefusalCode::invalid_value, "name", name,
                  "a name that does not read as an id such as lease-7 or a line such as comet.1");
  if (taken) return refuse(RefusalCode::name_taken, "name", name, "a name not used yet");
  return {};
}

Checked check_text(const std::string& text, std::string_view subject) {
  if (text.size() > 256 || !plain_utf8(text))
    return refuse(RefusalCode::invalid_value, std::string(subject), "",
                  "at most 256 bytes of UTF-8 without control characters");
  return {};
}

Checked check_interval(const Interval& interval, std::string_view subject) {
  if (interval.from < kFirst || interval.from > kLast)
    return refuse(RefusalCode::invalid_value, std::string(subject), "",
                  "a dated start, from 1970 to 9999");
  if (interval.until > kLast && !interval.open())
    return refuse(RefusalCode::invalid_value, std::string(subject), "",
                  "an end by 9999-12-31T23:59:59Z, or none");
  if (interval.empty())
    return refuse(RefusalCode::term_empty, std::string(subject),
                  to_text(interval.from) + " to " + to_text(interval.until),
                  "an end after the start");
  return {};
}

Checked check_range(int64_t value, int64_t least, int64_t most, std::string_view subject) {
  if (value < least || value > most)
    return refuse(RefusalCode::invalid_value, std::string(subject), std::to_string(value),
                  std::to_string(least) + " to " + std::to_string(most));
  return {};
}

Checked check_price(const Price& price) {
  int64_t most = 0;
  switch (price.basis) {
    case PriceBasis::total:
      most = 1'000'000'000'000;
      break;
    case PriceBasis::per_accelerator_hour:
      most = 1'000'000;
      break;
    case PriceBasis::per_server_month:
      most = 1'000'000'000;
      break;
  }
  if (price.amount.nanos < 0 || price.amount.nanos > Int128{most} * Money::kNanosPerUnit)
    return refuse(RefusalCode::invalid_value, "price", to_text(price.amount),
                  "from 0 to " + with_thousands(most));
  return {};
}

Checked check_open_term(const Price& price, const Terms& terms) {
  if (price.basis == PriceBasis::total)
    return refuse(RefusalCode::invalid_value, "price", to_text(price.amount),
                  "a price by the hour or month for an open term");
  if (!terms.notice)
    return refuse(RefusalCode::invalid_value, "notice", "",
                  "a notice period such as '90 days' for an open term");
  return {};
}

Result<int64_t> atoms_of(const Sku& sku, const Site& site, const Quantity& quantity) {
  LH_CHECK(check_range(quantity.count, 1, kMostCount, "quantity"));
  auto atoms = sku.atoms(quantity, site);
  if (!atoms || *atoms == 0)
    return refuse(RefusalCode::quantity_not_of_sku, "quantity", to_text(quantity),
                  "a quantity that " + sku.name + " converts");
  LH_CHECK(check_range(*atoms, 1, kMostAtoms, "quantity, in accelerators or chips"));
  return *atoms;
}

bool is_part_of(const State& state, PartyId part, PartyId whole) {
  for (const Party* party = state.parties.find(part); party != nullptr;) {
    if (party->id == whole) return true;
    party = party->part_of ? state.parties.find(*party->part_of) : nullptr;
  }
  return false;
}

bool is_affiliate(const State& state, PartyId party, PartyId of) {
  // Ownership may run in a circle: each company is entered once.
  std::vector<PartyId> reached{of};
  for (size_t i = 0; i < reached.size(); ++i)
    for (const Relation& relation : state.relations) {
      bool controls = relation.kind == RelationKind::owns && relation.subject == reached[i] &&
                      relation.share_ppm >= kHalfPpm;
      if (controls && std::find(reached.begin(), reached.end(), relation.object) == reached.end())
        reached.push_back(relation.object);
    }
  return in_list(state, reached, party);
}

Checked check_use(const State& state, const AccountId& source, PartyId lessor, PartyId lessee) {
  return check_use(state, source, lessor, lessee, {});
}

Checked check_use(const State& state, const AccountId& source, PartyId lessor, PartyId lessee,
                  const UseChange& change) {
  for (AccountId above = source; above.kind == AccountKind::line;
       above = state.line(above).source) {
    const Lease& lease = state.lease_of(above);
    PartyId holder = lease.id == change.lease ? change.lessee : lease.offer.lessee;
    if (!use_allows(state, lease.offer.terms, holder, lessor, lessee))
      return refuse(RefusalCode::use_restricted, "lessee", state.name_of(lessee),
                    use_rule(state, lease, holder));
  }
  return {};
}

void draw(capacity::Proposal& proposal, const State& state, const AccountId& account,
          const Interval& interval, int64_t delta) {
  if (!proposal.knows(account)) proposal.open(account, supply_of(state.line(account)));
  proposal.change(account, interval, delta);
}

std::optional<std::string> broken_use(const State& state, const Lease& lease) {
  for (const Line& line : lease.offer.lines) {
    if (line.source.kind != AccountKind::line || line.tranches.empty()) continue;
    Checked allowed = check_use(state, line.source, lease.offer.lessor, lease.offer.lessee);
    if (!allowed) return allowed.error().rule;
  }
  return std::nullopt;
}

}  // namespace leasehold::engine
