// The plan's commitments, quotes and leases, with what happens to them.
#include <algorithm>

#include "operations/offer_options.h"
#include "operations/plan.h"

namespace leasehold::operations {

namespace {

using Commands = std::vector<CommandBody>;

void plan_commitment(Plan& plan, YamlMap& map) {
  std::string name = map.required("name", "a 'name'");
  std::string lessor = map.required("lessor", "a 'lessor'");
  std::string lessee = map.required("lessee", "a 'lessee'");
  std::string sum = map.required("sum", "a 'sum' such as '200 million USD'");
  std::string floor = map.required("floor_rate", "a 'floor_rate' such as '2 USD'");
  WindowValues window{map.required("start", "a 'start' date"), map.text("end"), map.text("term"),
                      false};
  plan.steps.push_back({map.text("at"), PlanRank::commitment, map.path(), "commitment " + name,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          Interval term = read_window(reader, window, path.path() + ".");
                          Commitment commitment{{},
                                                name,
                                                reader.party(path.path("lessor"), lessor),
                                                reader.party(path.path("lessee"), lessee),
                                                reader.money(path.path("sum"), sum),
                                                reader.money(path.path("floor_rate"), floor),
                                                term.from,
                                                term.until};
                          CommitmentId id = reader.state().commitments.resolve(name);
                          if (!id) return {SignCommitment{commitment}};
                          const Commitment& known = reader.state().commitments.at(id);
                          commitment.id = id;
                          if (known != commitment)
                            reader.wrong(path.path("name"), name,
                                         "the commitment as it was signed");
                          return {};
                        }});
  map.finish();
}

struct RampText {
  std::string path, from, quantity;
};
struct LineText {
  std::string path, quantity, price, split, fabric;
  std::vector<std::string> sources;
  WindowValues window;
  std::vector<RampText> ramp;
};

LineText read_line_text(YamlMap& map) {
  LineText text;
  text.path = map.path();
  text.quantity = map.required("quantity", "a 'quantity' such as '8 servers'");
  text.sources = map.texts("source");
  text.price = map.text("price");
  text.split = map.text("split", "false");
  text.fabric = map.text("fabric");
  text.window = {map.required("start", "a 'start' date"), map.text("end"), map.text("term"),
                 map.text("open") == "true"};
  for (YamlMap& step : map.maps("ramp")) {
    text.ramp.push_back({step.path(), step.required("from", "a 'from' date"),
                         step.required("quantity", "a 'quantity' that is added")});
    step.finish();
  }
  map.finish();
  return text;
}

LineRequest read_line(Reader& reader, QuantityKind unit, const LineText& text) {
  LineRequest line;
  for (const std::string& source : text.sources)
    line.sources.push_back(reader.source(text.path + ".source", source));
  if (text.sources.empty())
    reader.wrong(text.path, "no 'source'", "a 'source': a pool, or a line such as comet.1");
  line.may_split = text.split == "true";
  line.fabric = text.fabric;
  line.quantity = read_quantity(reader, unit, text.path + ".quantity", text.quantity);
  line.interval = read_window(reader, text.window, text.path + ".");
  for (const RampText& step : text.ramp)
    line.ramp.push_back({reader.instant(step.path + ".from", step.from),
                         read_quantity(reader, unit, step.path + ".quantity", step.quantity)});
  line.price.amount.currency = {"USD"};
  if (!text.price.empty())
    line.price = reader.price(text.path + ".price", text.price);
  else if (line.interval.open())
    line.price.basis = PriceBasis::per_accelerator_hour;
  return line;
}

TermsValues read_terms_text(YamlMap& map, const Plan& plan) {
  TermsValues terms;
  terms.zone = map.text("zone", plan.zone);
  terms.use = map.text("use", terms.use);
  terms.listed = map.texts("listed");
  terms.take_or_pay = map.text("take-or-pay", terms.take_or_pay);
  terms.prepay = map.text("prepay", terms.prepay);
  terms.notice = map.text("notice");
  terms.renewal = map.text("renewal");
  terms.spares = map.text("spares", terms.spares);
  terms.spares_by = map.text("spares-held-by", terms.spares_by);
  terms.exit_fee = map.text("exit-fee", terms.exit_fee);
  terms.draws_on = map.text("draws-on");
  terms.spread = map.text("spread");
  terms.acceptance_window = map.text("acceptance-window");
  terms.maintenance = map.text("maintenance");
  terms.delay = map.text("delay");
  terms.billing_day = map.text("billing-day");
  terms.due = map.text("due");
  terms.late_interest = map.text("late-interest");
  terms.escalator = map.text("escalator");
  terms.minimum = map.text("minimum");
  terms.overage = map.text("overage");
  terms.presentation = map.text("presentation");
  terms.accounting = map.text("accounting");
  terms.most_favoured = map.text("most-favoured");
  terms.dunning = map.texts("dunning");
  terms.slas = map.texts("sla");
  terms.rates = map.texts("rate");
  return terms;
}

// The tranches that a declared line begins with: moments and quantities.
bool same_tranches(const Line& known, const LineRequest& declared, const Sku& sku,
                   const Site& site) {
  if (known.tranches.size() != declared.ramp.size() + 1) return false;
  for (size_t i = 0; i < known.tranches.size(); ++i) {
    const Tranche& tranche = known.tranches[i];
    Instant from = i == 0 ? declared.interval.from : declared.ramp[i - 1].from;
    const Quantity& quantity = i == 0 ? declared.quantity : declared.ramp[i - 1].quantity;
    if (tranche.from != from || tranche.until != declared.interval.until ||
        sku.atoms(quantity, site) != tranche.atoms)
      return false;
  }
  return true;
}

// What was signed under a line's declaration. Amendments change dates, quantities and totals.
bool same_line(const engine::State& state, const Lease& lease, const Line& known,
               const LineRequest& declared) {
  const auto& sources = declared.sources;
  if (std::find(sources.begin(), sources.end(), known.source) == sources.end()) return false;
  if (!lease.amendments.empty()) return true;
  return known.price == declared.price &&
         same_tranches(known, declared, state.sku_of(known.source), state.site_of(known.source));
}

// A lease that exists must be the one declared. `assigned`: the file passes it on, so that its
// lessee is another by now; and the lessor of a sublease follows the head lease.
void compare(Reader& reader, const Lease& known, const OfferRequest& declared, bool assigned,
             const std::string& path) {
  const Offer& offer = known.offer;
  bool sublease = !offer.lines.empty() && offer.lines.front().source.kind == AccountKind::line;
  bool same = offer.terms == declared.terms && offer.lines.size() >= declared.lines.size() &&
              (assigned || offer.lessee == declared.lessee) &&
              (sublease || offer.lessor == declared.lessor);
  // A split makes several lines of one: what comes after it stands elsewhere.
  for (size_t i = 0; same && i < declared.lines.size() && !declared.lines[i].may_split; ++i)
    same = same_line(reader.state(), known, offer.lines[i], declared.lines[i]);
  if (!same)
    reader.wrong(path, offer.name,
                 "the lease as it was signed: a signed lease is changed by 'amendments'");
}

AmendLine read_amendment(Reader& reader, QuantityKind unit, const std::string& lease,
                         const std::string& path,
                         const std::map<std::string, std::string>& values) {
  auto value = [&values](const char* key) { return values.at(key); };
  auto field = [&path](const char* key) { return path + "." + key; };
  AmendLine command;
  command.name = value("name");
  command.line = reader.line(field("line"), lease + "." + value("line"));
  command.change = reader.choice<Change>(field("change"), value("change"));
  if (!value("from").empty()) command.from = reader.instant(field("from"), value("from"));
  if (!value("until").empty()) command.until = reader.instant(field("until"), value("until"));
  if (!value("quantity").empty())
    command.quantity = read_quantity(reader, unit, field("quantity"), value("quantity"));
  if (!value("tranche").empty()) command.tranche = reader.whole(field("tranche"), value("tranche"));
  if (!value("to").empty()) command.source = reader.source(field("to"), value("to"));
  if (!value("price").empty()) command.price = reader.price(field("price"), value("price"));
  command.resolve = reader.choice<Resolve>(field("resolve"), value("resolve"));
  return command;
}

void plan_amendment(Plan& plan, YamlMap& map, const std::string& lease) {
  std::map<std::string, std::string> values;
  values["name"] = map.required("name", "a 'name', so that it is known again");
  values["change"] = map.required("change", "a 'change': " + names_of<Change>());
  values["line"] = map.text("line", "1");
  values["resolve"] = map.text("resolve", "refuse");
  for (const char* key : {"from", "until", "quantity", "tranche", "to", "price"})
    values[key] = map.text(key);
  plan.steps.push_back(
      {map.text("at"), PlanRank::amendment, map.path(), "amendment " + values["name"],
       [=, unit = plan.unit, path = map.path()](Reader& reader, Instant) -> Commands {
         LeaseId id = reader.lease(path, lease);
         if (!id) return {};
         const auto& made = reader.state().leases.at(id).amendments;
         if (std::find(made.begin(), made.end(), values.at("name")) != made.end()) return {};
         return {read_amendment(reader, unit, lease, path, values)};
       }});
  map.finish();
}

void plan_acceptance(Plan& plan, YamlMap& map, const std::string& lease) {
  std::string line = map.text("line", "1");
  std::string tranche = map.text("tranche", "1");
  std::string on = map.required("on", "an 'on' date");
  plan.steps.push_back(
      {map.text("at", on), PlanRank::acceptance, map.path(), "acceptance of " + lease,
       [=, path = map](Reader& reader, Instant) -> Commands {
         AccountId id = reader.line(path.path("line"), lease + "." + line);
         int64_t number = reader.whole(path.path("tranche"), tranche);
         Instant moment = reader.instant(path.path("on"), on);
         if (!reader.good()) return {};
         const auto& tranches = reader.state().line(id).tranches;
         bool done = number >= 1 && number <= static_cast<int64_t>(tranches.size()) &&
                     tranches[static_cast<size_t>(number - 1)].accepted_at == moment;
         if (done) return {};
         return {AcceptTranche{id, number, moment}};
       }});
  map.finish();
}

void plan_assignment(Plan& plan, YamlMap& map, const std::string& lease) {
  std::string to = map.required("to", "a 'to': the party that takes the lessee's place");
  plan.steps.push_back({map.text("at"), PlanRank::assignment, map.path(), "assignment of " + lease,
                        [=, path = map](Reader& reader, Instant) -> Commands {
                          LeaseId id = reader.lease(path.path(), lease);
                          PartyId party = reader.party(path.path("to"), to);
                          if (!reader.good() || reader.state().leases.at(id).offer.lessee == party)
                            return {};
                          return {AssignLease{id, Side::lessee, party}};
                        }});
  map.finish();
}

// What leases and quotes have in common.
struct OfferText {
  std::string name, lessor, lessee;
  TermsValues terms;
  std::vector<LineText> lines;
};

OfferText read_offer_text(YamlMap& map, const Plan& plan) {
  OfferText text;
  text.name = map.required("name", "a 'name', so that it is known again");
  text.lessor = map.required("lessor", "a 'lessor'");
  text.lessee = map.required("lessee", "a 'lessee'");
  text.terms = read_terms_text(map, plan);
  for (YamlMap& line : map.maps("lines")) text.lines.push_back(read_line_text(line));
  return text;
}

OfferRequest read_offer_request(Reader& reader, QuantityKind unit, const OfferText& text,
                                const YamlMap& path) {
  OfferRequest offer{text.name,
                     reader.party(path.path("lessor"), text.lessor),
                     reader.party(path.path("lessee"), text.lessee),
                     read_terms(reader, text.terms, path.path() + "."),
                     {}};
  for (const LineText& line : text.lines) offer.lines.push_back(read_line(reader, unit, line));
  return offer;
}

void plan_quote(Plan& plan, YamlMap& map) {
  OfferText text = read_offer_text(map, plan);
  std::string hold = map.text("hold");
  plan.steps.push_back({map.text("at"), PlanRank::quote, map.path(), "quote " + text.name,
                        [=, unit = plan.unit, path = map](Reader& reader, Instant at) -> Commands {
                          IssueQuote issue{read_offer_request(reader, unit, text, path), {}};
                          if (!hold.empty()) {
                            Term term = reader.term(path.path("hold"), hold);
                            if (reader.good()) issue.hold_until = add_term(at, term, reader.zone());
                          }
                          // What became of a quote (held, signed, expired) is not declared: it only
                          // has to be there.
                          if (reader.state().quotes.resolve(text.name)) return {};
                          return {issue};
                        }});
  map.finish();
}

void plan_lease(Plan& plan, YamlMap& map) {
  OfferText text = read_offer_text(map, plan);
  bool assigned = map.has("assigned");
  plan.steps.push_back({map.text("at"), PlanRank::lease, map.path(), "lease " + text.name,
                        [=, unit = plan.unit, path = map](Reader& reader, Instant) -> Commands {
                          OfferRequest offer = read_offer_request(reader, unit, text, path);
                          const Lease* known =
                              reader.state().leases.find(reader.state().leases.resolve(text.name));
                          if (known == nullptr) return {SignLease{offer}};
                          if (reader.good())
                            compare(reader, *known, offer, assigned, path.path("name"));
                          return {};
                        }});
  for (YamlMap& accepted : map.maps("accepted")) plan_acceptance(plan, accepted, text.name);
  for (YamlMap& amendment : map.maps("amendments")) plan_amendment(plan, amendment, text.name);
  for (YamlMap& step : map.maps("assigned")) plan_assignment(plan, step, text.name);
  map.finish();
}

}  // namespace

void plan_contracts(Plan& plan, YamlMap& root) {
  for (YamlMap& map : root.maps("commitments")) plan_commitment(plan, map);
  for (YamlMap& map : root.maps("quotes")) plan_quote(plan, map);
  for (YamlMap& map : root.maps("leases")) plan_lease(plan, map);
}

}  // namespace leasehold::operations
