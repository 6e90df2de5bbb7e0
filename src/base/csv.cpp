#include "base/csv.h"

#include <algorithm>
#include <charconv>

namespace leasehold {

namespace {

constexpr size_t kMostErrors = 20;

}  // namespace

std::string csv_field(const std::string& value) {
  if (value.find_first_of(",\"\n") == std::string::npos) return value;
  std::string quoted = "\"";
  for (char c : value) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

CsvFile::CsvFile(std::string path, std::string_view text, InputErrors& errors)
    : path_(std::move(path)), errors_(errors) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // spreadsheets begin so
  parse(text);
  if (rows_.empty()) {
    errors_.push_back({path_, "nothing", "a heading with the names of the columns", 1, 1});
    return;
  }
  heading_ = std::move(rows_.front().values);
  rows_.erase(rows_.begin());
  for (row_ = 0; row_ < rows_.size(); ++row_)
    if (rows_[row_].values.size() != heading_.size())
      wrong(std::to_string(rows_[row_].values.size()) + " values",
            std::to_string(heading_.size()) + ", as the heading has");
  row_ = 0;
}

// Values in quotes may hold commas, line ends and, doubled, quotes.
void CsvFile::parse(std::string_view text) {
  int line = 1;
  Row row{line, {""}};
  bool quoted = false;
  auto end_row = [&] {
    bool blank = row.values.size() == 1 && row.values.front().empty();
    if (!blank) rows_.push_back(std::move(row));
    row = {line, {""}};
  };
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      bool doubled = c == '"' && i + 1 < text.size() && text[i + 1] == '"';
      if (c != '"' || doubled)
        row.values.back() += c;
      else
        quoted = false;
      if (doubled) ++i;
    } else if (c == '"' && row.values.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      row.values.emplace_back();
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      row.values.back() += c;
    }
  }
  end_row();
}

size_t CsvFile::column_of(std::string_view column) const {
  auto found = std::find(heading_.begin(), heading_.end(), column);
  return static_cast<size_t>(found - heading_.begin());
}

void CsvFile::need(const std::vector<std::string>& columns) {
  std::string missing;
  for (const std::string& column : columns)
    if (!has(column)) missing += (missing.empty() ? "" : ", ") + column;
  if (!missing.empty())
    errors_.push_back({path_, "a heading without " + missing, "these columns as well", 1, 1});
}

void CsvFile::go_to(size_t row) { row_ = row; }

const std::string& CsvFile::text(std::string_view column) const {
  static const std::string kNothing;
  size_t index = column_of(column);
  const std::vector<std::string>& values = rows_[row_].values;
  return index < values.size() ? values[index] : kNothing;
}

int64_t CsvFile::number(std::string_view column, int64_t least, int64_t most,
                        std::optional<int64_t> otherwise) {
  const std::string& value = text(column);
  if (value.empty() && otherwise) return *otherwise;
  int64_t number = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < least || number > most)
    wrong(std::string(column) + " '" + value + "'",
          "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return number;
}

void CsvFile::wrong(const std::string& got, const std::string& expected) {
  if (errors_.size() < kMostErrors) errors_.push_back({path_, got, expected, rows_[row_].line, 1});
}

}  // namespace leasehold
