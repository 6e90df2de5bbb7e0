// journal: the log itself. verify, replay, export, import, list.
#include <algorithm>
#include <fstream>
#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "journal/fact_codec.h"
#include "journal/memory.h"
#include "operations/catalogue.h"
#include "operations/fact_text.h"

namespace leasehold::operations {

namespace {

void verify(Shell& shell, const NoValues&) {
  if (!shell.owner_only("journal")) return;
  auto state = shell.environment()
                   .open(shell.options().store, journal::Access::read)
                   .and_then([](const std::unique_ptr<journal::Journal>& journal) {
                     return cloud::verify(*journal);
                   });
  if (!state) {
    shell.say(state.error());
    // Damage is what was looked for, also where it keeps the store from being opened.
    bool found = state.error().code == journal::IoCode::corrupt;
    shell.fail(found ? kRefused : kWrong);
    return;
  }
  shell.out() << fmt::format("{} records, chain and snapshots are whole\n{}\n", state->sequence,
                             state->hash());
}

struct JournalReplayValues {
  std::string until = "forever";
};
void journal_replay_options(Form& form, JournalReplayValues& values) {
  form.add_option("--until", values.until, "The last moment to replay; all where it is not said");
}
void replay(Shell& shell, const JournalReplayValues& values) {
  auto journal = shell.owner_only("journal") ? shell.journal_to_read() : nullptr;
  if (!journal) return;
  engine::State nothing;
  Reader reader = shell.reader(nothing);
  Instant until = reader.instant("--until", values.until);
  if (!reader.good()) return shell.say(reader.errors());
  auto state = cloud::replay(*journal, until);
  if (!state) return shell.say(state.error());
  if (state->sequence > 0)
    shell.out() << fmt::format("{} facts, the last at {}\n", state->sequence, to_text(state->now));
  else
    shell.out() << "no facts by then\n";
  shell.out() << state->hash() << '\n';
}

// Says on the standard error how far it is, twenty times at most.
class Progress {
 public:
  Progress(Shell& shell, bool wanted, uint64_t all)
      : shell_(shell), step_(wanted ? std::max<uint64_t>((all + 19) / 20, 1) : 0), all_(all) {}
  void at(uint64_t done) {
    if (step_ == 0 || (done % step_ != 0 && done != all_)) return;
    shell_.err() << fmt::format("{} of {} facts\n", done, all_);
    shell_.err().flush();
  }

