#include "operations/plan.h"

#include <algorithm>

namespace leasehold::operations {

Quantity read_quantity(Reader& reader, QuantityKind unit, const std::string& field,
                       const std::string& text) {
  for (std::string_view word : {" units", " unit"})
    if (text.ends_with(word))
      return reader.quantity(field,
                             text.substr(0, text.size() - word.size()) + " " + name_of(unit));
  return reader.quantity(field, text);
}

namespace {

void read_readings(Plan& plan, YamlDocument& document, YamlMap& root, const std::string& reading) {
  std::vector<std::string> offered = root.texts("readings");
  std::string chosen = reading.empty() && !offered.empty() ? offered.front() : reading;
  if (chosen.empty()) return;
  bool known = std::find(offered.begin(), offered.end(), chosen) != offered.end();
  if (!known || !value_of(chosen, plan.unit)) {
    std::string accepted;
    for (const std::string& name : offered) accepted += (accepted.empty() ? "" : " or ") + name;
    document.wrong("readings", chosen,
                   accepted.empty() ? "no --reading: the file offers none" : accepted);
  }
}

}  // namespace

Plan read_plan(YamlDocument& document, const std::string& reading) {
  Plan plan;
  YamlMap root = document.root();
  std::string format = root.required("format", "'format: 1'");
  if (!format.empty() && format != "1") document.wrong("format", format, "1");
  root.text("name");
  root.text("about");
  plan.start = root.text("start");
  plan.zone = root.text("zone", plan.zone);
  if (!zone_known(plan.zone)) {
    document.wrong("zone", plan.zone, "an IANA zone such as Etc/UTC");
    plan.zone = "Etc/UTC";
  }
  read_readings(plan, document, root, reading);
  plan_supply(plan, root);
  plan_fleet(plan, root);
  plan_billing(plan, root);
  plan_contracts(plan, root);
  root.finish();
  return plan;
}

}  // namespace leasehold::operations
