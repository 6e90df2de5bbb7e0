// How benchmarks measure and print: every figure with what it is held against, from the same run.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace leasehold::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Durations of single operations.
class Samples {
 public:
  template <class Operation>
  auto time(Operation operation) {
    auto start = Clock::now();
    auto result = operation();
    nanoseconds_.push_back(
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
    return result;
  }
  double quantile_us(double share) {
    std::sort(nanoseconds_.begin(), nanoseconds_.end());
    auto index = static_cast<size_t>(share * static_cast<double>(nanoseconds_.size() - 1));
    return static_cast<double>(nanoseconds_[index]) / 1000.0;
  }
  double median_us() { return quantile_us(0.5); }

 private:
  std::vector<int64_t> nanoseconds_;
};

class Figures {
 public:
  explicit Figures(bool json) : json_(json) {}

  // `ratio` is how many times better than `against` where that is a peer, and the share reached
  // where it is a limit; 0 where the figure stands alone.
  void print(const std::string& figure, double value, const std::string& unit,
             const std::string& against, double ratio) const {
    if (json_)
      std::cout << fmt::format(
          "{{\"figure\":\"{}\",\"value\":{:.4g},\"unit\":\"{}\",\"against\":\"{}\","
          "\"ratio\":{:.4g}}}\n",
          figure, value, unit, against, ratio);
    else
      std::cout << fmt::format("{:<28} {:>10.4g} {:<14} {:<58} {:>9.4g}\n", figure, value, unit,
                               against, ratio);
    std::cout.flush();
  }
  void note(const std::string& text) const { std::cerr << text << '\n'; }

 private:
  bool json_;
};

// What every benchmark is called with: [--json] [--quick] FOLDER.
struct Arguments {
  bool json = false;
  bool quick = false;
  std::string folder;  // empty where none was given
  Arguments(int count, char** values) {
    for (int i = 1; i < count; ++i) {
      std::string_view value = values[i];
      if (value == "--json")
        json = true;
      else if (value == "--quick")
        quick = true;
      else
        folder = value;
    }
  }
};

// The part of the benchmark that writes to disk (durable.cpp).
void measure_durable(const Figures& figures, const std::string& folder, bool quick);

}  // namespace leasehold::bench
