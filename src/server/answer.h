// What an operation answers, as HTTP: rows as JSON with pages, filters and sorting; errors as
// problem details (RFC 9457). docs/reference/http.md describes both.
#pragma once

#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "operations/form.h"
#include "operations/listener.h"
#include "server/http.h"

namespace leasehold::server {

// How a console, the command line of somebody elsewhere, asks for what it would have printed.
inline constexpr std::string_view kConsole = "application/vnd.leasehold.console+json";

// A problem: `code` is one of docs/reference/problems.md.
Response problem(int status, const std::string& code, const std::string& detail,
                 boost::json::object more = {});
// Wrong input; the fields named as in JSON. What stands in the path and is not known is not found.
Response problem(const InputErrors& errors, const std::set<std::string>& in_path);
int status_of(RefusalCode code);
// The path takes others: "GET, POST".
Response method_not_allowed(const std::string& allowed);
// What was read was ahead of the store, and the store failed.
Response never_kept();

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
// What is wanted of a table, and the cursor of the next page where there is one. Columns that it
// has not are said in `errors`.
struct Page {
  operations::Table table;
  std::string next;
};
Page choose(const operations::Table& table, const Wanted& wanted, InputErrors& errors);

class Answer : public operations::Listener {
 public:
  // What is not JSON (`output` as the command line names it) goes to `out`, as a command line
  // prints it. For a console all does, errors to `err`: the answer is both, and its exit status.
  Answer(std::ostringstream& out, std::ostringstream& err, const std::string& output, bool console,
         Wanted wanted, std::set<std::string> in_path)
      : out_(out),
        err_(err),
        printer_(out, err, output),
        output_(operations::output_of(output)),
        console_(console),
        wanted_(std::move(wanted)),
        in_path_(std::move(in_path)) {}

  void table(const operations::Table& table) override;
  void meaning(const operations::Table& table) override;
  void facts(const engine::State& after, const std::vector<Fact>& facts, bool dry_run) override;
  void wrong(const InputErrors& errors) override;
  void refused(const engine::State& state, const Refusal& refusal,
               const operations::MaySee& may_see) override;
  void failed(const journal::IoError& error) override;
  void writes(const std::string& media_type, const std::string& sum) override;
  void secret(const std::string& secret) override;
  void forbidden(const std::string& why) override;

  // Whether a refusal said that the request was answered before.
  bool repeated() const { return repeated_; }
  Response take(int exit_status);

 private:
  bool json() const { return output_ == operations::Output::json && !console_; }
  Response take_console(int exit_status);
  // Of rows and lines that the printer wrote.
  void printed();

  std::ostringstream& out_;
  std::ostringstream& err_;
  operations::Printer printer_;
  operations::Output output_;
  bool console_;
  Wanted wanted_;
  std::set<std::string> in_path_;
  std::optional<Response> problem_;
  std::optional<Page> page_;                        // of JSON
  std::string type_ = "text/plain; charset=utf-8";  // of what is written as it is
  std::string sum_;                                 // of what is written as it is, in words
  boost::json::object more_;
  bool changed_ = false;
  bool repeated_ = false;
};

}  // namespace leasehold::server
