#include "engine/link/memory.hpp"

#include <deque>
#include <unordered_map>
#include <utility>

#include "engine/link/handshake.hpp"

namespace plugproof::link {
namespace {

enum class Phase { idle, connecting, open, closing, ended };

// The charge point's end. It lives as long as its client or a call into it.
struct ClientEnd {
  Phase phase = Phase::idle;
  std::shared_ptr<const Client::Handlers> handlers = std::make_shared<Client::Handlers>();
};

// The server's end of one connection, and the way to the other.
struct Pipe {
  ConnectionId id = 0;
  std::weak_ptr<ClientEnd> client;
  Phase server = Phase::idle;
  bool silent = false;       // what arrives goes to `held`
  bool wish_silent = false;  // what silence() asked for last
  std::deque<std::function<void()>> held;
};

}  // namespace

struct MemoryLink::Network : std::enable_shared_from_this<Network> {
  Network(base::Clock& run_clock, Options run_options) : clock(run_clock), options(run_options) {}

  base::Clock& clock;
  Options options;
  Handler handler;
  AdmissionPolicy policy;
  bool refusing = false;
  bool stalling = false;
  std::deque<std::function<void()>> stalled;  // handshakes that wait for the end of it
  bool gone = false;                          // the link was destroyed: no more events
  ConnectionId last_id = 0;
  std::unordered_map<ConnectionId, std::shared_ptr<Pipe>> pipes;  // those that the server has open

  std::shared_ptr<Pipe> find(ConnectionId id) const {
    const auto it = pipes.find(id);
    return it == pipes.end() ? nullptr : it->second;
  }

  void emit(Event event) const {
    event.at = clock.now();
    if (handler && !gone) handler(event);
  }

  // Runs `arrive` at the server when it gets there, after the silence if there is one.
  void to_server(const std::shared_ptr<Pipe>& pipe, std::function<void()> arrive) {
    clock.after(options.latency, [self = shared_from_this(), pipe, arrive = std::move(arrive)] {
      if (pipe->silent) {
        pipe->held.push_back(arrive);
      } else {
        arrive();
      }
    });
  }

  // Runs `arrive` at the client when it gets there, if the client still exists.
  void to_client(const std::weak_ptr<ClientEnd>& client,
                 std::function<void(const std::shared_ptr<ClientEnd>&)> arrive) {
    clock.after(options.latency, [client, arrive = std::move(arrive)] {
      if (const auto end = client.lock()) arrive(end);
    });
  }

  // The server's end is over. Its event comes once, whatever ends it first.
  void end_server(Pipe& pipe, ClosedHow how, int code, const std::string& reason) {
    if (pipe.server != Phase::open && pipe.server != Phase::closing) return;
    Event event;
    event.kind = EventKind::closed;
    event.connection = pipe.id;
    event.code = code;
    event.reason = reason;
    event.how = pipe.server == Phase::closing ? ClosedHow::local : how;
    pipe.server = Phase::ended;
    pipe.held.clear();
    pipes.erase(pipe.id);  // the caller holds the pipe
    emit(std::move(event));
  }

  // The client's end is over: reported when the news gets there.
  void end_client(const Pipe& pipe, int code, const std::string& reason) {
    to_client(pipe.client, [code, reason](const std::shared_ptr<ClientEnd>& end) {
      if (end->phase == Phase::ended) return;
      end->phase = Phase::ended;
      const auto handlers = end->handlers;
      if (handlers->closed) handlers->closed(code, reason);
    });
  }

  void release(const std::shared_ptr<Pipe>& pipe) {
    clock.post([self = shared_from_this(), pipe] {
      if (pipe->wish_silent) return;
      pipe->silent = false;
      while (!pipe->held.empty() && !pipe->silent) {
        const auto arrive = std::move(pipe->held.front());
        pipe->held.pop_front();
        arrive();
      }
    });
  }

