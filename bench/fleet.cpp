// A fleet of 3 GW: how long it takes to make, to load from its snapshot, and what it takes of
// memory.
//   bench_fleet [--json] [--quick] FOLDER        LEASEHOLD: the binary that makes the store
#include <malloc.h>

#include <cstdlib>
#include <fstream>

#include <sodium.h>

#include "cloud/cloud.h"
#include "figures.h"
#include "journal/sqlite.h"

namespace leasehold::bench {
namespace {

// Resident bytes of this process (proc(5): VmRSS, in kB).
int64_t resident() {
  malloc_trim(0);
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::atoll(line.c_str() + 6) * 1024;
  return 0;
}

int run(const Figures& figures, const std::string& folder, bool quick) {
  const char* binary = std::getenv("LEASEHOLD");
  std::string store = folder + "/fleet.db";
  std::string command = fmt::format(
      "'{}' --store '{}' --now 2026-01-01 fleet generate --power '{}'",
      binary == nullptr ? "build/release/leasehold" : binary, store, quick ? "30 MW" : "3 GW");
  auto start = Clock::now();
  if (std::system((command + " >&2").c_str()) != 0) return 1;
  double generated = seconds_since(start);
  int64_t before = resident();
  start = Clock::now();
  auto journal = journal::open_sqlite(store, journal::Access::read);
  if (!journal) return 1;
  auto cloud = cloud::Cloud::open(std::move(*journal));
  if (!cloud) return 1;
  double loaded = seconds_since(start);
  auto servers = static_cast<double>(cloud->state().fleet.servers().rows().size());
  double each = static_cast<double>(resident() - before) / servers;
  figures.note(fmt::format("{:.0f} servers", servers));
  figures.print("fleet_generate_s", generated, "s", "into a durable store, every server a fact", 0);
  figures.print("fleet_load_s", loaded, "s", "limit 3 s", 3 / loaded);
  figures.print("bytes_per_server", each, "bytes", "limit 400 bytes, all of the process",
                400 / each);
  return 0;
}

}  // namespace
}  // namespace leasehold::bench

int main(int count, char** values) {
  using namespace leasehold::bench;
  Arguments arguments(count, values);
  if (arguments.folder.empty() || sodium_init() < 0) return 2;
  return run(Figures(arguments.json), arguments.folder, arguments.quick);
}
