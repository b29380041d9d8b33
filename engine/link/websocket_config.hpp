// How websocketpp is set up: our message type, our sockets, no locks, no logging of its own. For
// the units that include websocketpp; not part of the public headers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/core.hpp>
#include <websocketpp/message_buffer/alloc.hpp>
#include <websocketpp/message_buffer/message.hpp>
#include <websocketpp/transport/asio/endpoint.hpp>

#include "engine/link/frame_header.hpp"
#include "engine/link/gated_policy.hpp"
#include "engine/link/gated_socket.hpp"
#include "engine/link/link.hpp"

namespace plugproof::link::detail {

// A message that knows when its first bytes came. websocketpp makes it when it reads the first
// header.
class StampedMessage : public websocketpp::message_buffer::message<
                           websocketpp::message_buffer::alloc::con_msg_manager> {
 public:
  using Base =
      websocketpp::message_buffer::message<websocketpp::message_buffer::alloc::con_msg_manager>;
  using ptr = std::shared_ptr<StampedMessage>;
  using con_msg_man_type = websocketpp::message_buffer::alloc::con_msg_manager<StampedMessage>;
  using con_msg_man_ptr = con_msg_man_type::ptr;
  using con_msg_man_weak_ptr = con_msg_man_type::weak_ptr;

  explicit StampedMessage(const con_msg_man_ptr&) : Base(nullptr) {}
  StampedMessage(const con_msg_man_ptr&, websocketpp::frame::opcode::value opcode, std::size_t size)
      : Base(nullptr, opcode, size) {}

  SteadyTime came_at() const { return came_at_; }

 private:
  SteadyTime came_at_ = bytes_came_at;
};

// What the server keeps with each connection.
struct ServerConnectionState {
  ConnectionId id = 0;
  std::string remote;
  Handshake handshake;
  bool refused = false;  // we answered the handshake with an HTTP error and have said so
  bool leaving = false;  // we ended it: the closed event is `local`
  std::string leaving_reason;
};
struct ClientConnectionState {};

// websocketpp's configuration, for what is kept with each connection.
template <typename State>
struct Config : public websocketpp::config::core {
  using type = Config;
  using concurrency_type = websocketpp::concurrency::none;
  using message_type = StampedMessage;
  using con_msg_manager_type = StampedMessage::con_msg_man_type;
  using endpoint_msg_manager_type =
      websocketpp::message_buffer::alloc::endpoint_msg_manager<con_msg_manager_type>;
  using elog_type = websocketpp::log::basic<concurrency_type, websocketpp::log::elevel>;
  using alog_type = websocketpp::log::basic<concurrency_type, websocketpp::log::alevel>;

  struct connection_base : websocketpp::connection_base, State {};

  static constexpr bool enable_multithreading = false;
  static constexpr websocketpp::log::level elog_level = websocketpp::log::elevel::none;
  static constexpr websocketpp::log::level alog_level = websocketpp::log::alevel::none;
  static constexpr std::size_t connection_read_buffer_size = 4096;
  static constexpr std::size_t max_http_body_size = std::size_t{64} * 1024;

  struct transport_config : public core::transport_config {
    using concurrency_type = Config::concurrency_type;
    using elog_type = Config::elog_type;
    using alog_type = Config::alog_type;
    using socket_type = GatedEndpoint;
    static constexpr bool enable_multithreading = false;
    static constexpr long timeout_socket_post_init = 0;  // an Opening has its own
  };
  using transport_type = websocketpp::transport::asio::endpoint<transport_config>;
};

// Writes `payload` into `message` as one finished frame, past the checks that websocketpp makes:
// what is to be sent may be wrong on purpose. Clients mask (RFC 6455 section 5.3), servers do not.
inline void prepare_frame(StampedMessage& message, websocketpp::frame::opcode::value opcode,
                          std::string_view payload, const std::optional<MaskKey>& mask) {
  message.set_header(frame_header(static_cast<std::uint8_t>(opcode), payload.size(), mask));
  message.get_raw_payload() = payload;
  if (mask) apply_mask(message.get_raw_payload(), *mask);
  message.set_opcode(opcode);
  message.set_prepared(true);
}

}  // namespace plugproof::link::detail
