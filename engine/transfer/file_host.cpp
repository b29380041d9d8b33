#include "engine/transfer/file_host.hpp"

namespace plugproof::transfer {

const char* to_string(Protocol protocol) {
  static constexpr const char* kNames[] = {"HTTP", "HTTPS", "FTP", "FTPS", "FTPS (implicit)"};
  return kNames[static_cast<int>(protocol)];
}

const char* to_string(Conduct conduct) {
  static constexpr const char* kNames[] = {"whole", "missing", "broken", "stalled"};
  return kNames[static_cast<int>(conduct)];
}

const char* to_string(EventKind kind) {
  static constexpr const char* kNames[] = {"started", "done", "failed"};
  return kNames[static_cast<int>(kind)];
}

const char* to_string(Way way) {
  return way == Way::download ? "download" : "upload";
}

}  // namespace plugproof::transfer
