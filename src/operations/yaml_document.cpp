#include "operations/yaml_document.h"

#include <fmt/format.h>

namespace leasehold::operations {

YamlDocument::YamlDocument(const std::string& text) {
  try {
    node_ = YAML::Load(text);
  } catch (const YAML::ParserException& error) {
    errors_.push_back({"", error.msg, "YAML", error.mark.line + 1, error.mark.column + 1});
    node_ = YAML::Node(YAML::NodeType::Map);
  }
}

YamlMap YamlDocument::root() { return {*this, node_, ""}; }

void YamlDocument::mark(const std::string& path, const YAML::Node& node) {
  marks_[path] = node.Mark();
}

void YamlDocument::wrong(const std::string& path, const std::string& got,
                         const std::string& expected) {
  InputError error{path, got, expected};
  auto found = marks_.find(path);
  if (found != marks_.end()) {
    error.line = found->second.line + 1;
    error.column = found->second.column + 1;
  }
  errors_.push_back(error);
}

void YamlDocument::add(const InputErrors& errors) {
  for (const InputError& error : errors) wrong(error.path, error.got, error.expected);
}

YamlMap::YamlMap(YamlDocument& document, const YAML::Node& node, std::string path)
    : document_(&document), node_(node), path_(std::move(path)) {
  document_->mark(path_, node_);
  if (node_.IsMap()) return;
  document_->wrong(path_, node_.IsScalar() ? node_.Scalar() : "a list or nothing",
                   "a mapping of keys to values");
  node_ = YAML::Node(YAML::NodeType::Map);
}

bool YamlMap::has(const std::string& key) const {
  const YAML::Node node = node_[key];
  return node.IsDefined() && !node.IsNull();
}

YAML::Node YamlMap::find(const std::string& key) {
  known_.insert(key);
  if (!has(key)) return YAML::Node(YAML::NodeType::Null);
  YAML::Node node = std::as_const(node_)[key];
  document_->mark(path(key), node);
  return node;
}

std::string YamlMap::text(const std::string& key, const std::string& otherwise) {
  YAML::Node node = find(key);
  if (node.IsNull()) return otherwise;
  if (node.IsScalar()) return node.Scalar();
  document_->wrong(path(key), "a list or a mapping", "one value");
  return otherwise;
}

std::string YamlMap::required(const std::string& key, const std::string& expected) {
  if (!has(key)) document_->wrong(path_, "no '" + key + "'", expected);
  return text(key);
}

std::vector<YamlMap> YamlMap::maps(const std::string& key) {
  YAML::Node node = find(key);
  std::vector<YamlMap> out;
  if (node.IsMap()) out.emplace_back(*document_, node, path(key));
  if (node.IsScalar()) document_->wrong(path(key), node.Scalar(), "a list of mappings");
  if (node.IsSequence())
    for (size_t i = 0; i < node.size(); ++i)
      out.emplace_back(*document_, node[i], fmt::format("{}[{}]", path(key), i));
  return out;
}

std::vector<std::string> YamlMap::texts(const std::string& key) {
  YAML::Node node = find(key);
  std::vector<std::string> out;
  if (node.IsScalar()) out.push_back(node.Scalar());
  if (node.IsMap()) document_->wrong(path(key), "a mapping", "a list of values");
  if (node.IsSequence())
    for (const YAML::Node& item : node) {
      if (item.IsScalar())
        out.push_back(item.Scalar());
      else
        document_->wrong(path(key), "a list of lists", "a list of values");
    }
  return out;
}

void YamlMap::finish() {
  for (const auto& entry : node_) {
    if (!entry.first.IsScalar()) continue;
    std::string key = entry.first.Scalar();
    if (known_.contains(key)) continue;
    document_->mark(path(key), entry.first);
    std::string accepted;
    for (const std::string& name : known_) accepted += (accepted.empty() ? "" : ", ") + name;
    document_->wrong(path(key), key, "one of " + accepted);
  }
}

}  // namespace leasehold::operations
