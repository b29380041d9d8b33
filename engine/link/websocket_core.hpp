// The server itself, for any configuration of websocketpp: connections in, events out.
//
// For the units that include websocketpp; not part of the public headers.
#pragma once

#include <asio/post.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>
#include <websocketpp/server.hpp>

#include "engine/base/event_loop.hpp"
#include "engine/link/handshake.hpp"
#include "engine/link/listener.hpp"
#include "engine/link/websocket_config.hpp"
#include "engine/link/websocket_endings.hpp"
#include "engine/link/websocket_server.hpp"

namespace plugproof::link::detail {

// More than any header that websocketpp takes.
inline constexpr std::size_t kMaxPath = std::size_t{16} * 1024;
// Stalled connections are kept up to this number; one more takes the place of the oldest, or a
// charge point that tries again and again would take all descriptors.
inline constexpr std::size_t kMaxStalled = 64;
// How long a server that goes waits for the close frames of its charge points.
inline constexpr std::chrono::seconds kFarewell{1};

template <typename ServerConfig>
class ServerCore : public std::enable_shared_from_this<ServerCore<ServerConfig>> {
 public:
  using Server = websocketpp::server<ServerConfig>;
  using Connection = typename Server::connection_ptr;
  using Message = typename Server::message_ptr;
  using Hdl = websocketpp::connection_hdl;
  using Options = WebSocketServer::Options;

  ServerCore(base::EventLoop& loop, Options options) : loop_(loop), options_(std::move(options)) {}

  // Apart from the constructor: the handlers hold a reference to this object.
  void start();
  void stop();

  void on_event(Link::Handler handler) { handler_ = std::move(handler); }
  void on_handshake(AdmissionPolicy policy) { policy_ = std::move(policy); }
  std::optional<base::Nanos> send(ConnectionId id, std::string_view text);
  void ping(ConnectionId id, std::string_view payload);
  void close(ConnectionId id, int code, std::string_view reason);
  enum class Cut { drop, reset };
  void cut(ConnectionId id, Cut how, const std::string& reason);
  void refuse_connections(bool refuse) { listener_->refuse(refuse); }
  void stall_connections(bool stall);
  void silence(ConnectionId id, bool silent);
  void secure(const ServerSecurity& security) {
    entrance_ = std::make_shared<const Entrance>(security);
  }
  bool wants_tls() const { return entrance_->wants_tls(); }

  asio::ip::tcp::endpoint endpoint() const { return listener_->endpoint(); }
  std::size_t open_connections() const { return open_.size(); }

 private:
  void accepted(asio::ip::tcp::socket socket);
  void serve(asio::ip::tcp::socket socket);
  void trouble(const std::string& reason);
  bool validate(const Connection& con);
  void opened(const Connection& con);
  void plain_http(const Connection& con);
  void failed(const Connection& con);
  void closed(const Connection& con);
  void received(const Connection& con, const Message& message);
  void control(const Connection& con, EventKind kind, const std::string& payload);

  // An open connection that nobody has asked to end; else nullptr.
  Connection find(ConnectionId id) const;
  std::vector<ConnectionId> open_ids() const;
  Event event_of(const Connection& con, EventKind kind, base::Nanos at) const;
  // What the engine throws at an event ends that connection, never the server.
  void emit(const Event& event);
  void leave(const Connection& con, const std::string& reason);

  // Wraps a member function as a handler of websocketpp that keeps this object alive.
  template <typename Result, typename... Args>
  auto bind(Result (ServerCore::*member)(const Connection&, Args...)) {
    return [self = this->shared_from_this(), member](const Hdl& hdl, Args... args) -> Result {
      return ((*self).*member)(self->server_.get_con_from_hdl(hdl), args...);
    };
  }

