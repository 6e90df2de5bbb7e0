// The native API /v1: a request becomes a call of an operation of the catalogue.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "domain/access.h"
#include "server/http.h"
#include "server/routes.h"
#include "server/running_cloud.h"

namespace leasehold::server {

// Who asks, as the request's key or the sign-in says.
struct Caller {
  std::string name;   // "desk", or a user's address: the actor of what it changes
  std::string party;  // id; empty for the whole cloud
  Role role = Role::read_only;
  int64_t per_minute = 0;
};

// What of the outside the API needs.
struct Outside {
  RunningDoor::OpenJournal open;
  std::function<std::string()> secret;
  std::function<void(std::function<void()>)> in_background;  // for long work
  bool clock_from_requests = false;  // a test's: the header Leasehold-Now is the present moment
};

struct Work;

class Api {
 public:
  Api(RunningCloud& cloud, Outside outside) : cloud_(cloud), outside_(std::move(outside)) {}

  void handle(const std::shared_ptr<const Request>& request, const Match& match,
              const Caller& caller, const Later& later, const Reply& reply) const;

 private:
  std::unique_ptr<operations::Environment> environment_of(Work& work, const Caller& caller) const;

  RunningCloud& cloud_;
  Outside outside_;
};

}  // namespace leasehold::server
