// The one file with coroutines. g++ 12 destroys some temporaries of a co_await expression twice
// (docs/decisions/0006-coroutines-in-one-file.md): every argument of an awaited call is a named
// variable here.
#include "server/connection.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#define BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING
#include <fmt/format.h>
#include <sodium.h>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "server/answer.h"

namespace leasehold::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Named, and not any executor: that one is copied with every step, and found by its type each time.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using TcpStream = beast::basic_stream<tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwaited;

// Each thread counts from somewhere else.
std::string request_id() {
  thread_local uint64_t next = [] {
    uint64_t random = 0;
    randombytes_buf(&random, sizeof random);
    return random;
  }();
  return fmt::format("{:016x}", ++next);
}

std::shared_ptr<Request> to_request(const bhttp::request<bhttp::string_body>& message,
                                    const std::string& peer) {
  auto request = std::make_shared<Request>();
  std::string_view target(message.target().data(), message.target().size());
  size_t mark = std::min(target.find('?'), target.size());
  request->method = std::string(message.method_string());
  request->encoded_path = target.substr(0, mark);
  request->path = decode_percent(request->encoded_path, false);
  request->query = parse_query(target.substr(std::min(mark + 1, target.size())));
  request->body = message.body();
  request->peer = peer;
  for (const auto& header : message) {
    std::string name(header.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    request->headers[name] = std::string(header.value());
  }
  request->id = request_id();
  return request;
}

// The thread of some connections, as other threads see it: the server may have ended when they have
// something for it, and then nobody is there to hear it.
class Loop {
 public:
  asio::io_context& context() { return *context_; }
  void run() {
    here_ = this;
    auto work = asio::make_work_guard(*context_);
    context_->run();
  }
  bool is_here() const { return here_ == this; }
  void post(std::function<void()> work) {
    std::lock_guard guard(mutex_);
    if (context_) asio::post(*context_, std::move(work));
  }
  // When its thread has ended. The coroutines that are not through end within it.
  void end() {
    std::unique_lock guard(mutex_);
    auto ending = std::move(context_);
    guard.unlock();
  }

 private:
  static thread_local const Loop* here_;
  std::mutex mutex_;  // guards that it ends
  std::unique_ptr<asio::io_context> context_ = std::make_unique<asio::io_context>(1);
};

thread_local const Loop* Loop::here_ = nullptr;

using LoopPtr = std::shared_ptr<Loop>;

// What a coroutine waits for. It is its own, and of its thread alone: others hold it weakly, and
// have the loop give it.
class Signal {
 public:
  explicit Signal(Executor executor) : timer_(executor) {}
  Timer& timer() { return timer_; }
  void give() {
    given_ = true;
    timer_.cancel();
  }
  bool given() const { return given_; }
  void reset() { given_ = false; }

 private:
  Timer timer_;
  bool given_ = false;
};

Awaitable<void> wait_for(Signal& signal, std::chrono::seconds most) {
  if (signal.given()) co_return;
  signal.timer().expires_after(most);
  error_code cancelled;
  auto token = asio::redirect_error(kAwaited, cancelled);
  co_await signal.timer().async_wait(token);
}

struct Shared {
  Listening limits;
  Handler handler;
  std::atomic<bool> stopping{false};
  std::atomic<int> busy{0};  // requests that are not answered yet
};

// One answer on its way from the handler to the connection.
struct Exchange {
  explicit Exchange(Executor executor) : signal(executor) {}
  Signal signal;
  std::optional<Response> response;
};

Awaitable<Response> ask(const std::shared_ptr<Shared>& shared,
                        std::shared_ptr<const Request> request, LoopPtr loop) {
  // It is counted already: a stop either waits for it, or nothing of it is done.
  if (shared->stopping) co_return problem(503, "stopping", "the server is about to stop");
  auto exchange = std::make_shared<Exchange>(loop->context().get_executor());
  Later later = [loop](std::function<void()> then) { loop->post(std::move(then)); };
  Reply reply = [loop, waiting = std::weak_ptr<Exchange>(exchange)](Response response) {
    auto hand_over = [waiting](Response& given) {
      auto one = waiting.lock();
      if (one == nullptr) return;
      one->response = std::move(given);
      one->signal.give();
    };
    if (loop->is_here()) return hand_over(response);
    loop->post([hand_over, given = std::move(response)]() mutable { hand_over(given); });
  };
  shared->handler(request, later, reply);
  std::chrono::seconds most = std::chrono::hours(1);
  while (!exchange->response) co_await wait_for(exchange->signal, most);
  co_return std::move(*exchange->response);
}

template <class Stream>
Awaitable<bool> write_events(Stream& stream, const std::shared_ptr<Shared>& shared,
                             EventStream& events, LoopPtr loop,
                             bhttp::response<bhttp::empty_body> head) {
  auto& lowest = beast::get_lowest_layer(stream);
  error_code failed;
  auto token = asio::redirect_error(kAwaited, failed);
  head.chunked(true);
  bhttp::response_serializer<bhttp::empty_body> serializer(head);
  lowest.expires_after(shared->limits.for_answer);
  co_await bhttp::async_write_header(stream, serializer, token);
  auto signal = std::make_shared<Signal>(stream.get_executor());
  std::chrono::seconds heartbeat(15);
  while (!failed && !shared->stopping) {
    std::optional<std::string> text = events.take();
    if (!text) break;
    if (text->empty()) {
      signal->reset();
      auto give = [waiting = std::weak_ptr<Signal>(signal)] {
        if (auto listening = waiting.lock()) listening->give();
      };
      auto wake = [loop, give] { loop->is_here() ? give() : loop->post(give); };
      events.when_more(wake);
      co_await wait_for(*signal, heartbeat);
      if (signal->given()) continue;
      text = events.still_here();
    }
    asio::const_buffer bytes(text->data(), text->size());
    auto chunk = bhttp::make_chunk(bytes);
    lowest.expires_after(shared->limits.for_answer);
    co_await asio::async_write(stream, chunk, token);
  }
  auto last = bhttp::make_chunk_last();
  if (!failed) co_await asio::async_write(stream, last, token);
  co_return false;
}

template <class Head>
void set_head(Head& head, const Response& response, const Request& request) {
  head.result(static_cast<unsigned>(response.status));
  head.set(bhttp::field::server, "leasehold");
  head.set(bhttp::field::content_type, response.type);
  head.set("X-Request-Id", request.id);
  for (const auto& [name, value] : response.headers) head.insert(name, value);  // cookies repeat
}

template <class Stream>
Awaitable<bool> write_answer(Stream& stream, const std::shared_ptr<Shared>& shared, LoopPtr loop,
                             const Request& request, Response response, bool keep) {
  if (response.events) {
    bhttp::response<bhttp::empty_body> head;
    set_head(head, response, request);
    head.set(bhttp::field::cache_control, "no-store");
    bool more = co_await write_events(stream, shared, *response.events, loop, std::move(head));
    co_return more;
  }
  bhttp::response<bhttp::string_body> message;
  set_head(message, response, request);
  message.keep_alive(keep);
  size_t length = response.body.size();
  if (request.method != "HEAD") message.body() = std::move(response.body);
  message.content_length(length);
  if (response.status == 204 || response.status == 304) message.erase(bhttp::field::content_length);
  bhttp::response_serializer<bhttp::string_body> serializer(message);
  error_code failed;
  auto token = asio::redirect_error(kAwaited, failed);
  beast::get_lowest_layer(stream).expires_after(shared->limits.for_answer);
  if (request.method == "HEAD")
    co_await bhttp::async_write_header(stream, serializer, token);
  else
    co_await bhttp::async_write(stream, serializer, token);
  co_return !failed && keep;
}

// Why a request could not be read, as an answer; nothing where nobody waits for one.
std::optional<Response> unreadable(const error_code& failed) {
  if (failed == bhttp::error::body_limit)
    return problem(413, "too_large", "the body is larger than this server takes");
  if (failed == bhttp::error::header_limit)
    return problem(431, "too_large", "the header is larger than this server takes");
  if (failed == beast::error::timeout)
    return problem(408, "too_slow", "the request did not come in time");
  if (failed.category() == bhttp::make_error_code(bhttp::error::bad_method).category() &&
      failed != bhttp::error::end_of_stream && failed != bhttp::error::partial_message)
    return problem(400, "wrong_input", "this is not HTTP/1.1");
  return std::nullopt;
}

template <class Stream>
Awaitable<void> serve(Stream& stream, std::shared_ptr<Shared> shared, LoopPtr loop,
                      std::string peer) {
  beast::flat_buffer buffer;
  auto& lowest = beast::get_lowest_layer(stream);
  bool keep = true;
  while (keep && !shared->stopping) {
    error_code failed;
    auto token = asio::redirect_error(kAwaited, failed);
    if (buffer.size() == 0) {
      // An idle client may take its time to begin; once it has begun it may not.
      lowest.expires_after(shared->limits.idle);
      auto some = buffer.prepare(4096);
      size_t read = co_await stream.async_read_some(some, token);
      if (failed) co_return;
      buffer.commit(read);
    }
    bhttp::request_parser<bhttp::string_body> parser;
    parser.body_limit(shared->limits.most_body);
    parser.header_limit(shared->limits.most_header);
    lowest.expires_after(shared->limits.for_request);
    co_await bhttp::async_read(stream, buffer, parser, token);
    if (failed) {
      auto said = unreadable(failed);
      if (!said) co_return;
      Request none;
      none.id = request_id();
      co_await write_answer(stream, shared, loop, none, std::move(*said), false);
      co_return;
    }
    lowest.expires_never();
    keep = parser.get().keep_alive();
    std::shared_ptr<const Request> request = to_request(parser.get(), peer);
    ++shared->busy;
    Response response = co_await ask(shared, request, loop);
    bool stream_of_events = response.events != nullptr;
    if (stream_of_events) --shared->busy;
    keep = keep && !shared->stopping;
    keep = co_await write_answer(stream, shared, loop, *request, std::move(response), keep);
    if (!stream_of_events) --shared->busy;
  }
}

std::string peer_of(const Socket& socket) {
  error_code unknown;
  auto endpoint = socket.remote_endpoint(unknown);
  return unknown ? "" : endpoint.address().to_string();
}

Awaitable<void> plain(Socket socket, std::shared_ptr<Shared> shared, LoopPtr loop) {
  std::string peer = peer_of(socket);
  TcpStream stream(std::move(socket));
  co_await serve(stream, shared, loop, peer);
  error_code ignored;
  ignored = stream.socket().shutdown(Socket::shutdown_send, ignored);
}

Awaitable<void> encrypted(Socket socket, std::shared_ptr<Shared> shared, LoopPtr loop,
                          std::shared_ptr<asio::ssl::context> context) {
  std::string peer = peer_of(socket);
  beast::ssl_stream<TcpStream> stream(std::move(socket), *context);
  beast::get_lowest_layer(stream).expires_after(shared->limits.for_request);
  error_code failed;
  auto token = asio::redirect_error(kAwaited, failed);
  co_await stream.async_handshake(asio::ssl::stream_base::server, token);
  if (!failed) {
    co_await serve(stream, shared, loop, peer);
    beast::get_lowest_layer(stream).expires_after(shared->limits.for_request);
    co_await stream.async_shutdown(token);
  }
}

}  // namespace

