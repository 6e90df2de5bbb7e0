// A number with its kind. Eight-GPU servers, accelerators, racks and megawatts are different
// things: they convert through a SKU (domain/sku.h) and never add across kinds.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace leasehold {

enum class QuantityKind : uint8_t {
  accelerator,
  tray,
  server,
  nvlink_domain,
  rack,
  chip,
  slice,
  megawatt,
};

constexpr auto enum_names(QuantityKind) {
  return std::array{"accelerator", "tray", "server", "nvlink_domain",
                    "rack",        "chip", "slice",  "megawatt"};
}

struct Quantity {
  int64_t count = 0;  // of the kind; for megawatt in watts, so that 14.3 kW is exact
  QuantityKind kind = QuantityKind::accelerator;
  auto operator<=>(const Quantity&) const = default;
};

inline constexpr int64_t kWattsPerMegawatt = 1'000'000;

// Quantities of one kind; of two kinds: a programmer's error, as the shells convert first.
Quantity operator+(const Quantity& a, const Quantity& b);

// "1 server", "10,000 accelerators", "24.5 MW".
std::string to_text(const Quantity& quantity);
std::string with_thousands(int64_t count);

// "10000 accelerators", "1250 servers", "24 MW", "3 GW", "14300 W", "64 chips"; "gpu" is an
// accelerator.
Parsed<Quantity> parse_quantity(std::string_view text);

}  // namespace leasehold
