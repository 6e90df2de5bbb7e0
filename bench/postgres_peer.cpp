#include "postgres_peer.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace leasehold::bench {

namespace {

constexpr const char* kSchema = R"(
DROP TABLE IF EXISTS commitment;
CREATE TABLE commitment (id bigserial PRIMARY KEY, during int8range NOT NULL,
                         quantity bigint NOT NULL);
CREATE INDEX ON commitment USING gist (during);
)";

// $1 from, $2 until: the greatest sum of what overlaps, by a running sum over its edges.
constexpr const char* kGreatest = R"(
WITH overlapping AS (
  SELECT lower(during) AS begins, upper(during) AS ends, quantity FROM commitment
  WHERE during && int8range($1::bigint, $2::bigint)),
edges AS (
  SELECT greatest(begins, $1::bigint) AS at, quantity AS change FROM overlapping
  UNION ALL SELECT ends, -quantity FROM overlapping WHERE ends < $2::bigint)
SELECT coalesce(max(level), 0) FROM (SELECT sum(change) OVER (ORDER BY at) AS level FROM edges) l
)";

// $1 from, $2 the greatest level at which the quantity still fits, $3 seconds.
constexpr const char* kEarliest = R"(
WITH overlapping AS (
  SELECT lower(during) AS begins, upper(during) AS ends, quantity FROM commitment
  WHERE during && int8range($1::bigint, NULL)),
edges AS (
  SELECT greatest(begins, $1::bigint) AS at, quantity AS change FROM overlapping
  UNION ALL SELECT ends, -quantity FROM overlapping),
steps AS (
  SELECT at, sum(sum(change)) OVER (ORDER BY at) AS level, lead(at) OVER (ORDER BY at) AS until
  FROM edges GROUP BY at),
blocked AS (
  SELECT at, until FROM steps WHERE level > $2::bigint
  UNION ALL SELECT $1::bigint, $1::bigint),
gaps AS (SELECT until AS starts, lead(at) OVER (ORDER BY at, until) AS next FROM blocked)
SELECT min(starts) FROM gaps WHERE next IS NULL OR next - starts >= $3::bigint
)";

constexpr const char* kServers = R"(
CREATE EXTENSION IF NOT EXISTS btree_gist;
DROP TABLE IF EXISTS booking, server;
CREATE TABLE server (id bigint PRIMARY KEY);
CREATE TABLE booking (server bigint NOT NULL REFERENCES server, during int8range NOT NULL,
                      EXCLUDE USING gist (server WITH =, during WITH &&));
)";

// $1 from, $2 until, $3 how many: all of them or none.
constexpr const char* kBook = R"(
WITH chosen AS (
  SELECT id FROM server WHERE NOT EXISTS (
    SELECT 1 FROM booking WHERE booking.server = server.id
                            AND during && int8range($1::bigint, $2::bigint))
  ORDER BY id LIMIT $3::bigint)
INSERT INTO booking SELECT id, int8range($1::bigint, $2::bigint) FROM chosen
WHERE (SELECT count(*) FROM chosen) = $3::bigint
)";

void fail(PGconn* connection, const char* what) {
  std::fprintf(stderr, "postgres peer: %s: %s\n", what, PQerrorMessage(connection));
  std::exit(1);
}

}  // namespace

void PostgresPeer::Closer::operator()(pg_conn* connection) const { PQfinish(connection); }

std::optional<PostgresPeer> PostgresPeer::connect(int64_t supply) {
  PGconn* connection = PQconnectdb("dbname=postgres");
  if (PQstatus(connection) != CONNECTION_OK) {
    PQfinish(connection);
    return std::nullopt;
  }
  PostgresPeer peer(connection, supply);
  peer.run(kSchema);
  PQclear(PQprepare(connection, "greatest", kGreatest, 2, nullptr));
  PQclear(PQprepare(connection, "earliest", kEarliest, 3, nullptr));
  PQclear(PQprepare(connection, "insert",
                    "INSERT INTO commitment (during, quantity) VALUES (int8range($1, $2), $3)", 3,
                    nullptr));
  return peer;
}

void PostgresPeer::run(const std::string& sql) {
  PGresult* result = PQexec(connection_.get(), sql.c_str());
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(connection_.get(), sql.c_str());
  PQclear(result);
}

std::string PostgresPeer::ask(const char* statement, const std::vector<std::string>& values) {
  std::vector<const char*> raw;
  for (const std::string& value : values) raw.push_back(value.c_str());
  PGresult* result = PQexecPrepared(connection_.get(), statement, static_cast<int>(raw.size()),
                                    raw.data(), nullptr, nullptr, 0);
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail(connection_.get(), statement);
  bool none = PQntuples(result) == 0 || PQgetisnull(result, 0, 0) != 0;
  std::string answer = none ? "" : PQgetvalue(result, 0, 0);
  PQclear(result);
  return answer;
}

void PostgresPeer::load(const std::vector<Request>& commitments) {
  run("TRUNCATE commitment");
  PQclear(PQexec(connection_.get(), "COPY commitment (during, quantity) FROM STDIN"));
  std::string rows;
  for (const Request& request : commitments)
    rows += fmt::format("[{},{})\t{}\n", request.from, request.until, request.quantity);
  PQputCopyData(connection_.get(), rows.data(), static_cast<int>(rows.size()));
  PQputCopyEnd(connection_.get(), nullptr);
  while (PGresult* result = PQgetResult(connection_.get())) PQclear(result);
  run("ANALYZE commitment");
}

int64_t PostgresPeer::least_free(int64_t from, int64_t until) {
  return supply_ - std::stoll(ask("greatest", {std::to_string(from), std::to_string(until)}));
}

bool PostgresPeer::checked_insert(const Request& request) {
  run("BEGIN ISOLATION LEVEL SERIALIZABLE");
  bool fits = least_free(request.from, request.until) >= request.quantity;
  if (fits)
    ask("insert", {std::to_string(request.from), std::to_string(request.until),
                   std::to_string(request.quantity)});
  run("COMMIT");
  return fits;
}

std::optional<int64_t> PostgresPeer::earliest(int64_t from, int64_t quantity, int64_t seconds) {
  std::string answer = ask("earliest", {std::to_string(from), std::to_string(supply_ - quantity),
                                        std::to_string(seconds)});
  if (answer.empty()) return std::nullopt;
  return std::stoll(answer);
}

void PostgresPeer::load_servers(int64_t servers, int64_t booked) {
  run(kServers);
  run(fmt::format("INSERT INTO server SELECT generate_series(1, {})", servers));
  // Scattered, as leases leave them.
  run(
      fmt::format("INSERT INTO booking SELECT id, int8range(0, NULL) FROM server "
                  "ORDER BY (id * 7919) % {} LIMIT {}",
                  servers, booked));
  run("ANALYZE server, booking");
}

bool PostgresPeer::book(int64_t servers, int64_t from, int64_t until) {
  const std::string values[] = {std::to_string(from), std::to_string(until),
                                std::to_string(servers)};
  const char* texts[] = {values[0].c_str(), values[1].c_str(), values[2].c_str()};
  PGresult* result = PQexecParams(connection_.get(), kBook, 3, nullptr, texts, nullptr, nullptr, 0);
  if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(connection_.get(), "book");
  bool booked = std::atoll(PQcmdTuples(result)) == servers;
  PQclear(result);
  return booked;
}

void PostgresPeer::unbook(int64_t from) {
  run(fmt::format("DELETE FROM booking WHERE lower(during) = {}", from));
}

}  // namespace leasehold::bench
