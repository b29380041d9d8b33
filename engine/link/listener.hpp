// The listening TCP socket of a server: accepts, refuses on demand, and stays calm when the process
// runs out of descriptors.
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace plugproof::link {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  struct Handlers {
    std::function<void(asio::ip::tcp::socket socket)> accepted;
    // Something kept us from accepting; we try again by ourselves.
    std::function<void(const std::string& reason)> trouble;
  };

  // Throws base::InputError when the address is none of this machine or the port is taken. Port 0
  // takes a free one.
  Listener(asio::io_context& io, const std::string& address, std::uint16_t port, Handlers handlers);

  void start();
  // Turned away: the port stays ours but nobody listens on it, so that clients get "connection
  // refused".
  void refuse(bool refuse);
  void stop();

  asio::ip::tcp::endpoint endpoint() const { return endpoint_; }

 private:
  std::error_code open();
  void accept();
  void retry_later();

  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  asio::ip::tcp::endpoint endpoint_;
  Handlers handlers_;
  bool listening_ = false;
  bool in_trouble_ = false;
};

// Lets the process have as many descriptors as the system grants it: each charge point needs one.
void raise_descriptor_limit();

}  // namespace plugproof::link
