// Launching over the Lambda-compatible API: all that is asked for, or nothing.
#include <algorithm>

#include <fmt/format.h>

#include "engine/engine.h"
#include "journal/fact_codec.h"
#include "operations/refusal_text.h"
#include "server/lambda_api.h"
#include "server/lambda_capacity.h"
#include "server/text.h"

namespace leasehold::server::lambda {

namespace json = boost::json;
using engine::State;
using operations::HeldState;

struct LambdaApi::Launch {
  AskedPtr asked;
  std::string region;
  Type type;
  int64_t quantity = 1;
  Setup setup;
  // Where they go, in order: as many as an account takes, the rest to the next.
  struct Part {
    AccountId account;
    int64_t most = 0;
  };
  std::vector<Part> parts;
  std::optional<RequestKey> request;

  std::vector<Command> commands(const State& state, Instant now) const {
    std::vector<Command> all;
    for (const Part& part : parts) {
      LaunchInstance one = launch_on(state, part.account, type, asked->party);
      one.setup = setup;
      int64_t left = quantity - static_cast<int64_t>(all.size());
      all.insert(all.end(), static_cast<size_t>(std::min(part.most, left)),
                 {now, asked->caller.name, one});
    }
    if (!all.empty()) all.front().request = request;
    return all;
  }
  // The command at `index` was refused: those before it show how many its account takes.
  void learn(size_t index) {
    auto taken = static_cast<int64_t>(index);
    for (Part& part : parts) {
      if (taken < part.most) {
        part.most = taken;
        return;
      }
      taken -= part.most;
    }
  }
};

namespace {

constexpr int64_t kMostAtOnce = 1000;

class LaunchReader {
 public:
  LaunchReader(const State& state, const Asked& asked) : state_(state), asked_(asked) {}

  std::string text(const char* name, size_t most, bool required = false) {
    const json::value* value = asked_.body.if_contains(name);
    bool absent = value == nullptr || value->is_null();
    if (absent && !required) return "";
    if (absent || !value->is_string() || value->get_string().size() > most) {
      bad(name, fmt::format("a text of at most {} characters", most));
      return "";
    }
    return std::string(value->get_string());
  }

  int64_t quantity() {
    const json::value* value = asked_.body.if_contains("quantity");
    if (value == nullptr || value->is_null()) return 1;
    bool good = value->is_int64() && value->get_int64() >= 1 && value->get_int64() <= kMostAtOnce;
    if (good) return value->get_int64();
    bad("quantity",
        fmt::format("got {}; a whole number from 1 to {}", json::serialize(*value), kMostAtOnce));
    return 1;
  }

  void ssh_keys(Setup& setup) {
    std::vector<std::string> names = texts("ssh_key_names");
    if (names.size() != 1)
      return bad("ssh_key_names", fmt::format("got {} names; exactly one SSH key", names.size()));
    const SshKey* key = state_.workspace.ssh_keys.find(asked_.party, names.front());
    if (key == nullptr) return missing("SSH key '" + names.front() + "'");
    setup.ssh_keys.push_back(key->id);
  }

  void file_systems(Setup& setup, const std::string& region) {
    auto add = [&](const FileSystem* row, const std::string& name, const std::string& point) {
      if (row == nullptr || row->party != asked_.party)
        return missing("file system '" + name + "'");
      if (row->region != region) wrong_region_ = row->name + " is in " + row->region;
      for (const Mount& mount : setup.mounts)
        if (mount.file_system == row->id) return;
      setup.mounts.push_back({row->id, point.empty() ? "/lambda/nfs/" + row->name : point});
    };
    // What says where it is mounted goes before what only names it.
    for (const json::object* mount : objects("file_system_mounts")) {
      std::string id = text_in(*mount, "file_system_id");
      add(state_.workspace.file_systems.find(from_hex<FileSystemTag>(id)), id,
          text_in(*mount, "mount_point"));
    }
    for (const std::string& name : texts("file_system_names"))
      add(state_.workspace.file_systems.find(asked_.party, name), name, "");
  }

  void image(Setup& setup) {
    const json::value* value = asked_.body.if_contains("image");
    const std::vector<Image>& images = state_.workspace.images;
    if (value == nullptr || !value->is_object()) {
      if (!images.empty()) setup.image = images.back().id;
      return;
    }
    std::string id = text_in(value->get_object(), "id");
    std::string family = text_in(value->get_object(), "family");
    for (const Image& image : images)
      if (id.empty() ? image.family == family : hex_of(image.id) == id) setup.image = image.id;
    if (!setup.image) missing("image '" + (id.empty() ? family : id) + "'");
  }

