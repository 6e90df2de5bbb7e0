#include "operations/form.h"

#include <algorithm>

namespace leasehold::operations {

std::string json_name(std::string_view spelled) {
  if (size_t comma = spelled.find(','); comma != std::string_view::npos)
    spelled.remove_prefix(comma + 1);
  while (spelled.starts_with('-')) spelled.remove_prefix(1);
  std::string name(spelled);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

Field::Field(std::string as_spelled, Target to, std::string says, FieldKind of_kind)
    : spelled(std::move(as_spelled)),
      name(json_name(spelled)),
      help(std::move(says)),
      kind(of_kind),
      target(to) {}

Field* Field::required() {
  is_required = true;
  return this;
}
Field* Field::excludes(Field* other) {
  excluded.push_back(other);
  return this;
}
Field* Field::delimiter(char between) {
  separator = between;
  return this;
}

Field* Form::add_option(std::string spelled, std::string& value, std::string help) {
  return &fields_.emplace_back(std::move(spelled), &value, std::move(help), FieldKind::text);
}
Field* Form::add_option(std::string spelled, std::vector<std::string>& values, std::string help) {
  return &fields_.emplace_back(std::move(spelled), &values, std::move(help), FieldKind::list);
}
Field* Form::add_flag(std::string spelled, bool& value, std::string help) {
  return &fields_.emplace_back(std::move(spelled), &value, std::move(help), FieldKind::flag);
}
Field* Form::add_input(std::string spelled, std::string& name, std::string help) {
  return &fields_.emplace_back(std::move(spelled), &name, std::move(help), FieldKind::input);
}
Field* Form::add_output(std::string spelled, std::string& name, std::string help) {
  return &fields_.emplace_back(std::move(spelled), &name, std::move(help), FieldKind::output);
}

Field* Form::find(std::string_view name) {
  for (Field& field : fields_)
    if (field.name == name) return &field;
  return nullptr;
}

}  // namespace leasehold::operations
