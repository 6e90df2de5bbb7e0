// The pages of the console: files of a folder, read once when the server starts. Files under
// assets/ have a digest in their name and are kept by browsers for ever; every other address that a
// browser asks for, and that is not of an API, is a place within the one page.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "server/http.h"

namespace leasehold::server {

class Console {
 public:
  // Empty: there is none.
  explicit Console(const std::string& folder);
  static bool is_in(const std::string& folder);
  // Nothing where it is no request for a page. `random` makes the nonce of the page's own styles.
  std::optional<Response> answer(const Request& request,
                                 const std::function<std::string()>& random) const;

 private:
  struct File {
    std::string type;
    std::string plain;
    std::string brotli;  // as the build made it; empty where it made none
  };
  std::map<std::string, File> files_;  // by path: "/assets/main-1a2b.js"
};

}  // namespace leasehold::server
