// Connections to charge points, as the engine sees them. One interface, three implementations:
// WebSocket over sockets, in memory (virtual time), and replay of a journal. Everything that
// happens comes as an Event with the time at which its first byte arrived; the link never judges,
// it reports.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "engine/link/security.hpp"

namespace plugproof::link {

using ConnectionId = std::uint64_t;  // unique within a run, from 1

// What a charge point showed when it asked for a WebSocket (OCPP-J 1.6 section 3.1).
struct Handshake {
  std::string path;      // as requested, still percent-encoded
  std::string identity;  // last segment of the path, percent-decoded
  std::string remote;    // address:port
  std::vector<std::string> offered_subprotocols;
  std::string subprotocol;                   // chosen; empty when none fitted
  std::optional<std::string> authorization;  // the raw header; a secret
  // Facts of TLS where there was any, those that are known: `version` ("TLSv1.2") and
  // `cipher_suite`, once agreed; of what the charge point offered `offered_versions`,
  // `offered_cipher_suites` (IANA names, signalling values among them; what has no name as 0x1A1A)
  // and `server_name`; `client_certificate` (PEM, in the order in which it was shown, its own
  // first); `verify_error`, why that was not accepted; `alert` {`way`: "sent" or "received",
  // `number`, `name`}.
  base::Value tls;
  // What the engine found in `authorization`, without secrets (engine/run/vault.hpp); a link that
  // plays a record fills it in.
  base::Value credentials;
};

enum class EventKind {
  connected,  // handshake done
  refused,    // handshake answered with an HTTP error by us: status and reason say why
  failed,     // a connection that never became one: reason (TLS failure, HTTP rubbish)
  text,       // a text message, whole
  binary,     // a binary message: never allowed in OCPP-J
  ping,
  pong,
  closed,  // code, reason, how
};

enum class ClosedHow {
  clean,     // close frames went both ways
  dropped,   // TCP ended without a close frame
  reset,     // TCP reset
  protocol,  // we closed because of a WebSocket protocol error (1002, 1007, 1009)
  local,     // we asked for it
};

struct Event {
  EventKind kind = EventKind::connected;
  ConnectionId connection = 0;
  base::Nanos at{0};    // on the run's clock: when the first byte of it arrived
  std::string text;     // text, binary (raw bytes), ping, pong
  Handshake handshake;  // connected, refused; failed: `remote` and `tls` alone
  int code = 0;         // closed: WebSocket close code as received, 1005/1006 as in RFC 6455
  int status = 0;       // refused: HTTP status
  std::string reason;   // closed, refused, failed
  ClosedHow how = ClosedHow::clean;
};

const char* to_string(EventKind kind);
const char* to_string(ClosedHow how);

// Whether a handshake is welcome. Decided by the engine's policy before the link answers.
struct Admission {
  int http_status = 101;  // 101: admit; 401, 404, 503...: refuse with this status
  std::string reason;     // for the journal
};
using AdmissionPolicy = std::function<Admission(const Handshake&)>;

class Link {
 public:
  using Handler = std::function<void(const Event&)>;
  virtual ~Link() = default;

  // Both are set once, before the first connection.
  virtual void on_event(Handler handler) = 0;
  virtual void on_handshake(AdmissionPolicy policy) = 0;

  // Sends one text message. The time at which it was handed to the transport, or nothing when the
  // connection is gone (its `closed` event then is on the way or has come).
  virtual std::optional<base::Nanos> send(ConnectionId connection, std::string_view text) = 0;
  virtual void ping(ConnectionId connection, std::string_view payload) = 0;

  // Ends a connection: with a close frame, by dropping TCP without one, or with a TCP reset.
  virtual void close(ConnectionId connection, int code, std::string_view reason) = 0;
  virtual void drop(ConnectionId connection) = 0;
  virtual void reset(ConnectionId connection) = 0;

  // Faults on demand. Refusing: new TCP connections are turned away until told otherwise; open ones
  // live on.
  virtual void refuse_connections(bool refuse) = 0;
  // Stalling: new TCP connections are accepted and then left alone, their handshakes neither read
  // nor answered. When it ends, those that are still there are served, stamped with the time they
  // are read. Open connections live on.
  virtual void stall_connections(bool stall) = 0;
  // Silent: what the charge point sends on this connection is neither read nor answered (no pongs)
  // until the silence ends; what was sent meanwhile arrives then, stamped with the time it is read.
  virtual void silence(ConnectionId connection, bool silent) = 0;

  // What new connections must bring from now on; open ones live on, and what is under way ends as
  // it began. Throws base::InputError when a certificate or a key cannot be used: nothing has
  // changed then.
  virtual void secure(const ServerSecurity& security);

  // Where a charge point should connect to, for people: ws://127.0.0.1:9000/
  virtual std::string url() const = 0;
};

}  // namespace plugproof::link
