// Comma-separated values (RFC 4180) with a heading, read row by row. Every error names the file,
// the line, what stands there and what would be accepted; all of a file are collected, the first
// twenty kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace leasehold {

// A value as a field of a row: quoted where it has to be.
std::string csv_field(const std::string& value);

class CsvFile {
 public:
  // `path` names the file, or the option that gave it, in errors.
  CsvFile(std::string path, std::string_view text, InputErrors& errors);

  size_t rows() const { return rows_.size(); }
  bool has(std::string_view column) const { return column_of(column) < heading_.size(); }
  // Columns that the heading lacks, as one error.
  void need(const std::vector<std::string>& columns);

  void go_to(size_t row);
  // The value in the present row; "" where the file has no such column.
  const std::string& text(std::string_view column) const;
  // A whole number from `least` to `most`; `otherwise` where the text is empty and one is given.
  int64_t number(std::string_view column, int64_t least, int64_t most,
                 std::optional<int64_t> otherwise = {});
  // About the present row.
  void wrong(const std::string& got, const std::string& expected);

 private:
  struct Row {
    int line = 0;
    std::vector<std::string> values;
  };
  size_t column_of(std::string_view column) const;
  void parse(std::string_view text);

  std::string path_;
  InputErrors& errors_;
  std::vector<std::string> heading_;
  std::vector<Row> rows_;
  size_t row_ = 0;
};

}  // namespace leasehold
