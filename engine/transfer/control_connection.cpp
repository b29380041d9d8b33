#include "engine/transfer/control_connection.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace plugproof::transfer {

ControlConnection look_at(int control) {
  constexpr int kEstablished = 1, kClosed = 7;  // the kernel's TCP_ESTABLISHED, TCP_CLOSE
  tcp_info facts{};
  socklen_t size = sizeof facts;
  if (::getsockopt(control, IPPROTO_TCP, TCP_INFO, &facts, &size) != 0) return {false, true, false};
  const bool taken = facts.tcpi_bytes_acked >= facts.tcpi_bytes_sent;
  return {facts.tcpi_state == kEstablished, facts.tcpi_state == kClosed && !taken, taken};
}

}  // namespace plugproof::transfer
