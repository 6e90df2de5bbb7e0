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

// Decides all of them at once; where one is refused, those before it show how many its account
// takes, and the rest is asked of the next.
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
    for (const Launch::Part& part : launch->parts) {
      LaunchInstance one = launch_on(*state, part.account, launch->type, asked->party);
      one.setup = launch->setup;
      int64_t left = launch->quantity - static_cast<int64_t>(commands.size());
      commands.insert(commands.end(), static_cast<size_t>(std::min(part.most, left)),
                      {cloud_.now(), asked->caller.name, one});
    }
    int64_t missing = launch->quantity - static_cast<int64_t>(commands.size());
    int64_t unleased = missing;
    for (const Command& command : commands)
      if (std::get<LaunchInstance>(command.body).kind != InstanceKind::committed) ++unleased;
    if (auto left = state->quota_left(asked->party);
        missing > 0 && left && *left < unleased * launch->type.accelerators)
      return asked->reply(error(400, "global/quota-exceeded", "Quota exceeded.",
                                fmt::format("{} accelerators more on demand, of {}", *left,
                                            state->workspace.quotas.at(asked->party))));
    if (missing > 0)
      return asked->reply(error(400, "instance-operations/launch/insufficient-capacity",
                                "Not enough capacity to fulfill launch request.",
                                suggestion(*state, launch->type, launch->quantity, asked->party,
                                           launch->region, cloud_.now())));
  }
  commands.front().request = launch->request;
  cloud_.submit_all(std::move(commands), [this, launch](RunningCloud::AllAnswer answer) {
    auto kept = std::make_shared<RunningCloud::AllAnswer>(std::move(answer));
    launch->asked->later([this, launch, kept] {
      const AskedPtr& by = launch->asked;
      if (!*kept)
        return by->reply(
            error(503, "global/unknown", operations::printable(kept->error().message)));
      if (!**kept) {
        RefusalCode code = (*kept)->error().refusal.code;
        bool elsewhere = code == RefusalCode::capacity_short ||
                         code == RefusalCode::servers_short || code == RefusalCode::lease_ended ||
                         code == RefusalCode::quota_exceeded;
        if (code == RefusalCode::request_repeated) return try_all(launch);
        if (elsewhere) {
          auto taken = static_cast<int64_t>((*kept)->error().index);
          for (Launch::Part& part : launch->parts) {
            if (taken < part.most) {
              part.most = taken;
              break;
            }
            taken -= part.most;
          }
          return try_all(launch);
        }
        return by->reply(refused(*cloud_.read(), (*kept)->error().refusal));
      }
      json::array ids;
      for (const Fact& fact : ***kept)
        if (const auto* launched = std::get_if<InstanceLaunched>(&fact.body))
          ids.emplace_back(hex_of(launched->instance.id));
      if (ids.size() < static_cast<size_t>(launch->quantity)) {
        end_again(***kept, by->caller.name);
        return by->reply(error(400, "instance-operations/launch/insufficient-capacity",
                               "Not enough capacity to fulfill launch request.",
                               "What runs on it has been told to end: ask again in 30 s."));
      }
      by->reply(data(json::object{{"instance_ids", std::move(ids)}}));
    });
  });
}

// Some began and others must wait for what is taken back: none is left running.
void LambdaApi::end_again(const std::vector<Fact>& facts, const std::string& actor) const {
  std::vector<Command> ends;
  for (const Fact& fact : facts)
    if (const auto* launched = std::get_if<InstanceLaunched>(&fact.body))
      ends.push_back({fact.at, actor, EndInstance{launched->instance.id, "not all could start"}});
  if (!ends.empty()) cloud_.submit(std::move(ends), [](const RunningCloud::Answers&) {});
}

// The facts of the launch follow one another in the journal, the first at a kept place.
void LambdaApi::answer_again(const std::shared_ptr<Launch>& launch) const {
  int64_t first = cloud_.read()->access.requests.at(launch->request->key).first;
  auto journal = open_();
  json::array ids;
  auto take = [&](const journal::Record& record) {
    auto fact = journal::to_fact(record);
    const auto* launched = fact ? std::get_if<InstanceLaunched>(&fact->body) : nullptr;
    if (launched != nullptr) ids.emplace_back(hex_of(launched->instance.id));
    return static_cast<int64_t>(ids.size()) < launch->quantity;
  };
  if (journal) (void)(*journal)->read(static_cast<uint64_t>(first), take);
  if (static_cast<int64_t>(ids.size()) < launch->quantity)
    return launch->asked->reply(error(503, "global/unknown", "The journal cannot be read now."));
  Response response = data(json::object{{"instance_ids", std::move(ids)}});
  response.headers.emplace_back("Idempotency-Replayed", "true");
  launch->asked->reply(std::move(response));
}

}  // namespace leasehold::server::lambda
