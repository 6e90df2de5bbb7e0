#include "journal/postgres.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <sodium.h>

namespace leasehold::journal {

namespace {

constexpr int64_t kDatabaseFormat = 1;

constexpr const char* kTables = R"(
CREATE SCHEMA leasehold;
CREATE TABLE leasehold.head (one integer PRIMARY KEY CHECK (one = 1), format bigint NOT NULL,
  sequence bigint NOT NULL, hash bytea NOT NULL, writer bigint NOT NULL, alive timestamptz NOT NULL);
CREATE TABLE leasehold.fact (sequence bigint PRIMARY KEY, at bigint NOT NULL, actor text NOT NULL,
  body text NOT NULL, hash bytea NOT NULL);
CREATE TABLE leasehold.snapshot (sequence bigint PRIMARY KEY, chained bytea NOT NULL,
  state_hash text NOT NULL, bytes bytea NOT NULL);
INSERT INTO leasehold.head VALUES (1, 1, 0, decode(repeat('00', 32), 'hex'), 0, '-infinity');
)";

constexpr const char* kBeginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

struct Disconnect {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clearer {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Disconnect>;
using Result = std::unique_ptr<PGresult, Clearer>;

// As PostgreSQL writes bytes.
std::string hex_of(const std::string& bytes) {
  std::string out(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  out.pop_back();
  return "\\x" + out;
}
std::string hex_of(const Hash& hash) { return "\\x" + to_hex(hash); }

// A value of an array literal, in quotes.
void add_element(std::string& array, std::string_view text) {
  array += array.size() > 1 ? ",\"" : "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

using Values = std::vector<std::string>;

// One connection; a statement at a time.
class Session {
 public:
  explicit Session(const std::string& address) : connection_(PQconnectdb(address.c_str())) {}

  bool good() const { return PQstatus(connection_.get()) == CONNECTION_OK; }
  std::string message() const {
    std::string text = PQerrorMessage(connection_.get());
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }
  // Rows with bytes and numbers in text.
  Io<Result> ask(const char* sql, const Values& values = {}) const {
    std::vector<const char*> pointers;
    pointers.reserve(values.size());
    for (const std::string& value : values) pointers.push_back(value.c_str());
    Result result(PQexecParams(connection_.get(), sql, static_cast<int>(values.size()), nullptr,
                               pointers.data(), nullptr, nullptr, 0));
    ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return result;
    return failure(result.get());
  }
  Io<std::monostate> run(const char* sql) const {
    Result result(PQexec(connection_.get(), sql));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return failure(result.get());
    return {};
  }

 private:
  Unexpected<IoError> failure(const PGresult* result) const {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    std::string code = state == nullptr ? "" : state;
    IoCode kind = code.starts_with("53100")                   ? IoCode::disk_full
                  : code == "25006"                           ? IoCode::read_only
                  : code == "42501"                           ? IoCode::cannot_open
                  : code == "42P01" || code == "3F000"        ? IoCode::missing
                  : code.starts_with("XX") || code == "42703" ? IoCode::corrupt
                                                              : IoCode::failed;
    return io_error(kind, "the database: " + message());
  }

  Connection connection_;
};

int64_t number(const PGresult* rows, int row, int column) {
  return std::strtoll(PQgetvalue(rows, row, column), nullptr, 10);
}
std::string text(const PGresult* rows, int row, int column) {
  return {PQgetvalue(rows, row, column), static_cast<size_t>(PQgetlength(rows, row, column))};
}
std::string bytes(const PGresult* rows, int row, int column) {
  size_t length = 0;
  unsigned char* raw = PQunescapeBytea(
      reinterpret_cast<const unsigned char*>(PQgetvalue(rows, row, column)), &length);
  std::string out(reinterpret_cast<char*>(raw), length);
  PQfreemem(raw);
  return out;
}
Hash hash(const PGresult* rows, int row, int column) {
  Hash out{};
  std::string raw = bytes(rows, row, column);
  if (raw.size() == out.size()) std::copy(raw.begin(), raw.end(), out.begin());
  return out;
}

// Says that the writer lives, on a connection of its own, until it goes out of scope.
class Pulse {
 public:
  Pulse(const std::string& address, int64_t writer)
      : session_(address), writer_(writer), heard_(Steady::now()), thread_([this] { beat(); }) {}
  ~Pulse() {
    {
      std::lock_guard guard(mutex_);
      over_ = true;
    }
    ended_.notify_all();
    thread_.join();
    // Who comes next need not wait for the silence.
    (void)session_.ask("UPDATE leasehold.head SET alive = '-infinity' WHERE writer = $1",
                       {std::to_string(writer_)});
  }
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  // The database may count the silence from a moment before ours, never from one after it.
  Hold hold() const {
    if (lost_) return Hold::lost;
    return Steady::now() - heard_.load() < kSilence * 9 / 10 ? Hold::sure : Hold::unsure;
  }

 private:
  using Steady = std::chrono::steady_clock;

  void beat() {
    std::unique_lock guard(mutex_);
    while (!ended_.wait_for(guard, kSilence / 6, [this] { return over_; })) {
      auto sent = Steady::now();
      auto done =
          session_.ask("UPDATE leasehold.head SET alive = clock_timestamp() WHERE writer = $1",
                       {std::to_string(writer_)});
      if (!done) continue;
      bool still = std::string_view(PQcmdTuples(done->get())) == "1";
      if (still) heard_ = sent;
      if (!still) lost_ = true;
    }
  }

  Session session_;
  int64_t writer_;
  std::atomic<Steady::time_point> heard_;  // when it was last known to be the writer
  std::atomic<bool> lost_{false};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  std::thread thread_;
};

class PostgresJournal : public Journal {
 public:
  explicit PostgresJournal(const std::string& address) : address_(address), session_(address) {}

  Io<std::monostate> start(Access access) {
    if (!session_.good())
      return io_error(IoCode::cannot_open, "the database: " + session_.message());
    auto there = session_.ask("SELECT to_regclass('leasehold.head') IS NOT NULL");
    if (!there) return Unexpected<IoError>(there.error());
    bool empty = text(there->get(), 0, 0) != "t";
    if (empty && access == Access::read)
      return io_error(IoCode::missing, "the database has no store");
    if (empty)
      if (auto made = session_.run(kTables); !made) return made;
    if (access == Access::read) {
      // A reader sees the store as it is now, whatever is written meanwhile.
      auto begun = session_.run(kBeginReading);
      if (!begun) return begun;
    } else if (auto taken = take_over(); !taken) {
      return taken;
    }
    return read_head();
  }

  Head head() const override { return head_; }
  Hold hold() const override { return pulse_ ? pulse_->hold() : Hold::sure; }

  Io<std::monostate> refresh() override {
    for (const char* sql : {"COMMIT", kBeginReading})
      if (auto done = session_.run(sql); !done) return done;
    return read_head();
  }

  // One statement: the head moves only from where this writer left it, and the records come with
  // it.
  Io<std::monostate> append(std::span<const Record> records) override {
    if (failed_) return Unexpected<IoError>(*failed_);
    if (records.empty()) return {};
    std::string columns[5] = {"{", "{", "{", "{", "{"};
    for (const Record& record : records) {
      add_element(columns[0], std::to_string(record.sequence));
      add_element(columns[1], std::to_string(record.at.seconds));
      add_element(columns[2], record.actor);
      add_element(columns[3], record.body);
      add_element(columns[4], hex_of(record.hash));
    }
    Values values{std::to_string(records.back().sequence), hex_of(records.back().hash),
                  std::to_string(head_.sequence), std::to_string(writer_)};
    for (std::string& column : columns) values.push_back(column + "}");
    auto done = session_.ask(
        "WITH moved AS (UPDATE leasehold.head SET sequence = $1, hash = $2, "
        "alive = clock_timestamp() WHERE sequence = $3 AND writer = $4 RETURNING 1) "
        "INSERT INTO leasehold.fact SELECT f.* FROM moved, unnest($5::bigint[], $6::bigint[], "
        "$7::text[], $8::text[], $9::bytea[]) AS f",
        values);
    if (!done) {
      failed_ = done.error();
      return Unexpected<IoError>(*failed_);
    }
    if (std::string_view(PQcmdTuples(done->get())) != std::to_string(records.size())) {
      failed_ = IoError{IoCode::fenced, "another process has taken over the store", 0};
      return Unexpected<IoError>(*failed_);
    }
    head_ = {records.back().sequence, records.back().hash};
    return {};
  }

  Io<std::monostate> read(uint64_t from,
                          const std::function<bool(const Record&)>& visit) const override {
    constexpr int kAtOnce = 2000;
    while (true) {
      auto rows = session_.ask(
          "SELECT sequence, at, actor, body, hash FROM leasehold.fact WHERE sequence >= $1 "
          "ORDER BY sequence LIMIT $2",
          {std::to_string(from), std::to_string(kAtOnce)});
      if (!rows) return Unexpected<IoError>(rows.error());
      int count = PQntuples(rows->get());
      for (int i = 0; i < count; ++i) {
        Record record{static_cast<uint64_t>(number(rows->get(), i, 0)),
                      {number(rows->get(), i, 1)},
                      text(rows->get(), i, 2),
                      text(rows->get(), i, 3),
                      hash(rows->get(), i, 4)};
        from = record.sequence + 1;
        if (!visit(record)) return {};
      }
      if (count < kAtOnce) return {};
    }
  }

  Io<std::monostate> keep_snapshot(const Snapshot& snapshot) override {
    if (failed_) return Unexpected<IoError>(*failed_);
    auto kept = session_.ask(
        "WITH kept AS (INSERT INTO leasehold.snapshot SELECT $1, $2, $3, $4 FROM leasehold.head "
        "WHERE writer = $5 ON CONFLICT (sequence) DO UPDATE SET chained = excluded.chained, "
        "state_hash = excluded.state_hash, bytes = excluded.bytes) "
        "DELETE FROM leasehold.snapshot WHERE sequence NOT IN "
        "(SELECT sequence FROM leasehold.snapshot ORDER BY sequence DESC LIMIT 1)",
        {std::to_string(snapshot.sequence), hex_of(snapshot.chained), snapshot.state_hash,
         hex_of(snapshot.bytes), std::to_string(writer_)});
    if (!kept) return Unexpected<IoError>(kept.error());
    return {};
  }

  Io<std::optional<Snapshot>> snapshot(uint64_t at_most) const override {
    constexpr uint64_t kMost = uint64_t{1} << 62;
    auto rows = session_.ask(
        "SELECT sequence, chained, state_hash, bytes FROM leasehold.snapshot WHERE sequence <= $1 "
        "ORDER BY sequence DESC LIMIT 1",
        {std::to_string(std::min(at_most, kMost))});
    if (!rows) return Unexpected<IoError>(rows.error());
    if (PQntuples(rows->get()) == 0) return std::optional<Snapshot>();
    return std::optional(Snapshot{static_cast<uint64_t>(number(rows->get(), 0, 0)),
                                  hash(rows->get(), 0, 1), text(rows->get(), 0, 2),
                                  bytes(rows->get(), 0, 3)});
  }

  // The server checks its own pages; what we can add is that no record is beyond the head.
  Io<std::monostate> check_store() const override {
    auto beyond = session_.ask(
        "SELECT count(*) FROM leasehold.fact f, leasehold.head h WHERE f.sequence > h.sequence");
    if (!beyond) return Unexpected<IoError>(beyond.error());
    if (number(beyond->get(), 0, 0) > 0)
      return io_error(IoCode::corrupt, "the database has records beyond its head");
    return {};
  }

 private:
  // Becomes the writer where nobody is, or the one that was has been silent for too long.
  Io<std::monostate> take_over() {
    auto taken = session_.ask(
        "UPDATE leasehold.head SET writer = writer + 1, alive = clock_timestamp() "
        "WHERE alive < clock_timestamp() - make_interval(secs => $1) RETURNING writer",
        {fmt::format("{}.{:03}", kSilence.count() / 1000, kSilence.count() % 1000)});
    if (!taken) return Unexpected<IoError>(taken.error());
    if (PQntuples(taken->get()) == 0)
      return io_error(IoCode::busy, "the store is open in another process");
    writer_ = number(taken->get(), 0, 0);
    pulse_ = std::make_unique<Pulse>(address_, writer_);
    return {};
  }

  Io<std::monostate> read_head() {
    auto row = session_.ask("SELECT sequence, hash, format FROM leasehold.head");
    if (!row) return Unexpected<IoError>(row.error());
    if (PQntuples(row->get()) != 1) return io_error(IoCode::corrupt, "the database has no head");
    if (number(row->get(), 0, 2) > kDatabaseFormat)
      return io_error(IoCode::newer_version, "the database has a newer journal format");
    head_ = {static_cast<uint64_t>(number(row->get(), 0, 0)), hash(row->get(), 0, 1)};
    return {};
  }

  std::string address_;
  Session session_;
  int64_t writer_ = 0;
  std::unique_ptr<Pulse> pulse_;
  Head head_;
  std::optional<IoError> failed_;
};

}  // namespace

bool names_database(const std::string& store) {
  return store.starts_with("postgresql://") || store.starts_with("postgres://");
}

Io<std::unique_ptr<Journal>> open_postgres(const std::string& address, Access access) {
  auto journal = std::make_unique<PostgresJournal>(address);
  if (auto started = journal->start(access); !started) return Unexpected<IoError>(started.error());
  return journal;
}

}  // namespace leasehold::journal