struct HttpServer::State {
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  std::shared_ptr<asio::ssl::context> tls;
  std::vector<LoopPtr> loops;
  std::unique_ptr<Acceptor> acceptor;
  std::vector<std::thread> threads;
  size_t next = 0;

  Awaitable<void> accept() {
    while (!shared->stopping) {
      const LoopPtr& loop = loops[next++ % loops.size()];
      error_code failed;
      auto token = asio::redirect_error(kAwaited, failed);
      Socket socket = co_await acceptor->async_accept(loop->context(), token);
      if (failed == asio::error::operation_aborted) co_return;
      if (failed) {
        // Out of descriptors: those who wait are taken when others have gone.
        Timer pause(acceptor->get_executor(), std::chrono::milliseconds(50));
        co_await pause.async_wait(token);
        continue;
      }
      error_code ignored;
      ignored = socket.set_option(tcp::no_delay(true), ignored);
      auto session = tls ? encrypted(std::move(socket), shared, loop, tls)
                         : plain(std::move(socket), shared, loop);
      asio::co_spawn(loop->context(), std::move(session), asio::detached);
    }
  }
};

HttpServer::HttpServer(const Listening& listening, Handler handler)
    : state_(std::make_unique<State>()) {
  state_->shared->limits = listening;
  state_->shared->handler = std::move(handler);
  if (!listening.certificate.empty()) {
    state_->tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    state_->tls->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    state_->tls->use_certificate_chain_file(listening.certificate);
    state_->tls->use_private_key_file(listening.key, asio::ssl::context::pem);
  }
  for (unsigned i = 0; i < std::max(1U, listening.threads); ++i)
    state_->loops.push_back(std::make_shared<Loop>());
  asio::io_context& first = state_->loops.front()->context();
  tcp::endpoint endpoint(asio::ip::make_address(listening.address), listening.port);
  state_->acceptor = std::make_unique<Acceptor>(first, endpoint);
  asio::co_spawn(first, state_->accept(), asio::detached);
  for (const LoopPtr& loop : state_->loops) state_->threads.emplace_back([loop] { loop->run(); });
}

uint16_t HttpServer::port() const { return state_->acceptor->local_endpoint().port(); }

void HttpServer::stop() {
  if (state_->shared->stopping.exchange(true)) return;
  asio::post(state_->loops.front()->context(), [this] { state_->acceptor->close(); });
  // Those who were asked answer; those who wait for a request are left.
  auto began = std::chrono::steady_clock::now();
  while (state_->shared->busy > 0 &&
         std::chrono::steady_clock::now() - began < state_->shared->limits.for_stop)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  for (const LoopPtr& loop : state_->loops) loop->context().stop();
  for (std::thread& thread : state_->threads) thread.join();
  state_->acceptor.reset();
  for (const LoopPtr& loop : state_->loops) loop->end();
}

// Threads that cannot be joined are nothing to go on from.
HttpServer::~HttpServer() { stop(); }  // NOLINT(bugprone-exception-escape)

}  // namespace leasehold::server
