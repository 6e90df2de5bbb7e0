#include "server/http.h"

namespace leasehold::server {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string decode_percent(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    int high = i + 2 < text.size() && text[i] == '%' ? hex_value(text[i + 1]) : -1;
    int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return out;
}

std::string well_formed(std::string text) {
  auto at = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  for (size_t i = 0; i < text.size();) {
    unsigned first = at(i);
    size_t length = first < 0x80                     ? 1
                    : first >= 0xC2 && first <= 0xDF ? 2
                    : first >= 0xE0 && first <= 0xEF ? 3
                    : first >= 0xF0 && first <= 0xF4 ? 4
                                                     : 0;
    // Of the forms that are too long, for surrogates or beyond the last one the second byte tells.
    unsigned second = at(i + 1);
    bool good = length == 1 || (length > 1 &&
                                second >= (first == 0xE0   ? 0xA0U
                                           : first == 0xF0 ? 0x90U
                                                           : 0x80U) &&
                                second <= (first == 0xED   ? 0x9FU
                                           : first == 0xF4 ? 0x8FU
                                                           : 0xBFU));
    for (size_t more = 2; good && more < length; ++more)
      good = at(i + more) >= 0x80 && at(i + more) <= 0xBF;
    if (!good) text[i] = '?';
    i += good ? length : 1;
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!query.empty()) {
    std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty()) continue;
    size_t equals = std::min(part.find('='), part.size());
    out.emplace_back(decode_percent(part.substr(0, equals), true),
                     decode_percent(part.substr(std::min(equals + 1, part.size())), true));
  }
  return out;
}

}  // namespace leasehold::server
