#include "engine/link/memory_network.hpp"

#include <utility>

#include "engine/link/handshake.hpp"

namespace plugproof::link {

std::string remote_of(const Pipe& pipe) {
  return "memory:" + std::to_string(pipe.id);
}

std::shared_ptr<Pipe> MemoryLink::Network::find(ConnectionId id) const {
  const auto it = pipes.find(id);
  return it == pipes.end() ? nullptr : it->second;
}

void MemoryLink::Network::emit_at(Event event, base::Nanos at) const {
  event.at = at;
  if (handler && !gone) handler(event);
}

void MemoryLink::Network::to_server(const std::shared_ptr<Pipe>& pipe,
                                    std::function<void()> arrive) {
  clock.after(options.latency, [self = shared_from_this(), pipe, arrive = std::move(arrive)] {
    if (pipe->silent) {
      pipe->held.push_back(arrive);
    } else {
      arrive();
    }
  });
}

void MemoryLink::Network::to_client(const std::weak_ptr<ClientEnd>& client,
                                    std::function<void(const std::shared_ptr<ClientEnd>&)> arrive) {
  clock.after(options.latency, [client, arrive = std::move(arrive)] {
    if (const auto end = client.lock()) arrive(end);
  });
}

void MemoryLink::Network::end_server(Pipe& pipe, ClosedHow how, int code,
                                     const std::string& reason) {
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

void MemoryLink::Network::end_client(const Pipe& pipe, int code, const std::string& reason) {
  to_client(pipe.client, [code, reason](const std::shared_ptr<ClientEnd>& end) {
    if (end->phase == Phase::ended) return;
    end->phase = Phase::ended;
    const auto handlers = end->handlers;
    if (handlers->closed) handlers->closed(code, reason);
  });
}

void MemoryLink::Network::release(const std::shared_ptr<Pipe>& pipe) {
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

void MemoryLink::Network::fail_client(const std::weak_ptr<ClientEnd>& client, int status,
                                      const std::string& reason) {
  to_client(client, [status, reason](const std::shared_ptr<ClientEnd>& end) {
    if (end->phase != Phase::connecting) return;
    end->phase = Phase::ended;
    const auto handlers = end->handlers;
    if (handlers->failed) handlers->failed(status, reason);
  });
}

// A connection reaches the server. Refusing comes before accepting and stalling, as with sockets.
void MemoryLink::Network::arrive(const std::shared_ptr<ClientEnd>& client,
                                 const std::shared_ptr<Pipe>& pipe, const ClientOptions& asked) {
  if (client->phase != Phase::connecting) return;
  if (!stalling || refusing || gone) return begin(client, pipe, asked);
  stalled.emplace_back(
      [self = weak_from_this(), weak = std::weak_ptr<ClientEnd>(client), pipe, asked] {
        const auto network = self.lock();
        const auto end = weak.lock();
        if (network && end && end->phase == Phase::connecting) network->begin(end, pipe, asked);
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

void MemoryLink::Network::begin(const std::shared_ptr<ClientEnd>& client,
                                const std::shared_ptr<Pipe>& pipe, const ClientOptions& asked) {
  if (gone || refusing) return fail_client(client, 0, "connection refused");
  pipe->id = ++last_id;
  pipe->began = clock.now();
  if (pipe->tls) {
    pipe->tls->entrance = entrance;
    pipe->tls->server = std::make_unique<TlsSession>(entrance->tls(), clock.utc());
    tls_at_server(pipe, pipe->tls->client->take_output(), asked);
  } else if (entrance->wants_tls()) {
    refuse_plain(client, *pipe, asked);
  } else {
    handshake(client, pipe, asked);
  }
}

void MemoryLink::Network::refuse_plain(const std::shared_ptr<ClientEnd>& client, const Pipe& pipe,
                                       const ClientOptions& asked) {
  fail_client(client, 400, std::string(http_phrase(400)));
  Event event;
  event.kind = EventKind::failed;
  event.connection = pipe.id;
  event.handshake.remote = remote_of(pipe);
  event.reason = entrance->plain_refused(plain_http("GET", path_of(asked.url)));
  emit(std::move(event));
}

void MemoryLink::Network::handshake(const std::shared_ptr<ClientEnd>& client,
                                    const std::shared_ptr<Pipe>& pipe, const ClientOptions& asked) {
  Event event;
  event.connection = pipe->id;
  event.handshake.path = printable(path_of(asked.url), asked.url.size());
  event.handshake.remote = remote_of(*pipe);
  event.handshake.offered_subprotocols = asked.subprotocols;
  event.handshake.subprotocol = choose_subprotocol(asked.subprotocols);
  event.handshake.authorization = asked.authorization;
  if (pipe->tls) {
    event.handshake.tls = pipe->tls->server->facts();
    client->server_chain = pipe->tls->client->shown_chain();
  }
  pipe->tls.reset();
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
    fail_client(client, admission.http_status, std::string(http_phrase(admission.http_status)));
    return emit_at(std::move(event), pipe->began);
  }

  pipe->server = Phase::open;
  pipes.emplace(pipe->id, pipe);
  to_client(client, [](const std::shared_ptr<ClientEnd>& end) {
    if (end->phase != Phase::connecting) return;
    end->phase = Phase::open;
    const auto handlers = end->handlers;
    if (handlers->open) handlers->open();
  });
  emit_at(std::move(event), pipe->began);
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

}  // namespace plugproof::link
