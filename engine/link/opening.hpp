// How a connection over sockets begins, before the first byte of HTTP is read: TLS or none, and
// what is not let in.
#pragma once

#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

#include "engine/base/time.hpp"
#include "engine/link/entrance.hpp"
#include "engine/link/gated_socket.hpp"

namespace plugproof::link {

class Opening : public std::enable_shared_from_this<Opening> {
 public:
  // Called once: why it failed, in words (empty: it has not), and what is left of the time.
  using Done = std::function<void(const std::string& problem, std::chrono::milliseconds left)>;

  // `socket` is a part of `owner`. What is under way keeps both and this object alive, nothing else
  // does. `now` (UTC): when certificates are to be valid.
  Opening(GatedSocket& socket, std::shared_ptr<void> owner, base::Micros now,
          std::chrono::milliseconds limit);

  // The first byte decides: 0x16 begins TLS, everything else is left to HTTP.
  void let_in(std::shared_ptr<const Entrance> entrance, Done done);
  void connect(std::shared_ptr<const TlsContext> context, const std::string& host, Done done);

 private:
  void start_timer();
  void wait_for_bytes();
  void first_bytes_came(const std::error_code& error);
  void refuse_plain(const std::string& begin);
  void shake_hands(std::shared_ptr<const TlsContext> context, const std::string& host);
  void shaken(const std::error_code& error);
  void finish(const std::string& problem);
  void out_of_time();

  GatedSocket& socket_;
  std::shared_ptr<void> owner_;
  base::Micros now_;
  std::chrono::milliseconds limit_;
  asio::steady_timer timer_;
  std::shared_ptr<const Entrance> entrance_;
  Done done_;
};

}  // namespace plugproof::link
