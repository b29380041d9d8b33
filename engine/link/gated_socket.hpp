// A TCP socket whose reading can be held back. Beneath websocketpp it gives what the library does
// not: a silence that is exact (a read that was under way when the silence began is kept, unseen,
// until it ends), the moment at which bytes came in, and the error with which TCP ended.
//
// For units that include websocketpp; not part of the public headers.
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

namespace plugproof::link {

using SteadyTime = std::chrono::steady_clock::time_point;

// When the bytes that are handled now came in. One I/O thread: set before a read is handed on.
inline thread_local SteadyTime bytes_came_at{};

class GatedSocket {
 public:
  using lowest_layer_type = asio::ip::tcp::socket;
  using executor_type = lowest_layer_type::executor_type;

  explicit GatedSocket(asio::io_context& io) : socket_(io) {}
  GatedSocket(const GatedSocket&) = delete;
  GatedSocket& operator=(const GatedSocket&) = delete;

  executor_type get_executor() { return socket_.get_executor(); }
  lowest_layer_type& lowest_layer() { return socket_; }
  const lowest_layer_type& lowest_layer() const { return socket_; }

  // The owner of the socket must be kept alive by `handler`, as websocketpp does.
  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    socket_.async_read_some(
        buffers, [this, handler = std::decay_t<Handler>(std::forward<Handler>(handler))](
                     const std::error_code& error, std::size_t size) mutable {
          if (error) read_error_ = error;
          if (!silent_) {
            bytes_came_at = std::chrono::steady_clock::now();
            if (first_read_ == SteadyTime{}) first_read_ = bytes_came_at;
            handler(error, size);
            return;
          }
          auto kept = std::make_shared<std::decay_t<Handler>>(std::move(handler));
          held_ = [kept, error, size] {
            bytes_came_at = std::chrono::steady_clock::now();
            (*kept)(error, size);
          };
        });
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    socket_.async_write_some(
        buffers, [this, handler = std::decay_t<Handler>(std::forward<Handler>(handler))](
                     const std::error_code& error, std::size_t size) mutable {
          if (error) write_error_ = error;
          // Frames that came with the handshake are handled once its answer is written.
          bytes_came_at = std::chrono::steady_clock::now();
          handler(error, size);
        });
  }

  void silence(bool silent) {
    silent_ = silent;
    if (silent || !held_) return;
    // The copy keeps the owner alive; a silence that begins again before its turn keeps the read.
    asio::post(get_executor(), [this, owner = held_] {
      if (!silent_ && held_) std::exchange(held_, nullptr)();
    });
  }

  // Whether ending the connection waits a moment for what the peer still sends (see linger.hpp).
  void set_patient(bool patient) { patient_ = patient; }
  bool patient() const { return patient_ && !read_error_ && !write_error_; }

  // When the first byte came; the epoch of the clock when none did.
  SteadyTime first_read() const { return first_read_; }
  // What ended the reading or the writing; no error while TCP lives.
  std::error_code error() const { return read_error_ ? read_error_ : write_error_; }

 private:
  asio::ip::tcp::socket socket_;
  bool silent_ = false;
  bool patient_ = true;
  std::function<void()> held_;
  SteadyTime first_read_{};
  std::error_code read_error_;
  std::error_code write_error_;
};

}  // namespace plugproof::link
