// Names and numbers of TLS as people and specifications write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plugproof::link {

// "TLSv1.2" for 0x0303; a version that has no name in hexadecimal, 0x7F1C.
std::string tls_version_name(std::uint16_t version);
// The number of a name; 0 when there is none.
std::uint16_t tls_version_number(std::string_view name);
// The name of a cipher suite in the registry of the IANA; one that OpenSSL does not know in
// hexadecimal, 0x1A1A.
std::string cipher_suite_name(std::uint16_t suite);
// Names in the registries of the IANA, "secp256r1" and "ecdsa_secp256r1_sha256"; a number without
// one in hexadecimal.
std::string group_name(std::uint16_t group);
std::string signature_algorithm_name(std::uint16_t algorithm);
// OpenSSL's own name of a cipher suite with an IANA name; empty when it knows none.
std::string openssl_cipher_name(const std::string& iana_name);
// "unknown_ca" for 48 (RFC 8446 section 6); of a number that has no name "alert_123".
std::string alert_name(int number);

}  // namespace plugproof::link
