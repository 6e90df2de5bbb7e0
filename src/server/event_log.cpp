#include "server/event_log.h"

#include <algorithm>

#include <fmt/format.h>

#include "access/fact_sides.h"
#include "base/json.h"
#include "journal/fact_codec.h"
#include "operations/fact_text.h"

namespace leasehold::server {

namespace {

constexpr size_t kInMemory = 10'000;
constexpr size_t kAtOnce = 500;

Event event_of(const engine::State& state, const Fact& fact) {
  Event event;
  event.sequence = fact.sequence;
  event.kind = kind_of(fact.body);
  event.sides = access::sides_of(state, fact.body);
  std::string data =
      fmt::format("{{\"sequence\":{},\"at\":\"{}\",\"actor\":", fact.sequence, to_text(fact.at));
  write_json_string(data, fact.actor);
  data += fmt::format(",\"kind\":\"{}\"", event.kind);
  std::string head = fmt::format("id: {}\nevent: {}\ndata: ", fact.sequence, event.kind);
  event.data_at = head.size();
  event.short_text = head + data + "}\n\n";
  data += ",\"what\":";
  write_json_string(data, operations::fact_text(state, fact.body));
  event.text = head + data + "}\n\n";
  return event;
}

}  // namespace

class EventLog::Stream : public EventStream {
 public:
  Stream(EventLog& log, uint64_t after, std::optional<PartyId> party)
      : log_(log), last_(after), party_(party) {
    std::lock_guard guard(log_.mutex_);
    ++log_.followers_;
  }
  ~Stream() override {
    std::lock_guard guard(log_.mutex_);
    --log_.followers_;
  }

  std::optional<std::string> take() override {
    std::string text;
    for (const EventPtr& event : log_.after(last_)) {
      last_ = event->sequence;
      bool seen = !party_ || std::find(event->sides.begin(), event->sides.end(), *party_) !=
                                 event->sides.end();
      if (seen) text += party_ ? event->short_text : event->text;
    }
    return text;
  }

  void when_more(std::function<void()> wake) override {
    {
      std::lock_guard guard(log_.mutex_);
      if (log_.read_ <= last_) {
        log_.waiting_.push_back(std::move(wake));
        return;
      }
    }
    wake();
  }

 private:
  EventLog& log_;
  uint64_t last_;
  std::optional<PartyId> party_;
};

EventLog::EventLog(RunningCloud& cloud, RunningDoor::OpenJournal open)
    : cloud_(cloud),
      open_(std::move(open)),
      durable_(cloud.durable()),
      read_(cloud.durable()),
      thread_([this] { read_on(); }) {
  cloud_.on_durable([this](uint64_t sequence) {
    std::lock_guard guard(mutex_);
    durable_ = std::max(durable_, sequence);
    moved_.notify_one();
  });
}

EventLog::~EventLog() {
  cloud_.on_durable(nullptr);
  {
    std::lock_guard guard(mutex_);
    stopping_ = true;
    moved_.notify_one();
  }
  thread_.join();
}

std::shared_ptr<EventStream> EventLog::follow(uint64_t after, std::optional<PartyId> party) {
  return std::make_shared<Stream>(*this, after, party);
}

size_t EventLog::followers() const {
  std::lock_guard guard(mutex_);
  return followers_;
}

void EventLog::keep(bool kept) {
  std::lock_guard guard(mutex_);
  kept_ = kept;
}

void EventLog::read_on() {
  std::unique_lock guard(mutex_);
  while (true) {
    moved_.wait(guard, [this] { return stopping_ || durable_ > read_; });
    if (stopping_) return;
    if (followers_ == 0 && !kept_) {
      // Nobody listens: who comes later reads the journal.
      recent_.clear();
      read_ = durable_;
      continue;
    }
    uint64_t from = read_;
    guard.unlock();
    std::vector<EventPtr> events = from_journal(from, kAtOnce);
    guard.lock();
    if (events.empty()) {
      moved_.wait_for(guard, std::chrono::milliseconds(200));
      continue;
    }
    read_ = events.back()->sequence;
    recent_.insert(recent_.end(), events.begin(), events.end());
    while (recent_.size() > kInMemory) recent_.pop_front();
    std::vector<std::function<void()>> waiting = std::exchange(waiting_, {});
    guard.unlock();
    for (auto& wake : waiting) wake();
    guard.lock();
  }
}

std::vector<EventPtr> EventLog::after(uint64_t sequence) {
  {
    std::lock_guard guard(mutex_);
    if (sequence >= read_) return {};
    if (!recent_.empty() && recent_.front()->sequence <= sequence + 1) {
      auto from = std::partition_point(recent_.begin(), recent_.end(), [&](const EventPtr& event) {
        return event->sequence <= sequence;
      });
      auto until = recent_.end() - from > static_cast<ptrdiff_t>(kAtOnce)
                       ? from + static_cast<ptrdiff_t>(kAtOnce)
                       : recent_.end();
      return {from, until};
    }
  }
  return from_journal(sequence, kAtOnce);
}

std::vector<EventPtr> EventLog::from_journal(uint64_t sequence, size_t most) {
  std::vector<EventPtr> events;
  auto journal = open_();
  if (!journal) return events;
  std::vector<Fact> facts;
  auto read = (*journal)->read(sequence + 1, [&](const journal::Record& record) {
    auto fact = journal::to_fact(record);
    if (fact) facts.push_back(std::move(*fact));
    return fact.has_value() && facts.size() < most;
  });
  if (!read) return events;
  operations::HeldState state = cloud_.read();
  for (const Fact& fact : facts)
    if (fact.sequence <= state->sequence)
      events.push_back(std::make_shared<Event>(event_of(*state, fact)));
  return events;
}

}  // namespace leasehold::server
