// What all connections of one end have in common in TLS: versions, cipher suites, certificates,
// whom it trusts. OpenSSL stays out of this header.
#pragma once

#include <memory>

#include "engine/link/security.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace plugproof::link {

class TlsContext {
 public:
  // Both throw base::InputError, which names what cannot be used; `server` wants profile 2 or 3.
  static std::shared_ptr<const TlsContext> server(const ServerSecurity& security);
  static std::shared_ptr<const TlsContext> client(const TlsClient& wanted);
  // For a server that does not speak TLS: hears what was offered and refuses it.
  static std::shared_ptr<const TlsContext> refusing();

  ssl_ctx_st* get() const { return context_.get(); }
  bool is_server() const { return server_; }
  bool refuses() const { return refuses_; }
  // A server that speaks only what was before TLS 1.2.
  bool is_old() const;

 private:
  explicit TlsContext(bool server);
  void use(const Credential& credential, const std::string& whose) const;
  void trust(const std::string& roots_pem, const std::string& whose) const;

  std::shared_ptr<ssl_ctx_st> context_;
  bool server_ = true;
  bool refuses_ = false;
};

}  // namespace plugproof::link
