// Asks a server over HTTP/1.1 and waits for what it says.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace leasehold::client {

// "https://cloud.example:8443/behind/a/proxy"
struct Address {
  bool tls = false;
  std::string host;
  std::string port;
  std::string path;  // before every path that is asked for; "" or "/behind/a/proxy"
};
// Where it is wrong, the error says what would be an address.
Parsed<Address> parse_address(const std::string& text);

// "https://cloud.example/hooks?a=b": a server, and what is asked of it.
struct Url {
  Address address;
  std::string target;  // "/hooks?a=b"
};
Parsed<Url> parse_url(const std::string& text);

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Asked {
  std::string method;
  std::string target;  // "/v1/leases?limit=10", encoded
  Headers headers{};
  std::string body{};
  std::chrono::seconds for_answer{600};
  // Whether only a host that the whole Internet reaches is asked: who chose the address may not
  // reach what is next to the asker.
  bool public_only = false;
};

struct Said {
  int status = 0;
  Headers headers;  // names as the server wrote them
  std::string body;
  // Empty where there is none; names in any case.
  std::string header(std::string_view name) const;
};

// What went wrong on the way; the server may still have done what it was asked where `sent`.
struct NoAnswer {
  std::string why;
  bool sent = false;
};

// Certificates are checked against those of the system, or of the file that SSL_CERT_FILE names.
Expected<Said, NoAnswer> ask(const Address& address, const Asked& asked);

// As a part of a path or of a query.
std::string encode_percent(std::string_view text);

}  // namespace leasehold::client
