#include "client/http_client.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <future>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

namespace leasehold::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

namespace {

constexpr auto kToConnect = std::chrono::seconds(10);
constexpr auto kToSend = std::chrono::seconds(60);
constexpr uint64_t kMostBody = uint64_t{4} << 30;  // bytes: an export of a large cloud

using HttpRequest = http::request<http::string_body>;

// Addresses that mean the same host everywhere: none of those that RFC 6890 keeps for a host, a
// link, a site or a carrier.
bool is_public(const asio::ip::address& address) {
  if (address.is_v6()) {
    asio::ip::address_v6 v6 = address.to_v6();
    if (v6.is_v4_mapped()) return is_public(asio::ip::make_address_v4(asio::ip::v4_mapped, v6));
    return (v6.to_bytes()[0] & 0xe0U) == 0x20U;  // 2000::/3
  }
  uint32_t bits = address.to_v4().to_uint();
  constexpr std::pair<uint32_t, int> kKept[] = {
      {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
      {0xac100000, 12}, {0xc0000000, 24}, {0xc0a80000, 16}, {0xc6120000, 15}, {0xe0000000, 3}};
  return std::none_of(std::begin(kKept), std::end(kKept), [bits](const auto& kept) {
    return (bits ^ kept.first) >> (32 - kept.second) == 0;
  });
}

// One question over one connection. Each step is waited for, with a time limit of its own.
class Conversation {
 public:
  Conversation(const Address& address, bool public_only)
      : address_(address), public_only_(public_only) {}
  bool sent() const { return sent_; }
  Said hold(const HttpRequest& request, std::chrono::seconds for_answer) {
    tcp::resolver resolver(context_);
    auto found = resolver.resolve(address_.host, address_.port);
    for (const auto& one : found)
      if (public_only_ && !is_public(one.endpoint().address()))
        throw std::runtime_error("it is not at a public address");
    if (!address_.tls) {
      beast::tcp_stream stream(context_);
      connect(stream, found);
      return exchange(stream, stream, request, for_answer);
    }
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.set_default_verify_paths();
    tls.set_verify_mode(asio::ssl::verify_peer);
    beast::ssl_stream<beast::tcp_stream> stream(context_, tls);
    stream.set_verify_callback(asio::ssl::host_name_verification(address_.host));
    SSL_set_tlsext_host_name(stream.native_handle(), address_.host.c_str());
    connect(stream.next_layer(), found);
    wait(stream.async_handshake(asio::ssl::stream_base::client, asio::use_future));
    return exchange(stream, stream.next_layer(), request, for_answer);
  }

 private:
  template <class T>
  T wait(std::future<T> future) {
    context_.restart();
    context_.run();
    return future.get();
  }

  template <class Found>
  void connect(beast::tcp_stream& stream, const Found& found) {
    stream.expires_after(kToConnect);
    wait(stream.async_connect(found, asio::use_future));
    stream.socket().set_option(tcp::no_delay(true));
  }

  template <class Stream>
  Said exchange(Stream& stream, beast::tcp_stream& socket, const HttpRequest& request,
                std::chrono::seconds for_answer) {
    socket.expires_after(kToSend);
    sent_ = true;
    wait(http::async_write(stream, request, asio::use_future));
    socket.expires_after(for_answer);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMostBody);
    wait(http::async_read(stream, buffer, parser, asio::use_future));
    auto response = parser.release();
    Said said{static_cast<int>(response.result_int()), {}, std::move(response.body())};
    for (const auto& field : response)
      said.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    return said;
  }

  const Address& address_;
  bool public_only_;
  asio::io_context context_;
  bool sent_ = false;
};

std::string where(const Address& address) {
  return fmt::format("{}://{}:{}", address.tls ? "https" : "http", address.host, address.port);
}

}  // namespace

Parsed<Address> parse_address(const std::string& text) {
  auto wrong = [&] {
    return bad_input(text, "a server's address such as https://cloud.example:8473");
  };
  Address address;
  std::string_view rest = text;
  if (rest.starts_with("https://"))
    address.tls = true;
  else if (!rest.starts_with("http://"))
    return wrong();
  rest.remove_prefix(address.tls ? 8 : 7);
  std::string_view place = rest.substr(0, rest.find('/'));
  address.path = rest.substr(place.size());
  while (address.path.ends_with('/')) address.path.pop_back();
  if (place.find_first_of("@?# ") != std::string_view::npos) return wrong();
  size_t colon = place.find(':', place.rfind(']') == std::string_view::npos ? 0 : place.rfind(']'));
  address.host = place.substr(0, colon);
  address.port = colon == std::string_view::npos ? (address.tls ? "443" : "80")
                                                 : std::string(place.substr(colon + 1));
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  int port = 0;
  const char* end = address.port.data() + address.port.size();
  bool good = std::from_chars(address.port.data(), end, port).ptr == end && port > 0;
  if (address.host.empty() || !good || port > 65'535) return wrong();
  return address;
}

Parsed<Url> parse_url(const std::string& text) {
  size_t scheme = text.find("//");
  size_t host = scheme == std::string::npos ? 0 : scheme + 2;
  size_t path = std::min(text.find_first_of("/?", host), text.size());
  auto address = parse_address(text.substr(0, path));
  if (!address) return bad_input(text, address.error().expected);
  std::string target = text.substr(path);
  if (!target.starts_with('/')) target.insert(0, "/");
  return Url{*address, target};
}

std::string Said::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (beast::iequals(known, beast::string_view(name.data(), name.size()))) return value;
  return "";
}

Expected<Said, NoAnswer> ask(const Address& address, const Asked& asked) {
  HttpRequest request;
  request.method_string(asked.method);
  request.target(address.path + asked.target);
  request.version(11);
  request.set(http::field::host, address.host + ":" + address.port);
  request.set(http::field::user_agent, "leasehold/" LEASEHOLD_VERSION);
  request.keep_alive(false);
  for (const auto& [name, value] : asked.headers) request.set(name, value);
  request.body() = asked.body;
  request.prepare_payload();
  Conversation conversation(address, asked.public_only);
  try {
    return conversation.hold(request, asked.for_answer);
  } catch (const std::exception& wrong) {
    return Unexpected<NoAnswer>(
        NoAnswer{fmt::format("{}: {}", where(address), wrong.what()), conversation.sent()});
  }
}

std::string encode_percent(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ||
                 c == '_' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace leasehold::client
