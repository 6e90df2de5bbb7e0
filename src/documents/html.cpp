#include <fmt/format.h>

#include "documents/invoice_document.h"
#include "documents/layout.h"

namespace leasehold::documents {

namespace {

constexpr const char* kStyle =
    "body{font:14px/1.45 'DejaVu Sans',system-ui,sans-serif;color:#1b1f24;max-width:60rem;"
    "margin:3rem auto;padding:0 1.5rem}"
    "header{display:flex;justify-content:space-between;border-bottom:3px solid #1f4e5f;"
    "padding-bottom:1rem}h1{margin:0;font-size:1.6rem}.number{color:#57606a}"
    ".parties{display:flex;gap:4rem;margin:1.5rem 0}.parties h2,th{font-size:.75rem;"
    "text-transform:uppercase;letter-spacing:.05em;color:#57606a;margin:0 0 .3rem}"
    "table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.35rem .5rem;"
    "vertical-align:top;border-bottom:1px solid #e3e7eb}.n{text-align:right;"
    "font-variant-numeric:tabular-nums;white-space:nowrap}.t{white-space:nowrap;font-size:.85rem}."
    "group td{font-weight:600;"
    "background:#f4f6f8}.sum td{border-bottom:none;font-weight:600}"
    ".total td{border-top:2px solid #1b1f24;font-size:1.1rem;font-weight:700}"
    "footer{margin-top:2rem;color:#57606a}@media print{body{margin:0}}";

std::string block(const char* title, const std::vector<std::string>& lines) {
  std::string out = fmt::format("<div><h2>{}</h2>", title);
  for (const std::string& line : lines) out += escaped(line) + "<br>";
  return out + "</div>";
}

std::string group_rows(const Group& group) {
  std::string out =
      fmt::format("<tr class=group><td colspan=5>{}</td></tr>\n", escaped(group.title));
  for (const Row& row : group.rows)
    out += fmt::format(
        "<tr><td>{}</td><td class=t>{}</td><td class=n>{}</td><td class=n>{}</td><td "
        "class=n>{}</td></tr>\n",
        escaped(row.what), escaped(row.time), escaped(row.quantity), escaped(row.price),
        escaped(row.amount));
  return out +
         fmt::format("<tr class=sum><td colspan=4></td><td class=n>{}</td></tr>\n", group.sum);
}

}  // namespace

std::string render_html(const engine::State& state, const Invoice& invoice) {
  Layout layout = lay_out(state, invoice);
  std::string facts;
  for (const auto& [name, value] : layout.facts)
    facts += fmt::format("{}: {}<br>", escaped(name), escaped(value));
  std::string rows;
  for (const Group& group : layout.groups) rows += group_rows(group);
  for (size_t i = 0; i < layout.totals.size(); ++i)
    rows += fmt::format("<tr class={}><td colspan=4 class=n>{}</td><td class=n>{}</td></tr>\n",
                        i + 1 == layout.totals.size() ? "total" : "sum",
                        escaped(layout.totals[i].first), escaped(layout.totals[i].second));
  std::string notes;
  for (const std::string& note : layout.notes) notes += escaped(note) + "<br>";
  return fmt::format(
      "<!doctype html>\n<html lang=en><head><meta charset=utf-8><title>{0} {1}</title>"
      "<style>{2}</style></head>\n<body><header><div><h1>{0}</h1><span "
      "class=number>{1}</span></div>"
      "<div>{3}</div></header>\n<div class=parties>{4}{5}</div>\n<table><thead><tr><th>What</th>"
      "<th>Time</th><th class=n>Quantity</th><th class=n>Price</th><th class=n>Amount</th></tr>"
      "</thead><tbody>\n{6}</tbody></table>\n<footer>{7}</footer></body></html>\n",
      layout.title, escaped(layout.number), kStyle, facts, block("From", layout.from),
      block("To", layout.to), rows, notes);
}

}  // namespace leasehold::documents
