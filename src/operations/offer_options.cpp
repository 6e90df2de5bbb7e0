#include "operations/offer_options.h"

namespace leasehold::operations {

void offer_options(Form& form, OfferValues& values, const char* source_option,
                   const char* source_help) {
  TermsValues& terms = values.terms;
  form.add_option(source_option, values.sources, source_help)->required();
  form.add_option("--lessee", values.lessee, "Who leases")->required();
  form.add_option("--lessor", values.lessor, "Who lets; the source's owner where it is not said");
  form.add_option("--name", values.name, "A name for the contract");
  form.add_option("--quantity", values.quantity, "Such as '8 servers' or '64 chips'")->required();
  form.add_option("--start", values.from, "When it begins, such as 2026-01-01")->required();
  auto* end = form.add_option("--end", values.until, "When it ends");
  auto* term = form.add_option("--term", values.term, "How long, such as '4 years'")->excludes(end);
  form.add_flag("--open", values.open, "Runs until notice")->excludes(end)->excludes(term);
  form.add_option("--ramp", values.ramp,
                  "A further tranche, such as '2026-03-01 2500 accelerators'");
  form.add_option("--fabric", values.fabric, "The fabric that its servers must be on");
  form.add_flag("--split", values.split, "Several sources together, where none has the whole");
  form.add_option(
      "--price", values.price,
      "'2.04 USD/accelerator-hour', '36999 USD/server-month' or '1300000000 USD total'");
  form.add_option("--contract-zone", terms.zone, "The contract's IANA time zone");
  form.add_option("--use", terms.use, names_of<Use>());
  form.add_option("--listed", terms.listed, "The parties that '--use listed' allows");
  form.add_option("--take-or-pay", terms.take_or_pay, "The share paid whether used or not");
  form.add_option("--prepay", terms.prepay, "The share paid before");
  form.add_option("--notice", terms.notice, "The notice period of an open term");
  form.add_option("--renewal", terms.renewal, "'TERM / NOTICE', such as '1 year / 180 days'");
  form.add_option("--spares", terms.spares, "The share kept as spares");
  form.add_option("--spares-held-by", terms.spares_by, "lessor or lessee");
  form.add_option("--exit-fee", terms.exit_fee, "Of what is left to pay, on early termination");
  form.add_option("--draws-on", terms.draws_on, "The spend commitment that pays");
  form.add_option("--spread", terms.spread, "How its servers lie: " + names_of<Spread>());
  form.add_option("--acceptance-window", terms.acceptance_window,
                  "Silence after which a tranche is deemed accepted; 14 days where it is not said");
  form.add_option("--maintenance", terms.maintenance,
                  "'NOTICE / HOURS': planned work that is no outage, such as '5 days / 8'");
  form.add_option(
      "--delay", terms.delay,
      "'GRACE / A DAY / AT MOST [/ WALK AFTER]': owed for a late tranche, in shares of a "
      "month's fee, such as '30 days / 1 % / 10 % / 180 days'");
  billing_options(form, terms);
}

namespace {

void read_service_terms(Reader& reader, const TermsValues& values, const std::string& prefix,
                        Terms& terms) {
  if (!values.spread.empty())
    terms.spread = reader.choice<Spread>(prefix + "spread", values.spread);
  if (!values.acceptance_window.empty())
    terms.acceptance_window = reader.term(prefix + "acceptance-window", values.acceptance_window);
  if (!values.maintenance.empty()) {
    std::string field = prefix + "maintenance";
    std::vector<std::string> parts = parts_of(values.maintenance);
    if (parts.size() == 2)
      terms.maintenance =
          MaintenanceClause{reader.term(field, parts[0]), reader.whole(field, parts[1])};
    else
      reader.wrong(field, values.maintenance, "'NOTICE / HOURS', such as '5 days / 8'");
  }
  if (!values.delay.empty()) {
    std::string field = prefix + "delay";
    std::vector<std::string> parts = parts_of(values.delay);
    if (parts.size() == 3 || parts.size() == 4)
      terms.delay = DelayClause{
          reader.term(field, parts[0]), reader.permille(field, parts[1]),
          reader.permille(field, parts[2]),
          parts.size() == 4 ? std::optional(reader.term(field, parts[3])) : std::nullopt};
    else
      reader.wrong(field, values.delay,
                   "'GRACE / A DAY / AT MOST [/ WALK AFTER]', such as '30 days / 1 % / 10 %'");
  }
}

}  // namespace

Terms read_terms(Reader& reader, const TermsValues& values, const std::string& prefix) {
  auto field = [&prefix](const char* name) { return prefix + name; };
  Terms terms;
  terms.zone = values.zone;
  reader.set_zone(field("zone"), values.zone);
  terms.use = reader.choice<Use>(field("use"), values.use);
  for (const std::string& party : values.listed)
    terms.listed.push_back(reader.party(field("listed"), party));
  terms.take_or_pay_permille = reader.permille(field("take-or-pay"), values.take_or_pay);
  terms.prepay_permille = reader.permille(field("prepay"), values.prepay);
  if (!values.notice.empty()) terms.notice = reader.term(field("notice"), values.notice);
  if (!values.renewal.empty()) {
    size_t slash = values.renewal.find('/');
    if (slash == std::string::npos)
      reader.wrong(field("renewal"), values.renewal,
                   "'TERM / NOTICE', such as '1 year / 180 days'");
    else
      terms.renewal = Renewal{reader.term(field("renewal"), values.renewal.substr(0, slash)),
                              reader.term(field("renewal"), values.renewal.substr(slash + 1))};
  }
  terms.spares_permille = reader.permille(field("spares"), values.spares);
  terms.spares_held_by = reader.choice<Side>(field("spares-held-by"), values.spares_by);
  terms.exit_fee_permille = reader.permille(field("exit-fee"), values.exit_fee);
  if (!values.draws_on.empty())
    terms.draws_on = reader.commitment(field("draws-on"), values.draws_on);
  read_service_terms(reader, values, prefix, terms);
  terms.billing = read_billing(reader, values, prefix);
  return terms;
}

Interval read_window(Reader& reader, const WindowValues& values, const std::string& prefix) {
  Interval window{reader.instant(prefix + "start", values.from), kForever};
  if (values.open) return window;
  if (!values.term.empty()) {
    Term term = reader.term(prefix + "term", values.term);
    if (reader.good()) window.until = add_term(window.from, term, reader.zone());
    if (window.until > kLast && !window.open())
      reader.wrong(prefix + "term", values.term, "a term that ends by 9999-12-31");
  } else if (!values.until.empty()) {
    window.until = reader.instant(prefix + "end", values.until);
  } else {
    reader.wrong(prefix + "end", "", "an end, a term such as '4 years', or open");
  }
  return window;
}

OfferRequest read_offer(Reader& reader, const OfferValues& values, const char* source_option) {
  OfferRequest offer;
  offer.name = values.name;
  offer.terms = read_terms(reader, values.terms, "--");
  offer.lessee = reader.party("--lessee", values.lessee);
  LineRequest line;
  for (const std::string& source : values.sources)
    line.sources.push_back(reader.source(source_option, source));
  bool known = !line.sources.empty() && line.sources.front();
  if (!values.lessor.empty())
    offer.lessor = reader.party("--lessor", values.lessor);
  else if (known)
    offer.lessor = reader.state().promiser(line.sources.front());
  line.may_split = values.split;
  line.fabric = values.fabric;
  line.quantity = reader.quantity("--quantity", values.quantity);
  line.interval = read_window(reader, {values.from, values.until, values.term, values.open}, "--");
  for (const std::string& step : values.ramp) {
    size_t space = step.find(' ');
    if (space == std::string::npos)
      reader.wrong("--ramp", step, "a moment and a quantity: '2026-03-01 2500 accelerators'");
    else
      line.ramp.push_back({reader.instant("--ramp", step.substr(0, space)),
                           reader.quantity("--ramp", step.substr(space + 1))});
  }
  line.price.amount.currency = {"USD"};
  if (!values.price.empty())
    line.price = reader.price("--price", values.price);
  else if (line.interval.open())
    line.price.basis = PriceBasis::per_accelerator_hour;
  offer.lines.push_back(std::move(line));
  return offer;
}

}  // namespace leasehold::operations
