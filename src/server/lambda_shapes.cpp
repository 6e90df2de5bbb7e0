#include "server/lambda_shapes.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "operations/workspace.h"

namespace leasehold::server::lambda {

namespace json = boost::json;
using engine::State;

Response data(json::value value) {
  return {200, "application/json",
          well_formed(json::serialize(json::object{{"data", std::move(value)}}))};
}

namespace {

json::object error_object(const std::string& code, const std::string& message,
                          const std::string& suggestion) {
  json::object out{{"code", code}, {"message", message}, {"suggestion", nullptr}};
  if (!suggestion.empty()) out["suggestion"] = suggestion;
  return out;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

Type type_of_size(const Sku& sku, int64_t accelerators) {
  const SkuSpecs& specs = *sku.specs;
  std::string name = fmt::format("gpu_{}x_{}", accelerators, lower(specs.accelerator));
  if (!specs.form.empty()) name += "_" + lower(specs.form);
  return {sku.id, accelerators, name};
}

// Integer cents of the lowest list price of the SKU's pools, for all of the type's accelerators.
int64_t cents_per_hour(const State& state, const Type& type) {
  std::optional<Money> least;
  for (const Pool& pool : state.pools.rows())
    if (pool.sku == type.sku && pool.list_price && (!least || *pool.list_price < *least))
      least = pool.list_price;
  if (!least) return 0;
  Money all = round_to_minor_unit(scale(*least, type.accelerators, 1));
  return static_cast<int64_t>(all.nanos / (Money::kNanosPerUnit / 100));
}

std::string name_of_instance(const State& state, const Instance& instance) {
  auto setup = state.workspace.setups.find(instance.id);
  bool labelled = setup != state.workspace.setups.end() && !setup->second.label.empty();
  return labelled ? setup->second.label : instance.name;
}

std::string status_of(const State& state, const Instance& instance) {
  std::string condition = operations::condition_of(state, instance);
  return condition == "ended" ? "terminated" : condition;
}

json::object actions_of(const State& state, const Instance& instance) {
  json::object out;
  auto add = [&](const char* name, const char* reason) {
    json::object action{{"available", reason == nullptr}};
    if (reason != nullptr) action["reason_code"] = reason;
    out[name] = std::move(action);
  };
  bool booting = state.workspace.booting.contains(instance.id);
  const char* now = instance.ended_at ? "vm-is-terminating" : nullptr;
  const char* started = now != nullptr ? now : booting ? "vm-has-not-launched" : nullptr;
  add("migrate", "not-offered");
  add("rebuild", "not-offered");
  add("restart", started);
  add("cold_reboot", started);
  add("terminate", now);
  return out;
}

void add_setup(const State& state, const Setup& setup, json::object& out) {
  json::array keys, file_systems, mounts, firewalls, tags;
  for (SshKeyId id : setup.ssh_keys)
    if (const SshKey* key = state.workspace.ssh_keys.find(id)) keys.emplace_back(key->name);
  for (const Mount& mount : setup.mounts) {
    const FileSystem* row = state.workspace.file_systems.find(mount.file_system);
    if (row != nullptr) file_systems.emplace_back(row->name);
    mounts.push_back(
        json::object{{"mount_point", mount.point}, {"file_system_id", hex_of(mount.file_system)}});
  }
  for (FirewallId id : setup.firewalls) firewalls.push_back(json::object{{"id", hex_of(id)}});
  for (const Tag& tag : setup.tags)
    tags.push_back(json::object{{"key", tag.key}, {"value", tag.value}});
  out["ssh_key_names"] = std::move(keys);
  out["file_system_names"] = std::move(file_systems);
  if (!mounts.empty()) out["file_system_mounts"] = std::move(mounts);
  if (!firewalls.empty()) out["firewall_rulesets"] = std::move(firewalls);
  if (!tags.empty()) out["tags"] = std::move(tags);
  if (!setup.hostname.empty()) out["hostname"] = setup.hostname;
}

}  // namespace

Response error(int status, const std::string& code, const std::string& message,
               const std::string& suggestion) {
  json::object body{{"error", error_object(code, message, suggestion)},
                    {"field_errors", json::object{}}};
  Response response{status, "application/json", well_formed(json::serialize(body))};
  response.code = code;
  return response;
}

Response wrong(const std::vector<WrongField>& fields) {
  json::object errors;
  std::string all;
  for (const WrongField& field : fields) {
    errors[field.name] = error_object("global/invalid-parameters", field.message, "");
    all += (all.empty() ? "" : "; ") + field.name + ": " + field.message;
  }
  json::object body{
      {"error", error_object("global/invalid-parameters", "Invalid request data.", all)},
      {"field_errors", std::move(errors)}};
  return {400, "application/json", well_formed(json::serialize(body))};
}

std::string hex_of_number(const char* stem, uint32_t number) {
  std::string id = fmt::format("{}-{}", stem, number);
  return engine::hash_of(id).substr(0, 22) + fmt::format("{:010x}", number);
}

uint32_t number_in_hex(const char* stem, std::string_view hex) {
  if (hex.size() != 32) return 0;
  uint32_t number = 0;
  auto [end, wrong] = std::from_chars(hex.data() + 22, hex.data() + 32, number, 16);
  bool good = wrong == std::errc{} && end == hex.data() + 32;
  return good && hex_of_number(stem, number) == hex ? number : 0;
}

std::vector<Type> types(const State& state) {
  std::vector<Type> all;
  for (const Sku& sku : state.skus.rows()) {
    if (!sku.specs) continue;
    for (int64_t size = 1; size < sku.per_server; size *= 2) all.push_back(type_of_size(sku, size));
    all.push_back(type_of_size(sku, sku.per_server));
  }
  return all;
}

Type type_of(const State& state, const Instance& instance) {
  const Sku& sku = state.sku_of(instance.account);
  int64_t accelerators = instance.gpus.empty() ? count_of(instance.servers) * sku.per_server
                                               : static_cast<int64_t>(instance.gpus.size());
  if (sku.specs) return type_of_size(sku, accelerators);
  return {sku.id, accelerators, fmt::format("gpu_{}x_{}", accelerators, lower(sku.name))};
}

json::object json_of(const State& state, const Type& type) {
  const Sku& sku = state.skus.at(type.sku);
  SkuSpecs specs = sku.specs.value_or(SkuSpecs{sku.model, "", 0, 0, 0, 0});
  std::string one = fmt::format("{} ({} GB{}{})", specs.accelerator, specs.accelerator_gib,
                                specs.form.empty() ? "" : " ", specs.form);
  auto part = [&](int64_t whole) { return whole * type.accelerators / sku.per_server; };
  return {{"name", type.name},
          {"description", fmt::format("{}x {}", type.accelerators, one)},
          {"gpu_description", one},
          {"price_cents_per_hour", cents_per_hour(state, type)},
          {"specs",
           {{"vcpus", part(specs.vcpus)},
            {"memory_gib", part(specs.memory_gib)},
            {"storage_gib", part(specs.storage_gib)},
            {"gpus", type.accelerators}}}};
}

json::object region_json(const State& state, const std::string& region) {
  std::string sites;
  for (const Site& site : state.sites.rows())
    if (engine::region_of(site) == region) sites += (sites.empty() ? "" : ", ") + site.name;
  return {{"name", region}, {"description", sites}};
}

std::vector<std::string> regions(const State& state) {
  std::set<std::string> names;
  for (const Pool& pool : state.pools.rows())
    names.insert(engine::region_of(state.sites.at(pool.site)));
  return {names.begin(), names.end()};
}

json::object json_of(const State& state, const Instance& instance) {
  static const Setup kPlain;
  auto setup = state.workspace.setups.find(instance.id);
  auto report = state.workspace.reports.find(instance.id);
  json::object out{{"id", hex_of(instance.id)}, {"status", status_of(state, instance)}};
  std::string name = name_of_instance(state, instance);
  if (!name.empty()) out["name"] = name;
  if (report != state.workspace.reports.end() && !report->second.ip.empty()) {
    out["ip"] = report->second.ip;
    out["private_ip"] = report->second.private_ip;
  }
  add_setup(state, setup == state.workspace.setups.end() ? kPlain : setup->second, out);
  out["region"] = region_json(state, engine::region_of(state.site_of(instance.account)));
  out["instance_type"] = json_of(state, type_of(state, instance));
  out["is_reserved"] = instance.kind == InstanceKind::committed;
  out["actions"] = actions_of(state, instance);
  return out;
}

json::object json_of(const SshKey& key) {
  return {{"id", hex_of(key.id)}, {"name", key.name}, {"public_key", key.public_key}};
}

json::object json_of(const State& state, const FileSystem& row) {
  return {
      {"id", hex_of(row.id)},
      {"name", row.name},
      {"created", to_text(row.created)},
      {"created_by", {{"id", hex_of(row.party)}, {"email", row.created_by}, {"status", "active"}}},
      {"mount_point", "/lambda/nfs/" + row.name},
      {"region", region_json(state, row.region)},
      {"is_in_use", !state.instances_with(row).empty()},
      {"bytes_used", 0}};
}

json::object json_of(const State& state, const Image& image, const std::string& region) {
  return {{"id", hex_of(image.id)},
          {"created_time", to_text(image.created)},
          {"updated_time", to_text(image.created)},
          {"name", image.name},
          {"description", image.description},
          {"family", image.family},
          {"version", image.version},
          {"architecture", name_of(image.architecture)},
          {"region", region_json(state, region)}};
}

json::array rules_json(const Firewall& firewall) {
  json::array out;
  for (const FirewallRule& rule : firewall.rules) {
    json::object one{{"protocol", name_of(rule.protocol)},
                     {"source_network", rule.source},
                     {"description", rule.description}};
    if (rule.first_port) one["port_range"] = json::array{*rule.first_port, *rule.last_port};
    out.push_back(std::move(one));
  }
  return out;
}

json::object json_of(const State& state, const Firewall& firewall) {
  json::array instances;
  for (InstanceId id : state.instances_with(firewall)) instances.emplace_back(hex_of(id));
  return {{"id", hex_of(firewall.id)},
          {"name", firewall.name},
          {"region", region_json(state, firewall.region)},
          {"rules", rules_json(firewall)},
          {"created", to_text(firewall.created)},
          {"instance_ids", std::move(instances)}};
}

}  // namespace leasehold::server::lambda
