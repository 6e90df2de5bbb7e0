// The invoice on paper, by cairo and pango. Metadata has the invoice's own date, so that the same
// invoice gives the same bytes.
#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include "documents/invoice_document.h"
#include "documents/layout.h"

namespace leasehold::documents {

namespace {

constexpr double kWidth = 595.28;  // A4 in points
constexpr double kHeight = 841.89;
constexpr double kMargin = 48;
constexpr double kRight = kWidth - kMargin;
// Where the columns end (the first begins at the margin).
constexpr double kTime = 214;
constexpr double kQuantity = 388;
constexpr double kPrice = 438;

cairo_status_t append(void* out, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

enum class Align : uint8_t { left, right };

class Page {
 public:
  Page(std::string& out, const std::string& title, const std::string& created) {
    surface_ = cairo_pdf_surface_create_for_stream(append, &out, kWidth, kHeight);
    cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
    cairo_ = cairo_create(surface_);
    layout_ = pango_cairo_create_layout(cairo_);
    pango_layout_set_wrap(layout_, PANGO_WRAP_WORD_CHAR);
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page() {
    g_object_unref(layout_);
    cairo_destroy(cairo_);
    cairo_surface_finish(surface_);
    cairo_surface_destroy(surface_);
  }

  // Between two edges; gives the height.
  double text(const std::string& value, double left, double right, double y, const char* font,
              Align align = Align::left) {
    PangoFontDescription* description = pango_font_description_from_string(font);
    pango_layout_set_font_description(layout_, description);
    pango_font_description_free(description);
    pango_layout_set_width(layout_, static_cast<int>((right - left) * PANGO_SCALE));
    pango_layout_set_alignment(layout_,
                               align == Align::left ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
    pango_layout_set_text(layout_, value.c_str(), static_cast<int>(value.size()));
    cairo_move_to(cairo_, left, y);
    pango_cairo_show_layout(cairo_, layout_);
    int height = 0;
    pango_layout_get_size(layout_, nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
  }
  void rule(double y, double width) {
    cairo_set_line_width(cairo_, width);
    cairo_move_to(cairo_, kMargin, y);
    cairo_line_to(cairo_, kRight, y);
    cairo_stroke(cairo_);
  }
  void next() { cairo_show_page(cairo_); }

 private:
  cairo_surface_t* surface_;
  cairo_t* cairo_;
  PangoLayout* layout_;
};

constexpr const char* kBody = "DejaVu Sans 7.5";
constexpr const char* kBold = "DejaVu Sans Bold 7.5";
constexpr const char* kSmall = "DejaVu Sans 6.5";

class Writer {
 public:
  Writer(Page& page, const Layout& layout) : page_(page), layout_(layout) {}

  void write() {
    head();
    columns();
    for (const Group& group : layout_.groups) {
      room(40);
      y_ += 6;
      y_ += page_.text(group.title, kMargin, kRight, y_, kBold) + 3;
      for (const Row& row : group.rows) write_row(row);
      y_ += page_.text(group.sum, kTime, kRight, y_, kBold, Align::right) + 4;
    }
    room(20.0 * static_cast<double>(layout_.totals.size()) + 60);
    page_.rule(y_, 0.8);
    y_ += 6;
    for (size_t i = 0; i < layout_.totals.size(); ++i) {
      const char* font = i + 1 == layout_.totals.size() ? "DejaVu Sans Bold 10" : kBody;
      page_.text(layout_.totals[i].first, kMargin, kQuantity, y_, font, Align::right);
      y_ += page_.text(layout_.totals[i].second, kQuantity, kRight, y_, font, Align::right) + 4;
    }
    y_ += 16;
    for (const std::string& note : layout_.notes)
      y_ += page_.text(note, kMargin, kRight, y_, kSmall) + 2;
    foot();
  }

 private:
  void head() {
    page_.text(layout_.title, kMargin, kTime, y_, "DejaVu Sans Bold 16");
    double y = y_;
    for (const auto& [name, value] : layout_.facts)
      y +=
          page_.text(fmt::format("{}: {}", name, value), kTime, kRight, y, kBody, Align::right) + 2;
    page_.text(layout_.number, kMargin, kTime, y_ + 24, kBody);
    y_ = std::max(y, y_ + 40) + 8;
    page_.rule(y_, 1.5);
    y_ += 12;
    double left = y_;
    double right = y_;
    left += page_.text("From", kMargin, kTime, left, kSmall) + 2;
    for (const std::string& line : layout_.from)
      left += page_.text(line, kMargin, kTime, left, kBody) + 1;
    right += page_.text("To", kTime + 40, kRight, right, kSmall) + 2;
    for (const std::string& line : layout_.to)
      right += page_.text(line, kTime + 40, kRight, right, kBody) + 1;
    y_ = std::max(left, right) + 16;
  }
  void columns() {
    page_.text("What", kMargin, kTime, y_, kSmall);
    page_.text("Time and quantity", kTime + 8, kQuantity, y_, kSmall);
    page_.text("Price", kQuantity, kPrice, y_, kSmall, Align::right);
    y_ += page_.text("Amount", kPrice, kRight, y_, kSmall, Align::right) + 3;
    page_.rule(y_, 0.5);
    y_ += 3;
  }
  void write_row(const Row& row) {
    room(30);
    double height = page_.text(row.what, kMargin, kTime, y_, kBody);
    std::string middle = row.quantity.empty() ? row.time : row.time + "\n" + row.quantity;
    height = std::max(height, page_.text(middle, kTime + 8, kQuantity, y_, kBody));
    page_.text(row.price, kQuantity, kPrice, y_, kBody, Align::right);
    height = std::max(height, page_.text(row.amount, kPrice, kRight, y_, kBody, Align::right));
    y_ += height + 4;
  }
  void foot() {
    page_.text(layout_.number + ", page " + std::to_string(pages_), kMargin, kRight,
               kHeight - kMargin + 8, kSmall, Align::right);
  }
  // A new page where less than so much is left on this one.
  void room(double height) {
    if (y_ + height < kHeight - kMargin) return;
    foot();
    page_.next();
    ++pages_;
    y_ = kMargin;
    columns();
  }

  Page& page_;
  const Layout& layout_;
  double y_ = kMargin;
  int pages_ = 1;
};

}  // namespace

std::string render_pdf(const engine::State& state, const Invoice& invoice) {
  std::string out;
  Layout layout = lay_out(state, invoice);
  {
    Page page(out, layout.title + " " + layout.number, to_text(invoice.issued_at));
    Writer(page, layout).write();
  }
  return out;
}

}  // namespace leasehold::documents
