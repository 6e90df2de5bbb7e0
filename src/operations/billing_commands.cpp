// What invoices are made from, beside contracts: taxes, prices, costs, promotions, service levels.
#include <ostream>

#include <fmt/format.h>

#include "billing/rater.h"
#include "operations/billing_text.h"
#include "operations/catalogue.h"
#include "operations/offer_options.h"

namespace leasehold::operations {

namespace {

struct DetailsValues {
  std::string party;
  LegalDetails details;
};
void details_options(Form& form, DetailsValues& values) {
  form.add_option("party", values.party, "Whose")->required();
  form.add_option("--legal-name", values.details.legal_name, "As it is registered")->required();
  form.add_option("--street", values.details.street, "Street and number");
  form.add_option("--city", values.details.city, "City");
  form.add_option("--postcode", values.details.postcode, "Postcode");
  form.add_option("--country", values.details.country, "ISO 3166-1, such as US");
  form.add_option("--tax-id", values.details.tax_id, "Its tax number");
  form.add_option("--email", values.details.email, "Where invoices go");
  form.add_option("--iban", values.details.iban, "The account that it is paid on");
}
void describe_party(Shell& shell, const DetailsValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return DescribeParty{reader.party("party", values.party), values.details};
  });
}

struct TaxValues {
  std::string seller, buyer, site, category = "S", rate = "0 %", from, reason;
};
void tax_options(Form& form, TaxValues& values) {
  form.add_option("seller", values.seller, "Who adds the tax")->required();
  form.add_option("--buyer", values.buyer, "Only for this lessee");
  form.add_option("--site", values.site, "Only for what is at this site");
  form.add_option("--category", values.category,
                  "S standard, Z zero, E exempt, AE the buyer accounts for it, O out of scope");
  form.add_option("--rate", values.rate, "Such as '19 %'");
  form.add_option("--from", values.from, "The day from which; now where it is not said");
  form.add_option("--reason", values.reason, "Why there is none");
}
void set_tax(Shell& shell, const TaxValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    TaxRate rate;
    rate.seller = reader.party("seller", values.seller);
    if (!values.buyer.empty()) rate.buyer = reader.party("--buyer", values.buyer);
    if (!values.site.empty()) rate.site = reader.site("--site", values.site);
    rate.category = reader.choice<TaxCategory>("--category", values.category);
    rate.ppm = values.rate == "0 %" ? 0 : reader.ppm("--rate", values.rate);
    rate.from = values.from.empty() ? shell.now() : reader.instant("--from", values.from);
    rate.reason = values.reason;
    return SetTaxRate{rate};
  });
}
const Columns kTaxesColumns =
    columns_of("seller, buyer, site, category, rate, from: moment, reason");
void list_taxes(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view || !shell.owner_only("tax list")) return;
  const engine::State& state = view->state;
  Table table(kTaxesColumns);
  for (const TaxRate& rate : state.billing.taxes)
    table.add({text(state.name_of(rate.seller)), text(rate.buyer ? state.name_of(rate.buyer) : ""),
               text(rate.site ? state.sites.at(rate.site).name : ""), text(name_of(rate.category)),
               text(ppm_text(rate.ppm)), moment(rate.from), text(rate.reason)});
  shell.say(table);
}

struct PriceValues {
  std::string account, kind = "on_demand", rate, from;
};
void price_options(Form& form, PriceValues& values) {
  form.add_option("account", values.account, "A pool, or a line for what it has idle")->required();
  form.add_option("--kind", values.kind, "on_demand or preemptible");
  form.add_option("--rate", values.rate,
                  "An accelerator-hour: '3.99 USD', or '3.99 USD, 3.50 USD above 10000 [/ volume]'")
      ->required();
  form.add_option("--from", values.from, "The moment from which; now where it is not said");
}
void set_price(Shell& shell, const PriceValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return SetListPrice{{reader.source("account", values.account),
                         reader.choice<InstanceKind>("--kind", values.kind),
                         values.from.empty() ? shell.now() : reader.instant("--from", values.from),
                         read_rate(reader, "--rate", values.rate)}};
  });
}
const Columns kPricesColumns = columns_of("account, kind, from: moment, accelerator-hour: money");
void list_prices(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  Table table(kPricesColumns);
  for (const Pool& pool : view->state.pools.rows())
    if (pool.list_price)
      table.add(
          {text(pool.name), text("on_demand"), text("always"), text(to_text(*pool.list_price))});
  for (const auto& [key, prices] : view->state.billing.prices)
    for (const ListPrice& price : prices)
      table.add({text(view->state.name_of(price.account)), text(name_of(price.kind)),
                 moment(price.from), text(rate_text(price.rate))});
  shell.say(table);
}

