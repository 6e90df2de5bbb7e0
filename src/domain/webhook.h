// Addresses of others that are told what happens, and the commands and facts about them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "base/time.h"
#include "domain/ids.h"

namespace leasehold {

struct Webhook {
  std::string name;                // unique among webhooks
  std::string url;                 // https://, or http://
  std::string secret;              // what it is signed with: "whsec_" and 32 bytes in base64
  std::optional<PartyId> party;    // told of what is the party's; of everything where there is none
  std::vector<std::string> kinds;  // of facts, as kind_of() names them; all where none is named

  static constexpr auto fields() {
    return describe(field("name", &Webhook::name), field("url", &Webhook::url),
                    field("secret", &Webhook::secret), field("party", &Webhook::party),
                    field("kinds", &Webhook::kinds));
  }
};

struct AddWebhook {
  Webhook webhook;
};
struct RemoveWebhook {
  std::string webhook;
};
// Tells it again what happened from a fact on.
struct ReplayWebhook {
  std::string webhook;
  int64_t from = 1;  // a sequence number, up to the one after the last fact
};
// What a server reports: what is told, and why it could not be told more.
struct ReportWebhook {
  std::string webhook;
  int64_t told = 0;     // up to this sequence number
  int64_t replays = 0;  // of the webhook when it was told: a report of before a replay is refused
  std::string error;    // empty where it goes well
};

struct WebhookAdded {
  static constexpr const char* kKind = "webhook_added";
  Webhook webhook;
  static constexpr auto fields() { return describe(field("webhook", &WebhookAdded::webhook)); }
};
struct WebhookRemoved {
  static constexpr const char* kKind = "webhook_removed";
  std::string webhook;
  static constexpr auto fields() { return describe(field("webhook", &WebhookRemoved::webhook)); }
};
struct WebhookReplayed {
  static constexpr const char* kKind = "webhook_replayed";
  std::string webhook;
  int64_t from = 1;
  static constexpr auto fields() {
    return describe(field("webhook", &WebhookReplayed::webhook),
                    field("from", &WebhookReplayed::from));
  }
};
struct WebhookReported {
  static constexpr const char* kKind = "webhook_reported";
  std::string webhook;
  int64_t told = 0;
  std::string error;
  static constexpr auto fields() {
    return describe(field("webhook", &WebhookReported::webhook),
                    field("told", &WebhookReported::told), field("error", &WebhookReported::error));
  }
};

}  // namespace leasehold
