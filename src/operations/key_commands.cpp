// key: who may ask a server.
#include <ostream>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fact_text.h"

namespace leasehold::operations {

namespace {

struct KeyValues {
  std::string name, party, role = "read_only", expires, per_minute = "0";
};
void key_options(Form& form, KeyValues& values) {
  form.add_option("name", values.name, "The key's name, unique among keys")->required();
  form.add_option("--party", values.party, "For whom it asks; the whole cloud otherwise");
  form.add_option("--role", values.role, names_of<Role>());
  form.add_option("--expires", values.expires, "When it no longer works; never otherwise");
  form.add_option("--per-minute", values.per_minute,
                  "How many requests it may make; 0 for the server's own limit");
}
void issue_key(Shell& shell, const KeyValues& values) {
  // Said once, and kept nowhere: the facts have its digest.
  std::string secret = "lh_" + shell.environment().secret();
  shell.submit_and_say(
      [&](Reader& reader) -> CommandBody {
        ApiKey key;
        key.name = values.name;
        key.digest = engine::hash_of(secret);
        key.hint = secret.substr(0, 7);
        if (!values.party.empty()) key.party = reader.party("--party", values.party);
        key.role = reader.choice<Role>("--role", values.role);
        if (!values.expires.empty()) key.expires = reader.instant("--expires", values.expires);
        key.per_minute = reader.whole("--per-minute", values.per_minute);
        return IssueKey{key};
      },
      [&shell, secret](const engine::State&, const std::vector<Fact>&) {
        if (!shell.options().dry_run) shell.say_secret(secret);
      });
}

struct KeyName {
  std::string key;
};
void key_name(Form& form, KeyName& values) {
  form.add_option("key", values.key, "Its name or id")->required();
}
void revoke_key(Shell& shell, const KeyName& values) {
  shell.submit_and_say(
      [&](Reader& reader) -> CommandBody { return RevokeKey{reader.key("key", values.key)}; });
}

const Columns kKeysColumns =
    columns_of("id, name, begins with, party, role, expires: moment, last used: moment, status");
void list_keys(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kKeysColumns);
  for (const ApiKey& key : state.access.keys.rows()) {
    if (!shell.may_see(key.party)) continue;
    auto used = state.access.key_used.find(key.id);
    bool expired = key.expires && *key.expires <= view->moment;
    table.add({text(to_text(key.id)), text(key.name), text(key.hint), text(whose(state, key.party)),
               text(name_of(key.role)), key.expires ? moment(*key.expires) : text("never"),
               used == state.access.key_used.end() ? text("never") : moment(used->second),
               text(state.access.revoked.contains(key.id) ? "revoked"
                    : expired                             ? "expired"
                                                          : "active")});
  }
  shell.say(table);
}

}  // namespace

void add_keys(Noun root) {
  Noun noun = root.noun("key", "Who may ask a server");
  add_command(noun, "add",
              "Make one, and say its secret once: key add desk --role capacity; key add lab "
              "--party midjourney --role tenant --expires 2027-01-01",
              key_options, issue_key);
  add_command(noun, "revoke", "It works no longer: key revoke lab", key_name, revoke_key);
  add_command<NoValues>(noun, "list", "List keys, without their secrets", nullptr, list_keys,
                        kKeysColumns);
}

}  // namespace leasehold::operations
