// The store on disk: damage is found and named, and what cannot be used says why.
#include "journal/sqlite.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace leasehold::journal {
namespace {

class Store : public ::testing::Test {
 protected:
  Store() {
    std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ =
        std::filesystem::temp_directory_path() / ("leasehold-" + name + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~Store() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return (folder_ / "store.db").string(); }
  std::string copy() const { return (folder_ / "copy.db").string(); }

  // Records of all sizes, in batches.
  void fill(uint64_t count) {
    auto journal = open_sqlite(path(), Access::write);
    ASSERT_TRUE(journal.has_value());
    Hash before = (*journal)->head().hash;
    for (uint64_t n = 1; n <= count; ++n) {
      Record record{n, Instant{static_cast<int64_t>(1000 + n)}, "desk", body_of(n), {}};
      record.hash = chain(before, record);
      before = record.hash;
      ASSERT_TRUE((*journal)->append({&record, 1}).has_value());
    }
  }
  static std::string body_of(uint64_t n) {
    return "{\"kind\":\"record-" + std::to_string(n) + "\",\"v\":1,\"text\":\"" +
           std::string(n * 37 % 900, 'x') + "\"}";
  }
  std::string bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
  }
  static void execute(const std::string& file, const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
  static Io<Head> verify(const std::string& file) {
    auto journal = open_sqlite(file, Access::read);
    if (!journal) return Unexpected<IoError>(journal.error());
    auto head = verify_chain(**journal);
    if (auto whole = (*journal)->check_store(); head && !whole)
      return Unexpected<IoError>(whole.error());
    return head;
  }

  std::filesystem::path folder_;
};

TEST_F(Store, KeepsWhatWasAppendedAndItsHead) {
  fill(20);
  auto head = verify(path());
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->sequence, 20U);
}

// Every bit of every record matters: one flipped is found, and the record is named.
TEST_F(Store, NamesTheRecordOfAFlippedBit) {
  fill(12);
  const std::string whole = bytes();
  for (uint64_t n = 1; n <= 12; ++n) {
    size_t place = whole.find(body_of(n));
    ASSERT_NE(place, std::string::npos);
    for (size_t i = 0; i < body_of(n).size(); ++i) {
      std::string damaged = whole;
      damaged[place + i] = static_cast<char>(damaged[place + i] ^ (1 << (i % 8)));
      write(copy(), damaged);
      auto head = verify(copy());
      ASSERT_FALSE(head.has_value()) << "record " << n << ", byte " << i;
      ASSERT_EQ(head.error().sequence, n) << head.error().message;
      ASSERT_EQ(head.error().code, IoCode::corrupt);
    }
  }
}

// Wherever in the file a byte changes, it is found: in records by their hashes, outside them by the
// driver's own check. What may pass is one byte a row in which SQLite notes that it keeps the key
// elsewhere, and counters in the file's first hundred bytes: nothing is read from them.
TEST_F(Store, NeverTakesADamagedFileForAWholeOne) {
  fill(12);
  const std::string whole = bytes();
  Head good = *verify(path());
  int unseen = 0;
  for (size_t i = 100; i < whole.size(); i += 3) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    write(copy(), damaged);
    auto head = verify(copy());
    if (!head) continue;
    ++unseen;
    ASSERT_TRUE(head->sequence == good.sequence && head->hash == good.hash) << "byte " << i;
  }
  EXPECT_LE(unseen, 13);
}