  void rest(Setup& setup) {
    for (const json::object* one : objects("firewall_rulesets")) {
      FirewallId id = from_hex<FirewallTag>(text_in(*one, "id"));
      const Firewall* row = state_.workspace.firewalls.find(id);
      if (row == nullptr || row->party != asked_.party) missing("firewall ruleset");
      setup.firewalls.push_back(id);
    }
    for (const json::object* tag : objects("tags"))
      setup.tags.push_back({text_in(*tag, "key"), text_in(*tag, "value")});
  }

  std::optional<Type> type(const std::string& name) {
    for (Type& type : types(state_))
      if (type.name == name) return std::move(type);
    missing("instance type '" + name + "'");
    return std::nullopt;
  }
  void region(const std::string& name) {
    std::vector<std::string> known = regions(state_);
    if (std::find(known.begin(), known.end(), name) == known.end())
      missing("region '" + name + "'");
  }

  // What is to be answered where the request is not good.
  std::optional<Response> problem() const {
    if (!fields_.empty()) return wrong(fields_);
    if (!missing_.empty())
      return error(400, "global/object-does-not-exist",
                   "Specified " + missing_ + " does not exist.");
    if (!wrong_region_.empty())
      return error(400, "instance-operations/launch/file-system-in-wrong-region",
                   "The file system is in another region.", wrong_region_);
    return std::nullopt;
  }

 private:
  void bad(const char* name, const std::string& expected) { fields_.push_back({name, expected}); }
  void missing(const std::string& what) {
    if (missing_.empty()) missing_ = what;
  }
  std::vector<std::string> texts(const char* name) {
    std::vector<std::string> out;
    const json::value* value = asked_.body.if_contains(name);
    if (value == nullptr || value->is_null()) return out;
    if (!value->is_array()) bad(name, "a list of texts");
    if (value->is_array())
      for (const json::value& one : value->get_array())
        out.push_back(one.is_string() ? std::string(one.get_string()) : "");
    return out;
  }
  std::vector<const json::object*> objects(const char* name) {
    std::vector<const json::object*> out;
    const json::value* value = asked_.body.if_contains(name);
    if (value == nullptr || value->is_null()) return out;
    if (!value->is_array()) bad(name, "a list of objects");
    if (value->is_array())
      for (const json::value& one : value->get_array()) {
        if (one.is_object()) out.push_back(&one.get_object());
        if (!one.is_object()) bad(name, "a list of objects");
      }
    return out;
  }

