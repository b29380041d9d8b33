#include "engine/link/tls_names.hpp"

#include <openssl/ssl.h>

#include <array>
#include <cstdio>
#include <memory>
#include <utility>

#include "certs/openssl.hpp"

namespace plugproof::link {
namespace {

constexpr std::array<std::pair<std::uint16_t, std::string_view>, 5> kVersions{{
    {SSL3_VERSION, "SSLv3"},
    {TLS1_VERSION, "TLSv1"},
    {TLS1_1_VERSION, "TLSv1.1"},
    {TLS1_2_VERSION, "TLSv1.2"},
    {TLS1_3_VERSION, "TLSv1.3"},
}};

// The registry of the IANA, "TLS Alerts".
constexpr std::array<std::pair<int, std::string_view>, 32> kAlerts{{
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
}};

using Names = std::pair<std::uint16_t, std::string_view>;

constexpr Names kGroups[]{
    {0x0013, "secp192r1"},
    {0x0015, "secp224r1"},
    {0x0016, "secp256k1"},
    {0x0017, "secp256r1"},
    {0x0018, "secp384r1"},
    {0x0019, "secp521r1"},
    {0x001A, "brainpoolP256r1"},
    {0x001B, "brainpoolP384r1"},
    {0x001C, "brainpoolP512r1"},
    {0x001D, "x25519"},
    {0x001E, "x448"},
    {0x0100, "ffdhe2048"},
    {0x0101, "ffdhe3072"},
    {0x0102, "ffdhe4096"},
    {0x0103, "ffdhe6144"},
    {0x0104, "ffdhe8192"},
};

constexpr Names kSignatureAlgorithms[]{
    {0x0201, "rsa_pkcs1_sha1"},
    {0x0202, "dsa_sha1"},
    {0x0203, "ecdsa_sha1"},
    {0x0301, "rsa_pkcs1_sha224"},
    {0x0302, "dsa_sha224"},
    {0x0303, "ecdsa_sha224"},
    {0x0401, "rsa_pkcs1_sha256"},
    {0x0402, "dsa_sha256"},
    {0x0403, "ecdsa_secp256r1_sha256"},
    {0x0501, "rsa_pkcs1_sha384"},
    {0x0502, "dsa_sha384"},
    {0x0503, "ecdsa_secp384r1_sha384"},
    {0x0601, "rsa_pkcs1_sha512"},
    {0x0602, "dsa_sha512"},
    {0x0603, "ecdsa_secp521r1_sha512"},
    {0x0804, "rsa_pss_rsae_sha256"},
    {0x0805, "rsa_pss_rsae_sha384"},
    {0x0806, "rsa_pss_rsae_sha512"},
    {0x0807, "ed25519"},
    {0x0808, "ed448"},
    {0x0809, "rsa_pss_pss_sha256"},
    {0x080A, "rsa_pss_pss_sha384"},
    {0x080B, "rsa_pss_pss_sha512"},
};

std::string hexadecimal(std::uint16_t number) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%04X", static_cast<unsigned>(number));
  return text.data();
}

template <std::size_t size>
std::string name_in(const Names (&table)[size], std::uint16_t number) {
  for (const auto& [known, name] : table)
    if (known == number) return std::string(name);
  return hexadecimal(number);
}

// Knows every cipher suite of this build of OpenSSL.
SSL* catalogue() {
  static const std::unique_ptr<SSL_CTX, certs::Free<SSL_CTX_free>> context(
      SSL_CTX_new(TLS_method()));
  static const std::unique_ptr<SSL, certs::Free<SSL_free>> ssl(SSL_new(context.get()));
  certs::need(ssl != nullptr, "list the cipher suites");
  return ssl.get();
}

}  // namespace

std::string tls_version_name(std::uint16_t version) {
  for (const auto& [number, name] : kVersions)
    if (number == version) return std::string(name);
  return hexadecimal(version);
}

std::uint16_t tls_version_number(std::string_view name) {
  for (const auto& [number, known] : kVersions)
    if (known == name) return number;
  return 0;
}

std::string cipher_suite_name(std::uint16_t suite) {
  const std::array<unsigned char, 2> bytes{static_cast<unsigned char>(suite >> 8),
                                           static_cast<unsigned char>(suite & 0xFF)};
  const SSL_CIPHER* cipher = SSL_CIPHER_find(catalogue(), bytes.data());
  const char* name = cipher ? SSL_CIPHER_standard_name(cipher) : nullptr;
  return name ? name : hexadecimal(suite);
}

std::string openssl_cipher_name(const std::string& iana_name) {
  const std::string name = OPENSSL_cipher_name(iana_name.c_str());
  return name == "(NONE)" ? std::string() : name;
}

std::string group_name(std::uint16_t group) {
  return name_in(kGroups, group);
}

std::string signature_algorithm_name(std::uint16_t algorithm) {
  return name_in(kSignatureAlgorithms, algorithm);
}

std::string alert_name(int number) {
  for (const auto& [known, name] : kAlerts)
    if (known == number) return std::string(name);
  return "alert_" + std::to_string(number);
}

}  // namespace plugproof::link
