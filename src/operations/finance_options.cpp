#include "operations/finance_options.h"

#include <fmt/format.h>

#include "billing/period.h"

namespace leasehold::operations {

void finance_options(Form& form, FinanceValues& values) {
  form.add_option("party", values.party, "Whose report")->required();
  form.add_option("--from", values.from, "The first month; the present one where it is not said");
  form.add_option("--through", values.through, "The last month; the first where it is not said");
}

InputErrors not_its_own(const std::string& field, const std::string& typed) {
  return {{field, typed, "what the company that asks (--as) has itself"}};
}

std::optional<FinanceAsked> ask_finance(Shell& shell, const FinanceValues& values) {
  auto view = shell.view();
  if (!view) return std::nullopt;
  Reader reader = shell.reader(view->state);
  PartyId party = reader.party("party", values.party);
  Month present = billing::month_at(view->moment, "Etc/UTC", 1);
  Month from = values.from.empty() ? present : reader.month("--from", values.from);
  Month through = values.through.empty() ? from : reader.month("--through", values.through);
  if (reader.good() && (through < from || through.number - from.number > 600))
    reader.wrong("--through", values.through,
                 "a month from " + to_text(from) + ", within 50 years");
  if (!reader.good()) {
    shell.say(reader.errors());
    return std::nullopt;
  }
  party = billing::company_of(view->state, party);
  if (!shell.may_see(party, party)) {
    shell.say(not_its_own("party", values.party));
    return std::nullopt;
  }
  return FinanceAsked{std::move(*view), party, {from, through}};
}

std::string lease_name(const engine::State& state, LeaseId id) {
  if (!id) return "none";
  const std::string& name = state.leases.at(id).offer.name;
  return name.empty() ? to_text(id) : name;
}

int64_t permille_of(const Money& part, const Money& whole) {
  if (whole.nanos <= 0) return 0;
  return static_cast<int64_t>(scale(Money{1000, {}}, part.nanos, whole.nanos).nanos);
}

std::string quarter_text(Month month) {
  return fmt::format("{:04}-Q{}", month.number / 12, month.number % 12 / 3 + 1);
}

std::string roles_text(bool supplies, bool owns, bool lends) {
  std::string text;
  auto add = [&](bool is, const char* role) {
    if (is) text += (text.empty() ? "" : ", ") + std::string(role);
  };
  add(supplies, "supplier");
  add(owns, "shareholder");
  add(lends, "lender");
  return text;
}

}  // namespace leasehold::operations
