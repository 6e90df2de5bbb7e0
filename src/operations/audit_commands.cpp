// audit: who did what, and who was refused.
#include <fmt/format.h>

#include "journal/fact_codec.h"
#include "operations/catalogue.h"
#include "operations/fact_text.h"

namespace leasehold::operations {

namespace {

struct AuditValues {
  std::string from, until = "forever", who;
  bool refused = false;
};
void audit_options(Form& form, AuditValues& values) {
  form.add_option("--from", values.from, "The first moment; the beginning otherwise");
  form.add_option("--until", values.until, "The last moment");
  form.add_option("--who", values.who, "Only what this key or user asked");
  form.add_flag("--refused", values.refused, "Only what was refused");
}

const Columns kAuditColumns = columns_of("at: moment, who, asked, what, result, requests: number");
// Rows of the trail, one after the other.
class Trail {
 public:
  Trail(const engine::State& state, const AuditValues& values) : state_(state), values_(values) {}

  void add(const Fact& fact) {
    if (const auto* some = std::get_if<RequestsRefused>(&fact.body)) {
      for (const Refused& row : some->refused)
        if (wanted(row.who))
          table_.add({moment(fact.at), text(row.who), text(row.asked), text(row.target),
                      text(row.code), number(row.requests)});
      return;
    }
    // That somebody was let in is said by what they did.
    bool told = std::holds_alternative<AccessUsed>(fact.body);
    if (values_.refused || told || !wanted(fact.actor)) return;
    table_.add({moment(fact.at), text(fact.actor), text(kind_of(fact.body)),
                text(fact_text(state_, fact.body)), text("done"), number(1)});
  }
  const Table& table() const { return table_; }

 private:
  bool wanted(const std::string& who) const { return values_.who.empty() || values_.who == who; }

  const engine::State& state_;
  const AuditValues& values_;
  Table table_{kAuditColumns};
};

void list_audit(Shell& shell, const AuditValues& values) {
  auto journal = shell.owner_only("audit") ? shell.journal_to_read() : nullptr;
  if (!journal) return;
  engine::State nothing;
  Reader reader = shell.reader(nothing);
  Instant from = values.from.empty() ? Instant{} : reader.instant("--from", values.from);
  Instant until = reader.instant("--until", values.until);
  if (!reader.good()) return shell.say(reader.errors());
  std::vector<Fact> facts;
  std::optional<journal::IoError> wrong;
  auto done = journal->read(1, [&](const journal::Record& record) {
    if (record.at > until) return false;
    if (record.at < from) return true;
    auto fact = journal::to_fact(record);
    if (!fact) wrong = fact.error();
    if (fact) facts.push_back(std::move(*fact));
    return !wrong;
  });
  if (!done) return shell.say(done.error());
  if (wrong) return shell.say(*wrong);
  auto view = shell.view();
  if (!view) return;
  Trail trail(view->state, values);
  for (const Fact& fact : facts)
    if (fact.sequence <= view->state.sequence) trail.add(fact);
  shell.say(trail.table());
}

}  // namespace

void add_audit(Noun root) {
  Noun noun = root.noun("audit", "Who did what, and who was refused");
  add_command(noun, "list",
              "List what was done and refused: audit list --from 2026-07-01 --who desk; audit list "
              "--refused",
              audit_options, list_audit, kAuditColumns);
}

}  // namespace leasehold::operations
