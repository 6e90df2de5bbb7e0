#include "domain/account_id.h"

#include <charconv>

namespace leasehold {

std::string to_text(const AccountId& id) {
  switch (id.kind) {
    case AccountKind::none:
      return "";
    case AccountKind::site:
      return "site-" + std::to_string(id.number);
    case AccountKind::pool:
      return "pool-" + std::to_string(id.number);
    case AccountKind::line:
      return "lease-" + std::to_string(id.number) + '.' + std::to_string(id.line);
  }
  return "";
}

Parsed<AccountId> parse_account_id(std::string_view text) {
  if (text.empty()) return AccountId{};
  const char* rule = "site-1, pool-3 or a line such as lease-7.1";
  std::string_view head = text;
  uint16_t line = 0;
  if (size_t dot = text.rfind('.'); dot != std::string_view::npos) {
    head = text.substr(0, dot);
    auto [end, error] = std::from_chars(text.data() + dot + 1, text.data() + text.size(), line);
    if (error != std::errc() || end != text.data() + text.size() || line == 0)
      return bad_input(std::string(text), rule);
  }
  Parsed<IdText> parts = parse_id_text(head);
  if (!parts) return bad_input(std::string(text), rule);
  if (parts->stem == "site" && line == 0) return AccountId{AccountKind::site, parts->number, 0};
  if (parts->stem == "pool" && line == 0) return AccountId{AccountKind::pool, parts->number, 0};
  if (parts->stem == "lease" && line != 0) return AccountId{AccountKind::line, parts->number, line};
  return bad_input(std::string(text), rule);
}

}  // namespace leasehold
