// fleet import: racks and servers in bulk, from CSV, YAML or what NetBox exports.
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "base/csv.h"
#include "operations/catalogue.h"
#include "operations/yaml_document.h"

namespace leasehold::operations {

namespace {

struct ImportValues {
  std::string file, delivery, row, pod, power = "0 W", redundancy = "none";
  std::vector<std::string> feeds;
};
void import_options(Form& form, ImportValues& values) {
  form.add_input("file", values.file, "A CSV file, or a YAML file that ends in .yaml or .yml")
      ->required();
  form.add_option("--delivery", values.delivery, "Of servers that do not name theirs");
  form.add_option("--row", values.row, "Of racks that do not name theirs");
  form.add_option("--pod", values.pod, "Of racks that do not name theirs");
  form.add_option("--power", values.power, "Of racks that do not say theirs");
  form.add_option("--feeds", values.feeds, "Of racks that do not name theirs")->delimiter(',');
  form.add_option("--redundancy", values.redundancy, "Of racks that do not say theirs");
}

// One rack or server as the file has it, every value a text; `where` names it in errors.
struct Item {
  bool rack = false;
  std::string where;
  int line = 0;
  std::map<std::string, std::string> values;
  std::string operator[](const std::string& key) const {
    auto found = values.find(key);
    return found == values.end() ? "" : found->second;
  }
};

// What NetBox calls a device's status, as a state of the lifecycle (NetBox: dcim, device status).
const std::map<std::string, ServerState>& netbox_states() {
  static const std::map<std::string, ServerState> states{
      {"active", ServerState::ready},
      {"planned", ServerState::ordered},
      {"inventory", ServerState::delivered},
      {"staged", ServerState::racked},
      {"failed", ServerState::repair},
      {"offline", ServerState::repair},
      {"decommissioning", ServerState::draining}};
  return states;
}

// The columns that NetBox's device and rack exports share with ours, under our names.
const std::map<std::string, std::string>& netbox_columns() {
  static const std::map<std::string, std::string> columns{
      {"name", "name"},     {"serial", "serial"}, {"rack", "rack"},     {"position", "unit"},
      {"status", "status"}, {"location", "row"},  {"u_height", "units"}};
  return columns;
}

std::vector<Item> items_of_csv(const std::string& name, const std::string& text,
                               InputErrors& errors) {
  CsvFile file(name, text, errors);
  std::vector<Item> items;
  bool netbox_racks = file.has("name") && file.has("u_height") && !file.has("device_type");
  bool netbox_devices = file.has("device_type") && file.has("serial");
  bool ours_servers = file.has("serial") && !netbox_devices;
  bool ours_racks = file.has("rack") && !file.has("serial");
  if (!netbox_racks && !netbox_devices && !ours_servers && !ours_racks)
    errors.push_back(
        {name, "a heading of none of these",
         "'serial,delivery,rack,unit,state', 'rack,row,pod,power,units,feeds,redundancy', "
         "or NetBox's export of devices or racks",
         1, 1});
  if (!errors.empty()) return items;
  for (size_t row = 0; row < file.rows(); ++row) {
    file.go_to(row);
    Item item{netbox_racks || ours_racks, name, static_cast<int>(row + 2), {}};
    if (netbox_racks || netbox_devices) {
      for (const auto& [column, ours] : netbox_columns()) item.values[ours] = file.text(column);
      if (netbox_racks) item.values["rack"] = item["name"];
    } else {
      for (const char* column : {"serial", "delivery", "rack", "unit", "state", "row", "pod",
                                 "power", "units", "feeds", "redundancy"})
        item.values[column] = file.text(column);
    }
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Item> items_of_yaml(const std::string& text, InputErrors& errors) {
  YamlDocument document(text);
  std::vector<Item> items;
  YamlMap root = document.root();
  for (bool rack : {true, false})
    for (YamlMap& map : root.maps(rack ? "racks" : "servers")) {
      Item item{rack, map.path(), 0, {}};
      for (const char* key : {"rack", "row", "pod", "power", "units", "redundancy"})
        if (rack) item.values[key] = map.text(key);
      for (const char* key : {"serial", "delivery", "rack", "unit", "state"})
        if (!rack) item.values[key] = map.text(key);
      if (rack) {
        std::string feeds;
        for (const std::string& feed : map.texts("feeds"))
          feeds += (feeds.empty() ? "" : " ") + feed;
        item.values["feeds"] = feeds;
      }
      items.push_back(std::move(item));
      map.finish();
    }
  root.finish();
  errors.insert(errors.end(), document.errors().begin(), document.errors().end());
  return items;
}

// Reads one item; its errors say where it stands.
class ItemReader {
 public:
  ItemReader(const engine::State& state, const std::string& zone, const ImportValues& values)
      : reader_(state, zone), values_(values) {}

  CommandBody command(const Item& item) {
    return item.rack ? CommandBody(rack(item)) : CommandBody(server(item));
  }
  InputErrors errors(const Item& item) const {
    InputErrors errors = reader_.errors();
    for (InputError& error : errors) {
      error.path = item.where + ": " + error.path;
      error.line = item.line;
      error.column = item.line > 0 ? 1 : 0;
    }
    return errors;
  }

 private:
  static std::string either(const std::string& own, const std::string& common) {
    return own.empty() ? common : own;
  }
  InstallRacks rack(const Item& item) {
    Rack rack;
    rack.name = item["rack"];
    rack.row = reader_.row("row", either(item["row"], values_.row));
    rack.pod = reader_.pod("pod", either(item["pod"], values_.pod));
    rack.watts = reader_.watts("power", either(item["power"], values_.power));
    rack.units = reader_.whole("units", either(item["units"], "0"));
    rack.redundancy =
        reader_.choice<Redundancy>("redundancy", either(item["redundancy"], values_.redundancy));
    std::vector<std::string> feeds = values_.feeds;
    if (!item["feeds"].empty()) {
      feeds.clear();
      std::istringstream words(item["feeds"]);
      for (std::string word; words >> word;) feeds.push_back(word);
    }
    for (const std::string& feed : feeds) rack.feeds.push_back(reader_.feed("feeds", feed));
    return {{rack}};
  }
  AddServers server(const Item& item) {
    AddServers command;
    command.delivery = reader_.delivery("delivery", either(item["delivery"], values_.delivery));
    command.state = state(item);
    if (!item["rack"].empty() && in_rack(command.state))
      command.rack = reader_.rack("rack", item["rack"]);
    // NetBox writes positions as 12 or 12.0.
    std::string unit = item["unit"].substr(0, item["unit"].find(".0"));
    int64_t lowest = unit.empty() || !command.rack ? 0 : reader_.whole("unit", unit);
    command.servers = {{either(item["serial"], item["name"]), lowest}};
    return command;
  }
  ServerState state(const Item& item) {
    if (item["status"].empty())
      return reader_.choice<ServerState>("state", either(item["state"], "ordered"));
    std::string status = item["status"];
    for (char& c : status) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    auto known = netbox_states().find(status);
    if (known != netbox_states().end()) return known->second;
    reader_.wrong("status", item["status"],
                  "active, planned, inventory, staged, failed, offline or decommissioning");
    return ServerState::ordered;
  }

  Reader reader_;
  const ImportValues& values_;
};

// All of the file or nothing: a trial run over a copy of the state finds every refusal before
// anything is kept.
void import_fleet(Shell& shell, const ImportValues& values) {
  auto text = shell.input_text("file", values.file);
  if (!text) return;
  InputErrors errors;
  bool yaml = values.file.ends_with(".yaml") || values.file.ends_with(".yml");
  std::vector<Item> items =
      yaml ? items_of_yaml(*text, errors) : items_of_csv(values.file, *text, errors);
  if (!errors.empty()) return shell.say(errors);
  auto cloud = shell.cloud_to_write();
  if (!cloud) return;
  engine::State trial = cloud->state();
  engine::pass_time(trial, shell.now());
  std::vector<Command> commands;
  for (const Item& item : items) {
    ItemReader reader(trial, shell.options().zone, values);
    Command command{shell.now(), shell.actor(), reader.command(item)};
    if (InputErrors wrong = reader.errors(item); !wrong.empty()) {
      errors.insert(errors.end(), wrong.begin(), wrong.end());
      continue;
    }
    if (!errors.empty()) continue;
    auto facts = engine::perform(trial, command);
    if (!facts) {
      shell.err() << fmt::format("{}, line {}: nothing was imported\n", item.where, item.line);
      return shell.say(trial, facts.error());
    }
    engine::pass_time(trial, shell.now());
    commands.push_back(std::move(command));
  }
  if (!errors.empty()) return shell.say(errors);
  if (!shell.options().dry_run) {
    auto done = cloud->execute(commands);
    if (!done) return shell.say(done.error());
  }
  auto racks =
      std::count_if(items.begin(), items.end(), [](const Item& item) { return item.rack; });
  shell.out() << fmt::format("{}{} racks and {} servers\n",
                             shell.options().dry_run ? "would be: " : "", racks,
                             static_cast<int64_t>(items.size()) - racks);
}

}  // namespace

void add_fleet(Noun root) {
  Noun noun = root.noun("fleet", "Racks and servers in bulk");
  add_command(
      noun, "import",
      "Import racks or servers from CSV, YAML or NetBox's exports: fleet import servers.csv "
      "--delivery b200-2026q1",
      import_options, import_fleet);
  add_generate(noun);
}

}  // namespace leasehold::operations
