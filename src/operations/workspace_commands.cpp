// ssh-key, file-system, firewall, image; and how instances are set up and what is reported of them.
#include <charconv>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/workspace.h"

namespace leasehold::operations {

namespace {

struct SshKeyValues {
  std::string name, party, public_key;
};
void ssh_key_options(Form& form, SshKeyValues& values) {
  form.add_option("name", values.name, "Its name, unique among the party's")->required();
  form.add_option("--party", values.party, "Whose it is")->required();
  form.add_option("--public-key", values.public_key, "'ssh-ed25519 AAAA... name'")->required();
}
void add_ssh_key(Shell& shell, const SshKeyValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return AddSshKey{{{}, reader.party("--party", values.party), values.name, values.public_key}};
  });
}

struct WorkspaceName {
  std::string name;
};
void ssh_key_name(Form& form, WorkspaceName& values) {
  form.add_option("key", values.name, "Its name or id")->required();
}
void remove_ssh_key(Shell& shell, const WorkspaceName& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RemoveSshKey{reader.ssh_key("key", values.name)};
  });
}
const Columns kSshKeysColumns = columns_of("id, name, party, public key");
void list_ssh_keys(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kSshKeysColumns);
  for (const auto& [id, key] : view->state.workspace.ssh_keys.rows)
    if (shell.may_see(key.party, key.party))
      table.add({text(to_text(id)), text(key.name), text(view->state.name_of(key.party)),
                 text(key.public_key)});
  shell.say(table);
}

struct FileSystemValues {
  std::string name, party, region;
};
void file_system_options(Form& form, FileSystemValues& values) {
  form.add_option("name", values.name, "Its name, unique among the party's")->required();
  form.add_option("--party", values.party, "Whose it is")->required();
  form.add_option("--region", values.region, "Where it is: a region with a site")->required();
}
void create_file_system(Shell& shell, const FileSystemValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return CreateFileSystem{
        {{}, reader.party("--party", values.party), values.name, values.region, {}, shell.actor()}};
  });
}
void file_system_name(Form& form, WorkspaceName& values) {
  form.add_option("file_system", values.name, "Its name or id")->required();
}
void delete_file_system(Shell& shell, const WorkspaceName& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return DeleteFileSystem{reader.file_system("file_system", values.name)};
  });
}
const Columns kFileSystemsColumns = columns_of("id, name, party, region, created: moment");
void list_file_systems(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kFileSystemsColumns);
  for (const auto& [id, row] : view->state.workspace.file_systems.rows)
    if (shell.may_see(row.party, row.party))
      table.add({text(to_text(id)), text(row.name), text(view->state.name_of(row.party)),
                 text(row.region), moment(row.created)});
  shell.say(table);
}

struct FirewallValues {
  std::string name, party, region;
  std::vector<std::string> rules;
};
void firewall_options(Form& form, FirewallValues& values) {
  form.add_option("name", values.name, "Its name, unique among the party's")->required();
  form.add_option("--party", values.party, "Whose it is")->required();
  form.add_option("--region", values.region,
                  "Of the instances that name it; of all of the party's otherwise");
  form.add_option("--allow", values.rules,
                  "What may come in: 'tcp 22 from 0.0.0.0/0', 'udp 6000-6100 from 10.0.0.0/8', "
                  "'icmp from 0.0.0.0/0'; nothing where none is named");
}
// "tcp 22-23 from 0.0.0.0/0"
FirewallRule read_rule(Reader& reader, const std::string& said) {
  FirewallRule rule;
  size_t from = said.find(" from ");
  std::string head = said.substr(0, from);
  std::string protocol = head.substr(0, head.find(' '));
  bool good = from != std::string::npos && value_of(protocol, rule.protocol);
  if (good) rule.source = said.substr(from + 6);
  if (good && protocol.size() < head.size()) {
    std::string ports = head.substr(protocol.size() + 1);
    const char* end = ports.data() + ports.size();
    int64_t first = 0;
    auto read = std::from_chars(ports.data(), end, first);
    int64_t last = first;
    if (read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, last);
    good = read.ec == std::errc{} && read.ptr == end;
    rule.first_port = first;
    rule.last_port = last;
  }
  if (!good) reader.wrong("--allow", said, "such as 'tcp 22 from 0.0.0.0/0'");
  return rule;
}
void set_firewall(Shell& shell, const FirewallValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    Firewall set;
    set.party = reader.party("--party", values.party);
    set.name = values.name;
    set.region = values.region;
    for (const std::string& rule : values.rules) set.rules.push_back(read_rule(reader, rule));
    if (const Firewall* known = reader.state().workspace.firewalls.find(set.party, set.name))
      set.id = known->id;
    return SetFirewall{set};
  });
}
void firewall_name(Form& form, WorkspaceName& values) {
  form.add_option("firewall", values.name, "Its name or id")->required();
}
void delete_firewall(Shell& shell, const WorkspaceName& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return DeleteFirewall{reader.firewall("firewall", values.name)};
  });
}
std::string rule_text(const FirewallRule& rule) {
  std::string ports;
  if (rule.first_port) ports = fmt::format(" {}", *rule.first_port);
  if (rule.last_port && rule.last_port != rule.first_port)
    ports += fmt::format("-{}", *rule.last_port);
  return fmt::format("{}{} from {}", name_of(rule.protocol), ports, rule.source);
}
const Columns kFirewallsColumns = columns_of("id, name, party, region, allows");
void list_firewalls(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kFirewallsColumns);
  for (const auto& [id, row] : view->state.workspace.firewalls.rows) {
    if (!shell.may_see(row.party, row.party)) continue;
    std::string rules;
    for (const FirewallRule& rule : row.rules)
      rules += (rules.empty() ? "" : "; ") + rule_text(rule);
    table.add({text(to_text(id)), text(row.name), text(view->state.name_of(row.party)),
               text(row.region), text(rules)});
  }
  shell.say(table);
}

