// What stands on an invoice, in order, before it is drawn: shared by text, HTML and PDF.
#pragma once

#include <string>
#include <vector>

#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::documents {

struct Row {
  std::string what, time, quantity, price, amount;
};
struct Group {  // of one contract
  std::string title;
  std::vector<Row> rows;
  std::string sum;
};
struct Layout {
  std::string title;   // "Invoice" or "Credit note"
  std::string number;  //
  std::vector<std::string> from;
  std::vector<std::string> to;
  std::vector<std::pair<std::string, std::string>> facts;  // issued, due, period
  std::vector<Group> groups;
  std::vector<std::pair<std::string, std::string>> totals;
  std::vector<std::string> notes;
};

Layout lay_out(const engine::State& state, const Invoice& invoice);

// For XML and HTML.
std::string escaped(const std::string& text);
// Without the currency: "1300000000.00".
std::string plain_amount(const Money& amount);
// The day of an instant in a zone's wall clock: "2026-09-30".
std::string day_of(Instant at, const std::string& zone);
// The last day of a time that ends at an instant.
std::string last_day(Instant until, const std::string& zone);

}  // namespace leasehold::documents