 private:
  Shell& shell_;
  uint64_t step_;
  uint64_t all_;
};
void add_progress(Form& form, bool& wanted) {
  form.add_flag("--progress", wanted, "Say on the standard error how far it is");
}

struct ExportValues {
  std::string file;
  bool progress = false;
};
void journal_export_options(Form& form, ExportValues& values) {
  add_progress(form, values.progress);
  form.add_output("file", values.file, "The file to write; standard output where it is not said");
}
void export_lines(Shell& shell, const ExportValues& values) {
  auto journal = shell.owner_only("journal") ? shell.journal_to_read() : nullptr;
  if (!journal) return;
  std::ofstream file;
  if (!values.file.empty()) {
    file.open(values.file);
    if (!file) return shell.say(InputErrors{{"file", values.file, "a file that can be written"}});
  }
  std::ostream& out = values.file.empty() ? shell.out() : file;
  Progress progress(shell, values.progress, journal->head().sequence);
  auto done = journal->read(1, [&](const journal::Record& record) {
    out << journal::to_line(record) << '\n';
    progress.at(record.sequence);
    return out.good();
  });
  out.flush();
  if (!done) return shell.say(done.error());
  if (!out) shell.say(journal::IoError{journal::IoCode::disk_full, "the export was cut short", 0});
}

constexpr size_t kRecordsAtOnce = 4096;  // records that are written at once

// A store to be filled; nothing (and said) where it has facts already.
std::unique_ptr<journal::Journal> empty_store(Shell& shell, const std::string& field,
                                              const std::string& name) {
  auto journal = shell.environment().open(name, journal::Access::write);
  if (!journal) {
    shell.say(journal.error());
    return nullptr;
  }
  if ((*journal)->head().sequence == 0) return std::move(*journal);
  shell.say(InputErrors{{field, name, "a store without facts"}});
  return nullptr;
}

struct JournalImportValues {
  std::string file;
  bool progress = false;
};
void journal_import_options(Form& form, JournalImportValues& values) {
  add_progress(form, values.progress);
  form.add_input("file", values.file, "A file of JSON lines that 'journal export' wrote")
      ->required();
}
// Reads all lines and checks that each follows from the one before.
std::optional<std::vector<journal::Record>> read_lines(Shell& shell, const std::string& name) {
  auto file = shell.input("file", name);
  if (!file) return std::nullopt;
  std::vector<journal::Record> records;
  journal::Hash before{};
  std::string line;
  for (int number = 1; std::getline(*file, line); ++number) {
    auto record = journal::from_line(line);
    bool follows = record && record->sequence == records.size() + 1 &&
                   journal::chain(before, *record) == record->hash;
    if (!follows) {
      std::string why =
          record ? "its hash does not follow from the line before" : record.error().message;
      shell.say(journal::IoError{journal::IoCode::corrupt,
                                 fmt::format("{}, line {}: {}", name, number, why), 0});
      return std::nullopt;
    }
    before = record->hash;
    records.push_back(std::move(*record));
  }
  return records;
}
void import_lines(Shell& shell, const JournalImportValues& values) {
  auto records = read_lines(shell, values.file);
  if (!records) return;
  // Folded before anything is kept: what cannot be a cloud makes no store.
  journal::MemoryJournal trial;
  if (auto done = trial.append(*records); !done) return shell.say(done.error());
  auto cloud = cloud::Cloud::open(std::make_unique<journal::MemoryJournal>(trial));
  if (!cloud) return shell.say(cloud.error());
  auto journal = empty_store(shell, "--store", shell.options().store);
  if (!journal) return;
  Progress progress(shell, values.progress, records->size());
  for (size_t i = 0; i < records->size(); i += kRecordsAtOnce) {
    std::span<const journal::Record> batch(records->data() + i,
                                           std::min(kRecordsAtOnce, records->size() - i));
    if (auto done = journal->append(batch); !done) return shell.say(done.error());
    for (const journal::Record& record : batch) progress.at(record.sequence);
  }
  shell.out() << fmt::format("{} facts\n{}\n", records->size(), cloud->state().hash());
}

struct CopyValues {
  std::string to;
  bool progress = false;
};
void copy_fields(Form& form, CopyValues& values) {
  add_progress(form, values.progress);
  form.add_option("to", values.to, "A store without facts: a file, or a database's address")
      ->required();
}
void copy_journal(Shell& shell, const CopyValues& values) {
  auto from = shell.owner_only("journal") ? shell.journal_to_read() : nullptr;
  if (!from) return;
  if (shell.options().dry_run)
    return shell.say(InputErrors{{"--dry-run", "", "no --dry-run: a copy is a store of its own"}});
  auto to = empty_store(shell, "to", values.to);
  if (!to) return;
  std::vector<journal::Record> batch;
  journal::Hash before{};
  std::optional<journal::IoError> wrong;
  Progress progress(shell, values.progress, from->head().sequence);
  auto keep = [&] {
    auto done = to->append(batch);
    if (!done) wrong = done.error();
    for (const journal::Record& record : batch) progress.at(record.sequence);
    batch.clear();
    return done.has_value();
  };
  auto read = from->read(1, [&](const journal::Record& record) {
    if (journal::chain(before, record) != record.hash) {
      wrong =
          journal::IoError{journal::IoCode::corrupt,
                           fmt::format("record {} is damaged", record.sequence), record.sequence};
      return false;
    }
    before = record.hash;
    batch.push_back(record);
    return batch.size() < kRecordsAtOnce || keep();
  });
  if (read && !wrong) (void)keep();
  if (!read) return shell.say(read.error());
  if (wrong) return shell.say(*wrong);
  shell.out() << fmt::format("{} facts\n{}\n", to->head().sequence,
                             journal::to_hex(to->head().hash));
}

struct FactListValues {
  std::string until = "forever", about;
};
void fact_list_options(Form& form, FactListValues& values) {
  form.add_option("--until", values.until, "The last moment");
  form.add_option("--about", values.about, "Only facts whose words name this");
}
const Columns kJournalColumns = columns_of("sequence: number, at: moment, actor, kind, what");
void list_journal(Shell& shell, const FactListValues& values) {
  auto journal = shell.owner_only("journal") ? shell.journal_to_read() : nullptr;
  if (!journal) return;
  engine::State state;
  Reader reader = shell.reader(state);
  Instant until = reader.instant("--until", values.until);
  if (!reader.good()) return shell.say(reader.errors());
  Table table(kJournalColumns);
  std::optional<journal::IoError> wrong;
  auto done = journal->read(1, [&](const journal::Record& record) {
    if (record.at > until) return false;
    auto fact = journal::to_fact(record);
    if (!fact) {
      wrong = fact.error();
      return false;
    }
    engine::apply(state, *fact);
    std::string what = fact_text(state, fact->body);
    if (what.find(values.about) != std::string::npos)
      table.add({number(static_cast<int64_t>(fact->sequence)), moment(fact->at), text(fact->actor),
                 text(kind_of(fact->body)), text(what)});
    return true;
  });
  if (!done) return shell.say(done.error());
  if (wrong) return shell.say(*wrong);
  shell.say(table);
  if (shell.output() == Output::table)
    shell.out() << fmt::format("the state after {} facts: {}\n", state.sequence, state.hash());
}

}  // namespace

void add_journal(Noun root) {
  Noun noun = root.noun("journal", "The log of facts");
  add_command<NoValues>(noun, "verify",
                        "Check every record, the chain and the snapshots; 1 where one is damaged",
                        nullptr, verify);
  add_command(noun, "replay",
              "Fold the facts up to a moment; the last line is the state's hash: journal replay "
              "--until 2025-12-31",
              journal_replay_options, replay);
  add_command(noun, "list", "Who did what when: journal list --until 2025-12-31", fact_list_options,
              list_journal, kJournalColumns);
  add_command(noun, "export", "Write all facts as JSON lines: journal export facts.jsonl",
              journal_export_options, export_lines);
  add_command(noun, "copy",
              "Copy all facts to another store; the last line is the chain's hash: journal copy "
              "postgresql://desk@localhost/cloud",
              copy_fields, copy_journal);
  add_command(noun, "import", "Read an export into an empty store", journal_import_options,
              import_lines);
}

}  // namespace leasehold::operations
