// TLS over a gated socket: the handshake, then bytes of the application. One reader and one writer
// at a time, as websocketpp and Asio's composed operations do it.
#pragma once

#include <array>
#include <asio/buffer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

#include "engine/link/tls_session.hpp"

namespace plugproof::link {

class GatedSocket;

class TlsStream {
 public:
  using Handler = std::function<void(const std::error_code& error, std::size_t size)>;
  // More is not written in one go: the plain text of one record (RFC 8446 section 5.1).
  static constexpr std::size_t kMaxWrite = 16384;

  // `socket` is a part of `owner`, which is kept alive while anything is under way.
  TlsStream(GatedSocket& socket, std::weak_ptr<void> owner,
            std::shared_ptr<const TlsContext> context, base::Micros now,
            const std::string& host = {});

  // Calls `done` once, with an error when it failed (session().problem() says why): after what
  // tells the other end is written. `done` may not keep the owner alive.
  void handshake(std::function<void(std::error_code)> done);
  // Gives a handshake up.
  void give_up(const std::string& why);

  void read(asio::mutable_buffer to, Handler handler);
  void write(const std::string& bytes, Handler handler);
  // Tells the other end that we send no more, if that can be said at once.
  void end();

  const TlsSession& session() const { return session_; }

 private:
  using Owner = std::shared_ptr<void>;
  // A read under way. Handlers keep the owner alive, and only what is under way may keep handlers:
  // as members they would keep it for ever when the loop goes.
  struct Reading {
    Owner owner;
    asio::mutable_buffer to;
    Handler handler;  // none during the handshake
  };
  // A write to TCP under way, and who is told when nothing more is to be written.
  struct Writing {
    Owner owner;
    std::string bytes;
    std::size_t done = 0;
    Handler writer;
    std::size_t size = 0;  // of the writer's bytes
  };
  using Flight = std::shared_ptr<Writing>;

  void shake();
  void receive(Reading reading);
  void received(const Reading& reading, const std::error_code& error, std::size_t size);
  // Hands on what can be read; false when there is nothing to tell yet.
  bool deliver(const Reading& reading, bool at_once);
  // What is being written, nullptr when there is nothing to write.
  Flight flush();
  void send(const Flight& flight);
  void sent(const Flight& flight, const std::error_code& error);
  void tell_handshake(std::error_code error);

  GatedSocket& socket_;
  std::weak_ptr<void> owner_;
  TlsSession session_;
  std::function<void(std::error_code)> shaken_;
  std::error_code tcp_ended_;
  std::chrono::steady_clock::time_point came_at_{};
  std::array<char, 4096> incoming_{};
  std::weak_ptr<Writing> flight_;
  std::error_code write_failed_;
};

}  // namespace plugproof::link