  void arrive(const std::shared_ptr<ClientEnd>& client, const std::shared_ptr<Pipe>& pipe,
              const ClientOptions& asked);
  void handshake(const std::shared_ptr<ClientEnd>& client, const std::shared_ptr<Pipe>& pipe,
                 const ClientOptions& asked);
  void serve_stalled();
  void receive(const std::shared_ptr<Pipe>& pipe, EventKind kind, std::string text);
  void close_from_server(const std::shared_ptr<Pipe>& pipe, int code, const std::string& reason);
  void cut(ConnectionId connection, const std::string& reason);
};

// A connection reaches the server. Refusing comes before accepting and stalling, as with sockets.
void MemoryLink::Network::arrive(const std::shared_ptr<ClientEnd>& client,
                                 const std::shared_ptr<Pipe>& pipe, const ClientOptions& asked) {
  if (client->phase != Phase::connecting) return;
  if (!stalling || refusing || gone) return handshake(client, pipe, asked);
  stalled.emplace_back(
      [self = weak_from_this(), weak = std::weak_ptr<ClientEnd>(client), pipe, asked] {
        const auto network = self.lock();
        const auto end = weak.lock();
        if (network && end && end->phase == Phase::connecting) network->handshake(end, pipe, asked);
      });
}

void MemoryLink::Network::serve_stalled() {
  clock.post([self = shared_from_this()] {
    while (!self->stalling && !self->stalled.empty()) {
      const auto serve = std::move(self->stalled.front());
      self->stalled.pop_front();
      serve();
    }
  });
}

void MemoryLink::Network::handshake(const std::shared_ptr<ClientEnd>& client,
                                    const std::shared_ptr<Pipe>& pipe, const ClientOptions& asked) {
  const auto fail = [&](int status, const std::string& reason) {
    to_client(client, [status, reason](const std::shared_ptr<ClientEnd>& end) {
      if (end->phase != Phase::connecting) return;
      end->phase = Phase::ended;
      const auto handlers = end->handlers;
      if (handlers->failed) handlers->failed(status, reason);
    });
  };
  if (gone || refusing) return fail(0, "connection refused");

  pipe->id = ++last_id;
  Event event;
  event.connection = pipe->id;
  event.handshake.path = printable(path_of(asked.url), asked.url.size());
  event.handshake.remote = "memory:" + std::to_string(pipe->id);
  event.handshake.offered_subprotocols = asked.subprotocols;
  event.handshake.subprotocol = choose_subprotocol(asked.subprotocols);
  event.handshake.authorization = asked.authorization;
  const Identity identity = identity_of(path_of(asked.url));
  event.handshake.identity = identity.value;

  Admission admission;
  if (!identity.valid()) {
    admission = {404, identity.problem};
  } else if (policy) {
    admission = policy(event.handshake);
  }
  if (admission.http_status != 101) {
    event.kind = EventKind::refused;
    event.status = admission.http_status;
    event.reason = admission.reason;
    fail(admission.http_status, std::string(http_phrase(admission.http_status)));
    return emit(std::move(event));
  }

  pipe->server = Phase::open;
  pipes.emplace(pipe->id, pipe);
  to_client(client, [](const std::shared_ptr<ClientEnd>& end) {
    if (end->phase != Phase::connecting) return;
    end->phase = Phase::open;
    const auto handlers = end->handlers;
    if (handlers->open) handlers->open();
  });
  emit(std::move(event));
}

void MemoryLink::Network::receive(const std::shared_ptr<Pipe>& pipe, EventKind kind,
                                  std::string text) {
  if (pipe->server != Phase::open) return;
  int error = 0;
  if (text.size() > options.max_message_bytes) {
    error = 1009;
  } else if (kind == EventKind::text && !is_utf8(text)) {
    error = 1007;
  }
  if (error != 0) {
    const std::string reason = error == 1009 ? "message over the size limit" : "invalid UTF-8";
    end_client(*pipe, error, reason);
    return end_server(*pipe, ClosedHow::protocol, error, reason);
  }
  Event event;
  event.kind = kind;
  event.connection = pipe->id;
  event.text = std::move(text);
  emit(std::move(event));
}

void MemoryLink::Network::close_from_server(const std::shared_ptr<Pipe>& pipe, int code,
                                            const std::string& reason) {
  if (pipe->server != Phase::open) return;
  pipe->server = Phase::closing;
  pipe->wish_silent = false;  // the answer to our close frame must be read
  release(pipe);
  to_client(pipe->client,
            [self = shared_from_this(), pipe, code, reason](const std::shared_ptr<ClientEnd>& end) {
              if (end->phase == Phase::closing || end->phase == Phase::ended) return;
              end->phase = Phase::ended;
              self->to_server(pipe, [self, pipe, code, reason] {
                self->end_server(*pipe, ClosedHow::local, code, reason);
              });
              const auto handlers = end->handlers;
              if (handlers->closed) handlers->closed(code, reason);
            });
}

// Ends a connection without a close frame; the event comes at once, but not from inside the call.
void MemoryLink::Network::cut(ConnectionId connection, const std::string& reason) {
  const auto pipe = find(connection);
  if (!pipe) return;
  pipe->server = Phase::closing;
  end_client(*pipe, 1006, reason);
  clock.post([self = shared_from_this(), pipe, reason] {
    self->end_server(*pipe, ClosedHow::local, 1006, reason);
  });
}

namespace {

class MemoryClient final : public Client {
 public:
  explicit MemoryClient(std::shared_ptr<MemoryLink::Network> network)
      : network_(std::move(network)) {}
  ~MemoryClient() override {
    end_->handlers = std::make_shared<Handlers>();
    drop();
  }
  MemoryClient(const MemoryClient&) = delete;
  MemoryClient& operator=(const MemoryClient&) = delete;

  void set_handlers(Handlers handlers) override {
    end_->handlers = std::make_shared<Handlers>(std::move(handlers));
  }

  void connect(const ClientOptions& options) override {
    if (end_->phase != Phase::idle) return;
    end_->phase = Phase::connecting;
    pipe_->client = end_;
    network_->to_server(pipe_, [network = network_, end = end_, pipe = pipe_, options] {
      network->arrive(end, pipe, options);
    });
  }

