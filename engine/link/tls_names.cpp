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

std::string hexadecimal(std::uint16_t number) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%04X", static_cast<unsigned>(number));
  return text.data();
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

std::string alert_name(int number) {
  for (const auto& [known, name] : kAlerts)
    if (known == number) return std::string(name);
  return "alert_" + std::to_string(number);
}

}  // namespace plugproof::link
