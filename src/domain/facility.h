// Where servers stand and what feeds them: the head lease of a site, halls, rows, racks, power
// feeds and pods. Every level may state a budget of power and of space; nothing is racked past one.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/describe.h"
#include "base/money.h"
#include "base/time.h"
#include "domain/ids.h"

namespace leasehold {

// What a landlord gives at a site for a time: critical power and rack positions at a rent. A site
// may have several, the next phase or a substation that comes later; one that has not begun may
// slip.
struct SiteLease {
  SiteLeaseId id;
  std::string name;
  SiteId site;
  PartyId landlord;
  int64_t watts = 0;           // critical power: at the servers, without cooling
  int64_t rack_positions = 0;  // 0 where space is not limited by this lease
  Instant from;
  Instant until = kForever;
  std::optional<Money> per_kw_month;
  int64_t pue_permille = 1000;  // facility power over critical power
  Interval interval() const { return {from, until}; }

  static constexpr auto fields() {
    return describe(field("id", &SiteLease::id), field("name", &SiteLease::name),
                    field("site", &SiteLease::site), field("landlord", &SiteLease::landlord),
                    field("watts", &SiteLease::watts),
                    field("rack_positions", &SiteLease::rack_positions),
                    field("from", &SiteLease::from), field("until", &SiteLease::until),
                    field("per_kw_month", &SiteLease::per_kw_month),
                    field("pue_permille", &SiteLease::pue_permille));
  }
};

// The budgets below are 0 where a level states none. What is in a rack draws from now on and
// without an end, and budgets below the site are not dated: what fits now fits at every later
// instant.
struct Hall {
  HallId id;
  std::string name;
  SiteId site;
  int64_t watts = 0;
  int64_t rack_positions = 0;
  static constexpr auto fields() {
    return describe(field("id", &Hall::id), field("name", &Hall::name), field("site", &Hall::site),
                    field("watts", &Hall::watts), field("rack_positions", &Hall::rack_positions));
  }
};

struct Row {
  RowId id;
  std::string name;
  HallId hall;
  int64_t watts = 0;
  int64_t rack_positions = 0;
  static constexpr auto fields() {
    return describe(field("id", &Row::id), field("name", &Row::name), field("hall", &Row::hall),
                    field("watts", &Row::watts), field("rack_positions", &Row::rack_positions));
  }
};

// A power feed (busway, UPS output or distribution unit) of a site, with what it can carry.
struct Feed {
  FeedId id;
  std::string name;
  SiteId site;
  int64_t watts = 0;
  static constexpr auto fields() {
    return describe(field("id", &Feed::id), field("name", &Feed::name), field("site", &Feed::site),
                    field("watts", &Feed::watts));
  }
};

// How the feeds of a rack stand in for each other.
enum class Redundancy : uint8_t {
  none,      // the load is shared evenly; losing a feed darkens the rack
  n_plus_1,  // any one may be lost: each must carry its share among all but one
  two_n,     // each must carry the whole rack
};
constexpr auto enum_names(Redundancy) { return std::array{"none", "n_plus_1", "two_n"}; }

// The servers that one leaf group, or one NVLink domain, reaches without crossing a spine. All are
// of one pool: one SKU, one site, one fabric.
struct Pod {
  PodId id;
  std::string name;
  PoolId pool;
  static constexpr auto fields() {
    return describe(field("id", &Pod::id), field("name", &Pod::name), field("pool", &Pod::pool));
  }
};
inline constexpr int64_t kMostServersOfPod = 128;

struct Rack {
  RackId id;
  std::string name;
  RowId row;
  PodId pod;
  int64_t watts = 0;  // its power budget; 0: none of its own
  int64_t units = 0;  // height for servers, in rack units; 0: not limited
  Redundancy redundancy = Redundancy::none;
  std::vector<FeedId> feeds;

  // What a feed must be able to carry of a load of the rack, when it has lost another feed where
  // its redundancy allows for that. Rounded up.
  int64_t feed_share(int64_t load) const;
  static constexpr auto fields() {
    return describe(field("id", &Rack::id), field("name", &Rack::name), field("row", &Rack::row),
                    field("pod", &Rack::pod), field("watts", &Rack::watts),
                    field("units", &Rack::units), field("redundancy", &Rack::redundancy),
                    field("feeds", &Rack::feeds));
  }
};

}  // namespace leasehold
