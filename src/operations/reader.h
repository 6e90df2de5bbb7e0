// Reads what people type into what commands need. Errors are collected, all of a command's
// together, each with the field, the value and what would be accepted.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/command.h"
#include "engine/state.h"

namespace leasehold::operations {

class Reader {
 public:
  // What `asker` may not see is unknown to it; nobody is kept from anything.
  Reader(const engine::State& state, std::string zone, PartyId asker = {})
      : state_(state), zone_(std::move(zone)), asker_(asker) {}

  const InputErrors& errors() const { return errors_; }
  bool good() const { return errors_.empty(); }
  const engine::State& state() const { return state_; }
  const std::string& zone() const { return zone_; }
  void set_zone(const std::string& field, const std::string& text);
  void wrong(const std::string& field, const std::string& got, const std::string& expected);

  Instant instant(const std::string& field, const std::string& text);
  Term term(const std::string& field, const std::string& text);
  Quantity quantity(const std::string& field, const std::string& text);
  int64_t watts(const std::string& field, const std::string& text);
  Money money(const std::string& field, const std::string& text);
  // "1300000000 USD total", "2.04 USD/accelerator-hour", "36999 USD/server-month".
  Price price(const std::string& field, const std::string& text);
  // "20 %" or "20%" in permille; "5.5%" is 55.
  int64_t permille(const std::string& field, const std::string& text);
  // "1.25" in thousandths.
  int64_t ratio_permille(const std::string& field, const std::string& text);
  int64_t ppm(const std::string& field, const std::string& text);
  int64_t whole(const std::string& field, const std::string& text);

  PartyId party(const std::string& field, const std::string& text);
  SiteId site(const std::string& field, const std::string& text);
  SkuId sku(const std::string& field, const std::string& text);
  PoolId pool(const std::string& field, const std::string& text);
  DeliveryId delivery(const std::string& field, const std::string& text);
  QuoteId quote(const std::string& field, const std::string& text);
  LeaseId lease(const std::string& field, const std::string& text);
  CommitmentId commitment(const std::string& field, const std::string& text);
  SiteLeaseId site_lease(const std::string& field, const std::string& text);
  HallId hall(const std::string& field, const std::string& text);
  RowId row(const std::string& field, const std::string& text);
  FeedId feed(const std::string& field, const std::string& text);
  PodId pod(const std::string& field, const std::string& text);
  RackId rack(const std::string& field, const std::string& text);
  ServerId server(const std::string& field, const std::string& text);
  // Serial numbers and ids, each alone or as a run: "SN1", "server-3", "server-3..server-9".
  std::vector<ServerId> servers(const std::string& field, const std::vector<std::string>& texts);
  InstanceId instance(const std::string& field, const std::string& text);
  MeterId meter(const std::string& field, const std::string& text);
  InvoiceId invoice(const std::string& field, const std::string& text);
  OutageId outage(const std::string& field, const std::string& text);
  Month month(const std::string& field, const std::string& text);
  KeyId key(const std::string& field, const std::string& text);
  // The address of a user, the name of a webhook: of those that are there.
  std::string user(const std::string& field, const std::string& text);
  std::string webhook(const std::string& field, const std::string& text);
  SshKeyId ssh_key(const std::string& field, const std::string& text);
  FileSystemId file_system(const std::string& field, const std::string& text);
  FirewallId firewall(const std::string& field, const std::string& text);
  ImageId image(const std::string& field, const std::string& text);
  MaintenanceId maintenance(const std::string& field, const std::string& text);
  // "rack kc-r1", or an id; of one of the kinds.
  AccountId level(const std::string& field, const std::string& text,
                  const std::vector<AccountKind>& kinds);
  // A line: "lease-7.1", "comet.1", or "comet" where the lease has one line.
  AccountId line(const std::string& field, const std::string& text);
  // A pool or a line.
  AccountId source(const std::string& field, const std::string& text);

  template <DescribedEnum E>
  E choice(const std::string& field, const std::string& text) {
    E value{};
    if (!value_of(text, value)) wrong(field, text, names_of<E>());
    return value;
  }

 private:
  template <class T>
  T take(const std::string& field, Parsed<T> parsed);
  template <class IdType, class Row>
  IdType known(const std::string& field, const std::string& text,
               const Registry<IdType, Row>& table, const char* noun);
  template <class IdType, class Row>
  IdType known_as(const std::string& field, const std::string& text,
                  const Registry<IdType, Row>& table, const char* where);
  // Of what parties name for themselves: an id, or a name that only one of them uses.
  template <class IdType, class Row>
  IdType own(const std::string& field, const std::string& text,
             const engine::OwnRows<IdType, Row>& table, const char* where);
  std::optional<AccountId> find_line(const std::string& text) const;

  template <class IdType, class Row>
  IdType seen(const Registry<IdType, Row>& table, const std::string& text) const;

  const engine::State& state_;
  std::string zone_;
  PartyId asker_;
  InputErrors errors_;
};

}  // namespace leasehold::operations
