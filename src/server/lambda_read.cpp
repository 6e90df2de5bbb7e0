// What is asked of the Lambda-compatible API without changing anything, and firewalls.
#include <set>

#include <fmt/format.h>

#include "server/lambda_api.h"
#include "server/lambda_capacity.h"
#include "server/text.h"

namespace leasehold::server::lambda {

namespace json = boost::json;
using engine::State;
using operations::HeldState;

namespace {

constexpr const char* kOwnRules = "global";  // the firewall of all of a party's instances

json::object types_json(const State& state, PartyId party, Instant now) {
  json::object out;
  for (const Type& type : types(state)) {
    std::set<std::string> now_in;
    for (const AccountId& account : where_now(state, type, party, "", now))
      now_in.insert(engine::region_of(state.site_of(account)));
    json::array free;
    for (const std::string& region : now_in) free.push_back(region_json(state, region));
    out[type.name] = json::object{{"instance_type", json_of(state, type)},
                                  {"regions_with_capacity_available", std::move(free)}};
  }
  return out;
}

// Those that run; who asks for one by its id is told of it for ever.
json::array instances_json(const State& state, PartyId party) {
  json::array out;
  auto own = state.workspace.instances_of.find(party);
  if (own == state.workspace.instances_of.end()) return out;
  for (InstanceId id : own->second)
    if (const Instance& instance = state.instances.at(id); !instance.ended_at)
      out.push_back(json_of(state, instance));
  return out;
}

template <class Rows, class Make>
json::array own_json(const Rows& rows, PartyId party, Make make) {
  json::array out;
  for (const auto& [id, row] : rows.rows)
    if (row.party == party) out.push_back(make(row));
  return out;
}

const Firewall* find_ruleset(const State& state, const std::string& hex, PartyId party) {
  const Firewall* row = hex == kOwnRules
                            ? state.workspace.firewalls.find(party, kOwnRules)
                            : state.workspace.firewalls.find(from_hex<FirewallTag>(hex));
  return row != nullptr && row->party == party ? row : nullptr;
}

Firewall own_rules(const State& state, PartyId party) {
  const Firewall* row = find_ruleset(state, kOwnRules, party);
  return row != nullptr ? *row : Firewall{{}, party, kOwnRules, "", {}, {}};
}

json::object global_json(const State& state, PartyId party) {
  return {{"id", kOwnRules}, {"name", kOwnRules}, {"rules", rules_json(own_rules(state, party))}};
}

// Rules as they are sent; the fields that are wrong otherwise.
Expected<std::vector<FirewallRule>, Response> read_rules(const json::value* given,
                                                         const char* field) {
  std::vector<FirewallRule> rules;
  auto bad = [&](const char* expected) { return Unexpected<Response>(wrong({{field, expected}})); };
  if (given == nullptr || !given->is_array()) return bad("a list of rules");
  for (const json::value& one : given->get_array()) {
    if (!one.is_object()) return bad("a list of rules");
    const json::object& object = one.get_object();
    FirewallRule rule;
    if (!value_of(text_in(object, "protocol"), rule.protocol))
      return bad("a protocol: tcp, udp, icmp or all");
    rule.source = text_in(object, "source_network");
    rule.description = text_in(object, "description");
    const json::value* range = object.if_contains("port_range");
    if (range != nullptr && !range->is_null()) {
      const json::array* ports = range->if_array();
      if (ports == nullptr || ports->size() != 2 || !(*ports)[0].is_int64() ||
          !(*ports)[1].is_int64())
        return bad("a port_range of two ports: [22, 22]");
      rule.first_port = (*ports)[0].get_int64();
      rule.last_port = (*ports)[1].get_int64();
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

// Whether it was answered.
bool LambdaApi::read(const AskedPtr& asked) const {
  HeldState held = cloud_.read();
  const State& state = *held;
  PartyId party = asked->party;
  const std::string what = asked->path.empty() ? "" : asked->path.front();
  auto say = [&](json::value value) {
    Response response = data(std::move(value));
    uint64_t seen = state.sequence;
    held.reset();
    cloud_.when_durable(seen, asked->later, [asked, response](bool kept) {
      asked->reply(kept ? response : error(503, "global/unknown", "The state was not kept."));
    });
    return true;
  };
  if (asked->is("GET", 2)) {
    if (what == "instances") {
      const Instance* instance = state.instances.find(from_hex<InstanceTag>(asked->path[1]));
      if (instance != nullptr && instance->tenant == party) return say(json_of(state, *instance));
      asked->reply(not_there("instance"));
      return true;
    }
    if (what != "firewall-rulesets") return false;
    if (asked->path[1] == kOwnRules) return say(global_json(state, party));
    const Firewall* row = find_ruleset(state, asked->path[1], party);
    if (row != nullptr) return say(json_of(state, *row));
    asked->reply(not_there("firewall ruleset"));
    return true;
  }
  if (!asked->is("GET", 1)) return false;
  const engine::WorkspaceState& space = state.workspace;
  if (what == "instance-types") return say(types_json(state, party, cloud_.now()));
  if (what == "instances") return say(instances_json(state, party));
  if (what == "ssh-keys")
    return say(own_json(space.ssh_keys, party, [](const SshKey& row) { return json_of(row); }));
  if (what == "file-systems" || what == "filesystems")
    return say(own_json(space.file_systems, party,
                        [&](const FileSystem& row) { return json_of(state, row); }));
  if (what == "firewall-rules") return say(rules_json(own_rules(state, party)));
  if (what == "firewall-rulesets")
    return say(own_json(space.firewalls, party, [&](const Firewall& row) {
      return row.name == kOwnRules ? global_json(state, party) : json_of(state, row);
    }));
  json::array list;
  if (what == "regions") {
    for (const std::string& region : regions(state)) list.push_back(region_json(state, region));
    return say(std::move(list));
  }
  if (what != "images") return false;
  for (const std::string& region : regions(state))
    for (const Image& image : space.images) list.push_back(json_of(state, image, region));
  return say(std::move(list));
}

void LambdaApi::firewall_rules(const AskedPtr& asked) const {
  if (!asked->is("PUT", 1)) return asked->reply(no_such_path());
  change(
      asked,
      [asked](const State& state) -> Expected<CommandBody, Response> {
        auto rules = read_rules(asked->body.if_contains("data"), "data");
        if (!rules) return Unexpected<Response>(rules.error());
        Firewall set = own_rules(state, asked->party);
        set.rules = std::move(*rules);
        return SetFirewall{set};
      },
      [](const State&, const std::vector<Fact>& facts) {
        return data(rules_json(std::get<FirewallSet>(facts.front().body).firewall));
      });
}

void LambdaApi::firewall_rulesets(const AskedPtr& asked) const {
  bool makes = asked->is("POST", 1);
  bool changes = asked->is("PATCH", 2);
  if (!makes && !changes && !asked->is("DELETE", 2)) return asked->reply(no_such_path());
  change(
      asked,
      [=](const State& state) -> Expected<CommandBody, Response> {
        Firewall set{{}, asked->party, text_in(asked->body, "name"), "", {}, {}};
        if (makes) {
          set.region = region_in(asked->body);
        } else if (asked->path[1] == kOwnRules && changes) {
          set = own_rules(state, asked->party);
        } else {
          const Firewall* known = find_ruleset(state, asked->path[1], asked->party);
          if (known == nullptr) return Unexpected<Response>(not_there("firewall ruleset"));
          if (!changes) return DeleteFirewall{known->id};
          set = *known;
          if (asked->body.contains("name")) set.name = text_in(asked->body, "name");
        }
        if (makes || asked->body.contains("rules")) {
          auto rules = read_rules(asked->body.if_contains("rules"), "rules");
          if (!rules) return Unexpected<Response>(rules.error());
          set.rules = std::move(*rules);
        }
        return SetFirewall{set};
      },
      [](const State& state, const std::vector<Fact>& facts) {
        const auto* set = std::get_if<FirewallSet>(&facts.front().body);
        if (set == nullptr) return data(json::object{});
        return data(set->firewall.name == kOwnRules ? global_json(state, set->firewall.party)
                                                    : json_of(state, set->firewall));
      });
}

}  // namespace leasehold::server::lambda
