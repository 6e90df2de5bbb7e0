#include "engine/absence.h"

#include <algorithm>

#include "engine/rules.h"

namespace leasehold::engine {

int64_t& Absences::spares_left(PoolId pool) {
  auto [place, fresh] = spares_left_.try_emplace(pool, 0);
  auto known = state_.spares.find(pool);
  if (fresh && known != state_.spares.end()) place->second = known->second.left;
  return place->second;
}

Absence Absences::now_borne(ServerId server) const {
  auto changed = changed_.find(server);
  return changed == changed_.end() ? state_.fleet.server(server).absence : changed->second;
}

void Absences::supply(DeliveryId id, int64_t servers) {
  const Delivery& delivery = state_.deliveries.at(id);
  Interval interval{std::max(now_, delivery.from), delivery.until};
  if (interval.empty()) return;
  proposal_.change_supply(account_of(delivery.pool), interval,
                          servers * state_.skus.at(state_.pools.at(delivery.pool).sku).per_server);
}

bool Absences::withdraw(DeliveryId delivery) {
  supply(delivery, -1);
  if (!proposal_.check(account_of(state_.deliveries.at(delivery).pool))) return true;
  supply(delivery, +1);
  return false;
}

int64_t Absences::lacks(DeliveryId delivery, int64_t servers) {
  auto known = state_.lacking.find(delivery);
  int64_t before = known == state_.lacking.end() ? 0 : known->second;
  supply(delivery, before - servers);
  const AccountId pool = account_of(state_.deliveries.at(delivery).pool);
  if (!proposal_.check(pool)) return servers;
  // What is promised stays supply: the least number of servers too few is given back.
  int64_t low = 0;
  int64_t high = servers;
  supply(delivery, servers);
  while (low < high) {
    int64_t middle = low + (high - low + 1) / 2;
    supply(delivery, -middle);
    bool fits = !proposal_.check(pool);
    supply(delivery, middle);
    if (fits)
      low = middle;
    else
      high = middle - 1;
  }
  supply(delivery, -low);
  return low;
}

Absence Absences::bear(const Server& server, bool spares) {
  int64_t& left = spares_left(state_.pool_of(server).id);
  if (spares && left > 0) {
    --left;
    return Absence::spare;
  }
  return withdraw(server.delivery) ? Absence::withdrawn : Absence::missing;
}

Absence Absences::leaves(ServerId server, bool spares) {
  return changed_[server] = bear(state_.fleet.server(server), spares);
}

ServerId Absences::find(PoolId pool, Absence absence) const {
  for (const Delivery& delivery : state_.deliveries.rows()) {
    if (delivery.pool != pool) continue;
    for (ServerId server : state_.fleet.absent(delivery.id, absence))
      if (now_borne(server) == absence) return server;
  }
  return {};
}

void Absences::returns(ServerId id) {
  const Server& server = state_.fleet.server(id);
  PoolId pool = state_.pool_of(server).id;
  Absence was = now_borne(id);
  changed_[id] = Absence::none;
  if (was == Absence::spare) {
    ++spares_left(pool);
    if (ServerId missing = find(pool, Absence::missing))
      changed_[missing] = bear(state_.fleet.server(missing), true);
  } else if (was == Absence::withdrawn) {
    supply(server.delivery, +1);
    ServerId missing = find(pool, Absence::missing);
    if (missing && withdraw(state_.fleet.server(missing).delivery)) {
      changed_[missing] = Absence::withdrawn;
    } else if (ServerId covered = find(pool, Absence::spare);
               covered && withdraw(state_.fleet.server(covered).delivery)) {
      changed_[covered] = Absence::withdrawn;
      ++spares_left(pool);
    }
  }
}

Facts Absences::facts() const {
  std::map<Absence, std::vector<ServerId>> by_absence;
  for (const auto& [server, absence] : changed_) by_absence[absence].push_back(server);
  Facts facts;
  for (const auto& [absence, servers] : by_absence)
    facts.push_back(AbsencesSet{ranges_of(servers), absence});
  return facts;
}

}  // namespace leasehold::engine
