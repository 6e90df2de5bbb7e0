#include "base/id.h"

#include <charconv>

#include <fmt/format.h>

namespace leasehold {

Parsed<IdText> parse_id_text(std::string_view text) {
  const char* rule = "an id such as lease-7 or server-h100-0042";
  size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || dash + 1 == text.size())
    return bad_input(std::string(text), rule);
  IdText id{std::string(text.substr(0, dash)), 0};
  auto [end, error] = std::from_chars(text.data() + dash + 1, text.data() + text.size(), id.number);
  if (error != std::errc() || end != text.data() + text.size())
    return bad_input(std::string(text), rule);
  return id;
}

std::string to_text(const IdText& id, int width) {
  return fmt::format("{}-{:0{}}", id.stem, id.number, width);
}

}  // namespace leasehold
