// gzip, for answers.
#pragma once

#include <string>

namespace leasehold::server {

std::string gzip(const std::string& bytes);

}  // namespace leasehold::server
