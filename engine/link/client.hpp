// The other end of the wire: what the reference charge point connects with. Over sockets or in
// memory.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/link/link.hpp"

namespace plugproof::link {

struct ClientOptions {
  // ws://host:port/path/IDENTITY or wss://; in memory the port does not count, and the host only
  // where a certificate has to be its.
  std::string url;
  std::vector<std::string> subprotocols{"ocpp1.6"};
  std::optional<std::string> authorization;     // raw value of the header
  std::optional<TlsClient> tls = std::nullopt;  // of wss://; without it nobody is trusted
};

class Client {
 public:
  struct Handlers {
    std::function<void()> open;
    std::function<void(std::string_view text)> text;
    // The attempt was refused (HTTP status, 0 when it never got that far) or failed. The reason
    // begins with "tls: " where TLS is what failed.
    std::function<void(int status, const std::string& reason)> failed;
    // Once for each connection that was asked for and not `failed`, whoever ended it: also after
    // close() and drop(). 1006 when no close frame came, 1005 when it had no code.
    std::function<void(int code, const std::string& reason)> closed;
  };
  virtual ~Client() = default;

  virtual void set_handlers(Handlers handlers) = 0;
  // Once only: a client is one connection. Destroying it drops the connection and calls no handler;
  // handlers may destroy their client.
  virtual void connect(const ClientOptions& options) = 0;
  virtual bool is_open() const = 0;
  // What the central system showed of itself in TLS, its own certificate first, in PEM; empty
  // before it did, and without TLS.
  virtual std::string server_chain() const = 0;
  // Text as it is: the caller may send rubbish on purpose. False when not connected.
  virtual bool send(std::string_view text) = 0;
  virtual bool send_binary(std::string_view bytes) = 0;
  virtual void ping(std::string_view payload) = 0;
  virtual void close(int code, std::string_view reason) = 0;
  // TCP dropped without a close frame, as in a power cut.
  virtual void drop() = 0;
};

// Makes a new client each time the charge point (re)connects.
using ClientFactory = std::function<std::unique_ptr<Client>()>;

}  // namespace plugproof::link
