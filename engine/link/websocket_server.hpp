// The link over sockets: a WebSocket server (RFC 6455) that charge points connect to, with TLS or
// without, on the event loop of the process. The library beneath it stays out of this header.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/event_loop.hpp"
#include "engine/link/link.hpp"

namespace plugproof::link {

class WebSocketServer final : public Link {
 public:
  struct Options {
    std::string address = "127.0.0.1";                         // of this machine, in digits
    std::uint16_t port = 0;                                    // 0: any free one
    std::size_t max_message_bytes = std::size_t{1024} * 1024;  // more ends the connection with 1009
    std::size_t max_unsent_bytes = std::size_t{8} * 1024 * 1024;  // more waiting to go out: dropped
    std::chrono::milliseconds handshake_timeout{10'000};          // with TLS, for the whole request
    std::chrono::milliseconds close_timeout{5'000};  // for the answer to our close frame
    std::string server_name = "plugproof";           // the Server header
  };

  // Listens at once; connections are served while `loop` runs, which must live longer than the
  // server. Throws base::InputError when the address or the port cannot be had.
  explicit WebSocketServer(base::EventLoop& loop);
  WebSocketServer(base::EventLoop& loop, Options options);
  // Closes every connection with 1001 and waits for the answers, a second at most.
  ~WebSocketServer() override;
  WebSocketServer(const WebSocketServer&) = delete;
  WebSocketServer& operator=(const WebSocketServer&) = delete;

  void on_event(Handler handler) override;
  void on_handshake(AdmissionPolicy policy) override;
  std::optional<base::Nanos> send(ConnectionId connection, std::string_view text) override;
  void ping(ConnectionId connection, std::string_view payload) override;
  void close(ConnectionId connection, int code, std::string_view reason) override;
  void drop(ConnectionId connection) override;
  void reset(ConnectionId connection) override;
  void refuse_connections(bool refuse) override;
  void stall_connections(bool stall) override;
  void silence(ConnectionId connection, bool silent) override;
  void secure(const ServerSecurity& security) override;
  std::string url() const override;

  std::uint16_t port() const;
  std::size_t open_connections() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace plugproof::link
