// TLS in memory: both ends are real, only what they write goes through the clock.
#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/link/handshake.hpp"
#include "engine/link/memory_network.hpp"

namespace plugproof::link {

using State = TlsSession::State;

void MemoryLink::Network::prepare_tls(Pipe& pipe, const ClientOptions& asked) const {
  const std::string host(host_of(asked.url));
  if (host.empty()) throw base::InputError("'" + asked.url + "' has no host");
  auto tls = std::make_unique<MemoryTls>();
  tls->client = std::make_unique<TlsSession>(TlsContext::client(asked.tls.value_or(TlsClient{})),
                                             clock.utc(), host);
  tls->client->handshake();
  pipe.tls = std::move(tls);
}

void MemoryLink::Network::tls_at_server(const std::shared_ptr<Pipe>& pipe, const std::string& bytes,
                                        const ClientOptions& asked) {
  if (!pipe->tls || pipe->tls->told) return;
  TlsSession& session = *pipe->tls->server;
  if (gone) session.fail("the connection ended");
  session.feed(bytes);
  const State state = session.handshake();
  if (std::string answer = session.take_output(); !answer.empty()) {
    to_client(pipe->client, [self = shared_from_this(), pipe, answer = std::move(answer),
                             asked](const std::shared_ptr<ClientEnd>& end) {
      self->tls_at_client(end, pipe, answer, asked);
    });
  }
  if (state != State::failed) return;
  to_client(pipe->client, [self = shared_from_this(), pipe](const std::shared_ptr<ClientEnd>& end) {
    self->tls_ended_at_client(end, pipe);
  });
  tell_failure(*pipe, pipe->tls->entrance->tls_failed(session));
}

void MemoryLink::Network::tls_at_client(const std::shared_ptr<ClientEnd>& client,
                                        const std::shared_ptr<Pipe>& pipe, const std::string& bytes,
                                        const ClientOptions& asked) {
  if (client->phase != Phase::connecting || !pipe->tls) return;
  TlsSession& session = *pipe->tls->client;
  session.feed(bytes);
  session.handshake();
  if (std::string answer = session.take_output(); !answer.empty()) {
    to_server(pipe, [self = shared_from_this(), pipe, answer = std::move(answer), asked] {
      self->tls_at_server(pipe, answer, asked);
    });
  }
  if (session.state() == State::open && !std::exchange(pipe->tls->client_done, true)) {
    to_server(pipe,
              [self = shared_from_this(), pipe, asked] { self->request_over_tls(pipe, asked); });
  }
  // With TLS 1.3 a client is done before it is known whether its certificate will do.
  char nothing = 0;
  if (session.state() == State::open) session.read(&nothing, 1);
  if (session.state() == State::failed) fail_tls_client(client, pipe);
}

void MemoryLink::Network::fail_tls_client(const std::shared_ptr<ClientEnd>& client,
                                          const std::shared_ptr<Pipe>& pipe) {
  client->phase = Phase::ended;
  to_server(pipe, [self = shared_from_this(), pipe] { self->tls_ended_at_server(pipe); });
  const TlsSession& session = *pipe->tls->client;
  const std::string reason =
      "tls: " + (pipe->tls->client_done ? session.problem() : tls_failure(session));
  const auto handlers = client->handlers;
  if (handlers->failed) handlers->failed(0, reason);
}

void MemoryLink::Network::tls_ended_at_client(const std::shared_ptr<ClientEnd>& client,
                                              const std::shared_ptr<Pipe>& pipe) {
  if (client->phase != Phase::connecting || !pipe->tls) return;
  pipe->tls->client->fail("the connection ended");
  fail_tls_client(client, pipe);
}

void MemoryLink::Network::tls_ended_at_server(const std::shared_ptr<Pipe>& pipe) {
  if (!pipe->tls || !pipe->tls->server) return;
  TlsSession& session = *pipe->tls->server;
  if (session.state() == State::open)
    return tell_failure(*pipe, "the connection ended before the WebSocket handshake was complete");
  session.fail("the connection ended");
  tell_failure(*pipe, pipe->tls->entrance->tls_failed(session));
}

void MemoryLink::Network::request_over_tls(const std::shared_ptr<Pipe>& pipe,
                                           const ClientOptions& asked) {
  const auto client = pipe->client.lock();
  if (!client || !pipe->tls || pipe->tls->told) return;
  handshake(client, pipe, asked);
}

void MemoryLink::Network::tell_failure(Pipe& pipe, const std::string& reason) const {
  if (std::exchange(pipe.tls->told, true)) return;
  Event event;
  event.kind = EventKind::failed;
  event.connection = pipe.id;
  event.handshake.remote = remote_of(pipe);
  event.handshake.tls = pipe.tls->server->facts();
  event.reason = reason;
  emit(std::move(event));
}

}  // namespace plugproof::link
