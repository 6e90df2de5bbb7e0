// The facts as server-sent events: read from the journal once as they become durable, and given to
// every client that follows.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "access/authority.h"
#include "server/http.h"
#include "server/running_cloud.h"

namespace leasehold::server {

struct Event {
  uint64_t sequence = 0;
  std::string text;            // as it is sent to those who see the whole cloud
  std::string short_text;      // to a party: without the words, which may name what is another's
  std::vector<PartyId> sides;  // to whom it belongs, besides the whole cloud
};

class EventLog {
 public:
  EventLog(RunningCloud& cloud, RunningDoor::OpenJournal open);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // Events after a sequence, for those who see the whole cloud or a party's.
  std::shared_ptr<EventStream> follow(uint64_t after, std::optional<PartyId> party);
  size_t followers() const;

 private:
  class Stream;
  using EventPtr = std::shared_ptr<const Event>;

  void read_on();
  // Up to a number of events after a sequence, from memory or from the journal.
  std::vector<EventPtr> after(uint64_t sequence);
  std::vector<EventPtr> from_journal(uint64_t sequence, size_t most);

  RunningCloud& cloud_;
  RunningDoor::OpenJournal open_;
  mutable std::mutex mutex_;
  std::condition_variable moved_;
  uint64_t durable_ = 0;
  uint64_t read_ = 0;  // the last event that is in memory
  std::deque<EventPtr> recent_;
  std::vector<std::function<void()>> waiting_;
  size_t followers_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace leasehold::server