struct ImageValues {
  std::string name, family, version, architecture = "x86_64", description;
};
void image_options(Form& form, ImageValues& values) {
  form.add_option("name", values.name, "Its name, unique among images")->required();
  form.add_option("--family", values.family, "Of which the newest is taken")->required();
  form.add_option("--version", values.version, "Such as 24.04.3");
  form.add_option("--architecture", values.architecture, names_of<Architecture>());
  form.add_option("--description", values.description, "What is in it");
}
void offer_image(Shell& shell, const ImageValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return OfferImage{{{},
                       values.name,
                       values.family,
                       values.version,
                       reader.choice<Architecture>("--architecture", values.architecture),
                       values.description,
                       {}}};
  });
}
const Columns kImagesColumns =
    columns_of("id, name, family, version, architecture, offered: moment");
void list_images(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kImagesColumns);
  for (const Image& image : view->state.workspace.images)
    table.add({text(to_text(image.id)), text(image.name), text(image.family), text(image.version),
               text(name_of(image.architecture)), moment(image.created)});
  shell.say(table);
}

struct QuotaValues {
  std::string party, accelerators;
};
void quota_options(Form& form, QuotaValues& values) {
  form.add_option("party", values.party, "Whose")->required();
  form.add_option("--accelerators", values.accelerators,
                  "On demand and preemptible, at once; any number where it is not said");
}
void set_quota(Shell& shell, const QuotaValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    SetQuota command{reader.party("party", values.party), {}};
    if (!values.accelerators.empty())
      command.accelerators = reader.whole("--accelerators", values.accelerators);
    return command;
  });
}
const Columns kQuotasColumns = columns_of("party, accelerators: number, left: number");
void list_quotas(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kQuotasColumns);
  for (const auto& [party, most] : view->state.workspace.quotas)
    if (shell.may_see(party, party))
      table.add(
          {text(view->state.name_of(party)), number(most), number(*view->state.quota_left(party))});
  shell.say(table);
}

struct ReportValues {
  std::string instance, condition = "active", ip, private_ip, test;
};
void report_options(Form& form, ReportValues& values) {
  form.add_option("instance", values.instance, "Its name or id")->required();
  form.add_option("--condition", values.condition, names_of<Condition>());
  form.add_option("--ip", values.ip, "Its address on the internet");
  form.add_option("--private-ip", values.private_ip, "Its address in the data centre");
  form.add_option("--test", values.test, "The acceptance test that it passed, or what is wrong");
}
void report_instance(Shell& shell, const ReportValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return ReportInstance{reader.instance("instance", values.instance),
                          {reader.choice<Condition>("--condition", values.condition), values.ip,
                           values.private_ip, values.test}};
  });
}

struct InstanceLabelValues {
  std::string instance, label;
};
void instance_to_restart(Form& form, InstanceLabelValues& values) {
  form.add_option("instance", values.instance, "Its name or id")->required();
}
void restart_instance(Shell& shell, const InstanceLabelValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RestartInstance{reader.instance("instance", values.instance)};
  });
}
void label_options(Form& form, InstanceLabelValues& values) {
  instance_to_restart(form, values);
  form.add_option("label", values.label, "What its tenant calls it")->required();
}
void label_instance(Shell& shell, const InstanceLabelValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return LabelInstance{reader.instance("instance", values.instance), values.label};
  });
}

