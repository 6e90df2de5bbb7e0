// The service over HTTP, all on the loopback and on the same cores: reads against nginx with a
// static file of the same size, durable changes against the engine and journal in process, idle
// event streams, failover between two servers on PostgreSQL, and the start with a fleet of 3 GW.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "cloud/group_commit.h"
#include "figures.h"
#include "fleet_world.h"
#include "journal/sqlite.h"
#include "load.h"

namespace leasehold::bench {
namespace {

constexpr const char* kSecret = "lh_of-the-benchmark-alone";
constexpr int kConnections = 64;

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "bench_service: " << why << '\n';
  std::exit(1);
}

// A program that runs until it goes out of scope; its first line is waited for.
class Program {
 public:
  Program(const std::vector<std::string>& words, bool says_a_line) {
    int out[2];
    if (pipe(out) != 0) give_up("no pipe");
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGTERM);  // it does not outlive the benchmark
      dup2(out[1], STDOUT_FILENO);
      std::vector<char*> pointers;
      for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
      pointers.push_back(nullptr);
      execvp(pointers[0], pointers.data());
      _exit(127);
    }
    close(out[1]);
    out_ = out[0];
    char c = 0;
    while (says_a_line && read(out_, &c, 1) == 1 && c != '\n') line_ += c;
    if (says_a_line && line_.empty()) give_up(words[0] + " did not start");
  }
  ~Program() { end(SIGTERM); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void end(int number) {
    if (process_ <= 0) return;
    kill(process_, number);
    kill(process_, SIGCONT);
    waitpid(process_, nullptr, 0);
    process_ = 0;
    close(out_);
  }
  pid_t process() const { return process_; }
  // Of "serving STORE on http://127.0.0.1:8473".
  uint16_t port() const {
    return static_cast<uint16_t>(std::atoi(line_.substr(line_.rfind(':') + 1).c_str()));
  }

 private:
  pid_t process_ = 0;
  int out_ = -1;
  std::string line_;
};

std::string binary() {
  const char* named = std::getenv("LEASEHOLD");
  return named != nullptr ? named : "build/release/leasehold";
}

std::unique_ptr<Program> serve(const std::string& store,
                               const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{binary(),   "--store",     store,          "serve",
                                 "--listen", "127.0.0.1:0", "--per-minute", "100000000"};
  words.insert(words.end(), more.begin(), more.end());
  return std::make_unique<Program>(words, true);
}

std::string request(const std::string& method, const std::string& path, const std::string& body) {
  return fmt::format(
      "{} {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Length: "
      "{}\r\n\r\n{}",
      method, path, kSecret, body.size(), body);
}

void issue_key(FleetWorld& world) {
  ApiKey key;
  key.name = "bench";
  key.digest = engine::hash_of(kSecret);
  key.hint = "lh_";
  key.role = Role::owner;
  world.must(IssueKey{key});
}

// What a client of the first half launches, one of the second half ends later: as many run as the
// lag says.
constexpr int64_t kLag = 256;

struct Change {
  bool launches = true;
  int64_t number = 0;
};
// Launches alone at first, then in turn.
Change change(int64_t n) {
  if (n < kLag) return {true, n};
  int64_t after = n - kLag;
  return after % 2 == 0 ? Change{true, kLag + after / 2} : Change{false, after / 2};
}

