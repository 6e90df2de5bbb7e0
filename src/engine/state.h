// The state of one cloud: the fold of its facts. Tables are in the order of their ids, names are
// ordered maps: nothing depends on an address or on a hash's order.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capacity/ledger.h"
#include "domain/contract.h"
#include "domain/fact.h"
#include "domain/party.h"
#include "domain/supply.h"

namespace leasehold::engine {

// Rows in the order of their ids (the first is number 1), found by id or by name.
template <class IdType, class Row>
class Table {
 public:
  IdType next_id() const { return {static_cast<uint32_t>(rows_.size() + 1)}; }
  Row& add(const std::string& name, Row row) {
    rows_.push_back(std::move(row));
    if (!name.empty()) names_[name] = static_cast<uint32_t>(rows_.size());
    return rows_.back();
  }
  const Row* find(IdType id) const {
    return id.number >= 1 && id.number <= rows_.size() ? &rows_[id.number - 1] : nullptr;
  }
  Row* find(IdType id) { return const_cast<Row*>(std::as_const(*this).find(id)); }
  const Row& at(IdType id) const {
    const Row* row = find(id);
    LH_ASSERT(row != nullptr);
    return *row;
  }
  Row& at(IdType id) { return const_cast<Row&>(std::as_const(*this).at(id)); }
  // An id ("lease-7") or a name ("comet"); none where neither is known.
  IdType resolve(std::string_view text) const {
    if (auto named = names_.find(text); named != names_.end()) return {named->second};
    if (auto id = parse_id_for(text); find(id) != nullptr) return id;
    return {};
  }
  const std::deque<Row>& rows() const { return rows_; }

 private:
  static IdType parse_id_for(std::string_view text);

  std::deque<Row> rows_;  // never moved: adding the millionth row costs no more than the first
  std::map<std::string, uint32_t, std::less<>> names_;
};

struct State {
  uint64_t sequence = 0;  // of the last fact
  Instant now = kDawn;    // of the last fact
  Table<PartyId, Party> parties;
  std::vector<Relation> relations;
  Table<SiteId, Site> sites;
  Table<SkuId, Sku> skus;
  Table<PoolId, Pool> pools;
  Table<DeliveryId, Delivery> deliveries;
  Table<QuoteId, Quote> quotes;
  Table<LeaseId, Lease> leases;
  Table<CommitmentId, Commitment> commitments;
  std::map<CommitmentId, std::vector<LeaseId>> draws;  // leases that draw on a commitment
  std::set<std::pair<Instant, QuoteId>> holds_due;
  std::map<DeliveryId, capacity::Steps> withdrawn;  // what of a delivery is out of service
  capacity::Ledger ledger;

  const Line* find_line(const AccountId& id) const;
  const Line& line(const AccountId& id) const;
  Line& line(const AccountId& id);
  const Lease& lease_of(const AccountId& line) const;
  // The pool at the bottom of an account's chain; a pool's is itself.
  const Pool& pool_of(const AccountId& account) const;
  const Sku& sku_of(const AccountId& account) const;
  const Site& site_of(const AccountId& account) const;
  // Who may promise from the account: a pool's owner, a line's lessee, a site's holder.
  PartyId promiser(const AccountId& account) const;
  std::string name_of(PartyId party) const;
  // A name where there is one, else the id.
  std::string name_of(const AccountId& account) const;

  // Equal states give equal bytes; the hash is BLAKE2b-256 of them, in hex.
  std::string bytes() const;
  std::string hash() const;
  // Nothing where the bytes are not those of a state, or of this layout.
  static std::optional<State> from_bytes(std::string_view bytes);
  // Whether bytes were laid out by this version of the program: those of another tell nothing.
  static bool laid_out_as_now(std::string_view bytes);
};

// BLAKE2b-256 in hex.
std::string hash_of(std::string_view bytes);

// What a line has, as supply for the promises below it.
capacity::Steps supply_of(const Line& line);

AccountId account_of(SiteId site);
AccountId account_of(PoolId pool);
AccountId line_of(LeaseId lease, size_t index);  // index from 0

template <class IdType, class Row>
IdType Table<IdType, Row>::parse_id_for(std::string_view text) {
  auto dash = text.rfind('-');
  if (dash == std::string_view::npos) return {};
  uint64_t number = 0;
  for (char c : text.substr(dash + 1)) {
    if (c < '0' || c > '9' || number > 400'000'000) return {};
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  IdType id{static_cast<uint32_t>(number)};
  return to_text(id) == text ? id : IdType{};
}

}  // namespace leasehold::engine
