// Tables as people, spreadsheets and programs read them: the same rows as text, JSON or CSV.
#pragma once

#include <array>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/time.h"

namespace leasehold::operations {

enum class Output : uint8_t { table, json, csv };
Output output_of(const std::string& name);  // "json", "csv"; a table for any other

// What stands in a cell: for people ("10,000"), and raw for programs ("10000").
struct Cell {
  std::string shown;
  std::string raw;
  bool number = false;
};

Cell text(const std::string& value);
Cell number(int64_t value);
Cell money(const Money& amount);
Cell moment(Instant at);       // "open" for forever
Cell share(int64_t permille);  // "41.6 %", raw in permille

// What stands in a column, but for a word where there is no such thing ("open", "not limited", "").
enum class Holds : uint8_t {
  text,
  number,
  share,   // in permille
  power,   // in watts
  money,   // "12.50 USD"
  moment,  // "2026-01-01T00:00:00Z"
};
constexpr auto enum_names(Holds) {
  return std::array{"text", "number", "share", "power", "money", "moment"};
}

struct Column {
  // "least free: number": its name, and what it holds where that is no text.
  Column(const char* described) : Column(std::string(described)) {}
  explicit Column(std::string described);
  std::string name;  // as people read it: "least free"
  std::string key;   // as programs read it: "least_free"
  Holds holds = Holds::text;
};
using Columns = std::vector<Column>;
// "pool, least free: number, at: moment"
Columns columns_of(std::string_view described);

class Table {
 public:
  explicit Table(Columns columns) : columns_(std::move(columns)) {}
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  const Columns& columns() const { return columns_; }
  const std::vector<std::vector<Cell>>& rows() const { return rows_; }
  // A table without rows says so in words ("none"), as JSON "[]", as CSV its heading.
  void print(std::ostream& out, Output output) const;

 private:
  void print_table(std::ostream& out) const;
  void print_json(std::ostream& out) const;
  void print_csv(std::ostream& out) const;

  Columns columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace leasehold::operations
