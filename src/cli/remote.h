// The command line against a server: the same words, the same answers.
#pragma once

#include "operations/catalogue.h"

namespace leasehold::cli {

// Asks the server for what was typed and prints what it says; the exit status. `options.server` is
// one address, or several with commas between them, of which one answers.
int ask_server(const operations::Operation& operation, operations::Call& call,
               const operations::Options& options, operations::Environment& environment);

}  // namespace leasehold::cli
