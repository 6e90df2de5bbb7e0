// Webhooks: who may be told, and how far they were told.
#include <algorithm>

#include "engine/rules.h"

namespace leasehold::engine {

namespace {

constexpr size_t kMostWebhooks = 1000;

Unexpected<Refusal> no_webhook(const std::string& name) {
  return refuse(RefusalCode::unknown_reference, "webhook", name);
}

Checked check_url(const std::string& url) {
  LH_CHECK(check_text(url, "url"));
  bool http = url.starts_with("https://") || url.starts_with("http://");
  // Who is told is found by the address alone: no user, no part that is not sent.
  bool plain = url.find_first_of("@# ") == std::string::npos && url.find("//") + 2 < url.size();
  if (http && plain) return {};
  return refuse(RefusalCode::invalid_value, "url", url,
                "an address such as https://tenant.example/leasehold");
}

}  // namespace

Result<Facts> decide_body(const State& state, const AddWebhook& command, Instant) {
  const Webhook& webhook = command.webhook;
  LH_CHECK(check_name(webhook.name, state.access.webhooks.contains(webhook.name)));
  LH_CHECK(check_url(webhook.url));
  LH_CHECK(check_text(webhook.secret, "secret"));
  if (webhook.party && state.parties.find(*webhook.party) == nullptr)
    return refuse(RefusalCode::unknown_reference, "party", to_text(*webhook.party));
  const std::vector<std::string>& kinds = fact_kinds();
  for (const std::string& kind : webhook.kinds)
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
      return refuse(RefusalCode::invalid_value, "kinds", kind,
                    "a kind of facts such as instance_launched");
  if (state.access.webhooks.size() >= kMostWebhooks)
    return refuse(RefusalCode::invalid_value, "name", webhook.name,
                  "at most " + std::to_string(kMostWebhooks) + " webhooks");
  return Facts{WebhookAdded{webhook}};
}

Result<Facts> decide_body(const State& state, const RemoveWebhook& command, Instant) {
  if (!state.access.webhooks.contains(command.webhook)) return no_webhook(command.webhook);
  return Facts{WebhookRemoved{command.webhook}};
}

Result<Facts> decide_body(const State& state, const ReplayWebhook& command, Instant) {
  if (!state.access.webhooks.contains(command.webhook)) return no_webhook(command.webhook);
  LH_CHECK(check_range(command.from, 1, static_cast<int64_t>(state.sequence) + 1, "from"));
  return Facts{WebhookReplayed{command.webhook, command.from}};
}

Result<Facts> decide_body(const State& state, const ReportWebhook& command, Instant) {
  auto known = state.access.webhooks.find(command.webhook);
  if (known == state.access.webhooks.end()) return no_webhook(command.webhook);
  const ToldWebhook& row = known->second;
  if (command.replays != row.replays)
    return refuse(RefusalCode::wrong_state, "webhook", command.webhook,
                  "a report of what was told after the last replay");
  LH_CHECK(check_text(command.error, "error"));
  LH_CHECK(check_range(command.told, row.told, static_cast<int64_t>(state.sequence), "told"));
  if (command.told == row.told && command.error == row.error)
    return refuse(RefusalCode::nothing_to_change, "webhook", command.webhook, "something new");
  return Facts{WebhookReported{command.webhook, command.told, command.error}};
}

}  // namespace leasehold::engine
