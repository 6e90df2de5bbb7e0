#include "server/audit_trail.h"

namespace leasehold::server {

namespace {

// Rows that are told at once; of what comes besides only the number is. Who has no key has few, so
// that nobody fills the journal from outside.
constexpr size_t kMostRefusals = 1000;
constexpr size_t kMostOfStrangers = 50;

}  // namespace

AuditTrail::AuditTrail(RunningCloud& cloud, std::chrono::seconds every)
    : cloud_(cloud), every_(every), thread_([this] { run(); }) {}

AuditTrail::~AuditTrail() {
  {
    std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
  tell();
}

void AuditTrail::used(KeyId key) {
  std::lock_guard guard(mutex_);
  keys_.insert(key);
}

void AuditTrail::used(const std::string& user) {
  std::lock_guard guard(mutex_);
  users_.insert(user);
}

void AuditTrail::refused(Refused row, bool known) {
  std::lock_guard guard(mutex_);
  Kind kind{row.who, row.asked, row.code};
  bool full = known ? refused_.size() >= kMostRefusals : strangers_ >= kMostOfStrangers;
  if (full && !refused_.contains(kind)) {
    row.who = known ? "others" : "somebody elsewhere";
    row.asked = row.target = "";
    kind = {row.who, row.asked, row.code};
  }
  auto [told, fresh] = refused_.try_emplace(kind, row);
  if (fresh && !known) ++strangers_;
  if (fresh) return;
  ++told->second.requests;
  told->second.target = row.target;
}

void AuditTrail::run() {
  std::unique_lock guard(mutex_);
  while (!stopping_) {
    if (stopped_.wait_for(guard, every_, [this] { return stopping_; })) return;
    guard.unlock();
    tell();
    guard.lock();
  }
}

// One that follows keeps what it has to tell until it writes.
void AuditTrail::tell() {
  if (!cloud_.writes()) return;
  NoteAccess note;
  {
    std::lock_guard guard(mutex_);
    note.keys.assign(keys_.begin(), keys_.end());
    note.users.assign(users_.begin(), users_.end());
    for (auto& [kind, row] : refused_) note.refused.push_back(std::move(row));
    keys_.clear();
    users_.clear();
    refused_.clear();
    strangers_ = 0;
  }
  if (note.keys.empty() && note.users.empty() && note.refused.empty()) return;
  (void)cloud_.submit_and_wait({{cloud_.now(), "leasehold", std::move(note)}});
}

}  // namespace leasehold::server
