#include "server/answer.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "server/text.h"

namespace leasehold::server {

namespace json = boost::json;
using operations::Cell;
using operations::Output;
using operations::Table;

namespace {

const char* title_of(int status) {
  switch (status) {
    case 400:
      return "The request is not as it should be";
    case 401:
      return "Who asks is not known";
    case 403:
      return "Who asks may not ask for this";
    case 404:
      return "There is no such thing";
    case 405:
      return "This is not asked with that method";
    case 408:
      return "The request took too long";
    case 409:
      return "The request was refused";
    case 413:
    case 431:
      return "The request is too large";
    case 429:
      return "Too many requests";
    case 503:
      return "The server cannot answer now";
    default:
      return "The server failed";
  }
}

json::object json_of(const engine::State& state, const Nearest& nearest) {
  json::object out{{"kind", name_of(nearest.kind)}, {"atoms", nearest.atoms}};
  if (nearest.account) out["account"] = state.name_of(nearest.account);
  out["from"] = to_text(nearest.interval.from);
  out["until"] = to_text(nearest.interval.until);
  return out;
}

json::value json_of(const Cell& cell) {
  int64_t number = 0;
  const char* end = cell.raw.data() + cell.raw.size();
  if (cell.number && std::from_chars(cell.raw.data(), end, number).ptr == end) return number;
  return json::value(cell.raw);
}

// Numbers by their size, all else by its text.
int compare(const Cell& a, const Cell& b) {
  if (a.number && b.number && a.raw.size() != b.raw.size() && a.raw[0] != '-' && b.raw[0] != '-')
    return a.raw.size() < b.raw.size() ? -1 : 1;
  int order = a.raw.compare(b.raw);
  if (a.number && b.number && a.raw[0] == '-' && b.raw[0] == '-')
    return a.raw.size() != b.raw.size() ? (a.raw.size() > b.raw.size() ? -1 : 1) : -order;
  return order;
}

bool passes(const Cell& cell, const Wanted::Filter& filter) {
  if (filter.comparison == "contains") return cell.raw.find(filter.value) != std::string::npos;
  int order = compare(cell, {"", filter.value, cell.number});
  if (filter.comparison == "eq") return cell.raw == filter.value;
  if (filter.comparison == "ne") return cell.raw != filter.value;
  if (filter.comparison == "lt") return order < 0;
  if (filter.comparison == "le") return order <= 0;
  if (filter.comparison == "gt") return order > 0;
  return order >= 0;
}

std::optional<size_t> column_of(const Table& table, const std::string& name) {
  for (size_t i = 0; i < table.columns().size(); ++i)
    if (table.columns()[i].key == name) return i;
  return std::nullopt;
}

std::string columns_text(const Table& table) {
  std::string all;
  for (const operations::Column& column : table.columns())
    all += (all.empty() ? "" : ", ") + column.key;
  return all;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
  return parts;
}

constexpr size_t kMostRows = 10'000;  // of one page

// With some of the columns, or all where none is named.
json::array rows_of(const Table& table, const std::set<std::string>& fields) {
  json::array rows;
  rows.reserve(table.rows().size());
  for (const auto& row : table.rows()) {
    json::object object;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string& key = table.columns()[i].key;
      if (fields.empty() || fields.contains(key)) object[key] = json_of(row[i]);
    }
    rows.push_back(std::move(object));
  }
  return rows;
}

}  // namespace

Response problem(int status, const std::string& code, const std::string& detail,
                 json::object more) {
  json::object body{{"type", "urn:leasehold:problem:" + code},
                    {"title", title_of(status)},
                    {"status", status},
                    {"code", code},
                    {"detail", detail}};
  for (auto& [key, value] : more) body[key] = value;
  Response response{status, "application/problem+json", well_formed(json::serialize(body)) + "\n"};
  response.code = code;
  return response;
}

