#include "server/running_cloud.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <shared_mutex>

namespace leasehold::server {

using journal::Io;
using journal::IoError;
using operations::HeldState;

namespace {

constexpr size_t kMostInBatch = 1024;  // commands
constexpr auto kTick = std::chrono::milliseconds(200);
constexpr auto kFollowEvery = std::chrono::milliseconds(50);
constexpr const char* kTakenOver = "another process has taken over the store";

using Steady = std::chrono::steady_clock;

}  // namespace

RunningCloud::RunningCloud(cloud::Cloud cloud, Clock clock, bool writes, OpenStore open)
    : clock_(std::move(clock)),
      open_(std::move(open)),
      writes_(writes),
      seen_at_(Steady::now()),
      durable_(cloud.state().sequence) {
  if (writes)
    group_ = std::make_unique<cloud::GroupCommit>(std::move(cloud));
  else
    followed_.emplace(std::move(cloud));
  thread_ = std::thread([this] { work(); });
}

RunningCloud::~RunningCloud() {
  {
    std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  asked_.notify_all();
  thread_.join();
}

HeldState RunningCloud::read() const {
  state_lock_.lock_shared();
  return {&state(), [this](const engine::State*) { state_lock_.unlock_shared(); }};
}

HeldState RunningCloud::copy() {
  std::lock_guard guard(copy_mutex_);
  HeldState held = read();
  HeldState known = copy_.lock();
  if (known && known->sequence == held->sequence) return known;
  auto fresh = std::make_shared<const engine::State>(*held);
  copy_ = fresh;
  return fresh;
}

void RunningCloud::when_durable(uint64_t sequence, const Later& later,
                                std::function<void(bool)> then) {
  {
    std::lock_guard guard(mutex_);
    if (sequence > durable_.load() && !failed_) {
      awaiting_.emplace_back(sequence, [later, then = std::move(then)](bool kept) {
        later([then, kept] { then(kept); });
      });
      return;
    }
  }
  then(sequence <= durable_.load());
}

std::optional<std::chrono::milliseconds> RunningCloud::staleness() const {
  if (writes_) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - seen_at_.load());
}

std::optional<IoError> RunningCloud::silenced() const {
  if (auto failed = failure()) return failed;
  std::shared_lock guard(state_lock_);
  bool sure =
      group_ ? group_->hold() == journal::Hold::sure : Steady::now() - seen_at_.load() < kMostStale;
  if (sure) return std::nullopt;
  return IoError{journal::IoCode::busy, "whether another server writes is not known: ask again", 0};
}

std::optional<IoError> RunningCloud::failure() const {
  std::lock_guard guard(mutex_);
  return failed_;
}

void RunningCloud::on_durable(std::function<void(uint64_t)> notify) {
  std::lock_guard guard(notify_mutex_);
  notify_ = std::move(notify);
}

void RunningCloud::submit(std::vector<Command> commands, std::function<void(Answers)> then) {
  {
    std::lock_guard guard(mutex_);
    queue_.push_back({std::move(commands), std::move(then), nullptr});
  }
  asked_.notify_one();
}

RunningCloud::Answers RunningCloud::submit_and_wait(std::vector<Command> commands) {
  // Shared: the thread that answers may still be in the promise when who waits has gone on.
  auto answered = std::make_shared<std::promise<Answers>>();
  submit(std::move(commands),
         [answered](Answers answers) { answered->set_value(std::move(answers)); });
  return answered->get_future().get();
}

void RunningCloud::submit_all(std::vector<Command> commands, std::function<void(AllAnswer)> then) {
  // One command is all or none by itself: it shares a batch with others, and no state is copied.
  if (commands.size() == 1)
    return submit(std::move(commands), [then = std::move(then)](Answers answers) {
      if (!answers) return then(Unexpected<IoError>(answers.error()));
      cloud::Answer& answer = answers->front();
      if (answer) return then(std::move(*answer));
      then(AllAnswer::value_type(
          Unexpected<cloud::Executor::Stopped>({0, std::move(answer.error())})));
    });
  {
    std::lock_guard guard(mutex_);
    queue_.push_back({std::move(commands), nullptr, std::move(then)});
  }
  asked_.notify_one();
}

std::deque<RunningCloud::Unit> RunningCloud::take(bool wait) {
  std::unique_lock guard(mutex_);
  if (wait) asked_.wait_for(guard, kTick, [this] { return stopping_ || !queue_.empty(); });
  std::deque<Unit> taken;
  size_t commands = 0;
  while (!queue_.empty() && commands < kMostInBatch) {
    bool alone = queue_.front().then_all != nullptr;
    if (alone && !taken.empty()) break;
    commands += queue_.front().commands.size();
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (alone) break;
  }
  return taken;
}

bool RunningCloud::time_brings_something() const {
  auto due = engine::next_due(state());
  return due && *due <= clock_();
}

void RunningCloud::work() {
  while (writes_ ? write_on() : follow_on()) {
  }
}

bool RunningCloud::write_on() {
  std::deque<Unit> units = take(undurable_.empty());
  if (units.empty() && undurable_.empty()) {
    std::unique_lock guard(mutex_);
    if (stopping_ && queue_.empty()) return false;
    guard.unlock();
    if (time_brings_something())
      units.push_back({{{clock_(), "leasehold", PassTime{}}}, [](const Answers&) {}, nullptr});
  }
  if (units.empty()) {
    answer(group_->finish());
  } else if (units.front().then_all) {
    answer(group_->finish());
    decide_all(units.front());
  } else {
    decide(units);
    answer(group_->commit());
  }
  if (group_->hold() == journal::Hold::lost) {
    std::lock_guard guard(mutex_);
    if (!failed_) failed_ = IoError{journal::IoCode::fenced, kTakenOver, 0};
  }
  if (open_ && failure()) stand_down();
  return true;
}

// What was decided here and is not in the store never was: the store is read anew. Until it has
// been, failure() keeps every answer back.
void RunningCloud::stand_down() {
  answer(Unexpected<IoError>(*failure()));
  refuse_changes();
  auto journal = open_(journal::Access::read);
  auto fresh = journal ? cloud::Cloud::open(std::move(*journal), kSnapshots)
                       : Io<cloud::Cloud>(Unexpected<IoError>(journal.error()));
  if (!fresh) {
    std::unique_lock guard(mutex_);
    asked_.wait_for(guard, kTick, [this] { return stopping_; });
    return;  // and is tried again
  }
  {
    std::lock_guard copying(copy_mutex_);
    std::lock_guard exclusive(state_lock_);
    copy_.reset();  // the same sequence may be another fact now
    group_.reset();
    followed_.emplace(std::move(*fresh));
    seen_at_ = Steady::now();
    writes_ = false;
  }
  {
    std::lock_guard guard(mutex_);
    failed_.reset();
  }
  become_durable(followed_->state().sequence);
}

void RunningCloud::refuse_changes() {
  std::deque<Unit> units;
  {
    std::lock_guard guard(mutex_);
    units = std::exchange(queue_, {});
  }
  IoError elsewhere{journal::IoCode::busy,
                    "another server writes: ask it, or again in a few seconds", 0};
  for (Unit& unit : units) {
    if (unit.then) unit.then(Unexpected<IoError>(elsewhere));
    if (unit.then_all) unit.then_all(Unexpected<IoError>(elsewhere));
  }
}

bool RunningCloud::follow_on() {
  {
    std::unique_lock guard(mutex_);
    asked_.wait_for(guard, kFollowEvery, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_ && queue_.empty()) return false;
  }
  refuse_changes();
  auto began = Steady::now();
  bool seen = false;
  {
    std::lock_guard exclusive(state_lock_);
    seen = followed_->follow().has_value();
  }
  if (seen) {
    seen_at_ = began;
  } else if (auto journal = open_(journal::Access::read); journal) {
    std::lock_guard exclusive(state_lock_);
    (void)followed_->go_on(std::move(*journal));
  }
  if (began - tried_at_ >= kTick) try_to_take_over();
  if (state().sequence > durable_) become_durable(state().sequence);
  return true;
}

void RunningCloud::try_to_take_over() {
  tried_at_ = Steady::now();
  auto journal = open_(journal::Access::write);
  if (!journal) return;
  std::lock_guard exclusive(state_lock_);
  if (!followed_->go_on(std::move(*journal))) return;
  group_ = std::make_unique<cloud::GroupCommit>(std::move(*followed_));
  followed_.reset();
  writes_ = true;
}

void RunningCloud::decide(std::deque<Unit>& units) {
  std::lock_guard exclusive(state_lock_);
  for (Unit& unit : units) {
    for (Command& command : unit.commands) command.at = std::max(command.at, state().now);
    group_->decide(unit.commands);
    unit.last = state().sequence;
    undurable_.push_back(std::move(unit));
  }
}

void RunningCloud::decide_all(Unit& unit) {
  std::optional<AllAnswer> answer;
  {
    std::lock_guard exclusive(state_lock_);
    for (Command& command : unit.commands) command.at = std::max(command.at, state().now);
    answer = group_->execute_all(unit.commands);
  }
  if (*answer) become_durable(state().sequence);
  unit.then_all(std::move(*answer));
}

void RunningCloud::answer(Io<std::vector<cloud::Answer>> durable) {
  if (!durable) {
    {
      std::lock_guard guard(mutex_);
      failed_ = durable.error();
    }
    for (Unit& unit : undurable_) unit.then(Unexpected<IoError>(durable.error()));
    undurable_.clear();
    return become_durable(0);
  }
  size_t given = 0;
  uint64_t last = 0;
  // Who asked for nothing is answered as soon as those before it are.
  auto waits = [&] { return !undurable_.empty() && undurable_.front().commands.empty(); };
  while (given < durable->size() || waits()) {
    Unit unit = std::move(undurable_.front());
    undurable_.pop_front();
    std::vector<cloud::Answer> own;
    own.reserve(unit.commands.size());
    for (size_t i = 0; i < unit.commands.size(); ++i) own.push_back(std::move((*durable)[given++]));
    last = unit.last;
    unit.then(std::move(own));
  }
  if (last > 0) become_durable(last);
}

void RunningCloud::become_durable(uint64_t sequence) {
  std::vector<std::pair<uint64_t, std::function<void(bool)>>> ready;
  {
    std::lock_guard guard(mutex_);
    if (sequence > durable_.load()) durable_.store(sequence);
    std::erase_if(awaiting_, [&](auto& one) {
      bool due = failed_ || one.first <= durable_.load();
      if (due) ready.push_back(std::move(one));
      return due;
    });
  }
  for (auto& [upto, then] : ready) then(upto <= durable_.load());
  std::lock_guard guard(notify_mutex_);
  if (notify_) notify_(durable_.load());
}

Io<HeldState> RunningDoor::state(std::optional<Instant> known_at, Instant moment) {
  if (known_at) {
    auto journal = open_();
    if (!journal) return Unexpected<IoError>(journal.error());
    auto state = cloud::replay(**journal, *known_at);
    if (!state) return Unexpected<IoError>(state.error());
    engine::pass_time(*state, moment);
    return std::make_shared<engine::State>(std::move(*state));
  }
  HeldState held = asks_ == Asks::long_question ? cloud_.copy() : cloud_.read();
  seen_ = std::max(seen_, held->sequence);
  auto due = engine::next_due(*held);
  if (!due || *due > moment) return held;
  auto later = std::make_shared<engine::State>(*held);
  held.reset();
  engine::pass_time(*later, moment);
  return later;
}

void RunningDoor::submit(const Build& build, Then then) {
  std::optional<Command> command;
  HeldState held = cloud_.read();
  if (asks_ != Asks::change)
    return then(held,
                journal::io_error(journal::IoCode::read_only, "a GET changes nothing: POST it"));
  command = build(*held);
  held.reset();
  if (!command) return;
  submitted_ = true;
  std::vector<Command> one;
  one.push_back(std::move(*command));
  cloud_.submit(std::move(one), [&cloud = cloud_, later = later_,
                                 then = std::move(then)](RunningCloud::Answers answers) {
    auto kept = std::make_shared<RunningCloud::Answers>(std::move(answers));
    later([&cloud, kept, then] {
      HeldState after = cloud.read();
      if (!*kept) return then(after, Unexpected<IoError>(kept->error()));
      then(after, std::move((*kept)->front()));
    });
  });
}

namespace {

// Decides one set of commands after the other for an operation that looks at the state between
// them: it holds the state but while it waits.
class Turns : public cloud::Executor {
 public:
  explicit Turns(RunningCloud& cloud) : cloud_(cloud), held_(cloud.read()) {}

  Io<std::vector<cloud::Answer>> execute(std::span<const Command> commands) override {
    return wait<RunningCloud::Answers>(
        [&](auto then) { cloud_.submit({commands.begin(), commands.end()}, std::move(then)); });
  }
  Io<Expected<std::vector<Fact>, Stopped>> execute_all(std::span<const Command> commands) override {
    return wait<RunningCloud::AllAnswer>(
        [&](auto then) { cloud_.submit_all({commands.begin(), commands.end()}, std::move(then)); });
  }
  const engine::State& state() const override { return *held_; }
  Io<std::monostate> take_snapshot() override { return {}; }  // the running cloud takes its own

 private:
  template <class Answer, class Submit>
  Answer wait(Submit submit) {
    held_.reset();
    auto answered = std::make_shared<std::promise<Answer>>();
    submit([answered](Answer answer) { answered->set_value(std::move(answer)); });
    Answer answer = answered->get_future().get();
    held_ = cloud_.read();
    return answer;
  }

  RunningCloud& cloud_;
  HeldState held_;
};

}  // namespace

Io<std::unique_ptr<cloud::Executor>> RunningDoor::executor(bool) {
  return std::make_unique<Turns>(cloud_);
}

}  // namespace leasehold::server
