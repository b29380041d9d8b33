#include "engine/link/websocket_client.hpp"

#include <asio/post.hpp>
#include <chrono>
#include <random>
#include <utility>
#include <websocketpp/client.hpp>

#include "engine/base/diagnostics.hpp"
#include "engine/link/handshake.hpp"
#include "engine/link/websocket_config.hpp"

namespace plugproof::link {
namespace {

using ClientConfig = detail::Config<detail::ClientConnectionState>;
using Endpoint = websocketpp::client<ClientConfig>;
using Connection = Endpoint::connection_ptr;
using Hdl = websocketpp::connection_hdl;

// For the handshake of TLS.
constexpr std::chrono::seconds kTlsLimit{10};

// One endpoint of websocketpp for all clients of a loop: it holds no connections, only how they are
// made.
struct Factory {
  explicit Factory(base::EventLoop& event_loop) : loop(event_loop) {
    endpoint.init_asio(&loop.context());
    endpoint.set_user_agent("plugproof");
    endpoint.set_tcp_post_init_handler([this](const Hdl& hdl) {
      const Connection con = endpoint.get_con_from_hdl(hdl);
      std::error_code ignored;
      if (con->get_state() == websocketpp::session::state::connecting) {
        con->get_raw_socket().set_option(asio::ip::tcp::no_delay(true), ignored);
      } else {
        con->get_raw_socket().close(ignored);  // dropped meanwhile: the request must not go out
      }
    });
  }

  base::EventLoop& loop;
  Endpoint endpoint;
  // Masks need not be secret here, only different (RFC 6455 section 10.3 guards proxies).
  std::minstd_rand masks{std::random_device{}()};
};

// What the callbacks of a connection need; the client itself may be gone before them.
struct Session {
  std::shared_ptr<Factory> factory;  // the endpoint must outlive its connections
  Client::Handlers handlers;
  Connection con;
  bool asked = false;
  bool dropped = false;
};

using Failure = std::pair<int, std::string>;  // HTTP status or 0, reason

Failure failure_of(Endpoint::connection_type& con) {
  const int status = con.get_response_code();
  if (status != 0 && status != 101) return {status, std::string(http_phrase(status))};
  const std::error_code why = con.get_ec();
  if (!con.opening_problem().empty()) return {0, "tls: " + con.opening_problem()};
  const TlsStream* tls = con.gate().tls();
  if (tls && !tls->session().problem().empty()) return {0, "tls: " + tls->session().problem()};
  if (why == asio::error::connection_refused) return {0, "connection refused"};
  return {0, why.message()};
}

// Handlers are called through a copy: they may destroy their client.
void watch(const std::shared_ptr<Session>& session) {
  const std::weak_ptr<Session> weak = session;
  Endpoint::connection_type& con = *session->con;
  con.set_open_handler([weak](const Hdl&) {
    const auto s = weak.lock();
    if (s && s->handlers.open) std::function(s->handlers.open)();
  });
  con.set_message_handler([weak](const Hdl&, const Endpoint::message_ptr& message) {
    const auto s = weak.lock();
    if (s && s->handlers.text) std::function(s->handlers.text)(message->get_payload());
  });
  // The factory is held here: a connection may end after its client.
  con.set_fail_handler([weak, factory = session->factory](const Hdl& hdl) {
    const auto s = weak.lock();
    if (!s) return;
    s->con.reset();
    const auto [status, reason] = failure_of(*factory->endpoint.get_con_from_hdl(hdl));
    if (s->dropped) {
      if (s->handlers.closed) std::function(s->handlers.closed)(1006, "dropped");
    } else if (s->handlers.failed) {
      std::function(s->handlers.failed)(status, reason);
    }
  });
  con.set_close_handler([weak, factory = session->factory](const Hdl& hdl) {
    const auto s = weak.lock();
    if (!s) return;
    s->con.reset();
    const auto ended = factory->endpoint.get_con_from_hdl(hdl);
    const int remote = ended->get_remote_close_code();
    const bool frame_came = remote != websocketpp::close::status::abnormal_close;
    const std::string reason =
        frame_came ? ended->get_remote_close_reason() : ended->get_local_close_reason();
    if (s->handlers.closed) std::function(s->handlers.closed)(remote, reason);
  });
}

class WebSocketClient final : public Client {
 public:
  explicit WebSocketClient(std::shared_ptr<Factory> factory) {
    session_->factory = std::move(factory);
  }
  ~WebSocketClient() override {
    session_->handlers = {};
    WebSocketClient::drop();
  }
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  void set_handlers(Handlers handlers) override { session_->handlers = std::move(handlers); }

