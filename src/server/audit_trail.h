// Tells the journal who was let in and who was refused: what changed nothing leaves no fact by
// itself. Refusals of one kind by one asker become one row, so that nobody fills the journal by
// asking in vain; a server that is killed loses those of its last seconds, which its log has.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <tuple>

#include "server/running_cloud.h"

namespace leasehold::server {

class AuditTrail {
 public:
  static constexpr int64_t kFresh = 600;  // seconds: so exact is when a key was used

  // The journal is told every so often.
  AuditTrail(RunningCloud& cloud, std::chrono::seconds every);
  // Tells what is not told yet.
  ~AuditTrail();
  AuditTrail(const AuditTrail&) = delete;
  AuditTrail& operator=(const AuditTrail&) = delete;

  void used(KeyId key);
  void used(const std::string& user);
  // Of who is known, or of somebody without a key.
  void refused(Refused row, bool known);

 private:
  void run();
  void tell();

  RunningCloud& cloud_;
  std::chrono::seconds every_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::set<KeyId> keys_;
  std::set<std::string> users_;
  using Kind = std::tuple<std::string, std::string, std::string>;  // who, what, how answered
  std::map<Kind, Refused> refused_;
  size_t strangers_ = 0;  // rows of those without a key
  std::thread thread_;
};

}  // namespace leasehold::server
