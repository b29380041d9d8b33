// What the ends of a connection want of its security ("Improved security for OCPP 1.6-J", security
// profiles). Keys are secrets: they go to OpenSSL and nowhere else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/link/tls_offer.hpp"

namespace plugproof::link {

// A certificate with its key, in PEM.
struct Credential {
  std::string chain_pem;  // the own certificate first; sent as it stands, whatever is in it
  std::string key_pem;
};

// The central system's side.
struct ServerSecurity {
  // 0: no authentication, 1: Basic, 2: TLS and Basic, 3: TLS with client certificates. From 2 on
  // only TLS is let in, below only connections without it. Basic is not looked at by a link: it is
  // the admission policy's, which sees the header.
  int profile = 0;
  std::vector<Credential> credentials;  // one for each kind of key, RSA and EC side by side
  std::string client_roots_pem;         // profile 3: who signs charge points
  TlsOffer tls{};
};

// The charge point's side.
struct TlsClient {
  std::string roots_pem;                                // who is trusted to sign central systems
  std::optional<Credential> credential = std::nullopt;  // shown when asked for
  // "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3".
  std::vector<std::string> versions{"TLSv1.2", "TLSv1.3"};
  // IANA names; without one of a version, the four of the profiles, and all of TLS 1.3.
  std::vector<std::string> cipher_suites{};
  bool verify = true;  // the chain, and that it was issued to the host of the address
};

}  // namespace plugproof::link