  void connect(const ClientOptions& options) override {
    if (std::exchange(session_->asked, true)) return;
    std::error_code error;
    const Connection con = session_->factory->endpoint.get_connection(options.url, error);
    for (const std::string& name : options.subprotocols) {
      if (!error) con->add_subprotocol(name, error);
    }
    if (error) return fail("cannot connect to '" + options.url + "': " + error.message());
    if (con->get_secure() && !prepare_tls(con, options)) return;
    if (options.authorization) con->append_header("Authorization", *options.authorization);
    session_->con = con;
    watch(session_);
    session_->factory->endpoint.connect(con);
  }

  bool is_open() const override {
    return session_->con && !session_->dropped &&
           session_->con->get_state() == websocketpp::session::state::open;
  }
  std::string server_chain() const override {
    const TlsStream* tls = session_->con ? session_->con->gate().tls() : nullptr;
    return tls ? tls->session().shown_chain() : std::string();
  }
  bool send(std::string_view text) override {
    return write(websocketpp::frame::opcode::text, text);
  }
  bool send_binary(std::string_view bytes) override {
    return write(websocketpp::frame::opcode::binary, bytes);
  }
  void ping(std::string_view payload) override { write(websocketpp::frame::opcode::ping, payload); }

  void close(int code, std::string_view reason) override {
    if (!is_open()) return;
    std::error_code error;
    session_->con->close(static_cast<websocketpp::close::status::value>(code),
                         std::string(clip_utf8(reason, kMaxCloseReason)), error);
    if (error) drop();
  }

  void drop() override {
    if (!session_->con || std::exchange(session_->dropped, true)) return;
    // After what was sent before, and not from inside this call.
    asio::post(session_->factory->loop.context(), [con = session_->con] {
      con->gate().set_patient(false);
      if (con->get_state() == websocketpp::session::state::connecting) {
        std::error_code ignored;
        con->get_raw_socket().close(ignored);  // else the connection would still be made
      }
      con->terminate(asio::error::eof);
    });
  }

 private:
  // Not from inside the call.
  void fail(const std::string& reason) {
    asio::post(session_->factory->loop.context(), [weak = std::weak_ptr(session_), reason] {
      const auto s = weak.lock();
      if (s && s->handlers.failed) std::function(s->handlers.failed)(0, reason);
    });
  }

  bool prepare_tls(const Connection& con, const ClientOptions& options) {
    try {
      con->open_with(
          session_->factory->loop.utc(), kTlsLimit,
          [context = TlsContext::client(options.tls.value_or(TlsClient{})), host = con->get_host()](
              const std::shared_ptr<Opening>& opening, Opening::Done done) {
            opening->connect(context, host, std::move(done));
          });
      return true;
    } catch (const base::InputError& error) {
      fail(std::string("tls: ") + error.what());
      return false;
    }
  }

  bool write(websocketpp::frame::opcode::value opcode, std::string_view payload) {
    if (!is_open()) return false;
    const auto bits = session_->factory->masks();
    const MaskKey mask{static_cast<char>(bits), static_cast<char>(bits >> 8),
                       static_cast<char>(bits >> 16), static_cast<char>(bits >> 24)};
    const auto message = std::make_shared<detail::StampedMessage>(nullptr);
    detail::prepare_frame(*message, opcode, payload, mask);
    return !session_->con->send(message);
  }

  std::shared_ptr<Session> session_ = std::make_shared<Session>();
};

}  // namespace

ClientFactory make_websocket_clients(base::EventLoop& loop) {
  return [factory = std::make_shared<Factory>(loop)] {
    return std::make_unique<WebSocketClient>(factory);
  };
}

}  // namespace plugproof::link
