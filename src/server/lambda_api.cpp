#include "server/lambda_api.h"

#include <algorithm>

#include <fmt/format.h>

#include "access/authority.h"
#include "operations/refusal_text.h"
#include "server/ssh_pair.h"
#include "server/text.h"

namespace leasehold::server::lambda {

namespace json = boost::json;
using engine::State;
using operations::HeldState;

namespace {

template <class Row>
const Row* own(const Row* row, PartyId party) {
  return row != nullptr && row->party == party ? row : nullptr;
}

const Instance* own_instance(const State& state, const std::string& hex, PartyId party) {
  const Instance* instance = state.instances.find(from_hex<InstanceTag>(hex));
  return instance != nullptr && instance->tenant == party ? instance : nullptr;
}

}  // namespace

std::string_view resource_of(std::string_view path) {
  for (std::string_view known :
       {"instance-types", "instances", "instance-operations/launch",
        "instance-operations/terminate", "instance-operations/restart", "ssh-keys", "file-systems",
        "filesystems", "firewall-rules", "firewall-rulesets", "images", "regions"}) {
    std::string_view rest = path.substr(std::min(path.size(), size_t{8}));
    if (rest == known || (rest.starts_with(known) && rest[known.size()] == '/')) return known;
  }
  return "unknown";
}

Response no_such_path() {
  return error(404, "global/not-found", "The requested resource was not found.",
               "docs/reference/lambda.md lists what is there");
}

std::string region_in(const json::object& body) {
  const json::value* region = body.if_contains("region");
  if (region != nullptr && region->is_object()) return text_in(region->get_object(), "name");
  return text_in(body, "region");
}

Response not_there(const std::string& what) {
  return error(404, "global/object-does-not-exist", "Specified " + what + " does not exist.");
}

Response refused(const State& state, const Refusal& refusal) {
  std::string why =
      operations::refusal_text(state, refusal, [](PartyId, PartyId) { return false; });
  while (why.ends_with('\n')) why.pop_back();
  switch (refusal.code) {
    case RefusalCode::name_taken:
      return error(400, "global/duplicate", "The name is taken.", why);
    case RefusalCode::invalid_value:
      return wrong({{refusal.subject, why}});
    case RefusalCode::unknown_reference:
      return not_there(refusal.subject);
    case RefusalCode::wrong_state:
      if (refusal.subject == "file_system")
        return error(400, "filesystems/filesystem-in-use",
                     "The file system is in use by an instance.");
      if (refusal.subject == "firewall")
        return error(400, "firewall-rulesets/firewall-ruleset-in-use",
                     "Firewall ruleset is in use by one or more instances.");
      [[fallthrough]];
    default:
      return error(409, "global/conflict",
                   "The request conflicts with the current state of the resource.", why);
  }
}

void LambdaApi::handle(const std::shared_ptr<const Request>& request, const Caller& caller,
                       const Later& later, const Reply& reply) const {
  auto asked = std::make_shared<Asked>();
  asked->request = request;
  constexpr size_t kBefore = 3;  // "", "api", "v1"
  for (std::string_view part : parts_of(request->encoded_path))
    asked->path.push_back(decode_percent(part, false));
  asked->path.erase(asked->path.begin(), asked->path.begin() + kBefore);
  asked->caller = caller;
  asked->later = later;
  asked->reply = reply;
  bool reads = request->method == "GET";
  bool allowed = reads ? access::may_see(caller.role, access::Area::use)
                       : access::may_change(caller.role, access::Area::use);
  if (!allowed || caller.party.empty())
    return reply(
        error(403, "global/forbidden",
              caller.party.empty() ? "The key is of the whole cloud, and of no account."
                                   : "The key's role may not do this.",
              "Ask with a key of a party: leasehold key add NAME --party PARTY --role tenant"));
  asked->party = cloud_.read()->parties.resolve(caller.party);
  if (!reads && !request->body.empty()) {
    auto body = object_in(request->body);
    if (!body) return reply(wrong({{"body", "a JSON object"}}));
    asked->body = std::move(*body);
  }
  if (reads && read(asked)) return;
  const std::string what = asked->path.empty() ? "" : asked->path.front();
  if (what == "instances") return instances(asked);
  if (what == "instance-operations") return operate(asked);
  if (what == "ssh-keys") return ssh_keys(asked);
  if (what == "file-systems" || what == "filesystems") return file_systems(asked);
  if (what == "firewall-rules") return firewall_rules(asked);
  if (what == "firewall-rulesets") return firewall_rulesets(asked);
  reply(no_such_path());
}

void LambdaApi::change(const AskedPtr& asked, const Build& build, After after) const {
  std::vector<Command> one;
  {
    HeldState state = cloud_.read();
    auto body = build(*state);
    if (!body) return asked->reply(body.error());
    access::Asker asker{asked->party, asked->caller.role};
    if (!access::may_command(*state, asker, *body))
      return asked->reply(error(403, "global/forbidden", "This belongs to another account."));
    one.push_back({cloud_.now(), asked->caller.name, std::move(*body)});
  }
  cloud_.submit(std::move(one), [this, asked, after](RunningCloud::Answers answers) {
    auto kept = std::make_shared<RunningCloud::Answers>(std::move(answers));
    asked->later([this, asked, after, kept] {
      if (!*kept)
        return asked->reply(
            error(503, "global/unknown", operations::printable(kept->error().message)));
      HeldState state = cloud_.read();
      const cloud::Answer& answer = (*kept)->front();
      asked->reply(answer ? after(*state, *answer) : refused(*state, answer.error()));
    });
  });
}

void LambdaApi::instances(const AskedPtr& asked) const {
  bool old_form = asked->is("POST", 1);  // 1.5.3 has the id in the body
  if (!old_form && !asked->is("POST", 2)) return asked->reply(no_such_path());
  std::string hex = old_form ? text_in(asked->body, "id") : asked->path[1];
  change(
      asked,
      [asked, hex](const State& state) -> Expected<CommandBody, Response> {
        const Instance* instance = own_instance(state, hex, asked->party);
        if (instance == nullptr) return Unexpected<Response>(not_there("instance"));
        return LabelInstance{instance->id, text_in(asked->body, "name")};
      },
      [hex](const State& state, const std::vector<Fact>&) {
        return data(json_of(state, state.instances.at(from_hex<InstanceTag>(hex))));
      });
}

void LambdaApi::operate(const AskedPtr& asked) const {
  std::string what = asked->is("POST", 2) ? asked->path[1] : "";
  if (what == "launch") return launch(asked);
  bool ends = what == "terminate";
  if (!ends && what != "restart") return asked->reply(no_such_path());
  const json::value* ids = asked->body.if_contains("instance_ids");
  if (ids == nullptr || !ids->is_array())
    return asked->reply(wrong({{"instance_ids", "a list of the ids of instances"}}));
  std::vector<Command> commands;
  std::vector<InstanceId> named;
  HeldState state = cloud_.read();
  for (const json::value& id : ids->get_array()) {
    std::string hex = id.is_string() ? std::string(id.get_string()) : "";
    const Instance* instance = own_instance(*state, hex, asked->party);
    if (instance == nullptr) return asked->reply(not_there("instance"));
    if (!ends && state->workspace.booting.contains(instance->id))
      return asked->reply(error(409, "global/conflict", "The instance is booting.",
                                hex + " can be restarted once it is active"));
    named.push_back(instance->id);
    CommandBody body = ends ? CommandBody(EndInstance{instance->id, "its tenant ended it"})
                            : CommandBody(RestartInstance{instance->id});
    if (!instance->ended_at) commands.push_back({cloud_.now(), asked->caller.name, body});
  }
  state.reset();
  auto finish = [this, asked, named, ends] {
    HeldState after = cloud_.read();
    json::array done;
    for (InstanceId id : named)
      if (ends || !after->instances.at(id).ended_at)
        done.push_back(json_of(*after, after->instances.at(id)));
    asked->reply(data(
        json::object{{ends ? "terminated_instances" : "restarted_instances", std::move(done)}}));
  };
  if (commands.empty()) return finish();
  cloud_.submit(std::move(commands), [asked, finish](const RunningCloud::Answers& answers) {
    if (answers) return asked->later(finish);
    std::string why = operations::printable(answers.error().message);
    asked->later([asked, why] { asked->reply(error(503, "global/unknown", why)); });
  });
}

void LambdaApi::ssh_keys(const AskedPtr& asked) const {
  if (asked->is("DELETE", 2)) {
    return change(
        asked,
        [asked](const State& state) -> Expected<CommandBody, Response> {
          SshKeyId id = from_hex<SshKeyTag>(asked->path[1]);
          if (own(state.workspace.ssh_keys.find(id), asked->party) == nullptr)
            return Unexpected<Response>(not_there("SSH key"));
          return RemoveSshKey{id};
        },
        [](const State&, const std::vector<Fact>&) { return data(json::object{}); });
  }
  if (!asked->is("POST", 1)) return asked->reply(no_such_path());
  SshPair pair{text_in(asked->body, "public_key"), ""};
  while (pair.public_key.ends_with('\n') || pair.public_key.ends_with(' '))
    pair.public_key.pop_back();
  const json::value* given = asked->body.if_contains("public_key");
  if (given == nullptr || given->is_null()) pair = make_ssh_pair();
  change(
      asked,
      [asked, pair](const State&) -> Expected<CommandBody, Response> {
        return AddSshKey{{{}, asked->party, text_in(asked->body, "name"), pair.public_key}};
      },
      [pair](const State&, const std::vector<Fact>& facts) {
        json::object key = json_of(std::get<SshKeyAdded>(facts.front().body).key);
        if (!pair.private_key.empty()) key["private_key"] = pair.private_key;
        return data(std::move(key));
      });
}

void LambdaApi::file_systems(const AskedPtr& asked) const {
  if (asked->is("DELETE", 2)) {
    return change(
        asked,
        [asked](const State& state) -> Expected<CommandBody, Response> {
          FileSystemId id = from_hex<FileSystemTag>(asked->path[1]);
          const FileSystem* row = own(state.workspace.file_systems.find(id), asked->party);
          if (row == nullptr) return Unexpected<Response>(not_there("file system"));
          return DeleteFileSystem{id};
        },
        [hex = asked->path[1]](const State&, const std::vector<Fact>&) {
          return data(json::object{{"deleted_ids", json::array{hex}}});
        });
  }
  if (!asked->is("POST", 1)) return asked->reply(no_such_path());
  change(
      asked,
      [asked](const State&) -> Expected<CommandBody, Response> {
        return CreateFileSystem{{{},
                                 asked->party,
                                 text_in(asked->body, "name"),
                                 region_in(asked->body),
                                 {},
                                 asked->caller.name}};
      },
      [](const State& state, const std::vector<Fact>& facts) {
        return data(json_of(state, std::get<FileSystemCreated>(facts.front().body).file_system));
      });
}

}  // namespace leasehold::server::lambda
