#include "journal/sqlite.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>
#include <sqlite3.h>

#include "journal/sqlite_check.h"

namespace leasehold::journal {

namespace {

constexpr int64_t kFormat = 1;
constexpr int64_t kApplication = 0x4C534844;  // "LSHD": what 'file' and SQLite tell a store by
constexpr int kBusyMilliseconds = 200;

constexpr Table kSchema[] = {
    {"head",
     "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, "
     "hash BLOB NOT NULL) STRICT"},
    {"fact",
     "CREATE TABLE fact (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, "
     "body TEXT NOT NULL, hash BLOB NOT NULL) STRICT"},
    {"snapshot",
     "CREATE TABLE snapshot (sequence INTEGER PRIMARY KEY, chained BLOB NOT NULL, "
     "state_hash TEXT NOT NULL, bytes BLOB NOT NULL) STRICT"},
};

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;
struct Closer {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, Closer>;

IoCode code_of(int status) {
  // The index beside the log could not be made as large as it must be.
  if (status == SQLITE_IOERR_SHMSIZE) return IoCode::disk_full;
  switch (status & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return IoCode::busy;
    case SQLITE_FULL:
      return IoCode::disk_full;
    case SQLITE_READONLY:
      return IoCode::read_only;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return IoCode::cannot_open;
    case SQLITE_ERROR:  // our statements are right: the tables they are for are not there
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return IoCode::corrupt;
    default:
      return IoCode::failed;
  }
}

std::string words_for(IoCode code) {
  switch (code) {
    case IoCode::busy:
      return "the store is open in another process";
    case IoCode::disk_full:
      return "the disk is full";
    case IoCode::read_only:
      return "the store is read-only";
    case IoCode::cannot_open:
      return "the store cannot be opened";
    case IoCode::corrupt:
      return "the store's file is damaged";
    default:
      return "the store failed";
  }
}

Hash read_hash(sqlite3_stmt* row, int column) {
  Hash hash{};
  const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(row, column));
  auto size = static_cast<size_t>(sqlite3_column_bytes(row, column));
  if (bytes != nullptr && size == hash.size()) std::copy(bytes, bytes + size, hash.begin());
  return hash;
}

std::string read_text(sqlite3_stmt* row, int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
  auto size = static_cast<size_t>(sqlite3_column_bytes(row, column));
  return bytes == nullptr ? "" : std::string(bytes, size);
}

// Held by the one process that writes, until it ends. A file of its own: those of SQLite are locked
// for moments, and many may read meanwhile.
class WriterLock {
 public:
  WriterLock() = default;
  ~WriterLock() {
    if (file_ >= 0) close(file_);
  }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

  Io<std::monostate> take(const std::string& path) {
    file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0)
      return io_error(IoCode::cannot_open, words_for(IoCode::cannot_open) + ": " + path);
    if (flock(file_, LOCK_EX | LOCK_NB) == 0) return {};
    return io_error(IoCode::busy, words_for(IoCode::busy) + ": " + path);
  }

 private:
  int file_ = -1;
};

class SqliteJournal : public Journal {
 public:
  SqliteJournal(Database database, std::string path)
      : database_(std::move(database)), path_(std::move(path)) {}

