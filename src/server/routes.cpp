#include "server/routes.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "server/http.h"
#include "server/text.h"

namespace leasehold::server {

namespace {

using access::Area;

constexpr auto kCloud = Audience::cloud;
constexpr auto kParty = Audience::party;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    words.emplace_back(text.substr(0, text.find(' ')));
    text.remove_prefix(std::min(words.back().size() + 1, text.size()));
  }
  return words;
}

const Route kRoutes[] = {
    {"GET", "/v1/parties", "party list", Area::contract, kCloud},
    {"POST", "/v1/parties", "party add", Area::log, kCloud},
    {"POST", "/v1/relations", "party relate", Area::log, kCloud},
    {"POST", "/v1/parties/{party}/details", "party describe", Area::money, kParty},

    {"GET", "/v1/sites", "site list", Area::supply, kCloud},
    {"POST", "/v1/sites", "site add", Area::supply, kParty},
    {"GET", "/v1/power", "site power", Area::supply, kCloud},
    {"GET", "/v1/sites/{site}/power", "site power", Area::supply, kCloud},
    {"POST", "/v1/sites/{site}/power", "site power", Area::supply, kParty},
    {"GET", "/v1/head-leases", "site leases", Area::supply, kCloud},
    {"POST", "/v1/head-leases", "site lease", Area::supply, kCloud},
    {"POST", "/v1/head-leases/{lease}/delay", "site delay", Area::supply, kCloud},
    {"GET", "/v1/halls", "site halls", Area::supply, kCloud},
    {"POST", "/v1/halls", "site hall", Area::supply, kCloud},
    {"POST", "/v1/rows", "site row", Area::supply, kCloud},
    {"POST", "/v1/feeds", "site feed", Area::supply, kCloud},
    {"POST", "/v1/budgets", "site budget", Area::supply, kCloud},
    {"POST", "/v1/measurements", "site measure", Area::supply, kCloud},
    {"GET", "/v1/slips", "site slip", Area::supply, kCloud, true},
    {"GET", "/v1/headroom", "site headroom", Area::supply, kCloud, true},
    {"GET", "/v1/racks", "rack list", Area::supply, kCloud, true},
    {"POST", "/v1/racks", "rack add", Area::supply, kCloud},
    {"GET", "/v1/pods", "rack pods", Area::supply, kCloud},
    {"POST", "/v1/pods", "rack pod", Area::supply, kCloud},

    {"GET", "/v1/skus", "sku list", Area::catalogue, kParty},
    {"POST", "/v1/skus", "sku add", Area::supply, kCloud},
    {"POST", "/v1/skus/{sku}/describe", "sku describe", Area::supply, kCloud},
    {"GET", "/v1/pools", "pool list", Area::supply, kCloud},
    {"POST", "/v1/pools", "pool add", Area::supply, kParty},
    {"GET", "/v1/pools/{pool}/holders", "pool holders", Area::contract, kParty},
    {"GET", "/v1/deliveries", "pool deliveries", Area::supply, kCloud},
    {"POST", "/v1/pools/{pool}/deliveries", "pool deliver", Area::supply, kParty},
    {"POST", "/v1/deliveries/{delivery}/delay", "pool delay", Area::supply, kParty},
    {"POST", "/v1/deliveries/{delivery}/withdrawals", "pool withdraw", Area::supply, kParty},
    {"POST", "/v1/pools/{pool}/overcommit", "pool overcommit", Area::supply, kParty},
    {"POST", "/v1/pools/{pool}/spares", "pool spares", Area::supply, kParty},
    {"POST", "/v1/liens", "pool lien", Area::supply, kCloud},
    {"GET", "/v1/proof", "pool proof", Area::log, kCloud, true},
    {"POST", "/v1/fleet/import", "fleet import", Area::supply, kCloud, true},
    {"GET", "/v1/servers", "server list", Area::supply, kCloud, true},
    {"POST", "/v1/servers", "server add", Area::supply, kParty},
    {"POST", "/v1/servers/move", "server move", Area::supply, kCloud},
    {"POST", "/v1/servers/tests", "server test", Area::supply, kCloud},
    {"GET", "/v1/servers/bad", "server bad", Area::supply, kCloud, true},
    {"GET", "/v1/assets", "server assets", Area::supply, kCloud, true},
    {"GET", "/v1/placements", "placement list", Area::supply, kCloud, true},
    {"GET", "/v1/placements/{line}", "placement explain", Area::supply, kCloud},
    {"GET", "/v1/outages", "placement outages", Area::supply, kCloud, true},
    {"GET", "/v1/maintenance", "maintenance list", Area::supply, kCloud},
    {"POST", "/v1/maintenance", "maintenance plan", Area::supply, kCloud},
    {"POST", "/v1/maintenance/{maintenance}/cancel", "maintenance cancel", Area::supply, kCloud},

    {"GET", "/v1/instances", "instance list", Area::use, kParty, true},
    {"POST", "/v1/instances", "instance launch", Area::use, kParty},
    {"POST", "/v1/instances/{instance}/end", "instance end", Area::use, kParty},

    {"GET", "/v1/conditions", "instance conditions", Area::use, kParty},
    {"POST", "/v1/instances/{instance}/report", "instance report", Area::supply, kCloud},
    {"POST", "/v1/instances/{instance}/restart", "instance restart", Area::use, kParty},
    {"POST", "/v1/instances/{instance}/label", "instance label", Area::use, kParty},
    {"GET", "/v1/ssh-keys", "ssh-key list", Area::use, kParty},
    {"POST", "/v1/ssh-keys", "ssh-key add", Area::use, kParty},
    {"POST", "/v1/ssh-keys/{key}/remove", "ssh-key remove", Area::use, kParty},
    {"GET", "/v1/file-systems", "file-system list", Area::use, kParty},
    {"POST", "/v1/file-systems", "file-system create", Area::use, kParty},
    {"POST", "/v1/file-systems/{file_system}/delete", "file-system delete", Area::use, kParty},
    {"GET", "/v1/firewalls", "firewall list", Area::use, kParty},
    {"POST", "/v1/firewalls", "firewall set", Area::use, kParty},
    {"POST", "/v1/firewalls/{firewall}/delete", "firewall delete", Area::use, kParty},
    {"GET", "/v1/quotas", "quota list", Area::use, kParty},
    {"POST", "/v1/quotas/{party}", "quota set", Area::supply, kCloud},
    {"GET", "/v1/images", "image list", Area::catalogue, kParty},
    {"POST", "/v1/images", "image offer", Area::supply, kCloud},

    {"GET", "/v1/free", "free", Area::catalogue, kParty},
    {"GET", "/v1/earliest", "earliest", Area::catalogue, kParty},
    {"GET", "/v1/calendars/{account}", "calendar", Area::contract, kParty},
    {"GET", "/v1/calendars/{account}/promises", "promises", Area::contract, kParty, true},
    {"GET", "/v1/quotes", "quote list", Area::contract, kParty},
    {"POST", "/v1/quotes", "quote issue", Area::contract, kParty},
    {"POST", "/v1/quotes/impact", "quote impact", Area::contract, kCloud},
    {"POST", "/v1/quotes/{quote}/hold", "quote hold", Area::contract, kParty},
    {"POST", "/v1/quotes/{quote}/release", "quote release", Area::contract, kParty},
    {"POST", "/v1/quotes/{quote}/sign", "quote sign", Area::contract, kParty},
    {"GET", "/v1/leases", "lease list", Area::contract, kParty},
    {"POST", "/v1/leases", "lease sign", Area::contract, kParty},
    {"GET", "/v1/leases/{lease}", "lease show", Area::contract, kParty},
    {"GET", "/v1/overview", "lease overview", Area::log, kCloud, true},
    {"GET", "/v1/idle", "lease idle", Area::contract, kCloud, true},
    {"GET", "/v1/commitments", "lease commitments", Area::contract, kCloud},
    {"POST", "/v1/commitments", "lease commit", Area::contract, kParty},
    {"POST", "/v1/lines/{line}/amend", "lease amend", Area::contract, kParty},
    {"POST", "/v1/lines/{line}/accept", "lease accept", Area::contract, kParty},
    {"POST", "/v1/lines/{line}/offer", "lease offer", Area::contract, kParty},
    {"GET", "/v1/lines/{line}/acceptance", "lease acceptance", Area::contract, kCloud},
    {"POST", "/v1/leases/{lease}/assign", "lease assign", Area::contract, kParty},
    {"POST", "/v1/leases/{lease}/notice", "lease notice", Area::contract, kParty},
    {"POST", "/v1/leases/{lease}/renew", "lease renew", Area::contract, kParty},
    {"POST", "/v1/leases/{lease}/terminate", "lease terminate", Area::contract, kParty},
    {"GET", "/v1/subleases", "sublease list", Area::contract, kParty},
    {"POST", "/v1/subleases", "sublease sign", Area::contract, kParty},

    {"GET", "/v1/meters", "meter list", Area::money, kCloud},
    {"POST", "/v1/meters", "meter define", Area::money, kParty},
    {"GET", "/v1/usage", "usage list", Area::use, kParty, true},
    {"POST", "/v1/usage", "usage ingest", Area::money, kCloud, true},
    {"GET", "/v1/spend/{party}", "spend show", Area::use, kParty, true},
    {"GET", "/v1/spend-budgets", "spend budgets", Area::use, kParty, true},
    {"POST", "/v1/spend-budgets", "spend budget", Area::use, kParty},
    {"POST", "/v1/spend-budgets/check", "spend check", Area::log, kCloud, true},
    {"GET", "/v1/taxes", "tax list", Area::money, kCloud},
    {"POST", "/v1/taxes", "tax set", Area::money, kParty},
    {"GET", "/v1/prices", "price list", Area::catalogue, kCloud},
    {"POST", "/v1/prices", "price set", Area::money, kParty},
    {"POST", "/v1/costs", "cost set", Area::money, kParty},
    {"POST", "/v1/promotions", "promotion grant", Area::money, kParty},
    {"GET", "/v1/sla", "sla report", Area::money, kCloud, true},
    {"GET", "/v1/sla/outages", "sla outages", Area::money, kParty, true},
    {"POST", "/v1/incidents", "sla incident", Area::money, kParty},
    {"POST", "/v1/outages/{outage}/excuse", "sla excuse", Area::money, kParty},
    {"GET", "/v1/invoices", "invoice list", Area::money, kParty, true},
    {"POST", "/v1/invoices/run", "invoice run", Area::money, kCloud, true},
    {"GET", "/v1/invoices/preview", "invoice preview", Area::money, kCloud, true},
    {"GET", "/v1/invoices/{invoice}", "invoice show", Area::money, kParty, true},
    {"POST", "/v1/invoices/{invoice}/payments", "invoice pay", Area::money, kParty},
    {"POST", "/v1/invoices/{invoice}/credit", "invoice credit", Area::money, kParty},
    {"GET", "/v1/invoices/{invoice}/explain", "rate explain", Area::money, kParty, true},
    {"GET", "/v1/books/{party}/trial", "books trial", Area::money, kParty, true},
    {"GET", "/v1/books/{party}/ledger", "books ledger", Area::money, kParty, true},
    {"GET", "/v1/books/{party}/statement", "books statement", Area::money, kParty, true},
    {"GET", "/v1/books/{party}/export", "books export", Area::money, kParty, true},
    {"GET", "/v1/reconciliation", "books reconcile", Area::money, kCloud, true},
    {"GET", "/v1/finance/{party}/revenue", "finance revenue", Area::money, kParty, true},
    {"GET", "/v1/finance/{party}/backlog", "finance backlog", Area::money, kParty, true},
    {"GET", "/v1/finance/{party}/deferred", "finance deferred", Area::money, kParty, true},
    {"GET", "/v1/finance/{party}/concentration", "finance concentration", Area::money, kParty,
     true},
    {"GET", "/v1/finance/{party}/circularity", "finance circularity", Area::money, kParty, true},
    {"GET", "/v1/finance/{party}/margin", "finance margin", Area::money, kParty, true},
    {"GET", "/v1/finance/{party}/utilisation", "finance utilisation", Area::money, kParty, true},
    {"GET", "/v1/finance/{party}/target", "finance target", Area::money, kCloud, true},
    {"GET", "/v1/finance/{party}/restrictions", "finance restrictions", Area::money, kCloud, true},
    {"GET", "/v1/finance/{party}/most-favoured", "finance most-favoured", Area::money, kCloud,
     true},
    {"GET", "/v1/lines/{line}/sublet", "finance sublet", Area::money, kCloud, true},
    {"GET", "/v1/exits", "finance exit", Area::money, kCloud, true},
    {"GET", "/v1/leases/{lease}/move", "finance move", Area::money, kCloud, true},
    {"GET", "/v1/focus/{lessee}", "focus export", Area::money, kCloud, true},
    {"GET", "/v1/tape/{party}", "tape show", Area::money, kCloud, true},

    {"GET", "/v1/keys", "key list", Area::keys, kParty},
    {"POST", "/v1/keys", "key add", Area::keys, kParty},
    {"POST", "/v1/keys/{key}/revoke", "key revoke", Area::keys, kParty},
    {"GET", "/v1/users", "user list", Area::keys, kParty},
    {"POST", "/v1/users", "user set", Area::keys, kParty},
    {"POST", "/v1/users/{email}/remove", "user remove", Area::keys, kParty},
    {"GET", "/v1/webhooks", "webhook list", Area::keys, kParty},
    {"POST", "/v1/webhooks", "webhook add", Area::keys, kParty},
    {"POST", "/v1/webhooks/{webhook}/remove", "webhook remove", Area::keys, kParty},
    {"POST", "/v1/webhooks/{webhook}/replay", "webhook replay", Area::keys, kParty},
    {"GET", "/v1/audit", "audit list", Area::log, kCloud, true},
    {"POST", "/v1/plan", "apply", Area::log, kCloud, true},
    {"GET", "/v1/journal", "journal list", Area::log, kCloud, true},
    {"GET", "/v1/journal/lines", "journal export", Area::log, kCloud, true},
    {"GET", "/v1/journal/hash", "journal replay", Area::log, kCloud, true},
    {"GET", "/v1/journal/verification", "journal verify", Area::log, kCloud, true},
};

