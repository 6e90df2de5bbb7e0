#include "base/json.h"

namespace leasehold {

void write_json_string(std::string& out, std::string_view text) {
  constexpr const char* kHex = "0123456789abcdef";
  out += '"';
  size_t plain = 0;  // where the part begins that is written as it is
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out += text.substr(plain, i - plain);
    plain = i + 1;
    if (byte == '\n')
      out += "\\n";
    else if (byte >= 0x20)
      out += {'\\', text[i]};
    else
      out += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
  }
  out += text.substr(plain);
  out += '"';
}

}  // namespace leasehold
