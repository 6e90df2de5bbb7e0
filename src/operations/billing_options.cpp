// What a contract says about billing, as it is typed.
#include <algorithm>
#include <map>

#include "operations/offer_options.h"

namespace leasehold::operations {

namespace {

// Published ladders (data set: sla_table.csv, sources S64 and X01 there). Where a source gives the
// credits and not where they begin, the steps are those of the illustrative ladder.
const std::map<std::string, std::string>& sla_templates() {
  static const std::map<std::string, std::string> kTemplates{
      {"aws-p5", "data_plane / 99.99 % / 99.99 % 10 %, 99 % 30 %, 95 % 100 %"},
      {"google-a3", "data_plane / 99.9 % / 99.9 % 10 %, 99 % 25 %, 95 % 100 %"},
      {"azure-nd", "data_plane / 99.9 % / 99.9 % 10 %, 99 % 25 %, 95 % 100 %"},
      {"generic", "data_plane / 99.9 % / 99.9 % 10 %, 99 % 25 %, 95 % 100 %"},
      {"leasehold",
       "data_plane / 99.5 % / 99.5 % 100 %, 99 % 200 %, 97 % 300 % / pro-rata / cap 50 %"}};
  return kTemplates;
}

const char* kSlaForm =
    "a template (aws-p5, azure-nd, generic, google-a3 or leasehold) or 'KIND / TARGET / STEP "
    "CREDIT, ... [/ pro-rata] [/ rack TOLERATED] [/ cap SHARE]', such as 'data_plane / 99.9 % / "
    "99.9 % 10 %, 99 % 25 % / cap 50 %'";

SlaClause read_sla(Reader& reader, const std::string& field, const std::string& typed) {
  auto known = sla_templates().find(typed);
  std::vector<std::string> parts = parts_of(known == sla_templates().end() ? typed : known->second);
  SlaClause clause;
  if (parts.size() < 3) {
    reader.wrong(field, typed, kSlaForm);
    return clause;
  }
  clause.kind = reader.choice<SlaKind>(field, parts[0]);
  clause.target_ppm = reader.ppm(field, parts[1]);
  for (const std::string& step : parts_of(parts[2], ',')) {
    size_t percent = step.find('%');
    if (percent == std::string::npos) {
      reader.wrong(field, step, kSlaForm);
      return clause;
    }
    clause.steps.push_back(
        {reader.ppm(field, step.substr(0, percent + 1)),
         reader.permille(field, step.substr(step.find_first_not_of(' ', percent + 1)))});
  }
  for (size_t i = 3; i < parts.size(); ++i) {
    if (parts[i] == "pro-rata") {
      clause.pro_rata = true;
    } else if (parts[i].starts_with("rack ")) {
      clause.unit = SlaUnit::rack;
      clause.tolerated = reader.whole(field, parts[i].substr(5));
    } else if (parts[i].starts_with("cap ")) {
      clause.cap_permille = reader.permille(field, parts[i].substr(4));
    } else {
      reader.wrong(field, parts[i], kSlaForm);
    }
  }
  return clause;
}

}  // namespace

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t at = 0;;) {
    size_t end = text.find(separator, at);
    std::string part = text.substr(at, end - at);
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    parts.push_back(part);
    if (end == std::string::npos) return parts;
    at = end + 1;
  }
}

Rate read_rate(Reader& reader, const std::string& field, const std::string& text) {
  Rate rate;
  std::vector<std::string> parts = parts_of(text);
  if (parts.size() == 2 && parts[1] == "volume")
    rate.mode = RateMode::volume;
  else if (parts.size() != 1)
    reader.wrong(field, text, "'0.10 USD' or '0.10 USD, 0.08 USD above 1000 / volume'");
  std::vector<std::string> steps = parts_of(parts[0], ',');
  rate.price = reader.money(field, steps[0]);
  for (size_t i = 1; i < steps.size(); ++i) {
    size_t above = steps[i].find(" above ");
    if (above == std::string::npos) {
      reader.wrong(field, steps[i], "a step such as '0.08 USD above 1000'");
      continue;
    }
    rate.steps.push_back({reader.whole(field, steps[i].substr(above + 7)),
                          reader.money(field, steps[i].substr(0, above))});
  }
  return rate;
}

