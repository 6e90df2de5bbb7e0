// SSH keys, file systems, firewalls, images, and what is said of running instances.
#include <algorithm>
#include <charconv>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {

// Names as tenants give them: any text of one line.
Checked check_own_name(const std::string& name, size_t most, const char* subject) {
  LH_CHECK(check_text(name, subject));
  if (name.empty() || name.size() > most)
    return refuse(RefusalCode::invalid_value, subject, name.substr(0, 80),
                  "1 to " + std::to_string(most) + " characters");
  return {};
}

Checked check_party(const State& state, PartyId party) {
  if (state.parties.find(party) == nullptr)
    return refuse(RefusalCode::unknown_reference, "party", to_text(party));
  return {};
}

// "ssh-ed25519 AAAA... comment", with a body in base64.
Checked check_public_key(const std::string& key) {
  auto wrong = [&] {
    return refuse(RefusalCode::invalid_value, "public_key", key.substr(0, 80),
                  "a line such as 'ssh-ed25519 AAAAC3Nz... name', at most 4096 characters");
  };
  size_t space = key.find(' ');
  if (key.size() > 4096 || space == std::string::npos) return wrong();
  std::string kind = key.substr(0, space);
  bool known = kind.starts_with("ssh-") || kind.starts_with("ecdsa-") || kind.starts_with("sk-");
  std::string body = key.substr(space + 1, key.find(' ', space + 1) - space - 1);
  bool base64 = body.size() >= 16 && std::all_of(body.begin(), body.end(), [](char c) {
                  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
                });
  bool one_line = std::none_of(key.begin(), key.end(), [](char c) { return c >= 0 && c < ' '; });
  return known && base64 && one_line ? Checked() : wrong();
}

Checked check_region(const State& state, const std::string& region) {
  bool known = std::any_of(state.sites.rows().begin(), state.sites.rows().end(),
                           [&](const Site& site) { return region_of(site) == region; });
  if (known) return {};
  std::string all;
  for (const Site& site : state.sites.rows())
    if (all.find(region_of(site)) == std::string::npos)
      all += (all.empty() ? "" : ", ") + region_of(site);
  return refuse(RefusalCode::invalid_value, "region", region, "a region with a site: " + all);
}

bool is_network(const std::string& text) {
  const char* at = text.data();
  const char* end = text.data() + text.size();
  int most[] = {255, 255, 255, 255, 32};
  for (size_t i = 0; i < 5; ++i) {
    int part = -1;
    auto [next, wrong] = std::from_chars(at, end, part);
    if (wrong != std::errc{} || part < 0 || part > most[i]) return false;
    char after = i < 3 ? '.' : '/';
    if (i == 4) return next == end;
    if (next == end || *next != after) return false;
    at = next + 1;
  }
  return false;
}

