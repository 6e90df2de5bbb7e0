// Which servers the lines have: placing and releasing them when a line begins, changes or ends, and
// what happens to the lines of servers that fail and come back. Internal to the engine.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "fleet/choose.h"

namespace leasehold::engine {

// A command's worth of losses and gains: no server is given twice within it.
class Placing {
 public:
  Placing(const State& state, Instant now, std::string reason)
      : state_(state),
        now_(now),
        reason_(std::move(reason)),
        next_outage_(state.fleet.outages.next_id()) {}

  // Servers go out of service: another of the pool takes the place of each in its line, the one in
  // the same pod where there is one; else the line has an outage from now on. `excluded` are not
  // chosen.
  void lose(const std::vector<ServerId>& servers, const std::vector<ServerId>& excluded);
  // Servers are back: outages of their own end; what is in no line takes the place of one that is
  // still out, the longest outage first.
  void gain(const std::vector<ServerId>& servers);
  // Whether an outage that begins now, planned so long ago, is excused by the line's contract.
  void excuse(Instant planned_at, Instant ends);

  Facts take_facts() { return std::move(facts_); }

 private:
  ServerId replacement(const Server& out) const;
  void replace(const AccountId& line, ServerId out, ServerId in);
  void begin_outage(const AccountId& line, ServerId server);
  bool excused(const AccountId& line) const;

  const State& state_;
  Instant now_;
  std::string reason_;
  OutageId next_outage_;
  std::optional<Interval> planned_;  // when it was planned, and when it ends
  std::set<ServerId> taken_;
  std::set<OutageId> ended_;
  Facts facts_;
};

// The servers of a choice, in the order of their ids.
std::vector<ServerId> servers_of(const fleet::Fleet& fleet, const fleet::Choice& choice);
// As many of an account's free servers as are asked for, lying as they should; nothing where there
// are fewer.
std::optional<fleet::Choice> choose(const State& state, const AccountId& from, int64_t servers,
                                    Spread spread);

// What is due for a line: it gets the servers that it wants, or as many as there are, or gives
// back.
Facts place_line(const State& state, const AccountId& line, Instant now);
// What runs on servers that go ends.
Facts end_instances_on(const State& state, const std::vector<ServerId>& servers,
                       const std::string& reason);
// Preemptible instances on an account's servers that give back at least so many, the latest
// launched first; fewer where there are no more.
Facts reclaim(const State& state, const AccountId& source, int64_t servers, Instant now);
// The servers of a delivery that has begun become supply, or are late.
Facts count_delivery(const State& state, DeliveryId delivery, Instant now);

}  // namespace leasehold::engine
