// Who hears what an operation answers.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "domain/fact.h"
#include "journal/journal.h"
#include "operations/refusal_text.h"
#include "operations/table.h"

namespace leasehold::operations {

class Listener {
 public:
  virtual ~Listener() = default;

  virtual void table(const Table& table) = 0;
  // What happened; `after` is the state after it. In a dry run: what would have.
  virtual void facts(const engine::State& after, const std::vector<Fact>& facts, bool dry_run) = 0;
  // What a change means, beside its facts: who is hit by it.
  virtual void meaning(const Table& table) = 0;
  virtual void wrong(const InputErrors& errors) = 0;
  virtual void refused(const engine::State& state, const Refusal& refusal,
                       const MaySee& may_see) = 0;
  // Of what kind the text is that is written as it is: a media type; and its sum, in words.
  virtual void writes(const std::string& media_type, const std::string& sum) = 0;
  // A secret that is said once.
  virtual void secret(const std::string& secret) = 0;
  virtual void failed(const journal::IoError& error) = 0;
  // The one who asks may not ask for this.
  virtual void forbidden(const std::string& why) = 0;
};

// Says it in words, or as JSON or CSV where they are asked for; errors to a stream of their own.
class Printer : public Listener {
 public:
  Printer(std::ostream& out, std::ostream& err, const std::string& output)
      : out_(out), err_(err), output_(output) {}

  void table(const Table& table) override;
  void facts(const engine::State& after, const std::vector<Fact>& facts, bool dry_run) override;
  void meaning(const Table& table) override;  // to people alone: as JSON one thing is said
  void wrong(const InputErrors& errors) override;
  void refused(const engine::State& state, const Refusal& refusal, const MaySee& may_see) override;
  void writes(const std::string&, const std::string&) override {}
  void secret(const std::string& secret) override;
  void failed(const journal::IoError& error) override;
  void forbidden(const std::string& why) override;

 private:
  std::ostream& out_;
  std::ostream& err_;
  const std::string& output_;  // set when the command line has been read
};

// Facts as rows: sequence, at, kind, what.
Table table_of(const engine::State& after, const std::vector<Fact>& facts);
// What a damaged file says of itself may hold any bytes: none of them reaches a terminal.
std::string printable(std::string message);

}  // namespace leasehold::operations
