// What an operation answers, as HTTP: rows as JSON with pages, filters and sorting; errors as
// problem details (RFC 9457). docs/reference/http.md describes both.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "operations/form.h"
#include "operations/listener.h"
#include "server/http.h"

namespace leasehold::server {

// A problem: `code` is one of docs/reference/problems.md.
Response problem(int status, const std::string& code, const std::string& detail,
                 boost::json::object more = {});
// Wrong input; the fields named as in JSON. What stands in the path and is not known is not found.
Response problem(const InputErrors& errors, const std::set<std::string>& in_path);
int status_of(RefusalCode code);

// Which rows of an answer are wanted, and in what order.
struct Wanted {
  struct Filter {
    std::string column;
    std::string comparison;  // "eq", "ne", "lt", "le", "gt", "ge" or "contains"
    std::string value;
  };
  std::vector<Filter> filters;
  std::vector<std::pair<std::string, bool>> sort;  // column, descending
  std::vector<std::string> fields;                 // all where none is named
  size_t limit = 0;                                // 0: all
  size_t offset = 0;
};
// Takes limit, cursor, sort and fields out of a query, and the filters: "status=overdue",
// "free.ge=8". Fields of the operation are left in it.
Wanted read_wanted(std::vector<std::pair<std::string, std::string>>& query,
                   const operations::Form& form, InputErrors& errors);
// Cuts a table to what is wanted; the cursor of the next page where there is one. Columns that it
// has not are said in `errors`.
std::string choose(operations::Table& table, const Wanted& wanted, InputErrors& errors);

class Answer : public operations::Listener {
 public:
  Answer(std::string accept, Wanted wanted, std::set<std::string> in_path)
      : accept_(std::move(accept)), wanted_(std::move(wanted)), in_path_(std::move(in_path)) {}

  void table(const operations::Table& table) override;
  void facts(const engine::State& after, const std::vector<Fact>& facts, bool dry_run) override;
  void wrong(const InputErrors& errors) override;
  void refused(const engine::State& state, const Refusal& refusal,
               const operations::MaySee& may_see) override;
  void failed(const journal::IoError& error) override;
  void writes(const std::string& media_type) override { type_ = media_type; }
  void secret(const std::string& secret) override;
  void forbidden(const std::string& why) override;

  // The facts of the request that a refusal says was answered before.
  std::optional<std::pair<int64_t, int64_t>> repeated() const { return repeated_; }
  // `written` is what the operation wrote as it is: a document, or lines for people.
  Response take(const std::string& written);

 private:
  std::string accept_;  // "application/json", "text/csv" or "text/plain"
  Wanted wanted_;
  std::set<std::string> in_path_;
  std::optional<Response> problem_;
  std::optional<operations::Table> table_;
  std::string next_;                                // cursor
  std::string type_ = "text/plain; charset=utf-8";  // of what is written as it is
  boost::json::object more_;
  bool changed_ = false;
  std::string lines_;  // of facts, for people
  std::optional<std::pair<int64_t, int64_t>> repeated_;
};

}  // namespace leasehold::server
