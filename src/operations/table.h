// Tables as people, spreadsheets and programs read them: the same rows as text, JSON or CSV.
#pragma once

#include <iosfwd>
#include <string>
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

// The name of a column as programs read it: "least_free".
std::string key_of(std::string column);

class Table {
 public:
  explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<std::vector<Cell>>& rows() const { return rows_; }
  // A table without rows says so in words ("none"), as JSON "[]", as CSV its heading.
  void print(std::ostream& out, Output output) const;

 private:
  void print_table(std::ostream& out) const;
  void print_json(std::ostream& out) const;
  void print_csv(std::ostream& out) const;

  std::vector<std::string> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace leasehold::operations
