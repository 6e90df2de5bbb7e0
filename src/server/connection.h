// How bytes travel: HTTP/1.1 with keep-alive, over TCP or TLS, with limits of size and time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "server/http.h"

namespace leasehold::server {

struct Listening {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;     // 0: any that is free
  std::string certificate;  // PEM files; TLS where both are named
  std::string key;
  unsigned threads = 2;
  uint64_t most_body = 64 << 20;  // bytes
  uint32_t most_header = 16 << 10;
  // A client that is slower is dropped.
  std::chrono::seconds for_request{15};  // from its first byte to its last
  std::chrono::seconds for_answer{60};   // to take what it asked for
  std::chrono::seconds idle{75};         // between two requests
  std::chrono::seconds for_stop{30};     // to answer what was asked before the stop
};

class HttpServer {
 public:
  // Listens; std::runtime_error where it cannot, in words.
  HttpServer(const Listening& listening, Handler handler);
  ~HttpServer();
  uint16_t port() const;
  // Accepts no more, answers what was asked, and then ends. An answer that comes later is dropped.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leasehold::server
