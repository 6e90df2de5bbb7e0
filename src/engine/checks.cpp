// Names, intervals, parties and use restrictions.
#include <algorithm>
#include <cctype>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {

constexpr int64_t kHalfPpm = 500'000;

bool in_list(const State& state, const std::vector<PartyId>& listed, PartyId party) {
  return std::any_of(listed.begin(), listed.end(),
                     [&](PartyId whole) { return is_part_of(state, party, whole); });
}

bool use_allows(const State& state, const Lease& lease, PartyId lessor, PartyId lessee) {
  const Terms& terms = lease.offer.terms;
  PartyId holder = lease.offer.lessee;
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

std::string use_rule(const State& state, const Lease& lease) {
  const std::string holder = state.name_of(lease.offer.lessee);
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

Checked check_name(const std::string& name, bool taken) {
  bool plain = !name.empty() && name.size() <= 64 &&
               std::all_of(name.begin(), name.end(), [](unsigned char c) {
                 return std::isalnum(c) || c == '.' || c == '-' || c == '_';
               });
  if (!plain)
    return refuse(RefusalCode::invalid_value, "name", name,
                  "1 to 64 letters, digits, '.', '-' or '_'");
  if (taken) return refuse(RefusalCode::name_taken, "name", name, "a name not used yet");
  return {};
}

Checked check_interval(const Interval& interval, const std::string& subject) {
  if (interval.from == kDawn || interval.from == kForever)
    return refuse(RefusalCode::invalid_value, subject, to_text(interval.from), "a dated start");
  if (interval.empty())
    return refuse(RefusalCode::term_empty, subject,
                  to_text(interval.from) + " to " + to_text(interval.until),
                  "an end after the start");
  return {};
}

Checked check_range(int64_t value, int64_t least, int64_t most, const std::string& subject) {
  if (value < least || value > most)
    return refuse(RefusalCode::invalid_value, subject, std::to_string(value),
                  std::to_string(least) + " to " + std::to_string(most));
  return {};
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
  for (AccountId above = source; above.kind == AccountKind::line;
       above = state.line(above).source) {
    const Lease& lease = state.lease_of(above);
    if (!use_allows(state, lease, lessor, lessee))
      return refuse(RefusalCode::use_restricted, "lessee", state.name_of(lessee),
                    use_rule(state, lease));
  }
  return {};
}

void draw(capacity::Proposal& proposal, const State& state, const AccountId& account,
          const Interval& interval, int64_t delta) {
  if (!proposal.knows(account)) proposal.open(account, supply_of(state.line(account)));
  proposal.change(account, interval, delta);
}

}  // namespace leasehold::engine
