#include "slurm_peer.h"

#include <cstdio>
#include <cstdlib>

#include "figures.h"

namespace leasehold::bench {

std::optional<SlurmPeer> SlurmPeer::of(int64_t nodes) {
  const char* path = std::getenv(fmt::format("SLURM_CONF_{}", nodes).c_str());
  if (path == nullptr) return std::nullopt;
  return SlurmPeer(path);
}

std::string SlurmPeer::run(const std::string& arguments) const {
  std::string command = fmt::format("SLURM_CONF='{}' scontrol {} 2>&1", configuration_, arguments);
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  while (size_t got = pipe == nullptr ? 0 : std::fread(buffer, 1, sizeof buffer, pipe))
    output.append(buffer, got);
  if (pipe == nullptr || pclose(pipe) != 0) {
    std::fprintf(stderr, "slurm peer: scontrol %s: %s\n", arguments.c_str(), output.c_str());
    std::exit(1);
  }
  return output;
}

double SlurmPeer::reservation_us(int64_t nodes, int times) {
  Samples client;
  Samples reservation;
  for (int i = 0; i < times; ++i) {
    client.time([&] { return run("ping"); });
    reservation.time([&] {
      return run(
          fmt::format("create reservation reservationname=r{} starttime=now+1day "
                      "duration=365-0 nodecnt={} users=root",
                      i, nodes));
    });
    run(fmt::format("delete reservation r{}", i));
  }
  return std::max(1.0, reservation.median_us() - client.median_us());
}

int64_t SlurmPeer::reserved_of(int64_t asked, int64_t taken) {
  std::string window = "starttime=now+1day duration=365-0 users=root";
  run(fmt::format("create reservation reservationname=taken nodecnt={} {}", taken, window));
  run(fmt::format("create reservation reservationname=asked nodecnt={} {}", asked, window));
  std::string shown = run("show reservation asked");
  run("delete reservation asked");
  run("delete reservation taken");
  size_t at = shown.find("NodeCnt=");
  return at == std::string::npos ? 0 : std::atoll(shown.c_str() + at + 8);
}

}  // namespace leasehold::bench
