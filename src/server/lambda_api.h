// The Lambda-compatible API, /api/v1: what that cloud's clients ask becomes commands of the
// caller's party. docs/reference/lambda.md says what is answered and what works better here.
#pragma once

#include <boost/json.hpp>

#include "server/api.h"
#include "server/lambda_shapes.h"

namespace leasehold::server::lambda {

// One request, its body read, until it is answered.
struct Asked {
  std::shared_ptr<const Request> request;
  std::vector<std::string> path;  // after /api/v1, decoded: "instances", "0f3a..."
  boost::json::object body;
  Caller caller;
  PartyId party;
  Later later;
  Reply reply;

  bool is(const char* method, size_t parts) const {
    return request->method == method && path.size() == parts;
  }
};
using AskedPtr = std::shared_ptr<Asked>;

class LambdaApi {
 public:
  LambdaApi(RunningCloud& cloud, RunningDoor::OpenJournal open)
      : cloud_(cloud), open_(std::move(open)) {}

  void handle(const std::shared_ptr<const Request>& request, const Caller& caller,
              const Later& later, const Reply& reply) const;

 private:
  // Answers from the state after one command; a refusal is answered with its words.
  using After = std::function<Response(const engine::State&, const std::vector<Fact>&)>;
  using Build = std::function<Expected<CommandBody, Response>(const engine::State&)>;
  void change(const AskedPtr& asked, const Build& build, After after) const;

  bool read(const AskedPtr& asked) const;
  void instances(const AskedPtr& asked) const;
  void operate(const AskedPtr& asked) const;
  void launch(const AskedPtr& asked) const;
  struct Launch;
  void try_all(const std::shared_ptr<Launch>& launch) const;
  void hear(const std::shared_ptr<Launch>& launch, const RunningCloud::AllAnswer& answer) const;
  void answer_again(const std::shared_ptr<Launch>& launch) const;
  void ssh_keys(const AskedPtr& asked) const;
  void file_systems(const AskedPtr& asked) const;
  void firewall_rules(const AskedPtr& asked) const;
  void firewall_rulesets(const AskedPtr& asked) const;

  RunningCloud& cloud_;
  RunningDoor::OpenJournal open_;
};

// What of a path is counted, so that no client can name a metric: "instances", or "unknown".
std::string_view resource_of(std::string_view path);

// The answer that a refusal is.
Response refused(const engine::State& state, const Refusal& refusal);
Response not_there(const std::string& what);
Response no_such_path();
// A region by its name, or as an object that has it.
std::string region_in(const boost::json::object& body);

}  // namespace leasehold::server::lambda