const Columns kConditionsColumns = columns_of("id, label, tenant, condition, ip, private ip, said");
void list_conditions(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kConditionsColumns);
  for (const Instance& row : state.instances.rows()) {
    if (row.ended_at || !shell.may_see(state.promiser(row.account), row.tenant)) continue;
    auto setup = state.workspace.setups.find(row.id);
    auto report = state.workspace.reports.find(row.id);
    bool reported = report != state.workspace.reports.end();
    table.add({text(to_text(row.id)),
               text(setup == state.workspace.setups.end() ? "" : setup->second.label),
               text(state.name_of(row.tenant)), text(condition_of(state, row)),
               text(reported ? report->second.ip : ""),
               text(reported ? report->second.private_ip : ""),
               text(reported ? report->second.test : "")});
  }
  shell.say(table);
}

}  // namespace

void setup_options(Form& form, SetupValues& values) {
  form.add_option("--label", values.label, "What its tenant calls it; need not be unique");
  form.add_option("--ssh-key", values.ssh_keys, "Whose holders may log in");
  form.add_option("--file-system", values.file_systems, "Mounted at /lambda/nfs/NAME");
  form.add_option("--firewall", values.firewalls, "Besides the party's own rules");
  form.add_option("--image", values.image, "What it starts from");
}

std::optional<Setup> read_setup(Reader& reader, const SetupValues& values) {
  Setup setup;
  setup.label = values.label;
  for (const std::string& key : values.ssh_keys)
    setup.ssh_keys.push_back(reader.ssh_key("--ssh-key", key));
  for (const std::string& name : values.file_systems) {
    FileSystemId id = reader.file_system("--file-system", name);
    const FileSystem* row = reader.state().workspace.file_systems.find(id);
    setup.mounts.push_back({id, row == nullptr ? "" : "/lambda/nfs/" + row->name});
  }
  for (const std::string& name : values.firewalls)
    setup.firewalls.push_back(reader.firewall("--firewall", name));
  if (!values.image.empty()) setup.image = reader.image("--image", values.image);
  bool any = !setup.label.empty() || !setup.ssh_keys.empty() || !setup.mounts.empty() ||
             !setup.firewalls.empty() || setup.image;
  return any ? std::optional(std::move(setup)) : std::nullopt;
}

void add_instance_setup(Noun noun) {
  add_command(noun, "report",
              "Say how one is, as what makes it real sees it: instance report instance-3 "
              "--condition active --ip 198.51.100.7 --private-ip 10.0.0.7 --test 'cuda, nccl, ssh'",
              report_options, report_instance);
  add_command(noun, "restart", "Restart one: instance restart instance-3", instance_to_restart,
              restart_instance);
  add_command(noun, "label", "Call one something else: instance label instance-3 head",
              label_options, label_instance);
  add_command<NoValues>(noun, "conditions", "List how those that run are", nullptr, list_conditions,
                        kConditionsColumns);
}

void add_workspace(Noun root) {
  Noun ssh_key = root.noun("ssh-key", "Who may log in to instances");
  add_command(
      ssh_key, "add",
      "Add one: ssh-key add laptop --party ai-lab --public-key \"$(cat ~/.ssh/id_ed25519.pub)\"",
      ssh_key_options, add_ssh_key);
  add_command(ssh_key, "remove", "Remove one: ssh-key remove laptop", ssh_key_name, remove_ssh_key);
  add_command<NoValues>(ssh_key, "list", "List them", nullptr, list_ssh_keys, kSshKeysColumns);
  Noun file_system = root.noun("file-system", "Storage that instances mount");
  add_command(file_system, "create",
              "Create one: file-system create data --party ai-lab --region us-central-1",
              file_system_options, create_file_system);
  add_command(file_system, "delete", "Delete one that is not mounted: file-system delete data",
              file_system_name, delete_file_system);
  add_command<NoValues>(file_system, "list", "List them", nullptr, list_file_systems,
                        kFileSystemsColumns);
  Noun firewall = root.noun("firewall", "What may come in to instances");
  add_command(firewall, "set",
              "Make one, or replace its rules: firewall set global --party ai-lab --allow 'tcp 22 "
              "from 0.0.0.0/0'",
              firewall_options, set_firewall);
  add_command(firewall, "delete", "Delete one that no instance has: firewall delete web",
              firewall_name, delete_firewall);
  add_command<NoValues>(firewall, "list", "List them", nullptr, list_firewalls, kFirewallsColumns);
  Noun quota = root.noun("quota", "How much parties may have without a lease");
  add_command(quota, "set",
              "Set a party's, or lift it: quota set start-up --accelerators 64; quota set start-up",
              quota_options, set_quota);
  add_command<NoValues>(quota, "list", "List them, and what is left", nullptr, list_quotas,
                        kQuotasColumns);
  Noun image = root.noun("image", "What instances start from");
  add_command(image, "offer",
              "Offer one in every region: image offer stack-2026-10 --family lambda-stack "
              "--version 24.04.3",
              image_options, offer_image);
  add_command<NoValues>(image, "list", "List them", nullptr, list_images, kImagesColumns);
}

}  // namespace leasehold::operations
