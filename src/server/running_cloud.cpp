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

}  // namespace

RunningCloud::RunningCloud(cloud::Cloud cloud, Clock clock)
    : clock_(std::move(clock)),
      group_(std::move(cloud)),
      durable_(group_.state().sequence),
      thread_([this] { work(); }) {}

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
  return {&group_.state(), [this](const engine::State*) { state_lock_.unlock_shared(); }};
}

void RunningCloud::when_durable(uint64_t sequence, std::function<void()> then) {
  {
    std::lock_guard guard(mutex_);
    if (sequence > durable_.load() && !failed_) {
      awaiting_.emplace_back(sequence, std::move(then));
      return;
    }
  }
  then();
}

std::optional<IoError> RunningCloud::failure() const {
  std::lock_guard guard(mutex_);
  return failed_;
}

void RunningCloud::on_durable(std::function<void(uint64_t)> notify) {
  std::lock_guard guard(mutex_);
  notify_ = std::move(notify);
}

void RunningCloud::submit(std::vector<Command> commands, std::function<void(Answers)> then) {
  {
    std::lock_guard guard(mutex_);
    queue_.push_back({std::move(commands), std::move(then), nullptr});
  }
  asked_.notify_one();
}

void RunningCloud::submit_all(std::vector<Command> commands, std::function<void(AllAnswer)> then) {
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
  auto due = engine::next_due(group_.state());
  return due && *due <= clock_();
}

void RunningCloud::work() {
  while (true) {
    std::deque<Unit> units = take(undurable_.empty());
    if (units.empty() && undurable_.empty()) {
      std::unique_lock guard(mutex_);
      if (stopping_ && queue_.empty()) return;
      guard.unlock();
      if (time_brings_something())
        units.push_back({{{clock_(), "leasehold", PassTime{}}}, [](const Answers&) {}, nullptr});
    }
    if (units.empty()) {
      answer(group_.finish());
    } else if (units.front().then_all) {
      answer(group_.finish());
      decide_all(units.front());
    } else {
      decide(units);
      answer(group_.commit());
    }
  }
}

void RunningCloud::decide(std::deque<Unit>& units) {
  std::lock_guard exclusive(state_lock_);
  for (Unit& unit : units) {
    for (Command& command : unit.commands) command.at = std::max(command.at, group_.state().now);
    group_.decide(unit.commands);
    unit.last = group_.state().sequence;
    undurable_.push_back(std::move(unit));
  }
}

void RunningCloud::decide_all(Unit& unit) {
  std::optional<AllAnswer> answer;
  {
    std::lock_guard exclusive(state_lock_);
    for (Command& command : unit.commands) command.at = std::max(command.at, group_.state().now);
    answer = group_.execute_all(unit.commands);
  }
  if (*answer) become_durable(group_.state().sequence);
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
  while (given < durable->size()) {
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
  std::vector<std::function<void()>> ready;
  std::function<void(uint64_t)> notify;
  {
    std::lock_guard guard(mutex_);
    notify = notify_;
    if (sequence > durable_.load()) durable_.store(sequence);
    std::erase_if(awaiting_, [&](auto& one) {
      bool due = failed_ || one.first <= durable_.load();
      if (due) ready.push_back(std::move(one.second));
      return due;
    });
  }
  for (auto& then : ready) then();
  if (notify) notify(durable_.load());
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
  HeldState held = cloud_.read();
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
  if (!may_change_)
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
