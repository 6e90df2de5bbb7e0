// HTTP as handlers see it: a whole request in, a whole answer out, or a stream of events. How bytes
// travel is the matter of connection.h.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leasehold::server {

struct Request {
  std::string id;  // for the log and the answer
  std::string method;
  std::string encoded_path;                                 // as it came: "/v1/leases/a%2Fb"
  std::string path;                                         // decoded
  std::vector<std::pair<std::string, std::string>> query;   // decoded, in order
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string body;
  std::string peer;  // address of the client

  // Of the query; the last where it is given more than once, empty where there is none.
  std::string_view parameter(std::string_view name) const {
    std::string_view found;
    for (const auto& [known, value] : query)
      if (known == name) found = value;
    return found;
  }
  // Empty where there is none.
  std::string_view header(std::string_view name) const {
    auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
};

// An answer that comes bit by bit: events, or lines. The connection asks for more when it has sent
// what it had.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // What is sent after some silence, to show that there is more to come.
  virtual std::string still_here() const { return ": still here\n\n"; }
  // The next text to send; empty where nothing more has happened yet, nothing where it is over.
  virtual std::optional<std::string> take() = 0;
  // Calls `wake` once when there is more.
  virtual void when_more(std::function<void()> wake) = 0;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::shared_ptr<EventStream> events{};  // instead of the body
  std::string code{};                     // why not, in a word, where it says no
};

using Reply = std::function<void(Response)>;
// Runs something later on the thread of the connection.
using Later = std::function<void(std::function<void()>)>;
// Answers at once or later, from any thread, and once.
using Handler = std::function<void(std::shared_ptr<const Request>, Later, Reply)>;

// "a=b&c=d" decoded; a part that is not well encoded is kept as it is.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
// The text with '?' for every byte that is no part of UTF-8: an answer must be text whatever was
// sent.
std::string well_formed(std::string text);
std::string decode_percent(std::string_view text, bool plus_is_space);

}  // namespace leasehold::server
