#include "server/text.h"

#include <sodium.h>
#include <boost/json.hpp>

namespace leasehold::server {

namespace {

constexpr int kPlain = sodium_base64_VARIANT_ORIGINAL;
constexpr int kUrl = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string encode(std::string_view bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  text.pop_back();  // its closing zero
  return text;
}

std::optional<std::string> decode(std::string_view text, int variant) {
  std::string bytes(text.size(), '\0');
  size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &length, nullptr, variant) != 0)
    return std::nullopt;
  bytes.resize(length);
  return bytes;
}

}  // namespace

std::optional<boost::json::object> object_in(std::string_view text) {
  boost::system::error_code wrong;
  boost::json::value value = boost::json::parse(text, wrong);
  if (wrong || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

std::string text_in(const boost::json::object& object, const char* name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::string to_base64(std::string_view bytes) { return encode(bytes, kPlain); }
std::optional<std::string> from_base64(std::string_view text) { return decode(text, kPlain); }
std::string to_url_base64(std::string_view bytes) { return encode(bytes, kUrl); }
std::optional<std::string> from_url_base64(std::string_view text) { return decode(text, kUrl); }

}  // namespace leasehold::server
