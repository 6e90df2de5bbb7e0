// server: the machines, one by one, from the order to the scrapyard.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fleet_text.h"

namespace leasehold::operations {

namespace {

struct AddValues {
  std::vector<std::string> serials;
  std::string delivery, state = "ordered", rack, unit;
};
void add_options(Form& form, AddValues& values) {
  form.add_option("serials", values.serials, "Their serial numbers")->required();
  form.add_option("--delivery", values.delivery, "The delivery that they are of")->required();
  form.add_option("--state", values.state, "Where they are in their lifecycle");
  form.add_option("--rack", values.rack, "The rack that they are in");
  form.add_option("--unit", values.unit, "The lowest rack unit of the first; the others follow");
}
void add_servers(Shell& shell, const AddValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    AddServers command;
    command.delivery = reader.delivery("--delivery", values.delivery);
    command.state = reader.choice<ServerState>("--state", values.state);
    if (!values.rack.empty()) command.rack = reader.rack("--rack", values.rack);
    int64_t unit = values.unit.empty() ? 0 : reader.whole("--unit", values.unit);
    int64_t height =
        reader.good() ? std::max<int64_t>(reader.state().each_of(command.delivery).places, 1) : 1;
    for (const std::string& serial : values.serials) {
      command.servers.push_back({serial, unit});
      if (unit > 0) unit += height;
    }
    return command;
  });
}

struct ServerMoveValues {
  std::vector<std::string> servers;
  std::string to, rack, unit, reason;
};
void server_move_options(Form& form, ServerMoveValues& values) {
  form.add_option("servers", values.servers, "Serial numbers, ids, or runs: server-3..server-9")
      ->required();
  form.add_option("--to", values.to,
                  "delivered, racked, burn_in, ready, draining, repair, rma or retired")
      ->required();
  form.add_option("--rack", values.rack, "To racked: the rack");
  form.add_option("--unit", values.unit, "To racked: the lowest unit of the first");
  form.add_option("--reason", values.reason, "Why");
}
void move_servers(Shell& shell, const ServerMoveValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    MoveServers command;
    command.servers = reader.servers("servers", values.servers);
    command.to = reader.choice<ServerState>("--to", values.to);
    if (!values.rack.empty()) command.rack = reader.rack("--rack", values.rack);
    if (!values.unit.empty()) command.unit = reader.whole("--unit", values.unit);
    command.reason = values.reason;
    return command;
  });
}

struct TestValues {
  std::vector<std::string> servers;
  std::string level, result, detail;
};
void test_options(Form& form, TestValues& values) {
  form.add_option("servers", values.servers, "Serial numbers, ids, or runs: server-3..server-9")
      ->required();
  form.add_option("--level", values.level, "inventory, node, soak, scale_up or fabric")->required();
  form.add_option("--result", values.result, "passed or failed")->required();
  form.add_option("--detail", values.detail, "What was measured, or what failed");
}
enum class TestResult : uint8_t { failed, passed };
constexpr auto enum_names(TestResult) { return std::array{"failed", "passed"}; }
void record_test(Shell& shell, const TestValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RecordTest{reader.servers("servers", values.servers),
                      reader.choice<TestLevel>("--level", values.level),
                      reader.choice<TestResult>("--result", values.result) == TestResult::passed,
                      values.detail};
  });
}

std::string where(const engine::State& state, const Server& server) {
  if (!server.rack) return "";
  std::string rack = state.fleet.racks.at(server.rack).name;
  return server.unit > 0 ? fmt::format("{} u{}", rack, server.unit) : rack;
}

std::string remark_of(const engine::State& state, ServerId id) {
  auto remark = state.remarks.find(id);
  return remark == state.remarks.end() ? "" : remark->second;
}

struct ServerListValues {
  std::string state, pool, line, site;
};
void server_list_options(Form& form, ServerListValues& values) {
  form.add_option("--state", values.state, "Only those in this state");
  form.add_option("--pool", values.pool, "Only those of this pool");
  form.add_option("--line", values.line, "Only those of this line, or of a line below it");
  form.add_option("--site", values.site, "Only those of pools at this site");
}
struct Wanted {
  std::optional<ServerState> state;
  PoolId pool;
  AccountId line;
  SiteId site;
  bool has(const engine::State& known, const Server& server) const {
    const Pool& of = known.pool_of(server);
    if ((state && server.state != *state) || (pool && of.id != pool) || (site && of.site != site))
      return false;
    if (!line) return true;
    if (!server.line) return false;
    std::vector<AccountId> chain = known.chain_of(server.line);
    return std::find(chain.begin(), chain.end(), line) != chain.end();
  }
};
// A line's servers may be listed by its lease's two sides; everything else by the owner of the
// store.
bool may_list(Shell& shell, const engine::State& state, const Wanted& wanted) {
  return wanted.line ? shell.may_look(state, wanted.line) : shell.owner_only("server list");
}
const Columns kServersColumns =
    columns_of("id, serial, pool, rack, pod, state, since: moment, line, remark");
