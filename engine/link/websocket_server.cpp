#include "engine/link/websocket_server.hpp"

#include <asio/ip/host_name.hpp>

#include "engine/link/websocket_core.hpp"

namespace plugproof::link {

using ServerConfig = detail::Config<detail::ServerConnectionState>;

struct WebSocketServer::Impl : detail::ServerCore<ServerConfig> {
  using ServerCore::ServerCore;
};

WebSocketServer::WebSocketServer(base::EventLoop& loop) : WebSocketServer(loop, Options{}) {}

WebSocketServer::WebSocketServer(base::EventLoop& loop, Options options)
    : impl_(std::make_shared<Impl>(loop, std::move(options))) {
  impl_->start();
}

WebSocketServer::~WebSocketServer() {
  impl_->stop();
}

void WebSocketServer::on_event(Handler handler) {
  impl_->on_event(std::move(handler));
}
void WebSocketServer::on_handshake(AdmissionPolicy policy) {
  impl_->on_handshake(std::move(policy));
}

std::optional<base::Nanos> WebSocketServer::send(ConnectionId connection, std::string_view text) {
  return impl_->send(connection, text);
}

void WebSocketServer::ping(ConnectionId connection, std::string_view payload) {
  impl_->ping(connection, payload);
}

void WebSocketServer::close(ConnectionId connection, int code, std::string_view reason) {
  impl_->close(connection, code, reason);
}

void WebSocketServer::drop(ConnectionId connection) {
  impl_->cut(connection, Impl::Cut::drop, "connection dropped by the central system");
}

void WebSocketServer::reset(ConnectionId connection) {
  impl_->cut(connection, Impl::Cut::reset, "connection reset by the central system");
}

void WebSocketServer::refuse_connections(bool refuse) {
  impl_->refuse_connections(refuse);
}

void WebSocketServer::stall_connections(bool stall) {
  impl_->stall_connections(stall);
}

void WebSocketServer::silence(ConnectionId connection, bool silent) {
  impl_->silence(connection, silent);
}

void WebSocketServer::secure(const ServerSecurity& security) {
  impl_->secure(security);
}

std::string WebSocketServer::url() const {
  const auto endpoint = impl_->endpoint();
  std::string host = endpoint.address().to_string();
  if (endpoint.address().is_unspecified()) {
    host = asio::ip::host_name();  // every network: the address depends on where the charger is
  } else if (endpoint.address().is_v6()) {
    host = "[" + host + "]";
  }
  return std::string(impl_->wants_tls() ? "wss://" : "ws://") + host + ":" +
         std::to_string(endpoint.port()) + "/";
}

std::uint16_t WebSocketServer::port() const {
  return impl_->endpoint().port();
}
std::size_t WebSocketServer::open_connections() const {
  return impl_->open_connections();
}

}  // namespace plugproof::link
