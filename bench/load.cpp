#include "load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <deque>

#include "figures.h"

namespace leasehold::bench {

namespace {

[[noreturn]] void broken(const char* what) {
  std::cerr << "the load maker: " << what << ": " << std::strerror(errno) << '\n';
  std::exit(1);
}

int connect_to(uint16_t port) {
  int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    broken("connect");
  int one = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return socket;
}

struct Connection {
  int socket = -1;
  std::string heard;
  Clock::time_point due;
  bool waits = false;
};

// The length of a whole answer at the start of what was heard; 0 where it is not whole yet.
size_t whole_answer(const std::string& heard) {
  size_t end = heard.find("\r\n\r\n");
  if (end == std::string::npos) return 0;
  size_t at = heard.find("Content-Length: ");
  size_t body = at < end ? std::strtoul(heard.c_str() + at + 16, nullptr, 10) : 0;
  return heard.size() >= end + 4 + body ? end + 4 + body : 0;
}

}  // namespace

Loaded load(uint16_t port, int connections, int64_t total, double per_second,
            const std::function<std::string(int64_t)>& request) {
  std::vector<Connection> all(static_cast<size_t>(connections));
  int poll = epoll_create1(0);
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].socket = connect_to(port);
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = i;
    epoll_ctl(poll, EPOLL_CTL_ADD, all[i].socket, &wanted);
  }
  Loaded out;
  out.milliseconds.reserve(static_cast<size_t>(total));
  std::deque<size_t> idle;
  for (size_t i = 0; i < all.size(); ++i) idle.push_back(i);
  auto start = Clock::now();
  auto due = [&](int64_t number) {
    if (per_second <= 0) return Clock::now();
    return start + std::chrono::nanoseconds(
                       static_cast<int64_t>(static_cast<double>(number) * 1e9 / per_second));
  };
  int64_t asked = 0;
  while (out.answered < total) {
    while (asked < total && !idle.empty() && (per_second <= 0 || due(asked) <= Clock::now())) {
      Connection& one = all[idle.front()];
      idle.pop_front();
      one.due = due(asked);
      one.waits = true;
      std::string text = request(asked++);
      if (write(one.socket, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        broken("write");
    }
    epoll_event events[64];
    int count = epoll_wait(poll, events, 64, per_second > 0 && !idle.empty() ? 1 : 1000);
    for (int i = 0; i < count; ++i) {
      Connection& one = all[events[i].data.u64];
      char bytes[65'536];
      ssize_t got = read(one.socket, bytes, sizeof bytes);
      if (got <= 0) broken("the server closed a connection");
      one.heard.append(bytes, static_cast<size_t>(got));
      size_t length = one.waits ? whole_answer(one.heard) : 0;
      if (length == 0) continue;
      if (!one.heard.starts_with("HTTP/1.1 200")) ++out.refused;
      ++out.answered;
      out.milliseconds.push_back(
          std::chrono::duration<double, std::milli>(Clock::now() - one.due).count());
      one.heard.erase(0, length);
      one.waits = false;
      idle.push_back(events[i].data.u64);
    }
  }
  out.seconds = seconds_since(start);
  for (Connection& one : all) close(one.socket);
  close(poll);
  std::sort(out.milliseconds.begin(), out.milliseconds.end());
  return out;
}

int listen_to(uint16_t port, const std::string& request) {
  int socket = connect_to(port);
  if (write(socket, request.data(), request.size()) != static_cast<ssize_t>(request.size()))
    broken("write");
  return socket;
}

}  // namespace leasehold::bench
