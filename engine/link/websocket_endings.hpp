// How a connection of the server ended, in words: one that never became one, and one that was open.
//
// For the units that include websocketpp; not part of the public headers.
#pragma once

#include <asio/error.hpp>
#include <chrono>
#include <string>
#include <system_error>
#include <websocketpp/close.hpp>
#include <websocketpp/error.hpp>

#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "engine/link/gated_socket.hpp"
#include "engine/link/link.hpp"

namespace plugproof::link::detail {

// Of Handshake::tls; null without TLS.
inline base::Value tls_facts(const GatedSocket& gate) {
  return gate.tls() ? gate.tls()->session().facts() : base::Value();
}

// By the charge point, in order.
inline bool tls_ended(const GatedSocket& gate) {
  return gate.tls() && gate.tls()->session().ended();
}

// Why TLS failed; nullptr when it did not.
inline const std::string* tls_problem(const GatedSocket& gate) {
  const bool failed = gate.tls() && !gate.tls()->session().problem().empty();
  return failed ? &gate.tls()->session().problem() : nullptr;
}

// `limit`: the time for the handshake.
template <typename Connection>
std::string why_failed(Connection& con, std::chrono::milliseconds limit) {
  namespace error = websocketpp::error;
  const std::error_code why = con.get_ec();
  const std::error_code tcp = con.gate().error();
  if (!con.opening_problem().empty()) return con.opening_problem();
  if (const std::string* broken = tls_problem(con.gate()))
    return "TLS ended before the WebSocket handshake was complete: " + *broken;
  if (why == error::make_error_code(error::open_handshake_timeout))
    return "the WebSocket handshake was not complete within " + base::format_duration(limit);
  if (tcp == asio::error::eof || tls_ended(con.gate()))
    return "the connection ended before the WebSocket handshake was complete";
  if (tcp) return "the connection broke during the WebSocket handshake: " + tcp.message();
  if (why == error::make_error_code(error::http_parse_error))
    return "what came is no HTTP request: answered " +
           std::to_string(static_cast<int>(con.get_response_code()));
  return "the WebSocket handshake is wrong: " + why.message();
}

// Fills a `closed` event in.
template <typename Connection>
void tell_end(Connection& con, Event& event) {
  namespace status = websocketpp::close::status;
  const int local = con.get_local_close_code();
  const int remote = con.get_remote_close_code();
  const bool frame_came = remote != status::abnormal_close;
  const bool answered_an_invalid_close =
      local == status::protocol_error &&
      con.get_local_close_reason().rfind("Invalid close", 0) == 0;

  event.code = remote;
  event.reason = con.get_remote_close_reason();
  const std::error_code tcp = con.gate().error();
  if (con.leaving) {
    event.how = ClosedHow::local;
    if (event.reason.empty()) event.reason = con.leaving_reason;
  } else if (answered_an_invalid_close ||
             (status::terminal(static_cast<status::value>(local)) && !frame_came)) {
    event.how = ClosedHow::protocol;
    event.code = local;
    event.reason = con.get_local_close_reason();
  } else if (frame_came) {
    event.how = ClosedHow::clean;
  } else if (tcp == asio::error::connection_reset || tcp == asio::error::broken_pipe) {
    event.how = ClosedHow::reset;
    event.reason = "the charge point reset the connection";
  } else if (const std::string* broken = tls_problem(con.gate())) {
    event.how = ClosedHow::dropped;
    event.reason = "TLS failed: " + *broken;
  } else {
    event.how = ClosedHow::dropped;
    event.reason = tcp == asio::error::eof || !tcp ? "the connection ended without a close frame"
                                                   : "the connection broke: " + tcp.message();
    if (con.gate().tls())
      event.reason += tls_ended(con.gate()) ? ", after TLS was ended in order"
                                            : " and without a close_notify of TLS";
  }
}

}  // namespace plugproof::link::detail
