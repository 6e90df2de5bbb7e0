#include "operations/table.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "base/csv.h"
#include "base/describe.h"
#include "base/json.h"
#include "base/quantity.h"

namespace leasehold::operations {

namespace {

// Columns on the screen: UTF-8 continuation bytes take none.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

}  // namespace

Column::Column(std::string described) : name(std::move(described)) {
  if (size_t colon = name.find(": "); colon != std::string::npos) {
    bool known = value_of(std::string_view(name).substr(colon + 2), holds);
    LH_ASSERT(known);
    name.resize(colon);
  }
  key = name;
  std::replace(key.begin(), key.end(), ' ', '_');
}

Output output_of(const std::string& name) {
  if (name == "json") return Output::json;
  return name == "csv" ? Output::csv : Output::table;
}

Cell text(const std::string& value) { return {value, value, false}; }
Cell number(int64_t value) { return {with_thousands(value), std::to_string(value), true}; }
Cell money(const Money& amount) { return {to_display(amount), to_text(amount), false}; }
Cell moment(Instant at) {
  if (at == kForever) return {"open", "open", false};
  return {to_short_text(at), to_text(at), false};
}
Cell share(int64_t permille) {
  int64_t magnitude = permille < 0 ? -permille : permille;
  return {fmt::format("{}{}.{} %", permille < 0 ? "-" : "", magnitude / 10, magnitude % 10),
          std::to_string(permille), true};
}

Columns columns_of(std::string_view described) {
  Columns columns;
  while (!described.empty()) {
    std::string_view one = described.substr(0, described.find(", "));
    columns.emplace_back(std::string(one));
    described.remove_prefix(std::min(one.size() + 2, described.size()));
  }
  return columns;
}

void Table::add(std::vector<Cell> row) {
  LH_ASSERT(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

void Table::print(std::ostream& out, Output output) const {
  switch (output) {
    case Output::table:
      return print_table(out);
    case Output::json:
      return print_json(out);
    case Output::csv:
      return print_csv(out);
  }
}

void Table::print_table(std::ostream& out) const {
  if (rows_.empty()) {
    out << "none\n";
    return;
  }
  std::vector<size_t> widths;
  widths.reserve(columns_.size());
  for (const Column& column : columns_) widths.push_back(width_of(column.name));
  for (const auto& row : rows_)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i].shown));
  auto print_row = [&](auto text_at, auto right_at) {
    std::string line;
    for (size_t i = 0; i < columns_.size(); ++i) {
      std::string shown = text_at(i);
      std::string pad(widths[i] - width_of(shown), ' ');
      line += i > 0 ? "  " : "";
      line += right_at(i) ? pad + shown : shown + pad;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  };
  auto right = [this](size_t i) { return rows_.front()[i].number; };
  print_row([this](size_t i) { return columns_[i].name; }, right);
  for (const auto& row : rows_) print_row([&row](size_t i) { return row[i].shown; }, right);
}

void Table::print_json(std::ostream& out) const {
  out << '[';
  for (size_t r = 0; r < rows_.size(); ++r) {
    std::string object = r == 0 ? "\n  {" : ",\n  {";
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) object += ", ";
      write_json_string(object, columns_[i].key);
      object += ": ";
      if (rows_[r][i].number)
        object += rows_[r][i].raw;
      else
        write_json_string(object, rows_[r][i].raw);
    }
    out << object << '}';
  }
  out << (rows_.empty() ? "]\n" : "\n]\n");
}

void Table::print_csv(std::ostream& out) const {
  for (size_t i = 0; i < columns_.size(); ++i)
    out << (i > 0 ? "," : "") << csv_field(columns_[i].key);
  out << '\n';
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) out << (i > 0 ? "," : "") << csv_field(row[i].raw);
    out << '\n';
  }
}

}  // namespace leasehold::operations