Response problem(const InputErrors& errors, const std::set<std::string>& in_path) {
  json::array list;
  std::string detail;
  bool missing = !errors.empty();
  for (const InputError& error : errors) {
    std::string field = operations::json_name(error.path);
    missing = missing && in_path.contains(field);
    list.push_back(
        json::object{{"field", field}, {"value", error.got}, {"expected", error.expected}});
    InputError said = error;
    said.path = field;
    detail += (detail.empty() ? "" : "; ") + said.to_text();
  }
  return problem(missing ? 404 : 400, missing ? "not_found" : "wrong_input", detail,
                 {{"errors", std::move(list)}});
}

Response method_not_allowed(const std::string& allowed) {
  Response response = problem(405, "method_not_allowed", "it takes " + allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

Response never_kept() {
  return problem(503, "unavailable", "what was to be answered could not be kept: ask again");
}

int status_of(RefusalCode code) {
  switch (code) {
    case RefusalCode::unknown_reference:
      return 404;
    case RefusalCode::invalid_value:
    case RefusalCode::unknown_zone:
    case RefusalCode::term_empty:
      return 400;
    case RefusalCode::not_a_side:
      return 403;
    default:
      return 409;
  }
}

Wanted read_wanted(std::vector<std::pair<std::string, std::string>>& query,
                   const operations::Form& form, InputErrors& errors) {
  static const std::set<std::string> kComparisons{"eq", "ne", "lt", "le", "gt", "ge", "contains"};
  Wanted wanted;
  wanted.limit = 1000;
  std::erase_if(query, [&](const auto& parameter) {
    const auto& [name, value] = parameter;
    if (form.find(name) != nullptr) return false;
    if (name == "limit" || name == "cursor") {
      size_t number = 0;
      const char* end = value.data() + value.size();
      bool good = !value.empty() && std::from_chars(value.data(), end, number).ptr == end;
      if (name == "limit" && (!good || number < 1 || number > kMostRows))
        errors.push_back({name, value, fmt::format("1 to {} rows", kMostRows)});
      else if (!good)
        errors.push_back({name, value, "the 'next' of the page before"});
      (name == "limit" ? wanted.limit : wanted.offset) = number;
    } else if (name == "sort") {
      for (const std::string& column : split(value)) {
        bool down = column.starts_with('-');
        wanted.sort.emplace_back(down ? column.substr(1) : column, down);
      }
    } else if (name == "fields") {
      wanted.fields = split(value);
    } else {
      size_t dot = name.rfind('.');
      bool compared = dot != std::string::npos && kComparisons.contains(name.substr(dot + 1));
      wanted.filters.push_back(
          {compared ? name.substr(0, dot) : name, compared ? name.substr(dot + 1) : "eq", value});
    }
    return true;
  });
  return wanted;
}

Page choose(const Table& table, const Wanted& wanted, InputErrors& errors) {
  auto column = [&](const std::string& name) {
    auto found = column_of(table, name);
    if (!found) errors.push_back({name, "", "one of " + columns_text(table)});
    return found.value_or(0);
  };
  using Row = std::vector<Cell>;
  std::vector<const Row*> rows;
  rows.reserve(table.rows().size());
  for (const Row& row : table.rows()) rows.push_back(&row);
  for (const Wanted::Filter& filter : wanted.filters) {
    size_t at = column(filter.column);
    if (errors.empty())
      std::erase_if(rows, [&](const Row* row) { return !passes((*row)[at], filter); });
  }
  for (auto by = wanted.sort.rbegin(); by != wanted.sort.rend(); ++by) {
    size_t at = column(by->first);
    if (!errors.empty()) break;
    std::stable_sort(rows.begin(), rows.end(), [&](const Row* a, const Row* b) {
      return by->second ? compare((*b)[at], (*a)[at]) < 0 : compare((*a)[at], (*b)[at]) < 0;
    });
  }
  for (const std::string& name : wanted.fields) column(name);
  size_t from = std::min(wanted.offset, rows.size());
  size_t until = wanted.limit == 0 ? rows.size() : std::min(from + wanted.limit, rows.size());
  Page page{Table(table.columns()), until < rows.size() ? std::to_string(until) : ""};
  for (size_t i = from; i < until; ++i) page.table.add(*rows[i]);
  return page;
}

void Answer::printed() {
  if (output_ == Output::csv) type_ = "text/csv; charset=utf-8";
}

void Answer::table(const Table& table) {
  if (console_) return printer_.table(table);  // a console sees what was said beside a refusal
  if (problem_) return;
  InputErrors errors;
  Page page = choose(table, wanted_, errors);
  if (!errors.empty()) return wrong(errors);
  if (json()) {
    page_ = std::move(page);
    return;
  }
  printer_.table(page.table);
  printed();
}

void Answer::meaning(const Table& table) {
  if (json()) {
    more_["data"] = rows_of(table, {});
  } else {
    printer_.meaning(table);
  }
}

void Answer::facts(const engine::State& after, const std::vector<Fact>& facts, bool dry_run) {
  changed_ = true;
  if (!json()) {
    printer_.facts(after, facts, dry_run);
    return printed();
  }
  page_ = Page{operations::table_of(after, facts), ""};
  if (dry_run) more_["dry_run"] = true;
}

void Answer::wrong(const InputErrors& errors) {
  if (console_) printer_.wrong(errors);
  if (!problem_) problem_ = problem(errors, in_path_);
}

void Answer::refused(const engine::State& state, const Refusal& refusal,
                     const operations::MaySee& may_see) {
  if (refusal.code == RefusalCode::request_repeated) {
    repeated_ = true;
    return;
  }
  if (console_) printer_.refused(state, refusal, may_see);
  json::object more{{"field", refusal.subject}, {"value", refusal.value}, {"rule", refusal.rule}};
  if (refusal.account) {
    more["account"] = state.name_of(refusal.account);
    more["unit"] = name_of(refusal.unit);
    more["asked"] = refusal.asked;
    more["short_by"] = refusal.short_by;
    more["first_at"] = to_text(refusal.first_at);
    json::array nearest;
    for (const Nearest& one : refusal.nearest) nearest.push_back(json_of(state, one));
    more["nearest"] = std::move(nearest);
  }
  std::string detail = operations::refusal_text(state, refusal, may_see);
  while (detail.ends_with('\n')) detail.pop_back();
  problem_ = problem(status_of(refusal.code), name_of(refusal.code), detail, std::move(more));
}

void Answer::failed(const journal::IoError& error) {
  if (console_) printer_.failed(error);
  bool method = error.code == journal::IoCode::read_only;
  problem_ = problem(method ? 405 : 503, method ? "method_not_allowed" : "unavailable",
                     operations::printable(error.message));
}

void Answer::secret(const std::string& secret) {
  if (json())
    more_["secret"] = secret;
  else
    printer_.secret(secret);
}

void Answer::forbidden(const std::string& why) {
  if (console_) printer_.forbidden(why);
  problem_ = problem(403, "forbidden", why);
}

void Answer::writes(const std::string& media_type, const std::string& sum) {
  type_ = media_type;
  sum_ = sum;
}

Response Answer::take_console(int exit_status) {
  std::string out = out_.str();
  json::object body{{"exit_status", exit_status}, {"err", well_formed(err_.str())}};
  if (well_formed(out) == out) {
    body["out"] = out;
  } else {
    body["bytes"] = to_base64(out);
  }
  if (!sum_.empty()) body["sum"] = sum_;
  Response response{200, std::string(kConsole), json::serialize(body) + "\n"};
  if (problem_) {
    response.status = problem_->status;
    response.code = problem_->code;
  }
  return response;
}

Response Answer::take(int exit_status) {
  if (console_) return take_console(exit_status);
  if (problem_) return *problem_;
  if (!page_) return {200, type_, out_.str()};
  std::set<std::string> fields(wanted_.fields.begin(), wanted_.fields.end());
  json::object body{{changed_ ? "facts" : "data", rows_of(page_->table, fields)}};
  if (!page_->next.empty()) body["next"] = page_->next;
  for (auto& [key, value] : more_) body[key] = value;
  return {200, "application/json", json::serialize(body) + "\n"};
}

}  // namespace leasehold::server
