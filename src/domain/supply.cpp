#include "domain/supply.h"

#include <charconv>

namespace leasehold {

QuantityKind Sku::atom_kind() const {
  return family == SkuFamily::tpu ? QuantityKind::chip : QuantityKind::accelerator;
}

std::optional<int64_t> Sku::atoms(const Quantity& quantity, const Site& site) const {
  auto times = [&quantity](int64_t per) -> std::optional<int64_t> {
    int64_t product = 0;
    if (per == 0 || __builtin_mul_overflow(quantity.count, per, &product)) return std::nullopt;
    return product;
  };
  switch (quantity.kind) {
    case QuantityKind::accelerator:
    case QuantityKind::chip:
      return quantity.kind == atom_kind() ? std::optional(quantity.count) : std::nullopt;
    case QuantityKind::tray:
      return times(per_tray);
    case QuantityKind::server:
      return times(per_server);
    case QuantityKind::nvlink_domain:
      return times(per_nvlink_domain);
    case QuantityKind::rack:
      return times(per_rack);
    case QuantityKind::slice:
      return times(per_slice);
    case QuantityKind::megawatt: {
      int64_t watts_each = watts(per_server, site);
      if (watts_each == 0) return std::nullopt;
      return quantity.count / watts_each * per_server;
    }
  }
  return std::nullopt;
}

int64_t Sku::watts(int64_t atoms, const Site& site) const {
  if (per_server == 0) return 0;
  __extension__ using Wide = __int128;
  Wide numerator = Wide{atoms} * watts_per_server * (1000 + site.non_gpu_permille);
  Wide denominator = Wide{per_server} * 1000;
  return static_cast<int64_t>((numerator + denominator - 1) / denominator);
}

std::optional<int64_t> chips_of(std::string_view shape) {
  int64_t chips = 1;
  const char* at = shape.data();
  const char* end = shape.data() + shape.size();
  for (int sides = 1; sides <= 3; ++sides) {
    int64_t side = 0;
    auto [next, error] = std::from_chars(at, end, side);
    if (error != std::errc() || side < 1 || side > 1000) return std::nullopt;
    chips *= side;
    if (next == end) return sides >= 2 ? std::optional(chips) : std::nullopt;
    if (*next != 'x') return std::nullopt;
    at = next + 1;
  }
  return std::nullopt;
}

}  // namespace leasehold
