// The fields that an operation takes, described once: they are the options and arguments of the
// command line, the parameters and the body of an HTTP request, and the schema of both.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace leasehold::operations {

enum class FieldKind : uint8_t {
  text,
  list,  // of texts
  flag,
  input,   // a file that is read: its name on the command line, its content over HTTP
  output,  // a file that is written; over HTTP the answer itself
};

class Field {
 public:
  using Target = std::variant<std::string*, std::vector<std::string>*, bool*>;
  Field(std::string spelled, Target target, std::string help, FieldKind kind);

  Field* required();
  Field* excludes(Field* other);
  Field* delimiter(char separator);

  std::string spelled;  // as on the command line: "--from-line", "-f,--file"; "pool", an argument
  std::string name;     // as in JSON: "from_line", "file", "pool"
  std::string help;
  FieldKind kind;
  Target target;
  bool is_required = false;
  char separator = 0;              // of a list in one text; 0 for none
  std::vector<Field*> excluded{};  // that may not be given with it

  bool argument() const { return spelled.front() != '-'; }
};

class Form {
 public:
  Form() = default;
  Form(Form&&) noexcept = default;
  Form& operator=(Form&&) noexcept = default;

  Field* add_option(std::string spelled, std::string& value, std::string help);
  Field* add_option(std::string spelled, std::vector<std::string>& values, std::string help);
  Field* add_flag(std::string spelled, bool& value, std::string help);
  Field* add_input(std::string spelled, std::string& name, std::string help);
  Field* add_output(std::string spelled, std::string& name, std::string help);

  std::deque<Field>& fields() { return fields_; }
  const std::deque<Field>& fields() const { return fields_; }
  Field* find(std::string_view name);  // by its name in JSON
  const Field* find(std::string_view name) const { return const_cast<Form*>(this)->find(name); }

 private:
  std::deque<Field> fields_;  // never moved: fields point at each other
};

// "--from-line" and "-f,--file" as they are named in JSON: "from_line", "file".
std::string json_name(std::string_view spelled);

}  // namespace leasehold::operations