Checked check_rule(const FirewallRule& rule) {
  LH_CHECK(check_text(rule.description, "description"));
  if (rule.description.size() > 128)
    return refuse(RefusalCode::invalid_value, "description", rule.description.substr(0, 80),
                  "at most 128 characters");
  if (!is_network(rule.source))
    return refuse(RefusalCode::invalid_value, "source", rule.source,
                  "an IPv4 network such as 0.0.0.0/0");
  bool ported = rule.protocol == Protocol::tcp || rule.protocol == Protocol::udp;
  if (!rule.first_port && !rule.last_port) {
    if (!ported) return {};
    return refuse(RefusalCode::invalid_value, "ports", "", "two ports, such as 22 and 22");
  }
  if (rule.protocol == Protocol::icmp)
    return refuse(RefusalCode::invalid_value, "ports", "", "none for icmp");
  int64_t first = rule.first_port.value_or(0);
  LH_CHECK(check_range(first, 1, 65'535, "first_port"));
  return check_range(rule.last_port.value_or(0), first, 65'535, "last_port");
}

const Instance* running(const State& state, InstanceId id) {
  const Instance* instance = state.instances.find(id);
  return instance == nullptr || instance->ended_at ? nullptr : instance;
}

Unexpected<Refusal> not_running(const State& state, InstanceId id) {
  if (state.instances.find(id) == nullptr)
    return refuse(RefusalCode::unknown_reference, "instance", to_text(id));
  return refuse(RefusalCode::wrong_state, "instance", to_text(id), "an instance that runs");
}

}  // namespace

const std::string& region_of(const Site& site) {
  return site.region.empty() ? site.name : site.region;
}

Checked check_setup(const State& state, PartyId tenant, const Setup& setup) {
  const WorkspaceState& workspace = state.workspace;
  if (!setup.label.empty()) LH_CHECK(check_own_name(setup.label, 64, "label"));
  LH_CHECK(check_text(setup.hostname, "hostname"));
  LH_CHECK(check_range(static_cast<int64_t>(setup.user_data.size()), 0, 1 << 20, "user_data"));
  auto own = [&](const auto* row) { return row != nullptr && row->party == tenant; };
  for (SshKeyId id : setup.ssh_keys)
    if (!own(workspace.ssh_keys.find(id)))
      return refuse(RefusalCode::unknown_reference, "ssh_key", to_text(id));
  for (const Mount& mount : setup.mounts)
    if (!own(workspace.file_systems.find(mount.file_system)))
      return refuse(RefusalCode::unknown_reference, "file_system", to_text(mount.file_system));
  for (FirewallId id : setup.firewalls)
    if (!own(workspace.firewalls.find(id)))
      return refuse(RefusalCode::unknown_reference, "firewall", to_text(id));
  if (setup.image.number > workspace.images.size())
    return refuse(RefusalCode::unknown_reference, "image", to_text(setup.image));
  LH_CHECK(check_range(static_cast<int64_t>(setup.tags.size()), 0, 64, "tags"));
  for (const Tag& tag : setup.tags) {
    LH_CHECK(check_own_name(tag.key, 55, "tag"));
    LH_CHECK(check_text(tag.value, "tag"));
  }
  return {};
}

Result<Facts> decide_body(const State& state, const SetQuota& command, Instant) {
  LH_CHECK(check_party(state, command.party));
  LH_CHECK(check_range(command.accelerators.value_or(0), 0, kMostAtoms, "accelerators"));
  auto known = state.workspace.quotas.find(command.party);
  bool same = known == state.workspace.quotas.end() ? !command.accelerators
                                                    : command.accelerators == known->second;
  if (same)
    return refuse(RefusalCode::nothing_to_change, "quota", state.name_of(command.party),
                  "another number");
  return Facts{QuotaSet{command.party, command.accelerators}};
}

Result<Facts> decide_body(const State& state, const AddSshKey& command, Instant) {
  SshKey key = command.key;
  LH_CHECK(check_party(state, key.party));
  LH_CHECK(check_own_name(key.name, 64, "name"));
  LH_CHECK(check_public_key(key.public_key));
  if (state.workspace.ssh_keys.find(key.party, key.name) != nullptr)
    return refuse(RefusalCode::name_taken, "name", key.name, "a name of its own");
  key.id = state.workspace.ssh_keys.next_id();
  return Facts{SshKeyAdded{key}};
}

// What runs keeps the key that it was launched with.
Result<Facts> decide_body(const State& state, const RemoveSshKey& command, Instant) {
  if (state.workspace.ssh_keys.find(command.key) == nullptr)
    return refuse(RefusalCode::unknown_reference, "ssh_key", to_text(command.key));
  return Facts{SshKeyRemoved{command.key}};
}

Result<Facts> decide_body(const State& state, const CreateFileSystem& command, Instant now) {
  FileSystem made = command.file_system;
  LH_CHECK(check_party(state, made.party));
  LH_CHECK(check_own_name(made.name, 60, "name"));
  LH_CHECK(check_region(state, made.region));
  LH_CHECK(check_text(made.created_by, "created_by"));
  if (state.workspace.file_systems.find(made.party, made.name) != nullptr)
    return refuse(RefusalCode::name_taken, "name", made.name, "a name of its own");
  made.id = state.workspace.file_systems.next_id();
  made.created = now;
  return Facts{FileSystemCreated{made}};
}

Result<Facts> decide_body(const State& state, const DeleteFileSystem& command, Instant) {
  const FileSystem* row = state.workspace.file_systems.find(command.file_system);
  if (row == nullptr)
    return refuse(RefusalCode::unknown_reference, "file_system", to_text(command.file_system));
  if (!state.instances_with(*row).empty())
    return refuse(RefusalCode::wrong_state, "file_system", to_text(command.file_system),
                  "one that no running instance has mounted");
  return Facts{FileSystemDeleted{command.file_system}};
}

Result<Facts> decide_body(const State& state, const SetFirewall& command, Instant now) {
  Firewall set = command.firewall;
  LH_CHECK(check_party(state, set.party));
  LH_CHECK(check_own_name(set.name, 64, "name"));
  if (!set.region.empty()) LH_CHECK(check_region(state, set.region));
  LH_CHECK(check_range(static_cast<int64_t>(set.rules.size()), 0, 200, "rules"));
  for (const FirewallRule& rule : set.rules) LH_CHECK(check_rule(rule));
  const Firewall* named = state.workspace.firewalls.find(set.party, set.name);
  if (named != nullptr && named->id != set.id)
    return refuse(RefusalCode::name_taken, "name", set.name, "a name of its own");
  set.created = now;
  if (set.id) {
    const Firewall* known = state.workspace.firewalls.find(set.id);
    if (known == nullptr || known->party != set.party)
      return refuse(RefusalCode::unknown_reference, "firewall", to_text(set.id));
    set.created = known->created;
  } else {
    set.id = state.workspace.firewalls.next_id();
  }
  return Facts{FirewallSet{set}};
}

Result<Facts> decide_body(const State& state, const DeleteFirewall& command, Instant) {
  const Firewall* row = state.workspace.firewalls.find(command.firewall);
  if (row == nullptr)
    return refuse(RefusalCode::unknown_reference, "firewall", to_text(command.firewall));
  if (!state.instances_with(*row).empty())
    return refuse(RefusalCode::wrong_state, "firewall", to_text(command.firewall),
                  "one that no running instance has");
  return Facts{FirewallDeleted{command.firewall}};
}

Result<Facts> decide_body(const State& state, const OfferImage& command, Instant now) {
  Image image = command.image;
  bool taken = std::any_of(state.workspace.images.begin(), state.workspace.images.end(),
                           [&](const Image& known) { return known.name == image.name; });
  LH_CHECK(check_name(image.name, taken, ImageTag::kStem));
  for (const std::string* text : {&image.family, &image.version, &image.description})
    LH_CHECK(check_text(*text, "image"));
  if (image.family.empty())
    return refuse(RefusalCode::invalid_value, "family", "", "a family, such as lambda-stack");
  image.id = {static_cast<uint32_t>(state.workspace.images.size() + 1)};
  image.created = now;
  return Facts{ImageOffered{image}};
}

Result<Facts> decide_body(const State& state, const ReportInstance& command, Instant) {
  const Instance* instance = running(state, command.instance);
  if (instance == nullptr) return not_running(state, command.instance);
  const Report& report = command.report;
  for (const std::string* text : {&report.ip, &report.private_ip, &report.test})
    LH_CHECK(check_text(*text, "report"));
  if (report.condition == Condition::active) {
    if (report.test.empty())
      return refuse(RefusalCode::tests_missing, "test", to_text(command.instance),
                    "the name of the acceptance test that it passed");
    if (report.ip.empty() || report.private_ip.empty())
      return refuse(RefusalCode::invalid_value, "ip", "", "both of its addresses");
    if (ServerId server = state.unready_server_of(*instance))
      return refuse(RefusalCode::wrong_state, "server", to_text(server),
                    "servers that are ready under an active instance");
  }
  return Facts{InstanceReported{command.instance, report}};
}

Result<Facts> decide_body(const State& state, const RestartInstance& command, Instant) {
  if (running(state, command.instance) == nullptr) return not_running(state, command.instance);
  if (state.workspace.booting.contains(command.instance))
    return refuse(RefusalCode::wrong_state, "instance", to_text(command.instance),
                  "an instance that is not booting");
  return Facts{InstanceRestarted{command.instance}};
}

Result<Facts> decide_body(const State& state, const LabelInstance& command, Instant) {
  if (running(state, command.instance) == nullptr) return not_running(state, command.instance);
  if (!command.label.empty()) LH_CHECK(check_own_name(command.label, 64, "label"));
  return Facts{InstanceLabelled{command.instance, command.label}};
}

}  // namespace leasehold::engine
