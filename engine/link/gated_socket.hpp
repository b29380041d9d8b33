// A TCP socket whose reading can be held back, with TLS over it where the connection has that.
// Beneath websocketpp it gives what the library does not: a silence that is exact (a read that was
// under way when the silence began is kept, unseen, until it ends), the moment at which bytes came
// in, and the error with which TCP ended.
//
// For units that include websocketpp; not part of the public headers.
#pragma once

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include "engine/link/tls_stream.hpp"

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

  // TLS from here on. Both are nullptr until then.
  void set_tls(std::unique_ptr<TlsStream> stream) { tls_ = std::move(stream); }
  TlsStream* tls() { return tls_.get(); }
  const TlsStream* tls() const { return tls_.get(); }

  // The owner of the socket must be kept alive by `handler`, as websocketpp does.
  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) {
      tls_->read(*asio::buffer_sequence_begin(buffers), shared(std::forward<Handler>(handler)));
    } else {
      read_tcp(buffers, std::forward<Handler>(handler));
    }
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) {
      tls_->write(first_bytes(buffers), shared(std::forward<Handler>(handler)));
    } else {
      write_tcp(buffers, std::forward<Handler>(handler));
    }
  }

  template <typename Buffers, typename Handler>
  void read_tcp(const Buffers& buffers, Handler&& handler) {
    socket_.async_read_some(
        buffers, [this, handler = std::decay_t<Handler>(std::forward<Handler>(handler))](
                     const std::error_code& error, std::size_t size) mutable {
          if (error) read_error_ = error;
          if (!silent_) {
            bytes_came_at = std::chrono::steady_clock::now();
            saw_first_byte(bytes_came_at);
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
  void write_tcp(const Buffers& buffers, Handler&& handler) {
    socket_.async_write_some(
        buffers, [this, handler = std::decay_t<Handler>(std::forward<Handler>(handler))](
                     const std::error_code& error, std::size_t size) mutable {
          if (error) write_error_ = error;
          // Frames that came with the handshake are handled once its answer is written.
          bytes_came_at = std::chrono::steady_clock::now();
          handler(error, size);
        });
  }

  // Runs what hands on bytes that have been read before: not from inside this call, and as a read
  // does after a silence.
  void hand_on(std::function<void()> ready) {
    asio::post(get_executor(), [this, ready = std::move(ready)] {
      if (silent_) {
        held_ = ready;
      } else {
        ready();
      }
    });
  }

  void silence(bool silent) {
    if (silent_ && !silent) silence_ended_ = std::chrono::steady_clock::now();
    silent_ = silent;
    if (silent || !held_) return;
    // The copy keeps the owner alive; a silence that begins again before its turn keeps the read.
    asio::post(get_executor(), [this, owner = held_] {
      if (!silent_ && held_) std::exchange(held_, nullptr)();
    });
  }

  // The end of the last one; the epoch of the clock when there was none.
  SteadyTime silence_ended() const { return silence_ended_; }

  // Whether ending the connection waits a moment for what the peer still sends (see linger.hpp).
  void set_patient(bool patient) { patient_ = patient; }
  bool patient() const { return patient_ && !read_error_ && !write_error_; }

  void saw_first_byte(SteadyTime when) {
    if (first_read_ == SteadyTime{}) first_read_ = when;
  }
  // When the first byte came; the epoch of the clock when none did.
  SteadyTime first_read() const { return first_read_; }
  // What ended the reading or the writing; no error while TCP lives.
  std::error_code error() const { return read_error_ ? read_error_ : write_error_; }

 private:
  // TLS wants handlers that can be copied.
  template <typename Handler>
  static TlsStream::Handler shared(Handler&& handler) {
    auto kept = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    return [kept](const std::error_code& error, std::size_t size) { (*kept)(error, size); };
  }
  template <typename Buffers>
  static std::string first_bytes(const Buffers& buffers) {
    std::string bytes(std::min(asio::buffer_size(buffers), TlsStream::kMaxWrite), '\0');
    asio::buffer_copy(asio::buffer(bytes), buffers);
    return bytes;
  }
  asio::ip::tcp::socket socket_;
  std::unique_ptr<TlsStream> tls_;
  bool silent_ = false;
  bool patient_ = true;
  std::function<void()> held_;
  SteadyTime first_read_{};
  SteadyTime silence_ended_{};
  std::error_code read_error_;
  std::error_code write_error_;
};

}  // namespace plugproof::link
