#include "engine/link/tls_names.hpp"

#include <gtest/gtest.h>

namespace plugproof::link {
namespace {

TEST(TlsNames, Versions__BothWays) {
  for (const char* name : {"SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"})
    EXPECT_EQ(tls_version_name(tls_version_number(name)), name);
  EXPECT_EQ(tls_version_number("TLSv1.2"), 0x0303);
  EXPECT_EQ(tls_version_number("TLS 1.2"), 0);
  EXPECT_EQ(tls_version_name(0x7A7A), "0x7A7A");
}

// The numbers are those of the IANA's registry.
TEST(TlsNames, CipherSuites__AsRegistered) {
  EXPECT_EQ(cipher_suite_name(0xC02B), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(cipher_suite_name(0xC02C), "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
  EXPECT_EQ(cipher_suite_name(0x009C), "TLS_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(cipher_suite_name(0x009D), "TLS_RSA_WITH_AES_256_GCM_SHA384");
  EXPECT_EQ(cipher_suite_name(0x1301), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(cipher_suite_name(0x00FF), "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
  EXPECT_EQ(cipher_suite_name(0x1A1A), "0x1A1A");
  EXPECT_EQ(openssl_cipher_name("TLS_RSA_WITH_AES_128_GCM_SHA256"), "AES128-GCM-SHA256");
  EXPECT_EQ(openssl_cipher_name("TLS_AES_128_GCM_SHA256"), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(openssl_cipher_name("AES128-GCM-SHA256"), "");
}

TEST(TlsNames, Alerts__AsInRfc8446) {
  EXPECT_EQ(alert_name(0), "close_notify");
  EXPECT_EQ(alert_name(48), "unknown_ca");
  EXPECT_EQ(alert_name(116), "certificate_required");
  EXPECT_EQ(alert_name(200), "alert_200");
}

}  // namespace
}  // namespace plugproof::link
