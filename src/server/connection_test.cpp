// What happens to answers when the server stops.
#include "server/connection.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "client/http_client.h"

namespace leasehold::server {
namespace {

// A server whose requests are kept until the test answers them.
class Held {
 public:
  explicit Held(std::chrono::seconds for_stop) {
    Listening listening;
    listening.port = 0;
    listening.for_stop = for_stop;
    server_ = std::make_unique<HttpServer>(
        listening, [this](std::shared_ptr<const Request>, Later later, Reply reply) {
          later_ = std::move(later);
          reply_ = std::move(reply);
          asked_.set_value();
        });
    client::Address address{false, "127.0.0.1", std::to_string(server_->port()), ""};
    said_ = std::async(std::launch::async, [address] {
      client::Asked asked;
      asked.method = "GET";
      asked.target = "/";
      auto said = client::ask(address, asked);
      return said ? said->status : 0;
    });
    asked_.get_future().wait();
  }

  HttpServer& server() { return *server_; }
  void end() { server_.reset(); }
  // From another thread than the connection's.
  void reply() { reply_({200, "text/plain", "late"}); }
  void later(std::function<void()> work) { later_(std::move(work)); }
  int status() { return said_.get(); }

 private:
  std::promise<void> asked_;
  Later later_;
  Reply reply_;
  std::unique_ptr<HttpServer> server_;
  std::future<int> said_;
};

TEST(HttpServer, AnswersWhatItWasAskedBeforeItStops) {
  Held held(std::chrono::seconds(30));
  std::thread stops([&] { held.server().stop(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  held.reply();
  EXPECT_EQ(held.status(), 200);
  stops.join();
}

TEST(HttpServer, DropsWhatComesWhenItHasStopped) {
  Held held(std::chrono::seconds(0));
  held.server().stop();
  EXPECT_EQ(held.status(), 0);
  bool ran = false;
  held.later([&] { ran = true; });
  held.reply();
  held.end();
  held.later([&] { ran = true; });
  held.reply();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace leasehold::server
