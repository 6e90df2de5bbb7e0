// Which operation of the catalogue is asked by which method and path. docs/reference/http.md lists
// them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/authority.h"
#include "operations/catalogue.h"

namespace leasehold::server {

// Who may ask, beyond the role.
enum class Audience : uint8_t {
  cloud,  // keys of the whole cloud
  party,  // also keys of a party: the answer has only what belongs to it
};

struct Route {
  const char* method;
  const char* path;   // "/v1/leases/{lease}": a part in braces fills the field of that name
  const char* words;  // of the operation: "lease show"
  access::Area area;
  Audience audience;
  // Takes its time: decides more than once, or goes through the journal, all servers or all that
  // was used.
  bool long_work = false;

  const operations::Operation* operation = nullptr;  // found by its words
  bool changes() const { return std::string_view(method) != "GET"; }
};

const std::vector<Route>& routes();

struct Match {
  const Route* route = nullptr;                             // none where no route has the path
  std::vector<std::pair<std::string, std::string>> fields;  // from the path
  std::string allowed;  // the methods that the path has, where this one is not among them
};
// `path` is encoded: a name may have a '/'.
Match find_route(std::string_view method, std::string_view path);

}  // namespace leasehold::server
