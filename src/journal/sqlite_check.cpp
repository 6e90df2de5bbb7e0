#include "journal/sqlite_check.h"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

namespace leasehold::journal {

namespace {

Unexpected<IoError> damaged(const std::string& what) {
  return Unexpected<IoError>(
      IoError{IoCode::corrupt, "the store is damaged outside its records: " + what, 0});
}

// The rows of a query whose columns are text.
std::optional<std::vector<std::vector<std::string>>> rows_of(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK) return std::nullopt;
  std::vector<std::vector<std::string>> rows;
  int status = SQLITE_ROW;
  while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
    rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      rows.back().emplace_back(text == nullptr ? "" : text);
    }
  }
  sqlite3_finalize(statement);
  return status == SQLITE_DONE ? std::optional(rows) : std::nullopt;
}

// The unused part of a page (https://www.sqlite.org/fileformat2.html, section 1.6): of a b-tree
// leaf what lies between its cell pointers and its cells, of an overflow page its end.
std::string_view unused_part(std::string_view page, size_t number, const std::string& type,
                             size_t unused) {
  if (type == "overflow") return page.substr(page.size() - std::min(unused, page.size()));
  size_t header = number == 1 ? 100 : 0;
  auto word = [page](size_t at) {
    return static_cast<size_t>(static_cast<uint8_t>(page[at])) << 8 |
           static_cast<uint8_t>(page[at + 1]);
  };
  size_t pointers = header + 8;
  size_t begin = pointers + 2 * word(header + 3);
  size_t end = word(header + 5);
  return begin < end && end <= page.size() ? page.substr(begin, end - begin) : std::string_view();
}

Io<std::monostate> check_unused_space(sqlite3* database, const std::string& path) {
  // Snapshots come and go, which leaves marks in their pages; their bytes are held against the
  // fold. So does parting the pages above the leaves when a store grows: integrity_check reads what
  // is used of them.
  auto pages = rows_of(database,
                       "SELECT pageno, pagetype, unused, pgsize FROM dbstat "
                       "WHERE pagetype <> 'internal' AND "
                       "(name <> 'snapshot' OR NOT EXISTS (SELECT 1 FROM snapshot))");
  if (!pages) return damaged("its pages cannot be listed");
  std::ifstream file(path, std::ios::binary);
  for (const auto& row : *pages) {
    size_t number = std::stoul(row[0]);
    std::string page(std::stoul(row[3]), '\0');
    file.seekg(static_cast<std::streamoff>((number - 1) * page.size()));
    if (!file.read(page.data(), static_cast<std::streamsize>(page.size())))
      return damaged(fmt::format("page {} cannot be read", number));
    std::string_view unused = unused_part(page, number, row[1], std::stoul(row[2]));
    if (std::any_of(unused.begin(), unused.end(), [](char c) { return c != '\0'; }))
      return damaged(fmt::format("page {} has bytes that no record uses", number));
  }
  return {};
}

// Pages that wait in the write-ahead log are not in the file yet: they have checksums of their own.
bool log_waits(const std::string& path) {
  std::ifstream log(path + "-wal", std::ios::binary | std::ios::ate);
  return log && log.tellg() > 0;
}

}  // namespace

Io<std::monostate> check_file(sqlite3* database, const std::string& path,
                              std::span<const Table> schema) {
  auto found = rows_of(database, "PRAGMA integrity_check(1)");
  if (!found || found->size() != 1 || found->front().front() != "ok")
    return damaged(found && !found->empty() ? found->front().front() : "it cannot be read");
  auto tables =
      rows_of(database, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid");
  bool same = tables && std::equal(tables->begin(), tables->end(), schema.begin(), schema.end(),
                                   [](const std::vector<std::string>& row, const Table& table) {
                                     return row == std::vector<std::string>{"table", table.name,
                                                                            table.name, table.sql};
                                   });
  if (!same) return damaged("its tables are not those that it was made with");
  if (log_waits(path)) return {};
  return check_unused_space(database, path);
}

}  // namespace leasehold::journal
