#include "operations/door.h"

#include "journal/memory.h"

namespace leasehold::operations {

using journal::Access;
using journal::Io;
using journal::IoError;

Io<HeldState> StoreDoor::state(std::optional<Instant> known_at, Instant moment) {
  auto journal = open_(store_, Access::read);
  if (!journal) return Unexpected<IoError>(journal.error());
  auto state = std::make_shared<engine::State>();
  if (known_at) {
    auto replayed = cloud::replay(**journal, *known_at);
    if (!replayed) return Unexpected<IoError>(replayed.error());
    *state = std::move(*replayed);
  } else {
    auto cloud = cloud::Cloud::open(std::move(*journal));
    if (!cloud) return Unexpected<IoError>(cloud.error());
    *state = cloud->release();
  }
  engine::pass_time(*state, moment);
  return state;
}

Io<std::unique_ptr<journal::Journal>> StoreDoor::journal() { return open_(store_, Access::read); }

Io<std::unique_ptr<cloud::Executor>> StoreDoor::executor(bool keep) {
  auto journal = open_(store_, keep ? Access::write : Access::read);
  // What is tried out needs no store yet.
  if (!journal && !keep && journal.error().code == journal::IoCode::missing)
    journal = std::make_unique<journal::MemoryJournal>();
  if (!journal) return Unexpected<IoError>(journal.error());
  auto cloud = cloud::Cloud::open(std::move(*journal));
  if (!cloud) return Unexpected<IoError>(cloud.error());
  return std::make_unique<cloud::Cloud>(std::move(*cloud));
}

void StoreDoor::submit(const Build& build, Then then) {
  auto executor = this->executor(true);
  if (!executor) return then(nullptr, Unexpected<IoError>(executor.error()));
  const engine::State& state = (*executor)->state();
  auto command = build(state);
  if (!command) return;
  auto answers = (*executor)->execute({&*command, 1});
  HeldState after(std::shared_ptr<cloud::Executor>(std::move(*executor)), &state);
  if (!answers) return then(after, Unexpected<IoError>(answers.error()));
  then(after, std::move(answers->front()));
}

}  // namespace leasehold::operations