void list_servers(Shell& shell, const ServerListValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  Wanted wanted;
  if (!values.state.empty()) wanted.state = reader.choice<ServerState>("--state", values.state);
  if (!values.pool.empty()) wanted.pool = reader.pool("--pool", values.pool);
  if (!values.line.empty()) wanted.line = reader.line("--line", values.line);
  if (!values.site.empty()) wanted.site = reader.site("--site", values.site);
  if (!reader.good()) return shell.say(reader.errors());
  if (!may_list(shell, state, wanted)) return;
  Table table(kServersColumns);
  for (const Server& server : state.fleet.servers().rows()) {
    if (!wanted.has(state, server)) continue;
    // A line below may be another's business: the line that was asked for is enough.
    AccountId line =
        server.line && wanted.line && !shell.options().as.empty() ? wanted.line : server.line;
    table.add(
        {text(to_text(server.id)), text(server.serial), text(state.pool_of(server).name),
         text(where(state, server)),
         text(server.rack ? state.fleet.pods.at(state.fleet.racks.at(server.rack).pod).name : ""),
         text(name_of(server.state)), moment(server.since), text(state.name_of(line)),
         text(remark_of(state, server.id))});
  }
  shell.say(table);
}

const Columns kBadColumns = columns_of(
    "server, pool, state, since: moment, remark, line, lessee, clock, borne by, spares left: "
    "number");
// Which servers are bad now, whose are they, is the clock stopped, how many spares remain.
void list_bad(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view || !shell.owner_only("server bad")) return;
  const engine::State& state = view->state;
  std::map<ServerId, const Outage*> open;
  for (OutageId id : state.fleet.open_outages)
    open[state.fleet.outages.at(id).server] = &state.fleet.outages.at(id);
  Table table(kBadColumns);
  for (const Server& server : state.fleet.servers().rows()) {
    bool out = server.absence != Absence::none || open.contains(server.id);
    if (!out || server.state == ServerState::retired) continue;
    const Pool& pool = state.pool_of(server);
    auto spares = state.spares.find(pool.id);
    const Outage* outage = open.contains(server.id) ? open.at(server.id) : nullptr;
    std::string clock = outage == nullptr ? "runs" : outage->excused ? "runs, excused" : "stopped";
    AccountId line = outage == nullptr ? AccountId{} : outage->line;
    table.add({text(server.serial), text(pool.name), text(name_of(server.state)),
               moment(server.since), text(remark_of(state, server.id)), text(state.name_of(line)),
               text(line ? state.name_of(state.lease_of(line).offer.lessee) : ""), text(clock),
               text(name_of(server.absence)),
               number(spares == state.spares.end() ? 0 : spares->second.left)});
  }
  shell.say(table);
}

const Columns kAssetsColumns =
    columns_of("serial, sku, owner, site, rack, state, lien, earns under, lessee, passed on to");
// Where every asset is, and what it earns under: the chain of leases from the one that uses it up.
void list_assets(Shell& shell, const ServerListValues& values) {
  auto view = shell.view();
  if (!view || !shell.owner_only("server assets")) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  Wanted wanted;
  if (!values.pool.empty()) wanted.pool = reader.pool("--pool", values.pool);
  if (!values.line.empty()) wanted.line = reader.line("--line", values.line);
  if (!values.site.empty()) wanted.site = reader.site("--site", values.site);
  if (!values.state.empty()) wanted.state = reader.choice<ServerState>("--state", values.state);
  if (!reader.good()) return shell.say(reader.errors());
  std::map<DeliveryId, std::string> liens;
  for (const Lien& lien : state.liens.rows())
    liens[lien.delivery] += (liens[lien.delivery].empty() ? "" : ", ") + lien.name + " (" +
                            state.name_of(lien.lender) + ")";
  Table table(kAssetsColumns);
  for (const Server& server : state.fleet.servers().rows()) {
    if (!wanted.has(state, server)) continue;
    const Pool& pool = state.pool_of(server);
    AccountId head;
    std::string below;
    if (server.line) {
      std::vector<AccountId> chain = state.chain_of(server.line);
      head = chain[chain.size() - 2];
      for (size_t i = chain.size() - 2; i > 0; --i)
        below += (below.empty() ? "" : " > ") + state.name_of(chain[i - 1]);
    }
    table.add({text(server.serial), text(state.skus.at(pool.sku).name),
               text(state.name_of(pool.owner)), text(state.sites.at(pool.site).name),
               text(where(state, server)), text(name_of(server.state)),
               text(liens[server.delivery]), text(state.name_of(head)),
               text(head ? state.name_of(state.lease_of(head).offer.lessee) : ""), text(below)});
  }
  shell.say(table);
}

}  // namespace

void add_server(Noun root) {
  Noun noun = root.noun("server", "Machines, one by one");
  add_command(noun, "add",
              "Register servers: server add SN-1 SN-2 --delivery b200-2026q1 --state delivered",
              add_options, add_servers);
  add_command(noun, "move",
              "Take the next step of the lifecycle: server move SN-1 --to racked --rack kc-1-a-01 "
              "--unit 1; server move server-3..server-9 --to repair --reason 'Xid 79'",
              server_move_options, move_servers);
  add_command(
      noun, "test",
      "Record a level of the acceptance ladder: server test SN-1 --level node --result passed",
      test_options, record_test);
  add_command(noun, "list", "List servers: server list --state ready --pool b200-kc",
              server_list_options, list_servers, kServersColumns);
  add_command<NoValues>(noun, "bad",
                        "Servers out of service, whose they are, whether the clock is stopped, and "
                        "the spares left",
                        nullptr, list_bad, kBadColumns);
  add_command(noun, "assets", "Where every asset is, under which lien, and what it earns under",
              server_list_options, list_assets, kAssetsColumns);
}

}  // namespace leasehold::operations