struct CostValues {
  std::string delivery, supplier, price, life = "60", residual = "0 %";
};
void cost_options(Form& form, CostValues& values) {
  form.add_option("delivery", values.delivery, "Whose servers")->required();
  form.add_option("--supplier", values.supplier, "Who sold them")->required();
  form.add_option("--per-server", values.price, "What one cost")->required();
  form.add_option("--life", values.life, "Months over which they are written off");
  form.add_option("--residual", values.residual, "What is left of the price at the end");
}
void set_cost(Shell& shell, const CostValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return SetAssetCost{
        {reader.delivery("delivery", values.delivery), reader.party("--supplier", values.supplier),
         reader.money("--per-server", values.price), reader.whole("--life", values.life),
         reader.permille("--residual", values.residual)}};
  });
}

struct PromotionValues {
  std::string name, lessor, lessee, amount, from, until = "forever";
};
void promotion_options(Form& form, PromotionValues& values) {
  form.add_option("name", values.name, "Its name")->required();
  form.add_option("--lessor", values.lessor, "Who gives it")->required();
  form.add_option("--lessee", values.lessee, "To whom")->required();
  form.add_option("--amount", values.amount, "How much")->required();
  form.add_option("--from", values.from, "From when; now where it is not said");
  form.add_option("--until", values.until, "When it expires");
}
void grant(Shell& shell, const PromotionValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return GrantPromotion{
        {{},
         values.name,
         reader.party("--lessor", values.lessor),
         reader.party("--lessee", values.lessee),
         reader.money("--amount", values.amount),
         values.from.empty() ? shell.now() : reader.instant("--from", values.from),
         reader.instant("--until", values.until)}};
  });
}

struct SlaValues {
  std::string period, line;
};
void sla_options(Form& form, SlaValues& values) {
  form.add_option("--period", values.period, "The month, as 2026-09")->required();
  form.add_option("--line", values.line, "Only this line");
}
const Columns kSlaColumns = columns_of(
    "line, lessee, kind, promised hours: number, lost: number, excused: number, available, target, "
    "met, credit: money");
void show_sla(Shell& shell, const SlaValues& values) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Reader reader = shell.reader(state);
  Month month = reader.month("--period", values.period);
  AccountId only = values.line.empty() ? AccountId{} : reader.line("--line", values.line);
  if (!reader.good()) return shell.say(reader.errors());
  billing::Rater rater(state);
  Table table(kSlaColumns);
  for (const Lease& lease : state.leases.rows())
    for (size_t i = 0; i < lease.offer.lines.size(); ++i) {
      AccountId line = engine::line_of(lease.id, i);
      if ((only && line != only) || !shell.may_see(lease)) continue;
      for (const billing::SlaResult& level : rater.service_levels_of(line, month))
        table.add({text(state.name_of(line)), text(state.name_of(lease.offer.lessee)),
                   text(name_of(level.clause.kind)), number(level.promised / kSecondsPerHour),
                   number(level.lost / kSecondsPerHour), number(level.excused / kSecondsPerHour),
                   text(ppm_text(level.available_ppm)), text(ppm_text(level.clause.target_ppm)),
                   text(level.available_ppm >= level.clause.target_ppm ? "yes" : "no"),
                   money(level.credit)});
    }
  shell.say(table);
}

const Columns kOutagesColumns =
    columns_of("id, line, server, from: moment, until: moment, excused, reason");
