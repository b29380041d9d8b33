// What a server lets in, and what it says of what it does not. One for all connections that come
// while it is in force, over sockets and in memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/link/security.hpp"
#include "engine/link/tls_context.hpp"
#include "engine/link/tls_session.hpp"

namespace plugproof::link {

class Entrance {
 public:
  // Throws base::InputError when the security cannot be had.
  Entrance();  // without any security
  explicit Entrance(const ServerSecurity& security);

  bool wants_tls() const { return profile_ >= 2; }
  // Without TLS one that hears what is offered and refuses it.
  const std::shared_ptr<const TlsContext>& tls() const { return tls_; }

  // Reasons of a `failed` event. `what` came where TLS is wanted.
  std::string plain_refused(std::string_view what) const;
  std::string tls_failed(const TlsSession& session) const;

 private:
  int profile_ = 0;
  std::shared_ptr<const TlsContext> tls_;
};

// Either end's words for it.
std::string tls_failure(const TlsSession& session);
// "plain HTTP (GET /ocpp/CP001)".
std::string plain_http(std::string_view method, std::string_view target);

}  // namespace plugproof::link
