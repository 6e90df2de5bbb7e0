// Invoices as people, companies and programs read them. Equal invoices and parties give equal bytes
// in every form.
#pragma once

#include <array>
#include <string>

#include "domain/invoice.h"
#include "engine/state.h"

namespace leasehold::documents {

enum class Format : uint8_t { text, html, pdf, ubl, json, csv };
constexpr auto enum_names(Format) {
  return std::array{"text", "html", "pdf", "ubl", "json", "csv"};
}

const char* media_type(Format format);
std::string render(const engine::State& state, const Invoice& invoice, Format format);

std::string render_html(const engine::State& state, const Invoice& invoice);
// A4, as many pages as it takes.
std::string render_pdf(const engine::State& state, const Invoice& invoice);
// UBL 2.1 by the rules of EN 16931. A credit note is a CreditNote with positive amounts.
std::string render_ubl(const engine::State& state, const Invoice& invoice);

}  // namespace leasehold::documents
