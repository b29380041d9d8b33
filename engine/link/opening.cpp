#include "engine/link/opening.hpp"

#include <algorithm>
#include <array>
#include <asio/error.hpp>
#include <string_view>
#include <utility>

#include "engine/link/handshake.hpp"

namespace plugproof::link {
namespace {

constexpr char kTlsBegins = 0x16;  // the type of a handshake record, RFC 8446 section 5.1

// What came, in words.
std::string named(std::string_view begin) {
  const std::string_view line = begin.substr(0, begin.find_first_of("\r\n"));
  const std::size_t method = line.find(' ');
  const bool http = method != std::string_view::npos && method != 0 &&
                    line.substr(0, method).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
                        std::string_view::npos;
  if (!http) return "what is neither TLS nor HTTP (" + printable(begin, 20) + ")";
  const std::string_view target = line.substr(method + 1);
  return plain_http(line.substr(0, method), target.substr(0, target.find(' ')));
}

constexpr std::string_view kRefusal = "This central system takes TLS alone. Connect with wss://.\n";

}  // namespace

Opening::Opening(GatedSocket& socket, std::shared_ptr<void> owner, base::Micros now,
                 std::chrono::milliseconds limit)
    : socket_(socket),
      owner_(std::move(owner)),
      now_(now),
      limit_(limit),
      timer_(socket.get_executor(), limit) {}

void Opening::start_timer() {
  timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error) self->out_of_time();
  });
}

void Opening::let_in(std::shared_ptr<const Entrance> entrance, Done done) {
  entrance_ = std::move(entrance);
  done_ = std::move(done);
  start_timer();
  wait_for_bytes();
}

void Opening::wait_for_bytes() {
  socket_.lowest_layer().async_wait(
      asio::socket_base::wait_read,
      [self = shared_from_this()](const std::error_code& error) { self->first_bytes_came(error); });
}

// They are looked at and left where they are.
void Opening::first_bytes_came(const std::error_code& error) {
  if (!done_) return;
  std::array<char, 512> bytes{};
  std::error_code failed = error;
  std::size_t size = 0;
  if (!failed) {
    socket_.lowest_layer().non_blocking(true, failed);
    size = socket_.lowest_layer().receive(asio::buffer(bytes), asio::socket_base::message_peek,
                                          failed);
  }
  if (failed == asio::error::would_block) return wait_for_bytes();
  const std::string before =
      entrance_->wants_tls() ? "before TLS began" : "before the WebSocket handshake was complete";
  if (failed == asio::error::eof) return finish("the connection ended " + before);
  if (failed) return finish("the connection broke " + before + ": " + failed.message());
  socket_.saw_first_byte(std::chrono::steady_clock::now());
  if (bytes.front() == kTlsBegins) return shake_hands(entrance_->tls(), {});
  if (!entrance_->wants_tls()) return finish({});
  refuse_plain({bytes.data(), size});
}

void Opening::refuse_plain(const std::string& begin) {
  const std::string answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
      "Content-Length: " +
      std::to_string(kRefusal.size()) + "\r\nConnection: close\r\n\r\n" + std::string(kRefusal);
  std::error_code ignored;  // who does not read it misses nothing
  socket_.lowest_layer().send(asio::buffer(answer), 0, ignored);
  finish(entrance_->plain_refused(named(begin)));
}

void Opening::connect(std::shared_ptr<const TlsContext> context, const std::string& host,
                      Done done) {
  done_ = std::move(done);
  start_timer();
  shake_hands(std::move(context), host);
}

void Opening::shake_hands(std::shared_ptr<const TlsContext> context, const std::string& host) {
  socket_.set_tls(std::make_unique<TlsStream>(socket_, owner_, std::move(context), now_, host));
  // The stream is a part of the owner and may not keep it alive; the timer keeps this object.
  socket_.tls()->handshake([weak = weak_from_this()](const std::error_code& error) {
    if (const auto self = weak.lock()) self->shaken(error);
  });
}

void Opening::shaken(const std::error_code& error) {
  if (!error) return finish({});
  const TlsSession& session = socket_.tls()->session();
  finish(entrance_ ? entrance_->tls_failed(session) : tls_failure(session));
}

void Opening::out_of_time() {
  if (!done_) return;
  const std::string within = "within " + base::format_duration(limit_);
  if (socket_.tls()) return socket_.tls()->give_up("it was not complete " + within);
  std::error_code ignored;
  socket_.lowest_layer().cancel(ignored);
  finish(entrance_->wants_tls() ? "TLS did not begin " + within
                                : "the WebSocket handshake was not complete " + within);
}

void Opening::finish(const std::string& problem) {
  const Done done = std::exchange(done_, nullptr);
  if (!done) return;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(timer_.expiry() -
                                                                 std::chrono::steady_clock::now());
  timer_.cancel();
  done(problem, std::max(left, std::chrono::milliseconds(1)));
}

}  // namespace plugproof::link
