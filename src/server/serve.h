// Runs the service until it is told to stop.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "operations/shell.h"
#include "server/connection.h"
#include "server/sign_in.h"

namespace leasehold::server {

struct Serve {
  Listening listening;
  std::string store;
  std::string log;  // a file; nowhere where it is empty, "-" for the standard error
  int64_t per_minute = 60'000;
  bool clock_from_requests = false;
  bool standby = false;            // follows another server where it writes the store
  std::string substrate = "none";  // what makes instances real: "none", or "simulated"
  int64_t boot_seconds = 0;        // of a simulated instance
  IdentityProvider provider;       // of the people who sign in
  bool webhooks_anywhere = false;  // a party's may be at addresses of this network
  std::string console;             // the folder of its pages; none where it is empty
};

// Says where it listens, serves until SIGINT or SIGTERM, answers what was accepted, and gives the
// exit status.
int serve(const Serve& settings, operations::Environment& environment);

}  // namespace leasehold::server
