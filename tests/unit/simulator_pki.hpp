// Keys and certificates for tests of the reference charge point: elliptic ones, made once.
#pragma once

#include <string>
#include <vector>

#include "certs/bench_pki.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/value.hpp"
#include "engine/link/security.hpp"

namespace plugproof::simulator {

inline base::Micros pki_time() {
  return base::VirtualClock().utc();
}

inline const certs::BenchPki& bench_pki() {
  static const certs::BenchPki made =
      certs::BenchPki::make({.hosts = {"memory"}, .now = pki_time()});
  return made;
}

inline link::Credential pem_of(const certs::Credential& credential) {
  return {credential.chain_pem(), credential.key.pem()};
}

// One that nobody trusts, with a server certificate and firmware of its own.
inline const certs::BenchPki& foreign_pki() {
  static const certs::BenchPki made = certs::BenchPki::make(
      {.hosts = {"memory"}, .organization = "somebody else", .now = pki_time()});
  return made;
}

// The request in SignCertificate.req.
inline certs::SigningRequest signing_request(const base::Value& payload) {
  return certs::SigningRequest::from_pem(payload.string_or("csr", ""), "the request");
}

inline std::string in_words(const certs::SigningRequest& request) {
  return "request of " + request.common_name() + " (" + request.organization() + ") " +
         request.key_kind() + std::to_string(request.key_bits()) +
         (request.signature_holds() ? "" : ", wrongly signed");
}

// What one charge point does otherwise than another in TLS, without what is drawn.
inline std::string in_words(const base::Value& tls) {
  if (!tls.is_object()) return {};
  std::string text =
      " tls " + tls.string_or("version", "-") + " " + tls.string_or("cipher_suite", "-");
  if (const base::Value* offered = tls.find("offered_cipher_suites"))
    text += " of " + std::to_string(offered->as_list().size());
  if (const std::string pem = tls.string_or("client_certificate", ""); !pem.empty()) {
    const auto own = certs::Certificate::all_from_pem(pem, "it").front();
    text += " by " + own.common_name() + " (" + own.organization() + ")";
  }
  return text;
}

}  // namespace plugproof::simulator