  bool is_open() const override { return end_->phase == Phase::open; }
  bool send(std::string_view text) override { return deliver(EventKind::text, text); }
  bool send_binary(std::string_view bytes) override { return deliver(EventKind::binary, bytes); }
  void ping(std::string_view payload) override { deliver(EventKind::ping, payload); }

  void close(int code, std::string_view reason) override {
    if (!is_open()) return;
    end_->phase = Phase::closing;
    network_->to_server(pipe_, [network = network_, pipe = pipe_, code,
                                text = std::string(clip_utf8(reason, kMaxCloseReason))] {
      network->end_client(*pipe, code, text);
      network->end_server(*pipe, ClosedHow::clean, code, text);
    });
  }

  void drop() override {
    const Phase before = std::exchange(end_->phase, Phase::ended);
    if (before == Phase::idle || before == Phase::ended) return;
    network_->to_server(pipe_, [network = network_, pipe = pipe_] {
      network->end_server(*pipe, ClosedHow::dropped, 1006,
                          "connection dropped without a close frame");
    });
    network_->clock.post([handlers = end_->handlers] {
      if (handlers->closed) handlers->closed(1006, "dropped");
    });
  }

 private:
  bool deliver(EventKind kind, std::string_view text) {
    if (!is_open()) return false;
    network_->to_server(pipe_, [network = network_, pipe = pipe_, kind, copy = std::string(text)] {
      network->receive(pipe, kind, copy);
    });
    return true;
  }

  std::shared_ptr<MemoryLink::Network> network_;
  std::shared_ptr<ClientEnd> end_ = std::make_shared<ClientEnd>();
  std::shared_ptr<Pipe> pipe_ = std::make_shared<Pipe>();
};

}  // namespace

MemoryLink::MemoryLink(base::Clock& clock) : MemoryLink(clock, Options{}) {}
MemoryLink::MemoryLink(base::Clock& clock, Options options)
    : network_(std::make_shared<Network>(clock, options)) {}

MemoryLink::~MemoryLink() {
  network_->gone = true;
  for (auto& [id, pipe] : std::exchange(network_->pipes, {})) {
    network_->end_client(*pipe, 1001, "going away");
    pipe->server = Phase::ended;
    pipe->silent = false;
    pipe->held.clear();
  }
  network_->stalling = false;
  network_->serve_stalled();  // refused: the link is gone
  network_->handler = nullptr;
  network_->policy = nullptr;
}

void MemoryLink::on_event(Handler handler) {
  network_->handler = std::move(handler);
}
void MemoryLink::on_handshake(AdmissionPolicy policy) {
  network_->policy = std::move(policy);
}

std::optional<base::Nanos> MemoryLink::send(ConnectionId connection, std::string_view text) {
  const auto pipe = network_->find(connection);
  if (!pipe || pipe->server != Phase::open) return std::nullopt;
  network_->to_client(pipe->client,
                      [copy = std::string(text)](const std::shared_ptr<ClientEnd>& end) {
                        if (end->phase != Phase::open) return;
                        const auto handlers = end->handlers;
                        if (handlers->text) handlers->text(copy);
                      });
  return network_->clock.now();
}

void MemoryLink::ping(ConnectionId connection, std::string_view payload) {
  const auto pipe = network_->find(connection);
  if (!pipe || pipe->server != Phase::open) return;
  network_->to_client(pipe->client, [network = network_, pipe, copy = std::string(payload)](
                                        const std::shared_ptr<ClientEnd>& end) {
    if (end->phase != Phase::open) return;
    network->to_server(pipe,
                       [network, pipe, copy] { network->receive(pipe, EventKind::pong, copy); });
  });
}

void MemoryLink::close(ConnectionId connection, int code, std::string_view reason) {
  if (const auto pipe = network_->find(connection)) {
    network_->close_from_server(pipe, code, std::string(clip_utf8(reason, kMaxCloseReason)));
  }
}

void MemoryLink::drop(ConnectionId connection) {
  network_->cut(connection, "connection dropped by the central system");
}

void MemoryLink::reset(ConnectionId connection) {
  network_->cut(connection, "connection reset by the central system");
}

void MemoryLink::refuse_connections(bool refuse) {
  network_->refusing = refuse;
}

void MemoryLink::stall_connections(bool stall) {
  network_->stalling = stall;
  if (!stall) network_->serve_stalled();
}

void MemoryLink::silence(ConnectionId connection, bool silent) {
  const auto pipe = network_->find(connection);
  if (!pipe || pipe->server != Phase::open) return;
  pipe->wish_silent = silent;
  if (silent) {
    pipe->silent = true;
  } else {
    network_->release(pipe);
  }
}

std::string MemoryLink::url() const {
  return "ws://memory/";
}

std::unique_ptr<Client> MemoryLink::make_client() {
  return std::make_unique<MemoryClient>(network_);
}

ClientFactory MemoryLink::clients() {
  return [network = network_] { return std::make_unique<MemoryClient>(network); };
}

}  // namespace plugproof::link