  base::EventLoop& loop_;
  Options options_;
  Server server_;
  std::shared_ptr<Listener> listener_;
  Link::Handler handler_;
  AdmissionPolicy policy_;
  ConnectionId last_id_ = 0;
  std::shared_ptr<const Entrance> entrance_ = std::make_shared<const Entrance>();
  std::unordered_map<ConnectionId, Connection> open_;
  bool stopped_ = false;
  bool stalling_ = false;
  std::vector<asio::ip::tcp::socket> stalled_;  // accepted, nothing read
};

template <typename C>
void ServerCore<C>::start() {
  const auto self = this->shared_from_this();
  // First, since it throws: the handlers of the endpoint make a cycle that only stop() undoes.
  listener_ = std::make_shared<Listener>(
      loop_.context(), options_.address, options_.port,
      Listener::Handlers{.accepted = [self](auto socket) { self->accepted(std::move(socket)); },
                         .trouble = [self](const std::string& reason) { self->trouble(reason); }});
  raise_descriptor_limit();
  server_.init_asio(&loop_.context());
  server_.set_user_agent(options_.server_name);
  server_.set_max_message_size(options_.max_message_bytes);
  server_.set_open_handshake_timeout(static_cast<long>(options_.handshake_timeout.count()));
  server_.set_close_handshake_timeout(static_cast<long>(options_.close_timeout.count()));
  server_.set_validate_handler(bind(&ServerCore::validate));
  server_.set_open_handler(bind(&ServerCore::opened));
  server_.set_fail_handler(bind(&ServerCore::failed));
  server_.set_close_handler(bind(&ServerCore::closed));
  server_.set_http_handler(bind(&ServerCore::plain_http));
  server_.set_message_handler(bind(&ServerCore::received));
  server_.set_tcp_post_init_handler([self](const Hdl& hdl) {
    const Connection con = self->server_.get_con_from_hdl(hdl);
    con->set_open_handshake_timeout(static_cast<long>(con->opening_left().count()));
  });
  server_.set_ping_handler([self](const Hdl& hdl, const std::string& payload) {
    self->control(self->server_.get_con_from_hdl(hdl), EventKind::ping, payload);
    return true;
  });
  server_.set_pong_handler([self](const Hdl& hdl, const std::string& payload) {
    self->control(self->server_.get_con_from_hdl(hdl), EventKind::pong, payload);
  });
  listener_->start();
}

template <typename C>
void ServerCore<C>::stop() {
  stopped_ = true;
  handler_ = nullptr;
  policy_ = nullptr;
  if (listener_) listener_->stop();
  stalled_.clear();
  for (const ConnectionId id : open_ids()) close(id, websocketpp::close::status::going_away, "");
  loop_.run_sockets_until([this] { return open_.empty(); }, kFarewell);
  for (const ConnectionId id : open_ids()) cut(id, Cut::drop, "");
  // The handlers hold this object; websocketpp's endpoint would hold them for ever.
  server_.set_validate_handler(nullptr);
  server_.set_open_handler(nullptr);
  server_.set_fail_handler(nullptr);
  server_.set_close_handler(nullptr);
  server_.set_http_handler(nullptr);
  server_.set_message_handler(nullptr);
  server_.set_ping_handler(nullptr);
  server_.set_pong_handler(nullptr);
  server_.set_tcp_post_init_handler(nullptr);
}

template <typename C>
void ServerCore<C>::accepted(asio::ip::tcp::socket socket) {
  if (!stalling_) return serve(std::move(socket));
  if (stalled_.size() >= kMaxStalled) stalled_.erase(stalled_.begin());
  stalled_.push_back(std::move(socket));
}

template <typename C>
void ServerCore<C>::stall_connections(bool stall) {
  stalling_ = stall;
  if (stall) return;
  // Not from inside this call, as everything that a link tells.
  asio::post(loop_.context(), [self = this->shared_from_this()] {
    if (self->stalling_) return;
    for (auto& socket : std::exchange(self->stalled_, {})) self->serve(std::move(socket));
  });
}

template <typename C>
void ServerCore<C>::serve(asio::ip::tcp::socket socket) {
  std::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const Connection con = server_.get_connection();
  con->get_raw_socket() = std::move(socket);
  con->id = ++last_id_;
  con->remote = con->get_remote_endpoint();
  con->handshake.remote = con->remote;
  con->open_with(
      loop_.utc(), options_.handshake_timeout,
      [entrance = entrance_](const std::shared_ptr<Opening>& opening, Opening::Done done) {
        opening->let_in(entrance, std::move(done));
      });
  con->start();
}

template <typename C>
void ServerCore<C>::trouble(const std::string& reason) {
  Event event;
  event.kind = EventKind::failed;
  event.at = loop_.now();
  event.reason = reason;
  emit(event);
}

template <typename C>
bool ServerCore<C>::validate(const Connection& con) {
  Handshake& handshake = con->handshake;
  handshake.path = printable(con->get_resource(), kMaxPath);
  handshake.offered_subprotocols = con->get_requested_subprotocols();
  handshake.subprotocol = choose_subprotocol(handshake.offered_subprotocols);
  const auto& headers = con->get_request().get_headers();
  if (const auto it = headers.find("Authorization"); it != headers.end()) {
    handshake.authorization = it->second;
  }
  handshake.tls = tls_facts(con->gate());
  const Identity identity = identity_of(con->get_resource());
  handshake.identity = identity.value;

  Admission admission;
  if (stopped_) {  // a handshake that was under way then
    admission = {503, "the server is gone"};
  } else if (!identity.valid()) {
    admission = {404, identity.problem};
  } else if (policy_) {
    try {
      admission = policy_(handshake);
    } catch (const std::exception& error) {
      admission = {500, std::string("the harness failed to judge the handshake: ") + error.what()};
    }
  }
  if (admission.http_status == 101) {
    con->select_subprotocol(handshake.subprotocol);
    return true;
  }
  con->refused = true;
  con->set_status(static_cast<websocketpp::http::status_code::value>(admission.http_status),
                  std::string(http_phrase(admission.http_status)));
  if (admission.http_status == 401) {
    con->append_header("WWW-Authenticate", "Basic realm=\"" + options_.server_name + "\"");
  }
  Event event = event_of(con, EventKind::refused, loop_.at_steady(con->gate().first_read()));
  event.handshake = handshake;
  event.status = admission.http_status;
  event.reason = admission.reason;
  emit(event);
  return false;
}

template <typename C>
void ServerCore<C>::opened(const Connection& con) {
  open_.emplace(con->id, con);
  Event event = event_of(con, EventKind::connected, loop_.at_steady(con->gate().first_read()));
  event.handshake = con->handshake;
  emit(event);
}

// Somebody's browser, or a charge point that does not ask for a WebSocket.
template <typename C>
void ServerCore<C>::plain_http(const Connection& con) {
  con->set_status(static_cast<websocketpp::http::status_code::value>(426),
                  std::string(http_phrase(426)));
  con->append_header("Upgrade", "websocket");
  con->append_header("Connection", "Upgrade");
  con->append_header("Content-Type", "text/plain; charset=utf-8");
  con->set_body(
      "This is a central system for OCPP 1.6-J. Connect with a WebSocket and the subprotocol "
      "ocpp1.6.\n");
  Event event = event_of(con, EventKind::failed, loop_.at_steady(con->gate().first_read()));
  event.handshake.remote = con->remote;
  event.handshake.tls = tls_facts(con->gate());
  event.reason = "a plain HTTP request (" + printable(con->get_request().get_method(), 20) + " " +
                 printable(con->get_request().get_uri(), 200) +
                 ") instead of a WebSocket handshake";
  emit(event);
}

template <typename C>
void ServerCore<C>::failed(const Connection& con) {
  if (con->refused) return;
  Event event = event_of(con, EventKind::failed, loop_.now());
  event.handshake.remote = con->remote;
  event.handshake.tls = tls_facts(con->gate());
  event.reason = why_failed(*con, options_.handshake_timeout);
  emit(event);
}

template <typename C>
void ServerCore<C>::closed(const Connection& con) {
  open_.erase(con->id);
  Event event = event_of(con, EventKind::closed, loop_.now());
  tell_end(*con, event);
  emit(event);
}

template <typename C>
void ServerCore<C>::received(const Connection& con, const Message& message) {
  const bool binary = message->get_opcode() == websocketpp::frame::opcode::binary;
  Event event = event_of(con, binary ? EventKind::binary : EventKind::text,
                         loop_.at_steady(message->came_at()));
  event.text = std::move(message->get_raw_payload());
  emit(event);
}

template <typename C>
void ServerCore<C>::control(const Connection& con, EventKind kind, const std::string& payload) {
  Event event = event_of(con, kind, loop_.at_steady(bytes_came_at));
  event.text = payload;
  emit(event);
}

template <typename C>
typename ServerCore<C>::Connection ServerCore<C>::find(ConnectionId id) const {
  const auto it = open_.find(id);
  const bool usable = it != open_.end() && !it->second->leaving &&
                      it->second->get_state() == websocketpp::session::state::open;
  return usable ? it->second : nullptr;
}

template <typename C>
std::vector<ConnectionId> ServerCore<C>::open_ids() const {
  std::vector<ConnectionId> ids;
  for (const auto& [id, con] : open_) ids.push_back(id);
  return ids;
}

template <typename C>
Event ServerCore<C>::event_of(const Connection& con, EventKind kind, base::Nanos at) const {
  Event event;
  event.kind = kind;
  event.connection = con->id;
  event.at = at;
  return event;
}

template <typename C>
void ServerCore<C>::emit(const Event& event) {
  if (!handler_) return;
  try {
    handler_(event);
  } catch (const std::exception& error) {
    cut(event.connection, Cut::drop,
        std::string("the harness failed at an event: ") + error.what());
  }
}

// From here on nothing more is sent, and what comes of it is our doing.
template <typename C>
void ServerCore<C>::leave(const Connection& con, const std::string& reason) {
  con->leaving = true;
  con->leaving_reason = reason;
  con->gate().silence(false);
}

template <typename C>
std::optional<base::Nanos> ServerCore<C>::send(ConnectionId id, std::string_view text) {
  const Connection con = find(id);
  if (!con) return std::nullopt;
  if (con->get_buffered_amount() + text.size() > options_.max_unsent_bytes) {
    cut(id, Cut::drop, "the charge point does not read what is sent to it");
    return std::nullopt;
  }
  const auto message = std::make_shared<StampedMessage>(nullptr);
  prepare_frame(*message, websocketpp::frame::opcode::text, text, std::nullopt);
  if (con->send(message)) return std::nullopt;
  return loop_.now();
}

template <typename C>
void ServerCore<C>::ping(ConnectionId id, std::string_view payload) {
  std::error_code ignored;  // of a connection that is closing
  if (const Connection con = find(id)) con->ping(std::string(payload), ignored);
}

template <typename C>
void ServerCore<C>::close(ConnectionId id, int code, std::string_view reason) {
  const Connection con = find(id);
  if (!con) return;
  std::error_code error;
  con->close(static_cast<websocketpp::close::status::value>(code),
             std::string(clip_utf8(reason, kMaxCloseReason)), error);
  if (error) return cut(id, Cut::drop, "close code " + std::to_string(code) + " may not be sent");
  leave(con, "no close frame came in answer to ours");
}

template <typename C>
void ServerCore<C>::cut(ConnectionId id, Cut how, const std::string& reason) {
  const auto it = open_.find(id);
  if (it == open_.end()) return;
  const Connection con = it->second;
  leave(con, reason);
  // After what was sent before, and not from inside this call.
  asio::post(loop_.context(), [con, how] {
    std::error_code ignored;
    con->gate().set_patient(false);
    if (how == Cut::reset) {
      con->get_raw_socket().set_option(asio::socket_base::linger(true, 0), ignored);
      con->get_raw_socket().close(ignored);
    }
    con->terminate(asio::error::eof);
  });
}

template <typename C>
void ServerCore<C>::silence(ConnectionId id, bool silent) {
  if (const Connection con = find(id)) con->gate().silence(silent);
}

}  // namespace plugproof::link::detail
