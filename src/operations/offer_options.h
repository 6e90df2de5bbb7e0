// The options of an offer, shared by quote, lease and sublease, and by free and earliest.
#pragma once

#include "operations/form.h"
#include "operations/reader.h"

namespace leasehold::operations {

struct TermsValues {
  std::string zone = "Etc/UTC", use = "resale", take_or_pay = "100 %", prepay = "0 %", notice,
              renewal, spares = "0 %", spares_by = "lessor", exit_fee = "100 %", draws_on, spread,
              acceptance_window, maintenance, delay;
  std::vector<std::string> listed;
  // Of billing; empty where the contract does not say.
  std::string billing_day, due, late_interest, escalator, minimum, overage, presentation,
      accounting, most_favoured;
  std::vector<std::string> dunning, slas, rates;
};

struct OfferValues {
  TermsValues terms;
  std::string name, lessor, lessee, quantity, from, until, term, price, fabric;
  std::vector<std::string> sources, ramp;
  bool open = false, split = false;
};

// `source_option` is "--pool" or "--from-line".
void offer_options(Form& form, OfferValues& values, const char* source_option,
                   const char* source_help);
OfferRequest read_offer(Reader& reader, const OfferValues& values, const char* source_option);
Terms read_terms(Reader& reader, const TermsValues& values, const std::string& prefix);

// What the contract says about billing; nothing where it says nothing.
std::optional<BillingTerms> read_billing(Reader& reader, const TermsValues& values,
                                         const std::string& prefix);
void billing_options(Form& form, TermsValues& values);
// "a / b / c" in its parts.
std::vector<std::string> parts_of(const std::string& text, char separator = '/');
// "0.10 USD" or "0.10 USD, 0.08 USD above 1000, 0.05 USD above 10000 [/ volume]".
Rate read_rate(Reader& reader, const std::string& field, const std::string& text);

// [from, until), from a start and an end, a term or "open".
struct WindowValues {
  std::string from, until, term;
  bool open = false;
};
Interval read_window(Reader& reader, const WindowValues& values, const std::string& prefix);

}  // namespace leasehold::operations
