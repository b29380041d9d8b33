// The control connection of an FTP session, seen from beside: proftpd reads and writes it, we only
// ask the kernel how it stands.
#pragma once

#include <cstdint>

namespace plugproof::transfer {

struct ControlConnection {
  bool open = false;        // neither side has ended it
  std::uint64_t said = 0;   // bytes that proftpd has sent
  std::uint64_t heard = 0;  // of these, acknowledged by the client's system; ends count as a byte
};

ControlConnection look_at(int control);

}  // namespace plugproof::transfer
