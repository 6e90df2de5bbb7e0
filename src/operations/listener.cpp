#include "operations/listener.h"

#include <ostream>

#include "operations/fact_text.h"

namespace leasehold::operations {

Table table_of(const engine::State& after, const std::vector<Fact>& facts) {
  Table table({"sequence", "at", "kind", "what"});
  for (const Fact& fact : facts)
    table.add({number(static_cast<int64_t>(fact.sequence)), moment(fact.at),
               text(kind_of(fact.body)), text(fact_text(after, fact.body))});
  return table;
}

std::string printable(std::string message) {
  for (char& c : message)
    if (c < ' ' || c > '~') c = '?';
  return message;
}

void Printer::table(const Table& table) { table.print(out_, output_of(output_)); }

void Printer::meaning(const Table& table) {
  if (output_of(output_) == Output::table) table.print(out_, Output::table);
}

void Printer::facts(const engine::State& after, const std::vector<Fact>& facts, bool dry_run) {
  if (output_of(output_) != Output::table) return table(table_of(after, facts));
  for (const Fact& fact : facts)
    out_ << (dry_run ? "would be: " : "") << fact_text(after, fact.body) << '\n';
}

void Printer::wrong(const InputErrors& errors) {
  for (const InputError& error : errors) err_ << "leasehold: " << error.to_text() << '\n';
}

void Printer::refused(const engine::State& state, const Refusal& refusal, const MaySee& may_see) {
  err_ << refusal_text(state, refusal, may_see);
}

void Printer::forbidden(const std::string& why) { err_ << "leasehold: " << why << '\n'; }

void Printer::secret(const std::string& secret) {
  if (output_of(output_) == Output::table)
    out_ << "its secret, which is said only now: " << secret << '\n';
  else
    err_ << "its secret, which is said only now: " << secret << '\n';
}

void Printer::failed(const journal::IoError& error) {
  err_ << "leasehold: " << printable(error.message) << '\n';
}

}  // namespace leasehold::operations
