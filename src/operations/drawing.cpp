#include "operations/drawing.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/quantity.h"

namespace leasehold::operations {

namespace {

constexpr int kRows = 12;
constexpr int kAxis = 11;  // columns of the amounts at the left

struct Slice {
  int64_t supply = 0;
  int64_t promised = 0;
};

std::vector<Slice> slices_of(const Drawing& drawing, const capacity::Steps& supply,
                             const capacity::Calendar& free) {
  int count = std::clamp(drawing.columns - kAxis - 2, 20, 120);
  int64_t seconds = drawing.window.until.seconds - drawing.window.from.seconds;
  std::vector<Slice> slices;
  for (int i = 0; i < count; ++i) {
    Interval part{drawing.window.from + seconds * i / count,
                  drawing.window.from + seconds * (i + 1) / count};
    if (part.empty()) continue;
    int64_t least = free.least(part);
    Instant tightest = *free.first_below(part, least + 1);
    int64_t has = supply.level_at(tightest);
    slices.push_back({has, has - least});
  }
  return slices;
}

char mark(const Slice& slice, int64_t floor) {
  if (slice.promised > floor) return slice.supply > floor ? '#' : '!';
  return slice.supply > floor ? '.' : ' ';
}

std::string paint(const std::string& row, bool color) {
  if (!color) return row;
  std::string out;
  char current = ' ';
  for (char c : row) {
    if (c != current) {
      out += c == '#' ? "\033[34m" : c == '.' ? "\033[32m" : c == '!' ? "\033[31m" : "\033[0m";
      current = c;
    }
    out += c;
  }
  return out + "\033[0m";
}

std::string year_axis(const Drawing& drawing, size_t columns) {
  std::string axis(columns, ' ');
  int64_t seconds = drawing.window.until.seconds - drawing.window.from.seconds;
  std::string last;
  size_t free_from = 0;
  for (size_t i = 0; i < columns; ++i) {
    Instant at =
        drawing.window.from + seconds * static_cast<int64_t>(i) / static_cast<int64_t>(columns);
    std::string year = to_text(at).substr(0, 4);
    if (year == last) continue;
    bool first = last.empty();
    last = year;
    if (i < free_from || i + year.size() + 1 > columns) continue;
    std::string label = "|" + (first ? to_text(at).substr(0, 7) : year);
    if (i + label.size() > columns) continue;
    axis.replace(i, label.size(), label);
    free_from = i + label.size() + 1;
  }
  return axis;
}

}  // namespace

std::string draw(const Drawing& drawing, const capacity::Steps& supply,
                 const capacity::Calendar& free) {
  std::vector<Slice> slices = slices_of(drawing, supply, free);
  int64_t top = 1;
  for (const Slice& slice : slices) top = std::max({top, slice.supply, slice.promised});
  std::string out =
      fmt::format("{}, {}s: # promised, . free, {} to {}\n", drawing.name, drawing.unit,
                  to_short_text(drawing.window.from), to_short_text(drawing.window.until));
  for (int row = kRows; row > 0; --row) {
    int64_t floor = top * (row - 1) / kRows;
    std::string line;
    for (const Slice& slice : slices) line += mark(slice, floor);
    line.erase(line.find_last_not_of(' ') + 1);
    std::string label = row == kRows || row % 3 == 0 ? with_thousands(top * row / kRows) : "";
    out += fmt::format("{:>{}} |{}\n", label, kAxis - 1, paint(line, drawing.color));
  }
  out += fmt::format("{:>{}} +{}\n", "0", kAxis - 1, std::string(slices.size(), '-'));
  std::string axis = year_axis(drawing, slices.size());
  axis.erase(axis.find_last_not_of(' ') + 1);
  return out + std::string(kAxis + 1, ' ') + axis + "\n";
}

}  // namespace leasehold::operations
