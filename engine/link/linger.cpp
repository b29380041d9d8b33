#include "engine/link/linger.hpp"

#include <array>
#include <asio/buffer.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <system_error>
#include <utility>

namespace plugproof::link {
namespace {

constexpr auto kPatience = std::chrono::seconds(1);

class LastBytes : public std::enable_shared_from_this<LastBytes> {
 public:
  explicit LastBytes(asio::ip::tcp::socket socket)
      : socket_(std::move(socket)), timer_(socket_.get_executor()) {}

  void start() {
    std::error_code ignored;
    socket_.cancel(ignored);
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    timer_.expires_after(kPatience);
    timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
      std::error_code close_ignored;
      if (!error) self->socket_.close(close_ignored);
    });
    read();
  }

 private:
  void read() {
    socket_.async_read_some(asio::buffer(waste_),
                            [self = shared_from_this()](const std::error_code& error, std::size_t) {
                              if (!error) return self->read();
                              self->timer_.cancel();
                            });
  }

  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  std::array<char, 4096> waste_{};
};

}  // namespace

void close_patiently(asio::ip::tcp::socket socket) {
  std::make_shared<LastBytes>(std::move(socket))->start();
}

}  // namespace plugproof::link
