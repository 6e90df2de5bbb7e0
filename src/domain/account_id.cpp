#include "domain/account_id.h"

#include <charconv>

namespace leasehold {

namespace {

// In the order of AccountKind.
constexpr const char* kStems[] = {"",    "site", "pool", "lease", "hall",
                                  "row", "rack", "feed", "pod"};

}  // namespace

std::string to_text(const AccountId& id) {
  if (!id) return "";
  std::string text = kStems[static_cast<size_t>(id.kind)] + ('-' + std::to_string(id.number));
  return id.kind == AccountKind::line ? text + '.' + std::to_string(id.line) : text;
}

Parsed<AccountId> parse_account_id(std::string_view text) {
  if (text.empty()) return AccountId{};
  const char* rule = "site-1, pool-3, rack-12 or a line such as lease-7.1";
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
  for (size_t kind = 1; kind < std::size(kStems); ++kind) {
    AccountId id{static_cast<AccountKind>(kind), parts->number, line};
    if (parts->stem == kStems[kind] && (id.kind == AccountKind::line) == (line != 0)) return id;
  }
  return bad_input(std::string(text), rule);
}

}  // namespace leasehold
