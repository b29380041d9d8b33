// What lies between the two ends of a MemoryLink. Not part of the public headers.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "engine/link/entrance.hpp"
#include "engine/link/memory.hpp"
#include "engine/link/tls_session.hpp"

namespace plugproof::link {

enum class Phase { idle, connecting, open, closing, ended };

// The charge point's end. It lives as long as its client or a call into it.
struct ClientEnd {
  Phase phase = Phase::idle;
  std::string server_chain;  // PEM, once TLS is agreed
  std::shared_ptr<const Client::Handlers> handlers = std::make_shared<Client::Handlers>();
};

// Both ends of TLS, while the handshakes last. There is no record layer after them.
struct MemoryTls {
  std::unique_ptr<TlsSession> client;
  std::unique_ptr<TlsSession> server;
  std::shared_ptr<const Entrance> entrance;  // that was in force when it began
  bool client_done = false;                  // the request is on its way
  bool told = false;                         // the server has had its event
};

// The server's end of one connection, and the way to the other.
struct Pipe {
  ConnectionId id = 0;
  std::weak_ptr<ClientEnd> client;
  Phase server = Phase::idle;
  base::Nanos began{0};  // when its first byte reached the server
  std::unique_ptr<MemoryTls> tls;
  bool silent = false;       // what arrives goes to `held`
  bool wish_silent = false;  // what silence() asked for last
  std::deque<std::function<void()>> held;
};

std::string remote_of(const Pipe& pipe);

struct MemoryLink::Network : std::enable_shared_from_this<Network> {
  Network(base::Clock& run_clock, Options run_options) : clock(run_clock), options(run_options) {}

  base::Clock& clock;
  Options options;
  Handler handler;
  AdmissionPolicy policy;
  std::shared_ptr<const Entrance> entrance = std::make_shared<const Entrance>();
  bool refusing = false;
  bool stalling = false;
  std::deque<std::function<void()>> stalled;  // handshakes that wait for the end of it
  bool gone = false;                          // the link was destroyed: no more events
  ConnectionId last_id = 0;
  std::unordered_map<ConnectionId, std::shared_ptr<Pipe>> pipes;  // those that the server has open

  std::shared_ptr<Pipe> find(ConnectionId id) const;
  void emit(Event event) const { emit_at(std::move(event), clock.now()); }
  void emit_at(Event event, base::Nanos at) const;
  // Runs `arrive` at the server when it gets there, after the silence if there is one.
  void to_server(const std::shared_ptr<Pipe>& pipe, std::function<void()> arrive);
  // Runs `arrive` at the client when it gets there, if the client still exists.
  void to_client(const std::weak_ptr<ClientEnd>& client,
                 std::function<void(const std::shared_ptr<ClientEnd>&)> arrive);
  // The server's end is over. Its event comes once, whatever ends it first.
  void end_server(Pipe& pipe, ClosedHow how, int code, const std::string& reason);
  // The client's end is over: reported when the news gets there.
  void end_client(const Pipe& pipe, int code, const std::string& reason);
  // The same for one that was not open yet.
  void fail_client(const std::weak_ptr<ClientEnd>& client, int status, const std::string& reason);
  void release(const std::shared_ptr<Pipe>& pipe);

  void arrive(const std::shared_ptr<ClientEnd>& client, const std::shared_ptr<Pipe>& pipe,
              const ClientOptions& asked);
  void begin(const std::shared_ptr<ClientEnd>& client, const std::shared_ptr<Pipe>& pipe,
             const ClientOptions& asked);
  void refuse_plain(const std::shared_ptr<ClientEnd>& client, const Pipe& pipe,
                    const ClientOptions& asked);
  void handshake(const std::shared_ptr<ClientEnd>& client, const std::shared_ptr<Pipe>& pipe,
                 const ClientOptions& asked);
  void serve_stalled();
  void receive(const std::shared_ptr<Pipe>& pipe, EventKind kind, std::string text);
  void close_from_server(const std::shared_ptr<Pipe>& pipe, int code, const std::string& reason);
  void cut(ConnectionId connection, const std::string& reason);

  // In memory_tls.cpp. Of a client that asks for wss://; throws base::InputError.
  void prepare_tls(Pipe& pipe, const ClientOptions& asked) const;
  // Bytes that got there.
  void tls_at_server(const std::shared_ptr<Pipe>& pipe, const std::string& bytes,
                     const ClientOptions& asked);
  void tls_at_client(const std::shared_ptr<ClientEnd>& client, const std::shared_ptr<Pipe>& pipe,
                     const std::string& bytes, const ClientOptions& asked);
  // The end of the connection got there.
  void tls_ended_at_server(const std::shared_ptr<Pipe>& pipe);
  void tls_ended_at_client(const std::shared_ptr<ClientEnd>& client,
                           const std::shared_ptr<Pipe>& pipe);
  void fail_tls_client(const std::shared_ptr<ClientEnd>& client, const std::shared_ptr<Pipe>& pipe);
  // The request that follows the handshake got there.
  void request_over_tls(const std::shared_ptr<Pipe>& pipe, const ClientOptions& asked);
  void tell_failure(Pipe& pipe, const std::string& reason) const;
};

}  // namespace plugproof::link
