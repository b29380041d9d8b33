// Whether a certificate is to be trusted: what a TLS client or a charge point decides.
#pragma once

#include <string>
#include <vector>

#include "certs/authority.hpp"
#include "certs/certificate.hpp"
#include "engine/base/time.hpp"

namespace plugproof::certs {

// OpenSSL's words for what is wrong and of which certificate; empty: nothing. Looked at: signatures
// up to one of `roots`, times at `now` (UTC), what the certificate may be used for, and strength:
// RSA keys below 2048 bits, EC keys below 224, and SHA-1 signatures are refused ("Improved security
// for OCPP 1.6-J", section on certificate properties). `host` is a DNS name or an IP address;
// empty: not looked at. A root itself is judged as {root} with Usage::ca and itself among `roots`.
// The certificates after the first may stand in any order, as OpenSSL has it; see in_order().
std::string chain_problem(const std::vector<Certificate>& leaf_first,
                          const std::vector<Certificate>& roots, base::Micros now, Usage usage,
                          const std::string& host);
// Whether each one was issued by the one that follows it (RFC 5246 section 7.4.2).
bool in_order(const std::vector<Certificate>& leaf_first);

}  // namespace plugproof::certs
