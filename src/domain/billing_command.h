// Commands about money. Part of the closed list of command.h.
#pragma once

#include <string>
#include <vector>

#include "domain/invoice.h"

namespace leasehold {

struct DescribeParty {
  PartyId party;
  LegalDetails details;
};
struct SetTaxRate {
  TaxRate rate;
};
struct SetListPrice {
  ListPrice price;
};
struct SetAssetCost {
  AssetCost cost;
};
struct DefineMeter {
  Meter meter;
};
// Events of one source; those that are known already count no second time, those that cannot count
// are kept with the reason. `refused`: what could not even be read, by the shell.
struct RecordUsage {
  std::string source;
  std::vector<UsageEvent> events;
  std::vector<RefusedEvent> refused;
};
struct RecordIncident {
  Incident incident;
};
struct ExcuseOutage {
  OutageId outage;
  std::string reason;
};
struct GrantPromotion {
  Promotion promotion;
};
// As billing drafted it: the engine checks its sums, its order and that nothing is billed twice,
// and gives it its number.
struct IssueInvoice {
  Invoice invoice;
};
struct CloseMonth {
  PartyId lessor;
  Month month;
};
// Takes an invoice back whole.
struct CreditInvoice {
  InvoiceId invoice;
  std::string reason;
};
struct RecordPayment {
  InvoiceId invoice;
  Money amount;
  Instant on;
  std::string reference;
};

}  // namespace leasehold
