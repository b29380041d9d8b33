// The socket policy of websocketpp's Asio transport, over a GatedSocket: plain TCP or TLS, as each
// connection begins. One for both, so that both behave the same, websocketpp is compiled once, and
// a port can take either.
//
// For units that include websocketpp; not part of the public headers.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <websocketpp/common/connection_hdl.hpp>
#include <websocketpp/transport/asio/endpoint.hpp>

#include "engine/link/gated_socket.hpp"
#include "engine/link/linger.hpp"
#include "engine/link/opening.hpp"

namespace plugproof::link::detail {

class GatedConnection : public std::enable_shared_from_this<GatedConnection> {
 public:
  using type = GatedConnection;
  using ptr = std::shared_ptr<type>;
  using io_service_ptr = asio::io_service*;
  using strand_ptr = std::shared_ptr<asio::io_service::strand>;
  using socket_type = GatedSocket;

  ptr get_shared() { return shared_from_this(); }
  bool is_secure() const { return socket_->tls() != nullptr; }
  GatedSocket& gate() { return *socket_; }

  // What happens before HTTP: `begin` makes an opening for the connection; nothing when there is
  // none.
  using Begin = std::function<void(const std::shared_ptr<Opening>&, Opening::Done)>;
  void open_with(base::Micros now, std::chrono::milliseconds limit, Begin begin) {
    opening_ = {now, limit, std::move(begin)};
  }
  // Why that failed, in words; empty: it has not.
  const std::string& opening_problem() const { return opening_problem_; }
  // What the opening has left of its time.
  std::chrono::milliseconds opening_left() const { return opening_.limit; }
  GatedSocket& get_socket() { return *socket_; }
  asio::ip::tcp::socket& get_next_layer() { return socket_->lowest_layer(); }
  asio::ip::tcp::socket& get_raw_socket() { return socket_->lowest_layer(); }

  std::string get_remote_endpoint(std::error_code& error) const {
    const auto endpoint = socket_->lowest_layer().remote_endpoint(error);
    if (error) return error.message();
    const std::string address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
           std::to_string(endpoint.port());
  }

  static std::error_code translate_ec(std::error_code error) { return error; }

 protected:
  std::error_code init_asio(io_service_ptr io, const strand_ptr&, bool) {
    socket_.emplace(*io);
    return {};
  }
  void set_handle(const websocketpp::connection_hdl&) {}
  void set_uri(const websocketpp::uri_ptr&) {}
  void pre_init(const websocketpp::transport::init_handler& callback) { callback({}); }
  void post_init(const websocketpp::transport::init_handler& callback) {
    if (!opening_.begin) return callback({});
    const auto begin = std::exchange(opening_.begin, nullptr);
    begin(std::make_shared<Opening>(*socket_, shared_from_this(), opening_.now, opening_.limit),
          [this, callback](const std::string& problem, std::chrono::milliseconds left) {
            opening_problem_ = problem;
            opening_.limit = left;
            callback(problem.empty() ? std::error_code()
                                     : std::make_error_code(std::errc::protocol_error));
          });
  }
  std::error_code get_ec() const { return {}; }

  std::error_code cancel_socket() {
    std::error_code error;
    socket_->lowest_layer().cancel(error);
    return error;
  }

  void async_shutdown(const websocketpp::transport::asio::socket::shutdown_handler& callback) {
    socket_->silence(false);  // a read that is held keeps the connection alive
    std::error_code error;
    if (socket_->patient() && socket_->lowest_layer().is_open()) {
      if (socket_->tls()) socket_->tls()->end();
      close_patiently(std::move(socket_->lowest_layer()));
    } else {
      socket_->lowest_layer().shutdown(asio::ip::tcp::socket::shutdown_both, error);
    }
    callback(error);
  }

 private:
  struct Plan {
    base::Micros now{};
    std::chrono::milliseconds limit{};
    Begin begin;
  };
  std::optional<GatedSocket> socket_;
  Plan opening_;
  std::string opening_problem_;
};

class GatedEndpoint {
 public:
  using type = GatedEndpoint;
  using socket_con_type = GatedConnection;
  using socket_con_ptr = socket_con_type::ptr;

  bool is_secure() const { return true; }  // it can be

 protected:
  std::error_code init(const socket_con_ptr&) { return {}; }
};

}  // namespace plugproof::link::detail