  const State& state_;
  const Asked& asked_;
  std::vector<WrongField> fields_;
  std::string missing_;
  std::string wrong_region_;
};

constexpr const char* kInsufficient = "instance-operations/launch/insufficient-capacity";
constexpr const char* kNotEnough = "Not enough capacity to fulfill launch request.";

// Why only so many commands of a launch could be made.
Response too_few(const State& state, const Type& type, int64_t quantity,
                 const std::vector<Command>& commands, PartyId party, const std::string& region,
                 Instant now) {
  int64_t unleased = quantity;
  for (const Command& command : commands)
    if (std::get<LaunchInstance>(command.body).kind == InstanceKind::committed) --unleased;
  auto left = state.quota_left(party);
  if (left && *left < unleased * type.accelerators)
    return error(400, "global/quota-exceeded", "Quota exceeded.",
                 fmt::format("{} accelerators more on demand, of {}", *left,
                             state.workspace.quotas.at(party)));
  return error(400, kInsufficient, kNotEnough,
               suggestion(state, type, quantity, party, region, now));
}

json::array hex_of_all(const std::vector<InstanceId>& ids) {
  json::array out;
  for (InstanceId id : ids) out.emplace_back(hex_of(id));
  return out;
}

std::string digest(const std::string& text) { return engine::hash_of(text).substr(0, 32); }

}  // namespace

void LambdaApi::launch(const AskedPtr& asked) const {
  auto launch = std::make_shared<Launch>();
  launch->asked = asked;
  {
    HeldState state = cloud_.read();
    LaunchReader reader(*state, *asked);
    launch->region = reader.text("region_name", 256, true);
    std::string type_name = reader.text("instance_type_name", 256, true);
    launch->quantity = reader.quantity();
    Setup& setup = launch->setup;
    setup.label = reader.text("name", 64);
    setup.hostname = reader.text("hostname", 63);
    setup.user_data = reader.text("user_data", 1 << 20);
    reader.region(launch->region);
    auto type = reader.type(type_name);
    reader.ssh_keys(setup);
    reader.file_systems(setup, launch->region);
    reader.image(setup);
    reader.rest(setup);
    if (auto problem = reader.problem()) return asked->reply(*problem);
    launch->type = *type;
    for (const AccountId& account :
         where_now(*state, *type, asked->party, launch->region, cloud_.now())) {
      LaunchInstance one = launch_on(*state, account, *type, asked->party);
      if (access::may_command(*state, {asked->party, asked->caller.role}, one))
        launch->parts.push_back({account, launch->quantity});
    }
  }
  std::string key(asked->request->header("idempotency-key"));
  if (!key.empty())
    launch->request =
        RequestKey{digest(asked->caller.name + "\n" + key), digest(asked->request->body)};
  try_all(launch);
}

// Decides all of them at once; where one is refused, the rest is asked of the next account.
void LambdaApi::try_all(const std::shared_ptr<Launch>& launch) const {
  const AskedPtr& asked = launch->asked;
  std::vector<Command> commands;
  {
    HeldState state = cloud_.read();
    // A repetition is known before the capacity is asked: what it took is not there any more.
    bool repeated = launch->request && state->access.requests.contains(launch->request->key);
    if (repeated) {
      bool same = state->access.requests.at(launch->request->key).body == launch->request->body;
      state.reset();
      if (same) return answer_again(launch);
      return asked->reply(error(409, "global/conflict", "Another request had this Idempotency-Key.",
                                "A key of its own for each launch"));
    }
    commands = launch->commands(*state, cloud_.now());
    if (static_cast<int64_t>(commands.size()) < launch->quantity)
      return asked->reply(too_few(*state, launch->type, launch->quantity, commands, asked->party,
                                  launch->region, cloud_.now()));
  }
  cloud_.submit_all(std::move(commands), [this, launch](RunningCloud::AllAnswer answer) {
    auto kept = std::make_shared<RunningCloud::AllAnswer>(std::move(answer));
    launch->asked->later([this, launch, kept] { hear(launch, *kept); });
  });
}

void LambdaApi::hear(const std::shared_ptr<Launch>& launch,
                     const RunningCloud::AllAnswer& answer) const {
  const AskedPtr& asked = launch->asked;
  if (!answer)
    return asked->reply(
        error(503, "global/unknown", operations::printable(answer.error().message)));
  if (!*answer) {
    const Refusal& refusal = answer->error().refusal;
    bool elsewhere =
        refusal.code == RefusalCode::capacity_short || refusal.code == RefusalCode::servers_short ||
        refusal.code == RefusalCode::lease_ended || refusal.code == RefusalCode::quota_exceeded;
    if (elsewhere) launch->learn(answer->error().index);
    if (elsewhere || refusal.code == RefusalCode::request_repeated) return try_all(launch);
    return asked->reply(refused(*cloud_.read(), refusal));
  }
  std::vector<InstanceId> launched;
  for (const Fact& fact : **answer)
    if (const auto* one = std::get_if<InstanceLaunched>(&fact.body))
      launched.push_back(one->instance.id);
  if (static_cast<int64_t>(launched.size()) == launch->quantity)
    return asked->reply(data(json::object{{"instance_ids", hex_of_all(launched)}}));
  // Some began and others must wait for what is taken back: none is left running.
  std::vector<Command> ends;
  ends.reserve(launched.size());
  for (InstanceId id : launched)
    ends.push_back({cloud_.now(), asked->caller.name, EndInstance{id, "not all could start"}});
  if (!ends.empty()) cloud_.submit(std::move(ends), [](const RunningCloud::Answers&) {});
  asked->reply(error(400, kInsufficient, kNotEnough,
                     "What runs on it has been told to end: ask again in 30 s."));
}

// The facts of the launch follow one another in the journal, the first at a kept place, all of one
// moment and of who asked.
void LambdaApi::answer_again(const std::shared_ptr<Launch>& launch) const {
  const AskedPtr& asked = launch->asked;
  engine::KeptRequest request = cloud_.read()->access.requests.at(launch->request->key);
  auto journal = open_();
  std::vector<InstanceId> launched;
  auto take = [&](const journal::Record& record) {
    auto fact = journal::to_fact(record);
    if (!fact || fact->at != request.at || fact->actor != asked->caller.name) return false;
    if (const auto* one = std::get_if<InstanceLaunched>(&fact->body))
      launched.push_back(one->instance.id);
    return static_cast<int64_t>(launched.size()) < launch->quantity;
  };
  bool read = journal && (*journal)->read(static_cast<uint64_t>(request.first), take);
  if (!read) return asked->reply(error(503, "global/unknown", "The journal cannot be read now."));
  if (static_cast<int64_t>(launched.size()) < launch->quantity)
    return asked->reply(error(409, "global/conflict", "Not all could start then, and none runs.",
                              "Ask again with another Idempotency-Key"));
  Response response = data(json::object{{"instance_ids", hex_of_all(launched)}});
  response.headers.emplace_back("Idempotency-Replayed", "true");
  asked->reply(std::move(response));
}

}  // namespace leasehold::server::lambda
