// What a YAML file declares, as steps in order of time. A step looks at the state and gives the
// commands that bring it to what is declared: none where it is so already, which is what makes
// apply idempotent. The format is described in docs/reference/apply.md.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "operations/reader.h"
#include "operations/yaml_document.h"

namespace leasehold::operations {

// What comes first at one moment.
enum class PlanRank : uint8_t {
  party,
  relation,
  details,
  meter,
  site,
  power,
  head_lease,
  sku,
  sku_specs,
  pool,
  delivery,
  overcommit,
  hall,
  row,
  feed,
  pod,
  rack,
  servers,
  spares,
  lien,
  tax,
  cost,
  price,
  commitment,
  quote,
  lease,
  acceptance,
  amendment,
  assignment,
  notice,
};

struct PlanStep {
  std::string at;  // as written; empty: the document's start, or now
  PlanRank rank = PlanRank::party;
  std::string path;  // "leases[2]"
  std::string name;  // "lease comet"
  std::string declares() const { return name.substr(name.rfind(' ') + 1); }
  std::function<std::vector<CommandBody>(Reader&, Instant at)> commands;
};

struct Plan {
  std::string start;
  std::string zone = "Etc/UTC";
  QuantityKind unit = QuantityKind::accelerator;  // of quantities in "units"
  std::vector<PlanStep> steps;
};

// `reading` chooses what a "unit" is, where the file offers readings; empty: the file's default.
Plan read_plan(YamlDocument& document, const std::string& reading);

// Internal to the plan. "10000 units" is of the reading's unit.
Quantity read_quantity(Reader& reader, QuantityKind unit, const std::string& field,
                       const std::string& text);
void plan_supply(Plan& plan, YamlMap& root);
void plan_fleet(Plan& plan, YamlMap& root);
void plan_billing(Plan& plan, YamlMap& root);
void plan_contracts(Plan& plan, YamlMap& root);

}  // namespace leasehold::operations
