#include "server/serve.h"

#include <csignal>
#include <fstream>
#include <iostream>
#include <mutex>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "server/service.h"
#include "server/spend_watch.h"
#include "server/substrate_loop.h"
#include "substrate/simulated.h"

namespace leasehold::server {

using operations::kDone;
using operations::kWrong;

namespace {

// Lines from many threads, each whole.
class LogFile {
 public:
  explicit LogFile(const std::string& name) {
    if (name.empty() || name == "-") return;
    file_.open(name, std::ios::app);
  }
  bool good() const { return file_.good(); }
  void write(const std::string& line, std::ostream& otherwise) {
    std::lock_guard guard(mutex_);
    std::ostream& out = file_.is_open() ? file_ : otherwise;
    out << line << '\n';
    out.flush();
  }

 private:
  std::mutex mutex_;
  std::ofstream file_;
};

// Blocks the signals that end a server in this thread and those it starts, and waits for one.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  void wait() {
    int which = 0;
    sigwait(&set_, &which);
  }

 private:
  sigset_t set_{};
};

}  // namespace

int serve(const Serve& settings, operations::Environment& environment) {
  Signals signals;
  auto open = [&](journal::Access access) { return environment.open(settings.store, access); };
  auto journal = open(journal::Access::write);
  bool writes = journal.has_value();
  if (!writes && settings.standby && journal.error().code == journal::IoCode::busy)
    journal = open(journal::Access::read);
  auto cloud = journal ? cloud::Cloud::open(std::move(*journal), kSnapshots)
                       : journal::Io<cloud::Cloud>(Unexpected<journal::IoError>(journal.error()));
  if (!cloud) {
    environment.err << "leasehold: " << operations::printable(cloud.error().message) << '\n';
    return kWrong;
  }
  LogFile log(settings.log);
  if (!log.good()) {
    environment.err << "leasehold: --log: " << settings.log << ": a file that can be written\n";
    return kWrong;
  }
  bool keyless = cloud->state().access.keys.rows().empty();
  RunningCloud running(std::move(*cloud), environment.clock, writes,
                       settings.standby ? RunningCloud::OpenStore(open) : nullptr);
  boost::asio::thread_pool background(4);
  Outside outside{
      [&] { return environment.open(settings.store, journal::Access::read); }, environment.secret,
      [&](std::function<void()> work) { boost::asio::post(background, std::move(work)); },
      settings.clock_from_requests};
  Service::Settings of_service;
  of_service.per_minute = settings.per_minute;
  of_service.provider = settings.provider;
  of_service.webhooks_anywhere = settings.webhooks_anywhere;
  of_service.console = settings.console;
  if (!settings.log.empty())
    of_service.log = [&](const std::string& line) { log.write(line, environment.err); };
  Service service(running, outside, of_service);
  SpendWatch spend_watch(running);
  std::optional<SubstrateLoop> substrate;
  if (settings.substrate == "simulated")
    substrate.emplace(running, [simulated = substrate::Simulated{settings.boot_seconds}](
                                   const engine::State& state, Instant now) {
      return simulated.react(state, now);
    });
  try {
    HttpServer server(settings.listening,
                      [&](std::shared_ptr<const Request> request, Later later, Reply reply) {
                        service.handle(request, later, reply);
                      });
    bool tls = !settings.listening.certificate.empty();
    environment.out << fmt::format("serving {} on {}://{}:{}\n", settings.store,
                                   tls ? "https" : "http", settings.listening.address,
                                   server.port());
    if (!writes) environment.out << "following the server that writes it\n";
    if (keyless)
      environment.out << "nobody has a key yet: stop it, and 'leasehold key add' makes one\n";
    environment.out.flush();
    sd_notify(0, "READY=1");
    signals.wait();
    sd_notify(0, "STOPPING=1");
    service.drain();
    server.stop();
  } catch (const std::exception& wrong) {
    environment.err << "leasehold: --listen: " << settings.listening.address << ":"
                    << settings.listening.port << ": " << wrong.what() << '\n';
    return kWrong;
  }
  background.join();
  environment.out << "stopped\n";
  return kDone;
}

}  // namespace leasehold::server
