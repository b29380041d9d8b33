#include "engine/link/entrance.hpp"

#include <cstddef>

#include "engine/link/handshake.hpp"

namespace plugproof::link {
namespace {

constexpr std::size_t kMaxTarget = 200;  // shown of a request that is refused

}  // namespace

Entrance::Entrance() : Entrance(ServerSecurity{}) {}

Entrance::Entrance(const ServerSecurity& security)
    : profile_(security.profile),
      tls_(wants_tls() ? TlsContext::server(security) : TlsContext::refusing()) {}

std::string Entrance::plain_refused(std::string_view what) const {
  return std::string(what) + " came where TLS is wanted: security profile " +
         std::to_string(profile_) + " lets wss:// in alone";
}

std::string Entrance::tls_failed(const TlsSession& session) const {
  if (wants_tls()) return tls_failure(session);
  return "TLS came where none is wanted: security profile " + std::to_string(profile_) +
         " lets ws:// in alone (" + session.problem() + ")";
}

std::string plain_http(std::string_view method, std::string_view target) {
  return "plain HTTP (" + std::string(method) + " " + printable(target, kMaxTarget) + ")";
}

std::string tls_failure(const TlsSession& session) {
  return "the TLS handshake failed: " + session.problem();
}

}  // namespace plugproof::link
