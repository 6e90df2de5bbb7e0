// What an invoice says of itself, in words: shared by every form that it is shown in.
#pragma once

#include <string>

#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::billing {

// "LAMBDA-000012"
std::string number_text(const engine::State& state, const Invoice& invoice);
// "comet: 10,000 accelerators of comet.1, 2026-01-15 to 2026-02-01"
std::string line_text(const engine::State& state, const InvoiceLine& line);
// "7,440,000 accelerator-hours"; empty where the line has no quantity.
std::string quantity_text(const engine::State& state, const InvoiceLine& line);
// The same as a plain decimal, and its unit ("GPU-Hours", "GB-month").
std::string quantity_decimal(const InvoiceLine& line);
std::string quantity_unit(const engine::State& state, const InvoiceLine& line);

// A whole number of 10^-places as a decimal without trailing zeros: "99.95", "-3".
std::string decimal_text(int64_t value, int places);

enum class InvoiceStatus : uint8_t { open, partly_paid, paid, overdue, credited };
constexpr auto enum_names(InvoiceStatus) {
  return std::array{"open", "partly_paid", "paid", "overdue", "credited"};
}
InvoiceStatus status_of(const engine::State& state, const Invoice& invoice, Instant now);

// A company's legal name, where it is known; else its name.
std::string legal_name(const engine::State& state, PartyId party);

}  // namespace leasehold::billing
