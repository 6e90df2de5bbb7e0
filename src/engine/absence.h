// How the ledger bears servers that go out of service and come back. What is broken cannot be
// refused, and nothing that is promised is cut for it: one of the pool's spares stands in for the
// server; else the pool's supply is smaller by it, where all promises still fit, at every later
// instant; else it is missing: promised and not there. What comes back makes good the worst of
// these first.
#pragma once

#include <map>
#include <vector>

#include "capacity/ledger.h"
#include "engine/engine.h"

namespace leasehold::engine {

class Absences {
 public:
  Absences(const State& state, Instant now) : state_(state), now_(now), proposal_(state.ledger) {}

  // A server goes; `spares` says whether a spare may stand in: not for one that never was there.
  Absence leaves(ServerId server, bool spares);
  void returns(ServerId server);
  // Of a delivery's servers so many are not registered; gives how many of them are no supply.
  int64_t lacks(DeliveryId delivery, int64_t servers);
  // The facts of all that was said.
  Facts facts() const;

 private:
  Absence bear(const Server& server, bool spares);
  bool withdraw(DeliveryId delivery);
  void supply(DeliveryId delivery, int64_t servers);
  int64_t& spares_left(PoolId pool);
  Absence now_borne(ServerId server) const;
  // A server of the pool that is out of service and borne so; none where there is none.
  ServerId find(PoolId pool, Absence absence) const;

  const State& state_;
  Instant now_;
  capacity::Proposal proposal_;
  std::map<PoolId, int64_t> spares_left_;
  std::map<ServerId, Absence> changed_;
};

}  // namespace leasehold::engine
