// Shell completion, made from the parser itself so that it never lags behind it.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace leasehold::cli {

// `shell` is bash, zsh or fish.
std::string completion_for(const std::string& shell, const CLI::App& app);

}  // namespace leasehold::cli
