// The peer: PostgreSQL with the pooled design that an operator would write. One table of
// commitments with a range type and its index; feasibility is a window sum over what overlaps,
// checked and inserted in one serializable transaction. Times are whole seconds, as ours.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct pg_conn;

namespace leasehold::bench {

struct Request {
  int64_t from = 0;
  int64_t until = 0;
  int64_t quantity = 0;
};

class PostgresPeer {
 public:
  // Connects as the environment says (PGHOST and so on); nothing where no server answers.
  static std::optional<PostgresPeer> connect(int64_t supply);

  // Replaces the table's content.
  void load(const std::vector<Request>& commitments);
  int64_t least_free(int64_t from, int64_t until);
  bool checked_insert(const Request& request);
  std::optional<int64_t> earliest(int64_t from, int64_t quantity, int64_t seconds);

  // Servers by name: a booking of a server in a window excludes any other (an exclusion constraint
  // over server and range). So many servers, of which the first `booked` are taken for ever.
  void load_servers(int64_t servers, int64_t booked);
  // Books so many free servers in the window, or none; gives whether it did, and how to undo it.
  bool book(int64_t servers, int64_t from, int64_t until);
  void unbook(int64_t from);

 private:
  struct Closer {
    void operator()(pg_conn* connection) const;
  };
  PostgresPeer(pg_conn* connection, int64_t supply) : connection_(connection), supply_(supply) {}

  void run(const std::string& sql);
  std::string ask(const char* statement, const std::vector<std::string>& values);

  std::unique_ptr<pg_conn, Closer> connection_;
  int64_t supply_;
};

}  // namespace leasehold::bench
