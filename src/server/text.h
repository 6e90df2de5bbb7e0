// Small readings of texts that several parts of the server share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace leasehold::server {

// Nothing where the text is no JSON object.
std::optional<boost::json::object> object_in(std::string_view text);
// A member that is a text; empty where there is none.
std::string text_in(const boost::json::object& object, const char* name);

// "/v1/leases/a%2Fb" is "", "v1", "leases", "a%2Fb".
std::vector<std::string_view> parts_of(std::string_view path);

std::string to_base64(std::string_view bytes);
// Nothing where it is none.
std::optional<std::string> from_base64(std::string_view text);
// The same as URLs and cookies have it: with '-' and '_', and without '='.
std::string to_url_base64(std::string_view bytes);
std::optional<std::string> from_url_base64(std::string_view text);

}  // namespace leasehold::server
