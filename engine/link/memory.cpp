#include "engine/link/memory.hpp"

#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/link/handshake.hpp"
#include "engine/link/memory_network.hpp"

namespace plugproof::link {
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
    if (options.url.rfind("wss://", 0) == 0) {
      try {
        network_->prepare_tls(*pipe_, options);
      } catch (const base::InputError& error) {
        network_->clock.post([end = end_, reason = std::string("tls: ") + error.what()] {
          if (end->phase != Phase::connecting) return;
          end->phase = Phase::ended;
          const auto handlers = end->handlers;
          if (handlers->failed) handlers->failed(0, reason);
        });
        return;
      }
    }
    network_->to_server(pipe_, [network = network_, end = end_, pipe = pipe_, options] {
      network->arrive(end, pipe, options);
    });
  }

  bool is_open() const override { return end_->phase == Phase::open; }
  std::string server_chain() const override { return end_->server_chain; }
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
      network->tls_ended_at_server(pipe);
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

void MemoryLink::secure(const ServerSecurity& security) {
  network_->entrance = std::make_shared<const Entrance>(security);
}

std::string MemoryLink::url() const {
  return network_->entrance->wants_tls() ? "wss://memory/" : "ws://memory/";
}

std::unique_ptr<Client> MemoryLink::make_client() {
  return std::make_unique<MemoryClient>(network_);
}

ClientFactory MemoryLink::clients() {
  return [network = network_] { return std::make_unique<MemoryClient>(network); };
}

}  // namespace plugproof::link