// Commands a second of 64 clients in process: two batches of half of them in turn, so that one is
// decided while the other is written.
double changes_in_process(const std::string& path, int64_t total) {
  {
    FleetWorld world(2'000, path);
  }
  auto journal = journal::open_sqlite(path, journal::Access::write);
  auto cloud = cloud::Cloud::open(std::move(*journal), {200'000});
  Instant now = cloud->state().now;
  cloud::GroupCommit commit(std::move(*cloud));
  int64_t answered = 0;
  auto count = [&](const journal::Io<cloud::GroupCommit::Answers>& answers) {
    if (!answers) give_up(answers.error().message);
    for (const cloud::Answer& answer : *answers)
      if (!answer) give_up("a change was refused in process");
    answered += static_cast<int64_t>(answers->size());
  };
  auto start = Clock::now();
  for (int64_t n = 0; n < total; n += kConnections / 2) {
    std::vector<Command> batch;
    for (int64_t i = n; i < n + kConnections / 2; ++i) {
      Change one = change(i);
      if (one.launches) {
        LaunchInstance launch;
        launch.name = fmt::format("i{}", one.number);
        launch.tenant = PartyId{3};
        launch.kind = InstanceKind::on_demand;
        launch.account = account_of(PoolId{1});
        launch.servers = 1;
        batch.push_back({now, "bench", launch});
      } else {
        batch.push_back({now, "bench", EndInstance{{static_cast<uint32_t>(one.number + 1)}, ""}});
      }
    }
    count(commit.exchange(batch));
  }
  count(commit.finish());
  return static_cast<double>(answered) / seconds_since(start);
}

std::string change_request(int64_t n, int64_t first) {
  Change one = change(n);
  std::string name = fmt::format("i{}", first + one.number);
  if (!one.launches) return request("POST", "/v1/instances/" + name + "/end", "{}");
  return request("POST", "/v1/instances",
                 fmt::format("{{\"account\":\"pool\",\"tenant\":\"tenant\",\"kind\":\"on_demand\","
                             "\"name\":\"{}\",\"servers\":1}}",
                             name));
}

void measure_changes(const Figures& figures, const std::string& folder, double nginx, bool quick) {
  int64_t total = quick ? 2'000 : 60'000;
  double in_process = changes_in_process(folder + "/in-process.db", total);
  std::string store = folder + "/changes.db";
  {
    FleetWorld world(2'000, store);
    issue_key(world);
  }
  auto server = serve(store);
  Loaded most =
      load(server->port(), kConnections, total, 0, [](int64_t n) { return change_request(n, 0); });
  figures.print("changes_vs_in_process", most.per_second(), "changes/s",
                fmt::format("engine and journal in process: {:.0f}/s; at least 0.5", in_process),
                most.per_second() / in_process);
  double in_turn = 1 / (1 / nginx + 1 / in_process);
  figures.note(
      fmt::format("nginx's answer and then the command on the same cores: {:.0f}/s, {:.2f}",
                  in_turn, in_turn / in_process));
  if (most.refused * 100 > most.answered)
    give_up(fmt::format("{} changes were refused", most.refused));
  Loaded half = load(server->port(), kConnections, total / 2, most.per_second() / 2,
                     [&](int64_t n) { return change_request(n, 10'000'000); });
  figures.print("p99_ms_at_half", half.quantile(0.99), "ms",
                fmt::format("{:.0f} changes/s, half of that; at most 20 ms", half.per_second()),
                20 / half.quantile(0.99));
}

// An answer's body, for a file of the same size.
size_t body_size(uint16_t port, const std::string& asked) {
  int socket = listen_to(port, asked);
  std::string heard;
  char bytes[65'536];
  while (heard.find("\r\n\r\n") == std::string::npos)
    heard.append(bytes,
                 static_cast<size_t>(std::max<ssize_t>(read(socket, bytes, sizeof bytes), 0)));
  close(socket);
  if (!heard.starts_with("HTTP/1.1 200")) give_up(heard);
  return std::strtoul(heard.c_str() + heard.find("Content-Length: ") + 16, nullptr, 10);
}

// Answers a second of nginx.
double measure_reads(const Figures& figures, const std::string& folder, bool quick) {
  std::string store = folder + "/reads.db";
  {
    FleetWorld world(2'000, store);
    world.lease(64, world.now());
    issue_key(world);
  }
  auto server = serve(store);
  int64_t total = quick ? 5'000 : 200'000;
  std::filesystem::create_directories(folder + "/www");
  std::ofstream(folder + "/nginx.conf")
      << "worker_processes 2;\ndaemon off;\npid " << folder << "/nginx.pid;\nerror_log " << folder
      << "/nginx.err;\nevents { worker_connections 1024; }\nhttp { access_log off; "
         "keepalive_requests 100000000; open_file_cache max=10; sendfile on; tcp_nopush on;\n"
         "client_body_temp_path "
      << folder << "/t1; proxy_temp_path " << folder << "/t2; fastcgi_temp_path " << folder
      << "/t3; uwsgi_temp_path " << folder << "/t4; scgi_temp_path " << folder
      << "/t5;\nserver { listen 127.0.0.1:18480; root " << folder << "/www; } }\n";
  Program nginx({"nginx", "-c", folder + "/nginx.conf", "-e", folder + "/nginx.err"}, false);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  double worst = 1e9;
  double ours_then = 0;
  double theirs_then = 0;
  std::string said;
  for (const char* path : {"/v1/leases/lease-1", "/v1/free?open=true"}) {
    std::string asked = request("GET", path, "");
    size_t size = body_size(server->port(), asked);
    std::ofstream(fmt::format("{}/www/{}", folder, size)) << std::string(size, 'x');
    std::string plain = fmt::format("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", size);
    // Turn by turn, so that neither has the better moments; the medians count.
    std::vector<double> ours, theirs;
    for (int turn = 0; turn < 3; ++turn) {
      ours.push_back(load(server->port(), kConnections, total, 0, [&](int64_t) {
                       return asked;
                     }).per_second());
      theirs.push_back(
          load(18480, kConnections, total, 0, [&](int64_t) { return plain; }).per_second());
    }
    std::sort(ours.begin(), ours.end());
    std::sort(theirs.begin(), theirs.end());
    figures.note(
        fmt::format("GET {}: {:.0f}/s, {} bytes; nginx {:.0f}/s", path, ours[1], size, theirs[1]));
    if (ours[1] / theirs[1] > worst) continue;
    worst = ours[1] / theirs[1];
    ours_then = ours[1];
    theirs_then = theirs[1];
    said = fmt::format("GET {}; nginx, a file of {} bytes: {:.0f}/s", path, size, theirs[1]);
  }
  figures.print("reads_vs_nginx", ours_then, "reads/s", said + "; at least 0.4", worst);
  return theirs_then;
}

double resident_mb(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  return 0;
}

void measure_streams(const Figures& figures, const std::string& folder, bool quick) {
  int wanted = quick ? 200 : 10'000;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_max < static_cast<rlim_t>(wanted) + 100) give_up("too few files may be open");
  std::string store = folder + "/streams.db";
  {
    FleetWorld world(64, store);
    issue_key(world);
  }
  auto server = serve(store);
  double before = resident_mb(server->process());
  std::vector<int> sockets;
  std::string asked = request("GET", "/v1/events", "");
  for (int i = 0; i < wanted; ++i) sockets.push_back(listen_to(server->port(), asked));
  for (int socket : sockets) {
    char byte = 0;
    if (read(socket, &byte, 1) != 1) give_up("a stream was not answered");
  }
  double after = resident_mb(server->process());
  figures.print("idle_streams_mb", after, "MB",
                fmt::format("{} streams; {:.0f} MB without; at most 500 MB", wanted, before),
                500 / after);
  for (int socket : sockets) close(socket);
}

std::string words(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string said;
  char bytes[4096];
  for (size_t got = 0; (got = fread(bytes, 1, sizeof bytes, pipe)) > 0;) said.append(bytes, got);
  if (pclose(pipe) != 0) give_up(command);
  return said;
}

// Whether a change is answered with 200, by a server that may be gone or hang.
bool changes(uint16_t port, const std::string& secret, const std::string& name) {
  std::string command = fmt::format(
      "curl -s -m 1 -o /dev/null -w '%{{http_code}}' -H 'Authorization: Bearer {}' "
      "-d '{{\"name\":\"{}\"}}' http://127.0.0.1:{}/v1/parties || true",
      secret, name, port);
  return words(command) == "200";
}

void measure_failover(const Figures& figures) {
  const char* host = std::getenv("PGHOST");
  if (host == nullptr) give_up("PGHOST names no PostgreSQL: bench/run starts one");
  words("createdb bench_service");
  std::string store = fmt::format("postgresql:///bench_service?host={}&user=postgres", host);
  std::string key =
      words(fmt::format("{} --store '{}' key add bench --role owner", binary(), store));
  std::string secret = key.substr(key.rfind(' ') + 1);
  while (secret.ends_with('\n')) secret.pop_back();
  double slowest = 0;
  auto writer = serve(store, {"--standby"});
  for (int turn = 0; turn < 4; ++turn) {
    auto follower = serve(store, {"--standby"});
    if (!changes(writer->port(), secret, fmt::format("before{}", turn)))
      give_up("no change was kept");
    auto began = Clock::now();
    bool stops = turn % 2 == 1;
    kill(writer->process(), stops ? SIGSTOP : SIGKILL);
    while (!changes(follower->port(), secret, fmt::format("after{}", turn)))
      if (seconds_since(began) > 30) give_up("nobody took over");
    slowest = std::max(slowest, seconds_since(began));
    writer->end(SIGKILL);
    writer = std::move(follower);
  }
  figures.print("failover_s", slowest, "s", "killed or stopped, the slowest of 4; at most 5 s",
                5 / slowest);
}

void measure_start(const Figures& figures, const std::string& folder, bool quick) {
  std::string store = folder + "/3gw.db";
  words(fmt::format("{} --store {} fleet generate --power {} --seed 1 >/dev/null", binary(), store,
                    quick ? "30MW" : "3GW"));
  auto began = Clock::now();
  auto server = serve(store);
  double took = seconds_since(began);
  figures.print("start_3gw_s", took, "s", "from its start until it listens; at most 5 s", 5 / took);
}

}  // namespace
}  // namespace leasehold::bench

int main(int count, char** values) {
  using namespace leasehold::bench;
  signal(SIGPIPE, SIG_IGN);
  Arguments arguments(count, values);
  Figures figures(arguments.json);
  std::string folder = arguments.folder.empty() ? "." : arguments.folder;
  double nginx = measure_reads(figures, folder, arguments.quick);
  measure_changes(figures, folder, nginx, arguments.quick);
  measure_streams(figures, folder, arguments.quick);
  measure_failover(figures);
  measure_start(figures, folder, arguments.quick);
}
