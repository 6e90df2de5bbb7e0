// A YAML file with positions: every value is known by its path ("leases[2].price") and every error
// by line and column. All errors of a document are collected.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "base/result.h"

namespace leasehold::operations {

class YamlMap;

class YamlDocument {
 public:
  // Nothing of a file that is no YAML but its error.
  explicit YamlDocument(const std::string& text);

  YamlMap root();
  InputErrors& errors() { return errors_; }
  void wrong(const std::string& path, const std::string& got, const std::string& expected);
  // Adds errors that name their field by its path, with the position of that path.
  void add(const InputErrors& errors);

 private:
  friend class YamlMap;
  void mark(const std::string& path, const YAML::Node& node);

  YAML::Node node_;
  std::map<std::string, YAML::Mark> marks_;
  InputErrors errors_;
};

// One mapping. Reading a key marks it as known; finish() says which keys nobody knows.
class YamlMap {
 public:
  YamlMap(YamlDocument& document, const YAML::Node& node, std::string path);

  const std::string& path() const { return path_; }
  std::string path(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }
  bool has(const std::string& key) const;
  std::string text(const std::string& key, const std::string& otherwise = "");
  std::string required(const std::string& key, const std::string& expected);
  // A sequence of mappings, or one mapping; empty where the key is absent.
  std::vector<YamlMap> maps(const std::string& key);
  // A sequence of texts, or one text.
  std::vector<std::string> texts(const std::string& key);
  void finish();

 private:
  YAML::Node find(const std::string& key);

  YamlDocument* document_;
  YAML::Node node_;
  std::string path_;
  std::set<std::string> known_;
};

}  // namespace leasehold::operations