using Parts = std::vector<std::string_view>;

bool open_part(std::string_view pattern) { return pattern.starts_with('{'); }

bool matches(const Parts& pattern, const Parts& path) {
  for (size_t i = 0; i < path.size(); ++i)
    if (open_part(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  return true;
}

struct Pattern {
  const Route* route;
  Parts parts;
  size_t braces = 0;
};

// By the part after "/v1", which is open in none, and the number of parts.
const std::vector<Pattern>& patterns_of(const Parts& path) {
  using Key = std::pair<size_t, std::string_view>;
  static const std::map<Key, std::vector<Pattern>> all = [] {
    std::map<Key, std::vector<Pattern>> found;
    for (const Route& route : routes()) {
      Parts parts = parts_of(route.path);
      size_t braces = static_cast<size_t>(std::count_if(parts.begin(), parts.end(), open_part));
      found[{parts.size(), parts[2]}].push_back({&route, parts, braces});
    }
    return found;
  }();
  static const std::vector<Pattern> none;
  if (path.size() < 3) return none;
  auto found = all.find({path.size(), path[2]});
  return found == all.end() ? none : found->second;
}

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> all = [] {
    std::vector<Route> found(std::begin(kRoutes), std::end(kRoutes));
    for (Route& route : found) {
      route.operation = operations::catalogue().find(words_of(route.words));
      LH_ASSERT(route.operation != nullptr);
    }
    return found;
  }();
  return all;
}

Match find_route(std::string_view method, std::string_view path) {
  Match found;
  Parts parts = parts_of(path);
  const Pattern* best = nullptr;  // with the fewest braces: "/v1/servers/bad" goes before a name
  for (const Pattern& pattern : patterns_of(parts)) {
    if (!matches(pattern.parts, parts)) continue;
    if (pattern.route->method != method) {
      found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(pattern.route->method);
    } else if (best == nullptr || pattern.braces < best->braces) {
      best = &pattern;
    }
  }
  if (best == nullptr) return found;
  found.route = best->route;
  for (size_t i = 0; i < parts.size(); ++i)
    if (std::string_view name = best->parts[i]; open_part(name))
      found.fields.emplace_back(name.substr(1, name.size() - 2), decode_percent(parts[i], false));
  return found;
}

}  // namespace leasehold::server