// Whatever the sizes: no store that was only written to is taken for a damaged one.
TEST_F(Store, IsWholeAtEverySize) {
  for (uint64_t count = 1; count < 120; ++count) {
    auto journal = open_sqlite(path(), Access::write);
    ASSERT_TRUE(journal.has_value());
    Record record{count, Instant{1}, "desk", std::string(count * 211 % 9000, 'x'), {}};
    record.hash = chain((*journal)->head().hash, record);
    ASSERT_TRUE((*journal)->append({&record, 1}).has_value());
    Snapshot snapshot{count, record.hash, "hash", std::string(count * 997 % 20'000, 's')};
    ASSERT_TRUE(count % 5 != 0 || (*journal)->keep_snapshot(snapshot).has_value());
    journal->reset();
    auto head = verify(path());
    ASSERT_TRUE(head.has_value()) << count << ": " << head.error().message;
  }
}

TEST_F(Store, MissesTheLastRecordWhereItIsTornOff) {
  fill(5);
  execute(path(), "DELETE FROM fact WHERE sequence = 5");
  auto head = verify(path());
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().sequence, 5U);
  EXPECT_EQ(head.error().message, "record 5 is missing: the store says that its last record is 5");
}

// The log of a process that died, cut at any length, as by a disk that kept only a part of it: what
// is left is whole batches, in order, and more can be appended.
TEST_F(Store, KeepsWholeBatchesOfATornLog) {
  pid_t writer = fork();
  if (writer == 0) {
    auto journal = open_sqlite(path(), Access::write);
    Hash before{};
    for (uint64_t n = 1; n <= 12; n += 3) {
      std::vector<Record> batch;
      for (uint64_t k = n; k < n + 3; ++k) {
        batch.push_back({k, Instant{1}, "desk", body_of(k), {}});
        before = batch.back().hash = chain(before, batch.back());
      }
      if (!(*journal)->append(batch)) _exit(1);
    }
    _exit(0);  // without closing the store
  }
  int status = 1;
  waitpid(writer, &status, 0);
  ASSERT_EQ(status, 0);
  auto length = static_cast<size_t>(std::filesystem::file_size(path() + "-wal"));
  std::set<uint64_t> seen;
  for (size_t cut = 0; cut <= length; cut += 500) {
    std::filesystem::copy_file(path(), copy(), std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy_file(path() + "-wal", copy() + "-wal",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(copy() + "-wal", length - cut);
    auto journal = open_sqlite(copy(), Access::write);
    ASSERT_TRUE(journal.has_value()) << journal.error().message;
    auto head = verify_chain(**journal);
    ASSERT_TRUE(head.has_value()) << head.error().message;
    ASSERT_EQ(head->sequence % 3, 0U);
    seen.insert(head->sequence);
    Record next{head->sequence + 1, Instant{2}, "desk", body_of(99), {}};
    next.hash = chain(head->hash, next);
    ASSERT_TRUE((*journal)->append({&next, 1}).has_value());
    journal->reset();
    ASSERT_TRUE(verify(copy()).has_value());
  }
  EXPECT_EQ(seen, (std::set<uint64_t>{0, 3, 6, 9, 12}));
}

TEST_F(Store, MissesARecordInTheMiddle) {
  fill(5);
  execute(path(), "DELETE FROM fact WHERE sequence = 3");
  EXPECT_EQ(verify(path()).error().sequence, 3U);
}

TEST_F(Store, OfANewerVersionIsRefused) {
  fill(1);
  execute(path(), "PRAGMA user_version = 2");
  auto head = verify(path());
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().code, IoCode::newer_version);
  EXPECT_NE(head.error().message.find("use a newer leasehold"), std::string::npos);
}

TEST_F(Store, ThatIsNoneIsRefused) {
  write(path(), "not a database, but long enough to be taken for one: " + std::string(4096, '.'));
  EXPECT_EQ(open_sqlite(path(), Access::read).error().code, IoCode::corrupt);
  EXPECT_EQ(open_sqlite(path(), Access::write).error().code, IoCode::corrupt);
  execute(copy(), "CREATE TABLE other (x)");
  EXPECT_EQ(open_sqlite(copy(), Access::read).error().code, IoCode::corrupt);
}

TEST_F(Store, ThatIsNotThereIsMissing) {
  EXPECT_EQ(open_sqlite(path(), Access::read).error().code, IoCode::missing);
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(Store, HasOneWriterAndAnotherIsToldSo) {
  fill(1);
  auto writer = open_sqlite(path(), Access::write);
  ASSERT_TRUE(writer.has_value());
  auto other = open_sqlite(path(), Access::write);
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, IoCode::busy);
  EXPECT_NE(other.error().message.find("open in another process"), std::string::npos);
  writer->reset();
  EXPECT_TRUE(open_sqlite(path(), Access::write).has_value());
}

// A reader sees the store as it was when it was opened, and keeps nobody from writing.
TEST_F(Store, IsReadWhileItIsWritten) {
  fill(2);
  auto writer = open_sqlite(path(), Access::write);
  auto reader = open_sqlite(path(), Access::read);
  ASSERT_TRUE(reader.has_value());
  Record next{3, {3}, "desk", "{}", {}};
  next.hash = chain((*writer)->head().hash, next);
  ASSERT_TRUE((*writer)->append({&next, 1}).has_value());
  uint64_t seen = 0;
  auto count = [&seen](const Record&) { return ++seen > 0; };
  ASSERT_TRUE((*reader)->read(1, count).has_value());
  EXPECT_EQ(seen, 2U);
  EXPECT_EQ((*reader)->head().sequence, 2U);
  auto later = open_sqlite(path(), Access::read);
  EXPECT_EQ((*later)->head().sequence, 3U);
}

TEST_F(Store, KeepsTheTwoNewestSnapshots) {
  fill(3);
  auto journal = open_sqlite(path(), Access::write);
  for (uint64_t n = 1; n <= 3; ++n)
    ASSERT_TRUE(
        (*journal)->keep_snapshot({n, {}, "hash", "bytes-" + std::to_string(n)}).has_value());
  EXPECT_EQ((*(*journal)->snapshot(9))->bytes, "bytes-3");
  EXPECT_EQ((*(*journal)->snapshot(2))->bytes, "bytes-2");
  EXPECT_EQ(*(*journal)->snapshot(1), std::nullopt);
}

// A store so large that its tree has a level more: what SQLite leaves behind where it parts the
// pages of that level is no damage.
TEST_F(Store, IsWholeWithTensOfThousandsOfRecords) {
  auto journal = open_sqlite(path(), Access::write);
  ASSERT_TRUE(journal.has_value());
  Hash before = (*journal)->head().hash;
  for (uint64_t n = 1; n <= 20'000;) {
    std::vector<Record> batch;
    for (; batch.size() < 1000; ++n) {
      Record record{n, Instant{static_cast<int64_t>(1000 + n)}, "desk", body_of(n), {}};
      record.hash = chain(before, record);
      before = record.hash;
      batch.push_back(record);
    }
    ASSERT_TRUE((*journal)->append(batch).has_value());
  }
  journal->reset();
  auto read = open_sqlite(path(), Access::read);
  ASSERT_TRUE(read.has_value());
  auto whole = (*read)->check_store();
  EXPECT_TRUE(whole.has_value()) << whole.error().message;
}

// SQLite's own check passes over the key of a row, and all is read from this one.
TEST_F(Store, IsDamagedWhereItDoesNotSayItsLastRecord) {
  fill(3);
  execute(path(), "PRAGMA ignore_check_constraints = ON; UPDATE head SET one = 3");
  auto head = verify(path());
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().code, IoCode::corrupt);
}

}  // namespace
}  // namespace leasehold::journal
