// Many requests in one: POST /v1/batch. Each is answered as if it had come alone, in order.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "server/http.h"

namespace leasehold::server {

inline constexpr size_t kMostOfBatch = 1000;  // requests

// How one request of a batch is answered.
using AnswerOne = std::function<void(const std::shared_ptr<const Request>&, const Reply&)>;

// Of a body of JSON lines, any number of them: each a request as above.
inline constexpr std::string_view kJsonLines = "application/x-ndjson";

// How many requests it has; 0 where it is no batch.
size_t size_of_batch(const Request& request);
// {"requests": [{"method", "path", "body", "idempotency_key"}], "stop": true} is answered with
// {"answers": [{"status", "body"}]}: of all, or with `stop` up to the first that is not 200. JSON
// lines are answered with lines, each as soon as its request is: {"line", "status", "body"}; what a
// line has wrong is its own answer.
void answer_batch(const std::shared_ptr<const Request>& request, const AnswerOne& one,
                  const Later& later, const Reply& reply);

}  // namespace leasehold::server
