#include "engine/link/tls_stream.hpp"

#include <algorithm>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <utility>

#include "engine/link/gated_socket.hpp"

namespace plugproof::link {
namespace {

const std::error_code kTlsFailed = std::make_error_code(std::errc::protocol_error);

}  // namespace

TlsStream::TlsStream(GatedSocket& socket, std::weak_ptr<void> owner,
                     std::shared_ptr<const TlsContext> context, base::Micros now,
                     const std::string& host)
    : socket_(socket), owner_(std::move(owner)), session_(std::move(context), now, host) {}

void TlsStream::handshake(std::function<void(std::error_code)> done) {
  shaken_ = std::move(done);
  shake();
}

void TlsStream::shake() {
  const auto state = session_.handshake();
  const Flight flight = flush();
  if (state == TlsSession::State::handshaking) return receive({owner_.lock(), {}, {}});
  if (state == TlsSession::State::open) return tell_handshake({});
  if (!flight) tell_handshake(kTlsFailed);  // else sent() does
}

void TlsStream::give_up(const std::string& why) {
  session_.fail(why);
  tell_handshake(kTlsFailed);
}

void TlsStream::tell_handshake(std::error_code error) {
  if (const auto done = std::exchange(shaken_, nullptr)) done(error);
}

void TlsStream::receive(Reading reading) {
  socket_.read_tcp(asio::buffer(incoming_), [this, reading = std::move(reading)](
                                                const std::error_code& error, std::size_t size) {
    received(reading, error, size);
  });
}

void TlsStream::received(const Reading& reading, const std::error_code& error, std::size_t size) {
  came_at_ = bytes_came_at;
  session_.feed({incoming_.data(), size});
  if (error) tcp_ended_ = error;
  if (session_.state() == TlsSession::State::handshaking) {
    if (error) return give_up(error == asio::error::eof ? "the connection ended" : error.message());
    return shake();
  }
  if (reading.handler && !deliver(reading, true)) receive(reading);
}

void TlsStream::read(asio::mutable_buffer to, Handler handler) {
  const Reading reading{owner_.lock(), to, std::move(handler)};
  if (!deliver(reading, false)) receive(reading);
}

bool TlsStream::deliver(const Reading& reading, bool at_once) {
  const std::size_t size = session_.read(static_cast<char*>(reading.to.data()), reading.to.size());
  flush();  // reading may ask for an answer, or for an alert
  std::error_code error;
  if (size == 0) {
    const bool failed = session_.state() == TlsSession::State::failed;
    if (!failed && !session_.ended() && !tcp_ended_) return false;
    error = failed ? kTlsFailed : session_.ended() ? std::error_code(asio::error::eof) : tcp_ended_;
  }
  if (at_once) {
    reading.handler(error, size);
    return true;
  }
  socket_.hand_on([this, reading, error, size] {
    bytes_came_at = std::max(came_at_, socket_.silence_ended());
    reading.handler(error, size);
  });
  return true;
}

void TlsStream::write(const std::string& bytes, Handler handler) {
  if (!write_failed_ && !session_.write(bytes)) write_failed_ = kTlsFailed;
  if (const Flight flight = flush()) {
    flight->writer = std::move(handler);
    flight->size = bytes.size();
    return;
  }
  // Nothing goes out, and not from inside this call.
  asio::post(socket_.get_executor(), [owner = owner_.lock(), error = write_failed_,
                                      handler = std::move(handler)] { handler(error, 0); });
}

TlsStream::Flight TlsStream::flush() {
  if (Flight flight = flight_.lock()) return flight;
  if (write_failed_) return nullptr;
  std::string bytes = session_.take_output();
  if (bytes.empty()) return nullptr;
  const auto flight = std::make_shared<Writing>();
  flight->owner = owner_.lock();
  flight->bytes = std::move(bytes);
  flight_ = flight;
  send(flight);
  return flight;
}

void TlsStream::send(const Flight& flight) {
  socket_.write_tcp(asio::buffer(flight->bytes) + flight->done,
                    [this, flight](const std::error_code& error, std::size_t size) {
                      flight->done += size;
                      if (error || flight->done == flight->bytes.size()) return sent(flight, error);
                      send(flight);
                    });
}

void TlsStream::sent(const Flight& flight, const std::error_code& error) {
  flight_.reset();
  if (error) write_failed_ = error;
  if (const Flight next = flush()) {
    next->writer = std::move(flight->writer);
    next->size = flight->size;
    return;
  }
  if (session_.state() == TlsSession::State::failed) tell_handshake(kTlsFailed);
  if (flight->writer) flight->writer(error, error ? 0 : flight->size);
}

void TlsStream::end() {
  if (flight_.lock() || write_failed_) return;
  session_.end();
  // What does not go out at once is not waited for: the other end does not read.
  std::error_code ignored;
  socket_.lowest_layer().non_blocking(true, ignored);
  socket_.lowest_layer().send(asio::buffer(session_.take_output()), 0, ignored);
}

}  // namespace plugproof::link
