// The link without sockets: server and clients in one process, on any clock. On a virtual clock a
// whole run takes no time and is the same byte for byte. It behaves as the sockets do wherever a
// charge point or the engine can tell: nothing is delivered from inside a call, each direction
// keeps its order, pings are answered by the transport, invalid UTF-8 and messages over the limit
// end the connection. Handshakes of TLS are real ones, with certificates judged by the date of the
// clock; nothing is encrypted after them.
#pragma once

#include <cstddef>
#include <memory>

#include "engine/base/clock.hpp"
#include "engine/link/client.hpp"
#include "engine/link/link.hpp"

namespace plugproof::link {

class MemoryLink final : public Link {
 public:
  struct Options {
    base::Nanos latency{0};  // one way
    std::size_t max_message_bytes = std::size_t{1024} * 1024;
  };

  // The clock must live longer than the link and its clients; clients may outlive the link.
  explicit MemoryLink(base::Clock& clock);
  MemoryLink(base::Clock& clock, Options options);
  // Clients that are connected see close code 1001.
  ~MemoryLink() override;
  MemoryLink(const MemoryLink&) = delete;
  MemoryLink& operator=(const MemoryLink&) = delete;

  void on_event(Handler handler) override;
  void on_handshake(AdmissionPolicy policy) override;
  std::optional<base::Nanos> send(ConnectionId connection, std::string_view text) override;
  void ping(ConnectionId connection, std::string_view payload) override;
  void close(ConnectionId connection, int code, std::string_view reason) override;
  void drop(ConnectionId connection) override;
  void reset(ConnectionId connection) override;
  void refuse_connections(bool refuse) override;
  void stall_connections(bool stall) override;
  void silence(ConnectionId connection, bool silent) override;
  void secure(const ServerSecurity& security) override;
  std::string url() const override;

  // A client for one connection to this link. Destroying it while it is connected drops the
  // connection.
  std::unique_ptr<Client> make_client();
  ClientFactory clients();

  struct Network;

 private:
  std::shared_ptr<Network> network_;
};

}  // namespace plugproof::link
