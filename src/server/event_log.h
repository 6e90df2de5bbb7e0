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
#include <string_view>
#include <thread>
#include <vector>

#include "access/authority.h"
#include "server/http.h"
#include "server/running_cloud.h"

namespace leasehold::server {

struct Event {
  uint64_t sequence = 0;
  std::string kind;            // of the fact
  std::string text;            // as it is sent to those who see the whole cloud
  std::string short_text;      // to a party: without the words, which may name what is another's
  std::vector<PartyId> sides;  // to whom it belongs, besides the whole cloud
  size_t data_at = 0;          // where in the texts its JSON begins
  std::string_view data(bool all) const {
    std::string_view whole = all ? text : short_text;
    whole.remove_suffix(2);  // the empty line
    return whole.substr(data_at);
  }
};
using EventPtr = std::shared_ptr<const Event>;

class EventLog {
 public:
  EventLog(RunningCloud& cloud, RunningDoor::OpenJournal open);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // Events after a sequence, for those who see the whole cloud or a party's.
  std::shared_ptr<EventStream> follow(uint64_t after, std::optional<PartyId> party);
  size_t followers() const;
  // Some of the events after a sequence, in order, from memory or from the journal.
  std::vector<EventPtr> after(uint64_t sequence);
  // Whether new events are kept in memory also while nobody follows.
  void keep(bool kept);

 private:
  class Stream;

  void read_on();
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
  bool kept_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace leasehold::server
