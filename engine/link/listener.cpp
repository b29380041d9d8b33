#include "engine/link/listener.hpp"

#include <sys/resource.h>

#include <asio/ip/address.hpp>
#include <chrono>
#include <utility>

#include "engine/base/diagnostics.hpp"

namespace plugproof::link {

namespace {

// How long to wait when accepting fails for want of descriptors or memory, instead of trying in a
// circle.
constexpr auto kPause = std::chrono::milliseconds(100);

}  // namespace

Listener::Listener(asio::io_context& io, const std::string& address, std::uint16_t port,
                   Handlers handlers)
    : acceptor_(io), pause_(io), handlers_(std::move(handlers)) {
  std::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) {
    throw base::InputError("cannot listen on '" + address +
                           "': this is no IP address; write one in digits, such as 127.0.0.1, or "
                           "0.0.0.0 for every network of this machine");
  }
  endpoint_ = {ip, port};
  error = open();
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    const std::string place = address + " port " + std::to_string(port);
    std::string remedy = "check the address";
    if (error == asio::error::address_in_use) {
      remedy = "stop the program that has it, or choose another port (0 takes a free one)";
    } else if (error == asio::error::access_denied) {
      remedy = "choose a port from 1024 on, or allow this program to bind low ports";
    } else if (error == std::errc::address_not_available) {
      remedy = "choose an address of this machine";
    }
    throw base::InputError("cannot listen on " + place + ": " + error.message() + "; " + remedy);
  }
  endpoint_ = acceptor_.local_endpoint();
}

std::error_code Listener::open() {
  std::error_code error;
  acceptor_.close(error);
  acceptor_.open(endpoint_.protocol(), error);
  if (error) return error;
  acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint_, error);
  return error;
}

void Listener::start() {
  listening_ = true;
  accept();
}

void Listener::refuse(bool refuse) {
  if (refuse != listening_) return;
  listening_ = !refuse;
  if (refuse) {
    pause_.cancel();
    open();
    return;
  }
  std::error_code error;
  acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return accept();
  if (handlers_.trouble) handlers_.trouble("cannot listen again: " + error.message());
  retry_later();
}

void Listener::stop() {
  listening_ = false;
  handlers_ = {};
  pause_.cancel();
  std::error_code ignored;
  acceptor_.close(ignored);
}

void Listener::accept() {
  acceptor_.async_accept(
      [self = shared_from_this()](const std::error_code& error, asio::ip::tcp::socket socket) {
        if (!self->listening_ || error == asio::error::operation_aborted) return;
        if (error && error != asio::error::connection_aborted) {
          if (!std::exchange(self->in_trouble_, true) && self->handlers_.trouble) {
            self->handlers_.trouble("cannot accept a connection: " + error.message() +
                                    "; raise the limit of open files (ulimit -n)");
          }
          return self->retry_later();
        }
        self->in_trouble_ = false;
        if (!error && self->handlers_.accepted) self->handlers_.accepted(std::move(socket));
        if (self->listening_) self->accept();
      });
}

void Listener::retry_later() {
  pause_.expires_after(kPause);
  pause_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (error || !self->listening_) return;
    std::error_code listen_error;
    self->acceptor_.listen(asio::socket_base::max_listen_connections, listen_error);
    if (listen_error) self->open();
    listen_error ? self->retry_later() : self->accept();
  });
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace plugproof::link
