#include "server/webhooks.h"

#include <algorithm>

#include <fmt/format.h>
#include <sodium.h>
#include <boost/asio/post.hpp>

#include "base/json.h"
#include "client/http_client.h"
#include "operations/shell.h"
#include "server/text.h"

namespace leasehold::server {

namespace {

constexpr size_t kSenders = 4;         // webhooks that are told at the same time
constexpr size_t kMostEvents = 100;    // in one message
constexpr int64_t kFarAhead = 10'000;  // facts that concern nobody, until that is reported
constexpr auto kRound = std::chrono::milliseconds(100);
constexpr auto kReportEvery = std::chrono::seconds(5);
constexpr auto kForWebhook = std::chrono::seconds(10);
constexpr int kMostSteps = 50;    // for one webhook, before others are looked after
constexpr int kMostBackoff = 10;  // doublings of a second: 17 minutes

}  // namespace

std::string webhook_signature(const std::string& secret, const std::string& id, int64_t seconds,
                              const std::string& body) {
  constexpr std::string_view kPrefix = "whsec_";
  std::string_view encoded = secret;
  if (encoded.starts_with(kPrefix)) encoded.remove_prefix(kPrefix.size());
  std::string key = from_base64(encoded).value_or(std::string(encoded));
  std::string message = fmt::format("{}.{}.{}", id, seconds, body);
  auto bytes = [](const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes(message), message.size());
  std::string sum(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(sum.data()));
  return "v1," + to_base64(sum);
}

Webhooks::Webhooks(RunningCloud& cloud, EventLog& events, bool anywhere)
    : cloud_(cloud), events_(events), anywhere_(anywhere), senders_(kSenders), thread_([this] {
        run();
      }) {}

Webhooks::~Webhooks() {
  {
    std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
  senders_.join();
  report(true);
}

void Webhooks::run() {
  std::unique_lock guard(mutex_);
  while (!stopping_) {
    guard.unlock();
    bool tells = cloud_.writes() && !cloud_.silenced();
    Rows rows;
    if (tells) rows = cloud_.read()->access.webhooks;
    events_.keep(!rows.empty());
    begin(rows, static_cast<int64_t>(cloud_.durable()));
    report(false);
    guard.lock();
    stopped_.wait_for(guard, kRound, [this] { return stopping_; });
  }
}

Webhooks::Progress Webhooks::starting_from(const engine::ToldWebhook& row) {
  Progress progress;
  progress.told = progress.reported = row.told;
  progress.replays = row.replays;
  progress.error = progress.reported_error = row.error;
  return progress;
}

// Lets those who have something to be told be told.
void Webhooks::begin(const Rows& rows, int64_t durable) {
  std::lock_guard guard(mutex_);
  std::erase_if(progress_,
                [&](const auto& one) { return !one.second.busy && !rows.contains(one.first); });
  for (const auto& [name, row] : rows) {
    auto [known, fresh] = progress_.try_emplace(name);
    Progress& progress = known->second;
    if (progress.busy) continue;
    if (fresh || progress.replays != row.replays) progress = starting_from(row);
    progress.told = std::max(progress.told, row.told);  // another server told it
    if (progress.told >= durable || progress.next > Steady::now()) continue;
    progress.busy = true;
    boost::asio::post(senders_, [this, webhook = row.webhook] { tell(webhook); });
  }
}

void Webhooks::tell(const Webhook& webhook) {
  for (int step = 0; step < kMostSteps && tell_some(webhook); ++step) {
  }
  std::lock_guard guard(mutex_);
  progress_.at(webhook.name).busy = false;
}

// One message, or none where nothing is for it; whether there may be more.
bool Webhooks::tell_some(const Webhook& webhook) {
  Progress before;
  {
    std::lock_guard guard(mutex_);
    if (stopping_) return false;
    before = progress_.at(webhook.name);
  }
  Next next = next_for(webhook, before);
  std::string error = next.body.empty() ? "" : send(webhook, next);
  std::lock_guard guard(mutex_);
  Progress& progress = progress_.at(webhook.name);
  if (!error.empty()) {
    progress.error = error;
    int doublings = std::min(progress.failures++, kMostBackoff);
    progress.next = Steady::now() + std::chrono::seconds(1 << doublings);
    return false;
  }
  progress.told = std::max(progress.told, next.last);
  if (!next.body.empty()) {
    progress.sent = true;
    progress.error.clear();
    progress.failures = 0;
    progress.next = {};
  }
  return next.last > before.told;
}

Webhooks::Next Webhooks::next_for(const Webhook& webhook, const Progress& progress) {
  Next next;
  next.last = progress.told;
  std::string list;
  int64_t first = 0;
  int64_t last = 0;
  size_t count = 0;
  for (const auto& event : events_.after(static_cast<uint64_t>(progress.told))) {
    // What is told of webhooks is not told to them: it would never end.
    bool wanted = event->kind != WebhookReported::kKind;
    if (webhook.party)
      wanted = wanted && std::find(event->sides.begin(), event->sides.end(), *webhook.party) !=
                             event->sides.end();
    if (!webhook.kinds.empty())
      wanted = wanted && std::find(webhook.kinds.begin(), webhook.kinds.end(), event->kind) !=
                             webhook.kinds.end();
    next.last = static_cast<int64_t>(event->sequence);
    if (!wanted) continue;
    if (count == 0) first = next.last;
    last = next.last;
    list += count == 0 ? "" : ",";
    list += event->data(!webhook.party);
    if (++count == kMostEvents) break;
  }
  if (count == 0) return next;
  // Another for other events, and after a replay: a receiver may pass over ids that it has.
  next.id = fmt::format("{}-{}-{}-{}", webhook.name, progress.replays, first, last);
  next.body = "{\"webhook\":";
  write_json_string(next.body, webhook.name);
  next.body += ",\"events\":[" + list + "]}";
  return next;
}

// Why it was not taken; nothing where it was.
std::string Webhooks::send(const Webhook& webhook, const Next& next) const {
  auto url = client::parse_url(webhook.url);
  if (!url) return "its url is not " + url.error().expected;
  int64_t seconds = cloud_.now().seconds;
  client::Asked asked;
  asked.method = "POST";
  asked.target = url->target;
  asked.body = next.body;
  asked.for_answer = kForWebhook;
  asked.public_only = webhook.party && !anywhere_;
  asked.headers = {
      {"Content-Type", "application/json"},
      {"webhook-id", next.id},
      {"webhook-timestamp", std::to_string(seconds)},
      {"webhook-signature", webhook_signature(webhook.secret, next.id, seconds, next.body)}};
  auto said = client::ask(url->address, asked);
  if (!said) return operations::printable(said.error().why).substr(0, 200);
  if (said->status >= 200 && said->status < 300) return "";
  return fmt::format("it answered {}", said->status);
}

void Webhooks::report(bool all) {
  std::vector<Command> reports;
  {
    std::lock_guard guard(mutex_);
    auto now = Steady::now();
    for (auto& [name, progress] : progress_) {
      bool turned = progress.error != progress.reported_error;
      int64_t ahead = progress.told - progress.reported;
      bool due = ahead > 0 && progress.sent && (all || now - progress.reported_at > kReportEvery);
      if (!turned && !due && ahead < kFarAhead) continue;
      progress.reported = progress.told;
      progress.reported_error = progress.error;
      progress.reported_at = now;
      progress.sent = false;
      reports.push_back({cloud_.now(), "leasehold",
                         ReportWebhook{name, progress.told, progress.replays, progress.error}});
    }
  }
  if (!reports.empty() && cloud_.writes()) (void)cloud_.submit_and_wait(std::move(reports));
}

}  // namespace leasehold::server
