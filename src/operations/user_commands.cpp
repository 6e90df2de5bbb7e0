// user: who may sign in.
#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fact_text.h"

namespace leasehold::operations {

namespace {

struct UserValues {
  std::string email, party, role = "read_only";
};
void user_options(Form& form, UserValues& values) {
  form.add_option("email", values.email, "The address that the identity provider vouches for")
      ->required();
  form.add_option("--party", values.party, "For whom they ask; the whole cloud otherwise");
  form.add_option("--role", values.role, names_of<Role>());
}
void set_user(Shell& shell, const UserValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    User user;
    user.email = values.email;
    if (!values.party.empty()) user.party = reader.party("--party", values.party);
    user.role = reader.choice<Role>("--role", values.role);
    return SetUser{user};
  });
}

struct UserEmail {
  std::string email;
};
void user_email(Form& form, UserEmail& values) {
  form.add_option("email", values.email, "Their address")->required();
}
void remove_user(Shell& shell, const UserEmail& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RemoveUser{reader.user("email", values.email)};
  });
}

const Columns kUsersColumns = columns_of("email, party, role, last seen: moment");
void list_users(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::AccessState& access = view->state.access;
  Table table(kUsersColumns);
  for (const auto& [email, user] : access.users) {
    if (!shell.may_see(user.party)) continue;
    auto seen = access.user_seen.find(email);
    table.add({text(email), text(whose(view->state, user.party)), text(name_of(user.role)),
               seen == access.user_seen.end() ? text("never") : moment(seen->second)});
  }
  shell.say(table);
}

}  // namespace

void add_users(Noun root) {
  Noun noun = root.noun("user", "Who may sign in to a server");
  add_command(noun, "set",
              "Add somebody, or change their role: user set jane@neo.example --role finance; user "
              "set li@lab.example --party midjourney --role tenant",
              user_options, set_user);
  add_command(noun, "remove", "They sign in no longer: user remove jane@neo.example", user_email,
              remove_user);
  add_command<NoValues>(noun, "list", "List users", nullptr, list_users, kUsersColumns);
}

}  // namespace leasehold::operations
