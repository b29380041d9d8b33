// One connection of an HTTP or HTTPS client, on its own thread: cpp-httplib reads and writes
// through it. cpp-httplib's own sockets cannot be cut off from another thread, stall on purpose or
// tell whether what was written has arrived; this one can.
#pragma once

#include <httplib.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>

namespace plugproof::transfer {

class HttpSocket final : public httplib::Stream {
 public:
  using Span = std::chrono::milliseconds;

  // Takes the descriptor. `patience`: for how long the client may neither send nor take anything
  // in the middle of a message.
  HttpSocket(int descriptor, std::string remote, int remote_port, Span patience);
  ~HttpSocket() override;
  HttpSocket(const HttpSocket&) = delete;
  HttpSocket& operator=(const HttpSocket&) = delete;

  // TLS from here on; false when the client and we do not agree.
  bool handshake(SSL_CTX* context);
  // Waits until there is something to read; false when there will be nothing.
  bool wait_for_request(Span limit);
  // Waits until the client's system has acknowledged all that was written; false when the
  // connection is lost before that. What then lies unread in the client is beyond anybody's sight.
  bool wait_until_taken();
  // Does nothing until the client leaves or the connection is cut.
  void wait_for_the_end();
  // The client is to see a reset instead of an answer or an orderly end.
  void reset();
  // Ends the connection in order although the client may still be sending: what it sends is read
  // and thrown away for a moment, so that it gets to read our answer.
  void drain();
  // The only call that other threads may make: whatever this connection waits for is over.
  void cut();
  bool is_cut() const { return cut_; }
  // The last four bytes that were read from here. A chunked body is complete only if they are an
  // empty line (RFC 9112 section 7.1): cpp-httplib 0.11.4 takes a body that breaks off with a bad
  // chunk for a whole one.
  bool read_an_empty_line() const;
  const std::string& remote() const { return remote_; }

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return descriptor_; }

 private:
  bool wait(short events, Span limit) const;
  // Calls an SSL function until it has done something; what it returned, or -1.
  template <class Call>
  int retry_tls(Call call);
  ssize_t fill();

  const int descriptor_;
  const std::string remote_;
  const int remote_port_;
  const Span patience_;
  SSL* tls_ = nullptr;
  std::atomic<bool> cut_{false};
  bool silent_ = false;  // nothing more is to be said
  std::array<char, 16384> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::array<char, 4> last_{};
};

}  // namespace plugproof::transfer