  Io<std::monostate> start(Access access) {
    sqlite3_busy_timeout(database_.get(), kBusyMilliseconds);
    sqlite3_extended_result_codes(database_.get(), 1);
    if (access == Access::write) {
      for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                                 "PRAGMA cache_size = -65536", "BEGIN IMMEDIATE"})
        if (auto done = execute(pragma); !done) return done;
      if (auto locked = lock_.take(path_ + "-lock"); !locked) return locked;
      if (is_empty())
        if (auto done = create(); !done) return done;
      if (auto done = execute("COMMIT"); !done) return done;
    }
    // A reader sees the store as it is now, whatever is written meanwhile.
    if (access == Access::read)
      if (auto begun = execute("BEGIN"); !begun) return begun;
    if (auto checked = check_format(); !checked) return checked;
    return read_head();
  }

  Head head() const override { return head_; }

  Io<std::monostate> refresh() override {
    for (const char* sql : {"COMMIT", "BEGIN"})
      if (auto done = execute(sql); !done) return done;
    return read_head();
  }

  Io<std::monostate> append(std::span<const Record> records) override {
    if (failed_) return Unexpected<IoError>(*failed_);
    if (records.empty()) return {};
    auto done = try_append(records);
    if (!done) {
      // Whether the batch reached the disk is not known in every case: nothing more is accepted.
      failed_ = done.error();
      sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
      return done;
    }
    head_ = {records.back().sequence, records.back().hash};
    return {};
  }

  Io<std::monostate> read(uint64_t from,
                          const std::function<bool(const Record&)>& visit) const override {
    auto statement = prepare(
        "SELECT sequence, at, actor, body, hash FROM fact WHERE sequence >= ? ORDER BY sequence");
    if (!statement) return Unexpected<IoError>(statement.error());
    sqlite3_bind_int64(statement->get(), 1, static_cast<int64_t>(from));
    Record record;
    uint64_t last = from - 1;
    int status = SQLITE_ROW;
    while ((status = sqlite3_step(statement->get())) == SQLITE_ROW) {
      sqlite3_stmt* row = statement->get();
      record.sequence = static_cast<uint64_t>(sqlite3_column_int64(row, 0));
      record.at = {sqlite3_column_int64(row, 1)};
      record.actor = read_text(row, 2);
      record.body = read_text(row, 3);
      record.hash = read_hash(row, 4);
      last = record.sequence;
      if (!visit(record)) return {};
    }
    if (status != SQLITE_DONE)
      return io_error(code_of(status),
                      fmt::format("{} after record {}: {}", words_for(code_of(status)), last,
                                  sqlite3_errmsg(database_.get())),
                      last + 1);
    return {};
  }

  Io<std::monostate> keep_snapshot(const Snapshot& snapshot) override {
    if (failed_) return Unexpected<IoError>(*failed_);
    auto statement = prepare("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)");
    if (!statement) return Unexpected<IoError>(statement.error());
    sqlite3_stmt* row = statement->get();
    sqlite3_bind_int64(row, 1, static_cast<int64_t>(snapshot.sequence));
    bind_hash(row, 2, snapshot.chained);
    bind_text(row, 3, snapshot.state_hash);
    sqlite3_bind_blob64(row, 4, snapshot.bytes.data(), snapshot.bytes.size(), SQLITE_STATIC);
    if (sqlite3_step(row) != SQLITE_DONE) return error_now();
    // The last two are enough: an older one only saves work where both newer ones are damaged.
    return execute(
        "DELETE FROM snapshot WHERE sequence NOT IN "
        "(SELECT sequence FROM snapshot ORDER BY sequence DESC LIMIT 2)");
  }

  Io<std::optional<Snapshot>> snapshot(uint64_t at_most) const override {
    auto statement = prepare(
        "SELECT sequence, chained, state_hash, bytes FROM snapshot WHERE sequence <= ? "
        "ORDER BY sequence DESC LIMIT 1");
    if (!statement) return Unexpected<IoError>(statement.error());
    sqlite3_stmt* row = statement->get();
    constexpr uint64_t kMost = uint64_t{1} << 62;
    sqlite3_bind_int64(row, 1, static_cast<int64_t>(std::min(at_most, kMost)));
    int status = sqlite3_step(row);
    if (status == SQLITE_DONE) return std::optional<Snapshot>();
    if (status != SQLITE_ROW) return error_now();
    return std::optional(Snapshot{static_cast<uint64_t>(sqlite3_column_int64(row, 0)),
                                  read_hash(row, 1), read_text(row, 2), read_text(row, 3)});
  }

  Io<std::monostate> check_store() const override {
    return check_file(database_.get(), path_, kSchema);
  }

 private:
  Unexpected<IoError> error_now() const {
    IoCode code = code_of(sqlite3_errcode(database_.get()));
    return io_error(
        code, fmt::format("{}: {} ({})", words_for(code), path_, sqlite3_errmsg(database_.get())));
  }

  Io<std::monostate> execute(const char* sql) {
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      return error_now();
    return {};
  }

  Io<Statement> prepare(const char* sql) const {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(database_.get(), sql, -1, &raw, nullptr) != SQLITE_OK)
      return error_now();
    return Statement(raw);
  }

  // The first column of the first row, as a number.
  Io<int64_t> ask(const char* sql) const {
    auto statement = prepare(sql);
    if (!statement) return Unexpected<IoError>(statement.error());
    if (sqlite3_step(statement->get()) != SQLITE_ROW) return error_now();
    return sqlite3_column_int64(statement->get(), 0);
  }

  bool is_empty() const {
    auto tables = ask("SELECT count(*) FROM sqlite_schema");
    return tables && *tables == 0;
  }

  Io<std::monostate> create() {
    for (const Table& table : kSchema)
      if (auto done = execute(table.sql); !done) return done;
    std::string marks = fmt::format(
        "INSERT INTO head VALUES (1, 0, zeroblob(32)); PRAGMA application_id = {}; "
        "PRAGMA user_version = {}",
        kApplication, kFormat);
    return execute(marks.c_str());
  }

  Io<std::monostate> check_format() const {
    auto application = ask("PRAGMA application_id");
    if (!application) return Unexpected<IoError>(application.error());
    if (*application != kApplication)
      return io_error(IoCode::corrupt, path_ + " is not a store of leasehold");
    auto format = ask("PRAGMA user_version");
    if (!format) return Unexpected<IoError>(format.error());
    if (*format > kFormat)
      return io_error(IoCode::newer_version,
                      fmt::format("{} has journal format {}; this version reads up to {}: use a "
                                  "newer leasehold",
                                  path_, *format, kFormat));
    return {};
  }

  Io<std::monostate> read_head() {
    // By its key, so that a changed one is found: no check of SQLite's own sees it.
    auto statement = prepare("SELECT sequence, hash FROM head WHERE one = 1");
    if (!statement) return Unexpected<IoError>(statement.error());
    int stepped = sqlite3_step(statement->get());
    if (stepped == SQLITE_DONE)
      return io_error(IoCode::corrupt,
                      path_ + " is damaged: it does not say which record is its last");
    if (stepped != SQLITE_ROW) return error_now();
    head_.sequence = static_cast<uint64_t>(sqlite3_column_int64(statement->get(), 0));
    head_.hash = read_hash(statement->get(), 1);
    return {};
  }

  static void bind_text(sqlite3_stmt* row, int column, const std::string& text) {
    sqlite3_bind_text64(row, column, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  static void bind_hash(sqlite3_stmt* row, int column, const Hash& hash) {
    sqlite3_bind_blob(row, column, hash.data(), static_cast<int>(hash.size()), SQLITE_STATIC);
  }

  Io<std::monostate> prepare_append() {
    if (insert_) return {};
    auto insert = prepare("INSERT INTO fact VALUES (?, ?, ?, ?, ?)");
    auto update = prepare("UPDATE head SET sequence = ?, hash = ?");
    if (!insert) return Unexpected<IoError>(insert.error());
    if (!update) return Unexpected<IoError>(update.error());
    insert_ = std::move(*insert);
    update_ = std::move(*update);
    return {};
  }

  Io<std::monostate> try_append(std::span<const Record> records) {
    if (auto ready = prepare_append(); !ready) return ready;
    if (auto begun = execute("BEGIN IMMEDIATE"); !begun) return begun;
    for (const Record& record : records) {
      sqlite3_reset(insert_.get());
      sqlite3_bind_int64(insert_.get(), 1, static_cast<int64_t>(record.sequence));
      sqlite3_bind_int64(insert_.get(), 2, record.at.seconds);
      bind_text(insert_.get(), 3, record.actor);
      bind_text(insert_.get(), 4, record.body);
      bind_hash(insert_.get(), 5, record.hash);
      if (sqlite3_step(insert_.get()) != SQLITE_DONE) return error_now();
    }
    sqlite3_reset(insert_.get());
    sqlite3_reset(update_.get());
    sqlite3_bind_int64(update_.get(), 1, static_cast<int64_t>(records.back().sequence));
    bind_hash(update_.get(), 2, records.back().hash);
    if (sqlite3_step(update_.get()) != SQLITE_DONE) return error_now();
    sqlite3_reset(update_.get());
    return execute("COMMIT");
  }

  WriterLock lock_;
  Database database_;  // after the statements below in destruction
  std::string path_;
  Head head_;
  std::optional<IoError> failed_;
  Statement insert_;
  Statement update_;
};

// To read a store in write-ahead mode SQLite makes files beside it. Where the folder allows none
// (an auditor's read-only copy), and no log of it waits there, the file itself is all there is.
std::unique_ptr<Journal> open_immutable(const std::string& path) {
  std::error_code missing;
  if (std::filesystem::file_size(path + "-wal", missing) > 0 && !missing) return nullptr;
  std::string uri = "file:";
  for (char c : path)
    uri += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02X}", static_cast<unsigned>(c))
                                            : std::string(1, c);
  uri += "?immutable=1";
  sqlite3* raw = nullptr;
  int status = sqlite3_open_v2(uri.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
  auto journal = std::make_unique<SqliteJournal>(Database(raw), path);
  if (status != SQLITE_OK || !journal->start(Access::read)) return nullptr;
  return journal;
}

}  // namespace

Io<std::unique_ptr<Journal>> open_sqlite(const std::string& path, Access access) {
  std::error_code ignored;
  bool exists = std::filesystem::exists(path, ignored);
  if (access == Access::read && !exists)
    return io_error(IoCode::missing, path + " does not exist: the first change makes it");
  if (access == Access::write && !exists) {
    std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  }
  int flags =
      access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* raw = nullptr;
  int status = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database(raw);
  if (status != SQLITE_OK)
    return io_error(code_of(status), fmt::format("{}: {} ({})", words_for(code_of(status)), path,
                                                 sqlite3_errmsg(raw)));
  if (access == Access::write && sqlite3_db_readonly(raw, "main") == 1)
    return io_error(IoCode::read_only, fmt::format("{}: {}", words_for(IoCode::read_only), path));
  auto journal = std::make_unique<SqliteJournal>(std::move(database), path);
  auto started = journal->start(access);
  if (!started && access == Access::read && started.error().code != IoCode::busy)
    if (auto still = open_immutable(path)) return still;
  if (!started) return Unexpected<IoError>(started.error());
  return journal;
}

}  // namespace leasehold::journal
