#include "engine/link/link.hpp"

#include <stdexcept>

namespace plugproof::link {

void Link::secure(const ServerSecurity&) {
  throw std::logic_error("this link has no security profiles");
}

const char* to_string(EventKind kind) {
  switch (kind) {
    case EventKind::connected:
      return "connected";
    case EventKind::refused:
      return "refused";
    case EventKind::failed:
      return "failed";
    case EventKind::text:
      return "text";
    case EventKind::binary:
      return "binary";
    case EventKind::ping:
      return "ping";
    case EventKind::pong:
      return "pong";
    case EventKind::closed:
      return "closed";
  }
  return "unknown";
}

const char* to_string(ClosedHow how) {
  switch (how) {
    case ClosedHow::clean:
      return "clean";
    case ClosedHow::dropped:
      return "dropped";
    case ClosedHow::reset:
      return "reset";
    case ClosedHow::protocol:
      return "protocol";
    case ClosedHow::local:
      return "local";
  }
  return "unknown";
}

}  // namespace plugproof::link
