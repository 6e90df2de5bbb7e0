// What there is to lease: sites with power, SKUs, pools, and the deliveries that fill them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.h"
#include "base/money.h"
#include "base/quantity.h"
#include "base/time.h"
#include "domain/ids.h"

namespace leasehold {

struct Site {
  SiteId id;
  std::string name;
  PartyId holder;  // who head-leases the site
  std::string region;
  std::string zone;              // IANA
  int64_t non_gpu_permille = 0;  // network, storage, management: on top of the servers' power
  int64_t pue_permille = 1000;

  static constexpr auto fields() {
    return describe(field("id", &Site::id), field("name", &Site::name),
                    field("holder", &Site::holder), field("region", &Site::region),
                    field("zone", &Site::zone), field("non_gpu_permille", &Site::non_gpu_permille),
                    field("pue_permille", &Site::pue_permille));
  }
};

enum class SkuFamily : uint8_t { gpu, tpu };
constexpr auto enum_names(SkuFamily) { return std::array{"gpu", "tpu"}; }

// What else of a server its tenants are told.
struct SkuSpecs {
  std::string accelerator;  // as the trade calls it: "H100"
  std::string form;         // of the accelerator: "SXM5", "PCIe"
  int64_t accelerator_gib = 0;
  int64_t vcpus = 0;  // of the whole server, as the next two
  int64_t memory_gib = 0;
  int64_t storage_gib = 0;
  bool operator==(const SkuSpecs&) const = default;
  static constexpr auto fields() {
    return describe(field("accelerator", &SkuSpecs::accelerator), field("form", &SkuSpecs::form),
                    field("accelerator_gib", &SkuSpecs::accelerator_gib),
                    field("vcpus", &SkuSpecs::vcpus), field("memory_gib", &SkuSpecs::memory_gib),
                    field("storage_gib", &SkuSpecs::storage_gib));
  }
};

// A kind of server. Its atoms are accelerators (gpu) or chips (tpu); the per_* members convert
// the other kinds, 0 where the SKU is not sold so.
struct Sku {
  SkuId id;
  std::string name;
  SkuFamily family = SkuFamily::gpu;
  std::string model;
  int64_t per_server = 0;
  int64_t per_tray = 0;
  int64_t per_nvlink_domain = 0;
  int64_t per_rack = 0;
  int64_t per_slice = 0;
  int64_t watts_per_server = 0;                  // greatest draw of the IT load
  std::optional<int64_t> units_per_server = {};  // height in a rack
  // The slices that a TPU is sold in, as their chips lie ("4x4x8"); empty where any number is sold.
  std::optional<std::vector<std::string>> shapes = {};
  std::optional<SkuSpecs> specs = {};

  static constexpr auto fields() {
    return describe(field("id", &Sku::id), field("name", &Sku::name), field("family", &Sku::family),
                    field("model", &Sku::model), field("per_server", &Sku::per_server),
                    field("per_tray", &Sku::per_tray),
                    field("per_nvlink_domain", &Sku::per_nvlink_domain),
                    field("per_rack", &Sku::per_rack), field("per_slice", &Sku::per_slice),
                    field("watts_per_server", &Sku::watts_per_server),
                    field("units_per_server", &Sku::units_per_server),
                    field("shapes", &Sku::shapes), field("specs", &Sku::specs));
  }

  QuantityKind atom_kind() const;
  // Atoms in a quantity: megawatts give whole servers, rounded down. Nothing where the SKU does
  // not convert that kind.
  std::optional<int64_t> atoms(const Quantity& quantity, const Site& site) const;
  // Critical power of that many atoms at the site, its non-GPU share included, rounded up.
  int64_t watts(int64_t atoms, const Site& site) const;
};

// Chips of a shape: 128 of "4x4x8". Nothing where it is none.
std::optional<int64_t> chips_of(std::string_view shape);

struct Pool {
  PoolId id;
  std::string name;
  PartyId owner;
  SkuId sku;
  SiteId site;
  std::string fabric;
  std::optional<Money> list_price;  // per accelerator-hour on demand

  static constexpr auto fields() {
    return describe(field("id", &Pool::id), field("name", &Pool::name),
                    field("owner", &Pool::owner), field("sku", &Pool::sku),
                    field("site", &Pool::site), field("fabric", &Pool::fabric),
                    field("list_price", &Pool::list_price));
  }
};

struct Delivery {
  DeliveryId id;
  std::string name;
  PoolId pool;
  Quantity quantity;
  int64_t atoms = 0;
  Instant from;
  Instant until = kForever;
  uint32_t power_promise = 0;  // its draw, promised by the site

  static constexpr auto fields() {
    return describe(field("id", &Delivery::id), field("name", &Delivery::name),
                    field("pool", &Delivery::pool), field("quantity", &Delivery::quantity),
                    field("atoms", &Delivery::atoms), field("from", &Delivery::from),
                    field("until", &Delivery::until),
                    field("power_promise", &Delivery::power_promise));
  }
};

// The servers of a delivery are a lender's security.
struct Lien {
  LienId id;
  std::string name;  // of the loan
  PartyId lender;
  DeliveryId delivery;
  static constexpr auto fields() {
    return describe(field("id", &Lien::id), field("name", &Lien::name),
                    field("lender", &Lien::lender), field("delivery", &Lien::delivery));
  }
};

}  // namespace leasehold
