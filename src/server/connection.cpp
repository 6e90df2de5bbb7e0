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

// A signal that a coroutine waits for and any thread gives. The coroutine owns it: who may give it
// later holds it weakly, for a server that ends takes the timer's clock with it.
class Signal {
 public:
  explicit Signal(Executor executor) : timer_(executor) {}
  Timer& timer() { return timer_; }
  // Handed over and not shared: the giving thread may be held up until the server is gone.
  static void give(std::shared_ptr<Signal> signal) {
    Executor there = signal->timer_.get_executor();
    asio::post(there, [signal = std::move(signal)] {
      signal->given_ = true;
      signal->timer_.cancel();
    });
  }
  // Of the connection's own thread.
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
  std::mutex mutex;
  std::optional<Response> response;

  std::optional<Response> take() {
    std::lock_guard guard(mutex);
    return std::exchange(response, std::nullopt);
  }
};

Awaitable<Response> ask(const std::shared_ptr<Shared>& shared,
                        std::shared_ptr<const Request> request, Executor executor) {
  auto exchange = std::make_shared<Exchange>(executor);
  Later later = [executor](std::function<void()> then) { asio::post(executor, std::move(then)); };
  Reply reply = [waiting = std::weak_ptr<Exchange>(exchange)](Response response) {
    std::shared_ptr<Exchange> one = waiting.lock();
    if (one == nullptr) return;
    {
      std::lock_guard guard(one->mutex);
      one->response = std::move(response);
    }
    Signal* signal = &one->signal;
    Signal::give({std::move(one), signal});
  };
  shared->handler(request, later, reply);
  std::chrono::seconds most = std::chrono::hours(1);
  auto response = exchange->take();
  while (!response) {
    co_await wait_for(exchange->signal, most);
    exchange->signal.reset();
    response = exchange->take();
  }
  co_return std::move(*response);
}

template <class Stream>
Awaitable<bool> write_events(Stream& stream, const std::shared_ptr<Shared>& shared,
                             EventStream& events, bhttp::response<bhttp::empty_body> head) {
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
      auto wake = [waiting = std::weak_ptr<Signal>(signal)] {
        if (auto listening = waiting.lock()) Signal::give(std::move(listening));
      };
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
Awaitable<bool> write_answer(Stream& stream, const std::shared_ptr<Shared>& shared,
                             const Request& request, Response response, bool keep) {
  if (response.events) {
    bhttp::response<bhttp::empty_body> head;
    set_head(head, response, request);
    head.set(bhttp::field::cache_control, "no-store");
    bool more = co_await write_events(stream, shared, *response.events, std::move(head));
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
Awaitable<void> serve(Stream& stream, std::shared_ptr<Shared> shared, std::string peer) {
  beast::flat_buffer buffer;
  auto& lowest = beast::get_lowest_layer(stream);
  Executor executor = stream.get_executor();
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
      co_await write_answer(stream, shared, none, std::move(*said), false);
      co_return;
    }
    lowest.expires_never();
    keep = parser.get().keep_alive();
    std::shared_ptr<const Request> request = to_request(parser.get(), peer);
    ++shared->busy;
    Response response = co_await ask(shared, request, executor);
    bool stream_of_events = response.events != nullptr;
    if (stream_of_events) --shared->busy;
    keep = keep && !shared->stopping;
    keep = co_await write_answer(stream, shared, *request, std::move(response), keep);
    if (!stream_of_events) --shared->busy;
  }
}

std::string peer_of(const Socket& socket) {
  error_code unknown;
  auto endpoint = socket.remote_endpoint(unknown);
  return unknown ? "" : endpoint.address().to_string();
}

Awaitable<void> plain(Socket socket, std::shared_ptr<Shared> shared) {
  std::string peer = peer_of(socket);
  TcpStream stream(std::move(socket));
  co_await serve(stream, shared, peer);
  error_code ignored;
  ignored = stream.socket().shutdown(Socket::shutdown_send, ignored);
}

Awaitable<void> encrypted(Socket socket, std::shared_ptr<Shared> shared,
                          std::shared_ptr<asio::ssl::context> context) {
  std::string peer = peer_of(socket);
  beast::ssl_stream<TcpStream> stream(std::move(socket), *context);
  beast::get_lowest_layer(stream).expires_after(shared->limits.for_request);
  error_code failed;
  auto token = asio::redirect_error(kAwaited, failed);
  co_await stream.async_handshake(asio::ssl::stream_base::server, token);
  if (!failed) {
    co_await serve(stream, shared, peer);
    beast::get_lowest_layer(stream).expires_after(shared->limits.for_request);
    co_await stream.async_shutdown(token);
  }
}

}  // namespace

struct HttpServer::State {
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  std::shared_ptr<asio::ssl::context> tls;
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  std::unique_ptr<Acceptor> acceptor;
  std::vector<std::thread> threads;
  size_t next = 0;

  Awaitable<void> accept() {
    while (!shared->stopping) {
      asio::io_context& context = *contexts[next++ % contexts.size()];
      error_code failed;
      auto token = asio::redirect_error(kAwaited, failed);
      Socket socket = co_await acceptor->async_accept(context, token);
      if (failed == asio::error::operation_aborted) co_return;
      if (failed) {
        // Out of descriptors: those who wait are taken when others have gone.
        Timer pause(acceptor->get_executor(), std::chrono::milliseconds(50));
        co_await pause.async_wait(token);
        continue;
      }
      error_code ignored;
      ignored = socket.set_option(tcp::no_delay(true), ignored);
      auto session =
          tls ? encrypted(std::move(socket), shared, tls) : plain(std::move(socket), shared);
      asio::co_spawn(context, std::move(session), asio::detached);
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
    state_->contexts.push_back(std::make_unique<asio::io_context>(1));
  tcp::endpoint endpoint(asio::ip::make_address(listening.address), listening.port);
  state_->acceptor = std::make_unique<Acceptor>(*state_->contexts.front(), endpoint);
  asio::co_spawn(*state_->contexts.front(), state_->accept(), asio::detached);
  for (auto& context : state_->contexts)
    state_->threads.emplace_back([&context] {
      auto work = asio::make_work_guard(*context);
      context->run();
    });
}

uint16_t HttpServer::port() const { return state_->acceptor->local_endpoint().port(); }

void HttpServer::stop() {
  if (state_->shared->stopping.exchange(true)) return;
  asio::post(*state_->contexts.front(), [this] { state_->acceptor->close(); });
  // Those who were asked answer; those who wait for a request are left.
  constexpr int kMostSteps = 1500;  // half a minute
  for (int i = 0; i < kMostSteps && state_->shared->busy > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  for (auto& context : state_->contexts) context->stop();
  for (std::thread& thread : state_->threads) thread.join();
}

// Threads that cannot be joined are nothing to go on from.
HttpServer::~HttpServer() { stop(); }  // NOLINT(bugprone-exception-escape)

}  // namespace leasehold::server