void list_outages(Shell& shell, const NoValues&) {
  auto view = shell.view();
  if (!view) return;
  const engine::State& state = view->state;
  Table table(kOutagesColumns);
  for (const Outage& outage : state.fleet.outages.rows()) {
    if (!shell.may_see(state.lease_of(outage.line))) continue;
    auto why = state.billing.excused.find(outage.id);
    table.add({text(to_text(outage.id)), text(state.name_of(outage.line)),
               text(state.fleet.server(outage.server).serial), moment(outage.from),
               moment(outage.until),
               text(!outage.excused                      ? "no"
                    : why == state.billing.excused.end() ? "maintenance"
                                                         : why->second),
               text(outage.reason)});
  }
  shell.say(table);
}

struct IncidentValues {
  std::string line, kind = "control_plane", from, until, share = "100 %", reason;
  bool excused = false;
};
void incident_options(Form& form, IncidentValues& values) {
  form.add_option("line", values.line, "Whose service it was")->required();
  form.add_option("--kind", values.kind, "control_plane or performance");
  form.add_option("--from", values.from, "When it began")->required();
  form.add_option("--until", values.until, "When it was over")->required();
  form.add_option("--share", values.share, "Of the line");
  form.add_option("--reason", values.reason, "What it was");
  form.add_flag("--excused", values.excused, "The contract excludes its cause");
}
void record_incident(Shell& shell, const IncidentValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return RecordIncident{{{},
                           reader.line("line", values.line),
                           reader.choice<SlaKind>("--kind", values.kind),
                           reader.instant("--from", values.from),
                           reader.instant("--until", values.until),
                           reader.permille("--share", values.share),
                           values.excused,
                           values.reason}};
  });
}

struct ExcuseValues {
  std::string outage, reason;
};
void excuse_options(Form& form, ExcuseValues& values) {
  form.add_option("outage", values.outage, "Such as outage-3")->required();
  form.add_option("--reason", values.reason, "The clause that excludes it")->required();
}
void excuse(Shell& shell, const ExcuseValues& values) {
  shell.submit_and_say([&](Reader& reader) -> CommandBody {
    return ExcuseOutage{reader.outage("outage", values.outage), values.reason};
  });
}

}  // namespace

void add_party_details(Noun party) {
  add_command(party, "describe",
              "Say what a party is to the law: party describe lambda --legal-name 'Lambda, Inc.' "
              "--city 'San Jose' --country US --tax-id US123456789",
              details_options, describe_party);
}

void add_billing(Noun root) {
  Noun tax = root.noun("tax", "Rates of tax by seller, buyer and site");
  add_command(tax, "set", "Set a rate: tax set lambda --site plano --rate '8.25 %'", tax_options,
              set_tax);
  add_command<NoValues>(tax, "list", "List rates", nullptr, list_taxes, kTaxesColumns);

  Noun price = root.noun("price", "List prices of what has no commitment");
  add_command(price, "set", "Set one: price set h100-home --kind preemptible --rate '1.20 USD'",
              price_options, set_price);
  add_command<NoValues>(price, "list", "List prices", nullptr, list_prices, kPricesColumns);

  Noun cost = root.noun("cost", "What servers cost");
  add_command(cost, "set",
              "Set that of a delivery: cost set comet-servers --supplier nvidia --per-server "
              "'440000 USD' --life 60",
              cost_options, set_cost);

  Noun promotion = root.noun("promotion", "Gifts that pay invoices");
  add_command(promotion, "grant",
              "Grant one: promotion grant welcome --lessor lambda --lessee ai-lab --amount '1000 "
              "USD' --until 2026-12-31",
              promotion_options, grant);

  Noun sla = root.noun("sla", "Service levels, outages and credits");
  add_command(sla, "report", "Levels and credits of a month: sla report --period 2026-09",
              sla_options, show_sla, kSlaColumns);
  add_command<NoValues>(sla, "outages", "List outages", nullptr, list_outages, kOutagesColumns);
  add_command(sla, "incident",
              "Record a loss of service that no server shows: sla incident comet.1 --from "
              "2026-09-01T10:00 --until 2026-09-01T12:00 --reason 'launches failed'",
              incident_options, record_incident);
  add_command(sla, "excuse",
              "Say that the contract excludes an outage: sla excuse outage-3 --reason 'flood'",
              excuse_options, excuse);
}

}  // namespace leasehold::operations
