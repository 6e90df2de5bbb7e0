// The API's own description, OpenAPI 3.1, made from the routes and the fields of their operations.
#pragma once

#include <string>

namespace leasehold::server {

// JSON; the same bytes each time.
const std::string& openapi_document();

}  // namespace leasehold::server
