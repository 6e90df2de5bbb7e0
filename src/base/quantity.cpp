#include "base/quantity.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace leasehold {

namespace {

struct Word {
  std::string_view text;
  QuantityKind kind;
  int64_t factor;  // of the kind's own count
};

constexpr std::array kWords{
    Word{"accelerator", QuantityKind::accelerator, 1},
    Word{"gpu", QuantityKind::accelerator, 1},
    Word{"tray", QuantityKind::tray, 1},
    Word{"server", QuantityKind::server, 1},
    Word{"nvlink_domain", QuantityKind::nvlink_domain, 1},
    Word{"nvlink domain", QuantityKind::nvlink_domain, 1},
    Word{"rack", QuantityKind::rack, 1},
    Word{"chip", QuantityKind::chip, 1},
    Word{"slice", QuantityKind::slice, 1},
    Word{"megawatt", QuantityKind::megawatt, kWattsPerMegawatt},
    Word{"mw", QuantityKind::megawatt, kWattsPerMegawatt},
    Word{"gw", QuantityKind::megawatt, 1000 * kWattsPerMegawatt},
    Word{"kw", QuantityKind::megawatt, 1000},
    Word{"w", QuantityKind::megawatt, 1},
};

// "24.5" as 24,500,000 of a unit with factor 1,000,000; false where it is no whole number of it.
bool read_scaled(std::string_view text, int64_t factor, int64_t& value) {
  bool point = false;
  bool any = false;
  value = 0;
  for (char c : text) {
    if (c == ',' || c == '_') continue;
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (!std::isdigit(static_cast<unsigned char>(c))) return false;
    if (point) {
      if (factor % 10 != 0) return false;
      factor /= 10;
    }
    if (__builtin_mul_overflow(value, int64_t{10}, &value) ||
        __builtin_add_overflow(value, int64_t{c - '0'}, &value))
      return false;
    any = true;
  }
  return any && !__builtin_mul_overflow(value, factor, &value);
}

}  // namespace

Quantity operator+(const Quantity& a, const Quantity& b) {
  LH_ASSERT(a.kind == b.kind);
  return {a.count + b.count, a.kind};
}

std::string with_thousands(int64_t count) {
  std::string digits = std::to_string(count < 0 ? -count : count);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<size_t>(i), ",");
  return count < 0 ? "-" + digits : digits;
}

std::string to_text(const Quantity& quantity) {
  if (quantity.kind == QuantityKind::megawatt) {
    std::string text = fmt::format("{}.{:06}", with_thousands(quantity.count / kWattsPerMegawatt),
                                   std::abs(quantity.count % kWattsPerMegawatt));
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text + " MW";
  }
  std::string name = enum_names(quantity.kind)[static_cast<size_t>(quantity.kind)];
  std::replace(name.begin(), name.end(), '_', ' ');
  return with_thousands(quantity.count) + ' ' + name + (quantity.count == 1 ? "" : "s");
}

Parsed<Quantity> parse_quantity(std::string_view text) {
  size_t digits = text.find_first_not_of("0123456789.,_");
  std::string_view number = text.substr(0, digits);
  std::string word;
  if (digits != std::string_view::npos)
    for (char c : text.substr(digits))
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  size_t letter = word.find_first_not_of(' ');
  word.erase(0, letter == std::string::npos ? word.size() : letter);
  for (const Word& known : kWords) {
    bool plural = word.size() == known.text.size() + 1 && word.ends_with('s') &&
                  word.starts_with(known.text) && known.text.size() > 2;
    if (word != known.text && !plural) continue;
    Quantity quantity{0, known.kind};
    if (!read_scaled(number, known.factor, quantity.count)) break;
    return quantity;
  }
  return bad_input(std::string(text),
                   "a whole number with its kind, such as '10000 accelerators', '1250 servers', "
                   "'18 trays', '2 racks', '64 chips' or '24 MW'");
}

}  // namespace leasehold
