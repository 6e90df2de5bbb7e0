// webhook: who is told what happens.
#include <algorithm>

#include <fmt/format.h>

#include "operations/catalogue.h"
#include "operations/fact_text.h"

namespace leasehold::operations {

namespace {

struct WebhookValues {
  std::string name, url, party;
  std::vector<std::string> kinds;
};
void webhook_options(Form& form, WebhookValues& values) {
  form.add_option("name", values.name, "The webhook's name, unique among webhooks")->required();
  form.add_option("--url", values.url, "Where it is told")->required();
  form.add_option("--party", values.party,
                  "It is told of what is this party's; of everything otherwise");
  form.add_option("--kinds", values.kinds,
                  "Kinds of facts, as 'journal list' has them; all otherwise")
      ->delimiter(',');
}
// As the standard has it: "whsec_" and plain base64, of what is random in URL-safe base64.
std::string signing_secret(std::string random) {
  std::replace(random.begin(), random.end(), '-', '+');
  std::replace(random.begin(), random.end(), '_', '/');
  random.resize((random.size() + 3) / 4 * 4, '=');
  return "whsec_" + random;
}
void add_webhook(Shell& shell, const WebhookValues& values) {
  std::string secret = signing_secret(shell.environment().secret());
  shell.submit_and_say(
      [&](Reader& reader) -> CommandBody {
        Webhook webhook;
        webhook.name = values.name;
        webhook.url = values.url;
        webhook.secret = secret;
        if (!values.party.empty()) webhook.party = reader.party("--party", values.party);
        webhook.kinds = values.kinds;
        return AddWebhook{webhook};
      },
      [&shell, secret](const engine::State&, const std::vector<Fact>&) {
        if (!shell.options().dry_run) shell.say_secret(secret);
      });
}

struct WebhookName {
  std::string webhook;
};
void webhook_name(Form& form, WebhookName& values) {
  form.add_option("webhook", values.webhook, "Its name")->required();
}
void remove_webhook(Shell& shell, const WebhookName& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RemoveWebhook{reader.webhook("webhook", values.webhook)};
  });
}

struct WebhookReplay {
  std::string webhook, from;
};
void webhook_replay_options(Form& form, WebhookReplay& values) {
  form.add_option("webhook", values.webhook, "Its name")->required();
  form.add_option("--from", values.from, "The sequence number of a fact")->required();
}
void replay_webhook(Shell& shell, const WebhookReplay& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return ReplayWebhook{reader.webhook("webhook", values.webhook),
                         reader.whole("--from", values.from)};
  });
}

const Columns kWebhooksColumns =
    columns_of("name, url, party, kinds, told to: number, since: moment, status");
void list_webhooks(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kWebhooksColumns);
  for (const auto& [name, row] : view->state.access.webhooks) {
    const Webhook& webhook = row.webhook;
    if (!shell.may_see(webhook.party)) continue;
    table.add(
        {text(name), text(webhook.url), text(whose(view->state, webhook.party)),
         text(webhook.kinds.empty() ? "all" : fmt::format("{}", fmt::join(webhook.kinds, ", "))),
         number(row.told), moment(row.since), text(row.error.empty() ? "well" : row.error)});
  }
  shell.say(table);
}

}  // namespace

void add_webhooks(Noun root) {
  Noun noun = root.noun("webhook", "Who is told what happens");
  add_command(noun, "add",
              "Tell an address, and say once the secret that is signed with: webhook add books "
              "--url https://books.neo.example/leasehold --kinds invoice_issued,payment_recorded",
              webhook_options, add_webhook);
  add_command(noun, "remove", "It is told no longer: webhook remove books", webhook_name,
              remove_webhook);
  add_command(noun, "replay",
              "Tell it again what happened from a fact on: webhook replay books --from 1200",
              webhook_replay_options, replay_webhook);
  add_command<NoValues>(noun, "list", "List webhooks, and how far each was told", nullptr,
                        list_webhooks, kWebhooksColumns);
}

}  // namespace leasehold::operations
