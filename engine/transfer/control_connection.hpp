// The control connection of an FTP session, seen from beside: proftpd reads and writes it, we only
// ask the kernel how it stands.
#pragma once

namespace plugproof::transfer {

struct ControlConnection {
  bool open = false;   // neither side has ended it
  bool reset = false;  // by the client, or lost
  bool taken = false;  // the client's system has acknowledged all that was said
};

ControlConnection look_at(int control);

}  // namespace plugproof::transfer
