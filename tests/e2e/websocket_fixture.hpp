// A server and its clients on one loop, over real sockets. Tests run the loop until something
// holds; a deadline only bounds what has gone wrong.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/event_loop.hpp"
#include "engine/link/frame_header.hpp"
#include "engine/link/websocket_client.hpp"
#include "engine/link/websocket_server.hpp"

namespace plugproof::link {

// A client and all that it heard.
struct HeardClient {
  std::unique_ptr<Client> client;
  bool opened = false;
  std::vector<std::string> texts;
  std::vector<std::pair<int, std::string>> failures;
  std::vector<std::pair<int, std::string>> closes;
};

// A TCP client that sends bytes as they are and keeps what comes.
class RawClient {
 public:
  RawClient(base::EventLoop& loop, std::uint16_t port)
      : state_(std::make_shared<State>(State{asio::ip::tcp::socket(loop.context()), {}, {}, {}})) {
    state_->socket.connect({asio::ip::address_v4::loopback(), port});
    read(state_);
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes) {
    std::error_code ignored;
    asio::write(state_->socket, asio::buffer(bytes), ignored);
  }
  // One frame; masked, as a client must, unless told otherwise. `first` is the byte with FIN and
  // opcode.
  void send_frame(unsigned first, std::string payload, bool masked = true) {
    const std::optional<MaskKey> mask =
        masked ? std::optional<MaskKey>({'\x12', '\x34', '\x56', '\x78'}) : std::nullopt;
    std::string header = frame_header(0, payload.size(), mask);
    header[0] = static_cast<char>(first);
    if (mask) apply_mask(payload, *mask);
    send(header + payload);
  }
  void handshake(const std::string& path = "/CP", const std::string& more = {}) {
    send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n" +
         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
         "Sec-WebSocket-Protocol: ocpp1.6\r\n" + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         more + "\r\n");
  }
  void finish_sending() { state_->socket.shutdown(asio::ip::tcp::socket::shutdown_send); }
  void close() {
    std::error_code ignored;
    state_->socket.close(ignored);
  }
  void reset() {
    state_->socket.set_option(asio::socket_base::linger(true, 0));
    close();
  }

  const std::string& received() const { return state_->received; }
  bool has(std::string_view text) const { return received().find(text) != std::string::npos; }
  // How TCP ended, as this side sees it.
  std::error_code ended() const { return state_->ended; }

 private:
  struct State {
    asio::ip::tcp::socket socket;
    std::array<char, 4096> buffer;
    std::string received;
    std::error_code ended;
  };
  static void read(const std::shared_ptr<State>& state) {
    state->socket.async_read_some(asio::buffer(state->buffer),
                                  [state](const std::error_code& error, std::size_t size) {
                                    state->received.append(state->buffer.data(), size);
                                    if (error) {
                                      state->ended = error;
                                    } else {
                                      read(state);
                                    }
                                  });
  }
  std::shared_ptr<State> state_;
};

// The bytes of a close frame from the server.
inline std::string close_frame(int code, const std::string& reason = {}) {
  const std::string payload =
      std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + reason;
  return frame_header(8, payload.size(), std::nullopt) + payload;
}

class WebSocketTest : public ::testing::Test {
 protected:
  void SetUp() override { start({}); }

  void start(WebSocketServer::Options options) {
    server.reset();
    server = std::make_unique<WebSocketServer>(loop, std::move(options));
    server->on_event([this](const Event& event) { events.push_back(event); });
  }

  bool wait(const std::function<bool()>& done) {
    return loop.run_until(done, std::chrono::seconds(10));
  }
  bool wait_for_events(std::size_t count) {
    return wait([&] { return events.size() >= count; });
  }
  // Lets everything happen that is going to happen without waiting for timers.
  void settle() {
    for (int i = 0; i < 50; ++i) loop.run_for(std::chrono::milliseconds(1));
  }

  std::unique_ptr<HeardClient> make_client() {
    auto heard = std::make_unique<HeardClient>();
    heard->client = factory();
    heard->client->set_handlers(
        {.open = [h = heard.get()] { h->opened = true; },
         .text = [h = heard.get()](std::string_view text) { h->texts.emplace_back(text); },
         .failed = [h = heard.get()](
                       int status,
                       const std::string& reason) { h->failures.emplace_back(status, reason); },
         .closed = [h = heard.get()](
                       int code,
                       const std::string& reason) { h->closes.emplace_back(code, reason); }});
    return heard;
  }
  std::unique_ptr<HeardClient> connect(ClientOptions options = {}) {
    auto heard = make_client();
    if (options.url.empty()) options.url = server->url() + "CP001";
    heard->client->connect(options);
    return heard;
  }
  // Connects and waits for both sides; the events of it are taken out.
  std::unique_ptr<HeardClient> connected() {
    auto heard = connect();
    EXPECT_TRUE(wait([&] { return heard->opened && !events.empty(); }));
    id = events.empty() ? 0 : events.back().connection;
    events.clear();
    return heard;
  }
  std::unique_ptr<RawClient> raw_connected() {
    auto raw = std::make_unique<RawClient>(loop, server->port());
    raw->handshake();
    EXPECT_TRUE(wait([&] { return raw->has("\r\n\r\n") && !events.empty(); }));
    id = events.empty() ? 0 : events.back().connection;
    events.clear();
    return raw;
  }

  base::EventLoop loop;
  ClientFactory factory = make_websocket_clients(loop);
  std::unique_ptr<WebSocketServer> server;
  std::vector<Event> events;
  ConnectionId id = 0;
};

}  // namespace plugproof::link