void billing_options(Form& form, TermsValues& values) {
  form.add_option("--billing-day", values.billing_day,
                  "The day of the month a period begins on; 1");
  form.add_option("--due", values.due, "When an invoice is due after its issue; 30 days");
  form.add_option("--late-interest", values.late_interest, "A year, such as '8 %'; none");
  form.add_option("--dunning", values.dunning, "After the due date, such as '10 days'");
  form.add_option("--escalator", values.escalator, "'SHARE / EVERY', such as '3 % / 1 year'");
  form.add_option("--minimum", values.minimum, "The least that a period costs");
  form.add_option("--overage", values.overage, "An accelerator-hour on demand beside the lines");
  form.add_option("--presentation", values.presentation, "Revenue as " + names_of<Presentation>());
  form.add_option("--accounting", values.accounting, "'lease / WHY' or 'service / WHY'");
  form.add_option("--most-favoured", values.most_favoured, "'true' where nobody may pay less");
  form.add_option("--sla", values.slas, std::string("A service level: ") + kSlaForm);
  form.add_option("--rate", values.rates, "Of a meter, such as 'storage 0.10 USD'");
}

std::optional<BillingTerms> read_billing(Reader& reader, const TermsValues& values,
                                         const std::string& prefix) {
  auto field = [&prefix](const char* name) { return prefix + name; };
  BillingTerms terms;
  if (!values.billing_day.empty())
    terms.day = reader.whole(field("billing-day"), values.billing_day);
  if (!values.due.empty()) terms.due = reader.term(field("due"), values.due);
  if (!values.late_interest.empty())
    terms.late_interest_permille = reader.permille(field("late-interest"), values.late_interest);
  for (const std::string& text : values.dunning)
    terms.dunning.push_back(reader.term(field("dunning"), text));
  if (!values.escalator.empty()) {
    std::vector<std::string> parts = parts_of(values.escalator);
    if (parts.size() == 2)
      terms.escalator = Escalator{reader.term(field("escalator"), parts[1]),
                                  reader.permille(field("escalator"), parts[0])};
    else
      reader.wrong(field("escalator"), values.escalator, "'SHARE / EVERY', such as '3 % / 1 year'");
  }
  if (!values.minimum.empty()) terms.minimum = reader.money(field("minimum"), values.minimum);
  if (!values.overage.empty()) terms.overage = reader.money(field("overage"), values.overage);
  if (!values.presentation.empty())
    terms.presentation = reader.choice<Presentation>(field("presentation"), values.presentation);
  if (!values.accounting.empty()) {
    std::vector<std::string> parts = parts_of(values.accounting);
    if (parts.size() != 2 || (parts[0] != "lease" && parts[0] != "service"))
      reader.wrong(field("accounting"), values.accounting, "'lease / WHY' or 'service / WHY'");
    terms.accounted_as_lease = parts[0] == "lease";
    terms.accounting_reason = parts.back();
  }
  if (!values.most_favoured.empty() && values.most_favoured != "true" &&
      values.most_favoured != "false")
    reader.wrong(field("most-favoured"), values.most_favoured, "true or false");
  terms.most_favoured = values.most_favoured == "true";
  for (const std::string& text : values.slas)
    terms.slas.push_back(read_sla(reader, field("sla"), text));
  for (const std::string& text : values.rates) {
    size_t space = text.find(' ');
    MeterId meter = reader.meter(field("rate"), text.substr(0, space));
    if (space != std::string::npos)
      terms.rates.push_back({meter, read_rate(reader, field("rate"), text.substr(space + 1))});
    else
      reader.wrong(field("rate"), text, "a meter and a price, such as 'storage 0.10 USD'");
  }
  if (terms == BillingTerms{}) return std::nullopt;
  return terms;
}

}  // namespace leasehold::operations
