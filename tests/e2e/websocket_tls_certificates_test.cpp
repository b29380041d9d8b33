// What is wrong with a certificate, from both sides of a TLS connection.
#include "tests/e2e/websocket_tls_fixture.hpp"

namespace plugproof::link {
namespace {

using certs::KeyKind;

struct Wrong {
  const char* name;
  std::function<Credential(const TlsPki&)> make;
  const char* verify_error;  // a part of it; nullptr: it is accepted all the same
  const char* alert;         // that the other side sends
};
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name;
}

Credential issued(const TlsPki& pki, certs::Profile profile, base::Micros from, base::Micros to,
                  KeyKind kind = KeyKind::ec_p256) {
  profile.not_before = from;
  profile.not_after = to;
  return pki.issue(pki.operators, kind, profile);
}

// The same for a certificate of the server and of a client.
template <certs::Profile (TlsPki::*who)() const>
std::vector<Wrong> wrongs() {
  const auto chain = [](const TlsPki& pki, std::vector<int> order) {
    const auto key = certs::PrivateKey::make(KeyKind::ec_p256);
    const std::vector<certs::Certificate> all{pki.operators.issue(key, (pki.*who)()),
                                              pki.operators.certificate(), pki.root.certificate()};
    std::vector<certs::Certificate> picked;
    for (const int i : order) picked.push_back(all[static_cast<std::size_t>(i)]);
    return Credential{certs::pem_of(picked), key.pem()};
  };
  const base::Micros day = TlsPki::kDay;
  return {
      {"Expired",
       [day](const TlsPki& pki) {
         return issued(pki, (pki.*who)(), pki.now - 9 * day, pki.now - day);
       },
       "certificate has expired", "certificate_expired"},
      {"NotYetValid",
       [day](const TlsPki& pki) {
         return issued(pki, (pki.*who)(), pki.now + day, pki.now + 9 * day);
       },
       "certificate is not yet valid", "bad_certificate"},
      {"WeakRsaKey",
       [](const TlsPki& pki) { return pki.issue(pki.operators, KeyKind::rsa_1024, (pki.*who)()); },
       "EE certificate key too weak", "bad_certificate"},
      {"WrongAuthority",
       [](const TlsPki& pki) { return pki.issue(pki.other_root, KeyKind::ec_p256, (pki.*who)()); },
       "unable to get local issuer certificate", "unknown_ca"},
      {"SelfSigned",
       [](const TlsPki&) {
         const auto key = certs::PrivateKey::make(KeyKind::ec_p256);
         return Credential{certs::self_signed(key, "localhost").pem(), key.pem()};
       },
       "self-signed certificate", "unknown_ca"},
      {"WrongUse",
       [](const TlsPki& pki) {
         auto profile = (pki.*who)();
         profile.usage =
             profile.usage == certs::Usage::server ? certs::Usage::client : certs::Usage::server;
         return pki.issue(pki.operators, KeyKind::ec_p256, profile);
       },
       "nsuitable certificate purpose", "unsupported_certificate"},
      {"MissingIntermediate", [chain](const TlsPki& pki) { return chain(pki, {0}); },
       "unable to get local issuer certificate", "unknown_ca"},
      {"WithRoot",
       [chain](const TlsPki& pki) {
         return chain(pki, {0, 1, 2});
       },
       nullptr, nullptr},
      // RFC 5246 section 7.4.2 wants them in order; OpenSSL does not mind. What was shown is known.
      {"WrongOrder",
       [chain](const TlsPki& pki) {
         return chain(pki, {0, 2, 1});
       },
       nullptr, nullptr},
  };
}

class WrongServerCertificate : public WebSocketTlsTest,
                               public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongServerCertificate, ClientJudges__BothSidesKnowWhy) {
  const Wrong& wrong = GetParam();
  for (const bool tls13 : {false, true}) {
    ServerSecurity security = pki().security(2, {wrong.make(pki())});
    if (tls13) security.tls.versions.emplace_back("TLSv1.3");
    server->secure(security);
    events.clear();
    if (!wrong.verify_error) {
      auto cp = connected_tls(trusting());
      EXPECT_EQ(event().kind, EventKind::connected);
      cp.reset();
      ASSERT_TRUE(wait_for_events(2));
      continue;
    }
    auto cp = refused_tls(trusting());
    EXPECT_EQ(reason_of(*cp).rfind("tls: the TLS handshake failed: certificate verify failed: ", 0),
              0U)
        << reason_of(*cp);
    EXPECT_NE(reason_of(*cp).find(wrong.verify_error), std::string::npos) << reason_of(*cp);
    EXPECT_NE(reason_of(*cp).find(std::string("alert ") + wrong.alert), std::string::npos)
        << reason_of(*cp);
    EXPECT_NE(alert().find(std::string("received ")), std::string::npos) << alert();
    EXPECT_NE(alert().find(wrong.alert), std::string::npos) << alert();
    EXPECT_NE(event().reason.find(wrong.alert), std::string::npos) << event().reason;
    EXPECT_EQ(fact("version"), tls13 ? "TLSv1.3" : "TLSv1.2");

    TlsClient careless = trusting();
    careless.verify = false;
    events.clear();
    auto trusted = connected_tls(careless);
    EXPECT_EQ(event().kind, EventKind::connected);
    trusted.reset();
    ASSERT_TRUE(wait_for_events(2));
  }
}

INSTANTIATE_TEST_SUITE_P(Tls, WrongServerCertificate,
                         ::testing::ValuesIn(wrongs<&TlsPki::server>()),
                         [](const auto& param) { return std::string(param.param.name); });

class WrongClientCertificate : public WebSocketTlsTest,
                               public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongClientCertificate, ServerJudges__BothSidesKnowWhy) {
  const Wrong& wrong = GetParam();
  for (const bool tls13 : {false, true}) {
    ServerSecurity security = pki().security(3, {pki().ec});
    if (tls13) security.tls.versions.emplace_back("TLSv1.3");
    server->secure(security);
    TlsClient tls = trusting();
    tls.credential = wrong.make(pki());
    events.clear();
    if (!wrong.verify_error) {
      auto cp = connected_tls(tls);
      EXPECT_EQ(fact("client_certificate"), tls.credential->chain_pem);
      cp.reset();
      ASSERT_TRUE(wait_for_events(2));
      continue;
    }
    auto cp = refused_tls(tls);
    EXPECT_EQ(fact("client_certificate"), tls.credential->chain_pem);
    EXPECT_NE(fact("verify_error").find(wrong.verify_error), std::string::npos)
        << fact("verify_error");
    EXPECT_NE(event().reason.find(fact("verify_error")), std::string::npos) << event().reason;
    EXPECT_NE(alert().find(std::string("sent ")), std::string::npos) << alert();
    EXPECT_NE(alert().find(wrong.alert), std::string::npos) << alert();
    EXPECT_EQ(reason_of(*cp).rfind("tls: ", 0), 0U) << reason_of(*cp);
    EXPECT_NE(reason_of(*cp).find(wrong.alert), std::string::npos) << reason_of(*cp);
  }
}

INSTANTIATE_TEST_SUITE_P(Tls, WrongClientCertificate,
                         ::testing::ValuesIn(wrongs<&TlsPki::client>()),
                         [](const auto& param) { return std::string(param.param.name); });

TEST_F(WebSocketTlsTest, ClientWithoutACertificate__RefusedWithWords) {
  for (const bool tls13 : {false, true}) {
    ServerSecurity security = pki().security(3, {pki().ec});
    if (tls13) security.tls.versions.emplace_back("TLSv1.3");
    server->secure(security);
    auto cp = refused_tls(trusting());
    EXPECT_NE(event().reason.find("peer did not return a certificate"), std::string::npos)
        << event().reason;
    EXPECT_EQ(alert(), tls13 ? "sent 116 certificate_required" : "sent 40 handshake_failure");
    EXPECT_EQ(fact("client_certificate"), "");
    EXPECT_NE(reason_of(*cp).find(tls13 ? "certificate_required" : "handshake_failure"),
              std::string::npos)
        << reason_of(*cp);
  }
}

TEST_F(WebSocketTlsTest, CertificateForAnotherHost__ClientRefuses) {
  auto profile = pki().server();
  profile.common_name = "elsewhere.example";
  profile.hosts = {"elsewhere.example", "192.0.2.1"};
  secure(2, {pki().issue(pki().operators, KeyKind::ec_p256, profile)});
  const std::string port = std::to_string(server->port());
  auto by_address = refused_tls(trusting());
  EXPECT_NE(reason_of(*by_address).find("IP address mismatch"), std::string::npos)
      << reason_of(*by_address);
  auto by_name = refused_tls(trusting(), "wss://localhost:" + port + "/CP001");
  EXPECT_NE(reason_of(*by_name).find("ostname mismatch"), std::string::npos) << reason_of(*by_name);
  EXPECT_EQ(fact("server_name"), "localhost");
  EXPECT_EQ(alert(), "received 42 bad_certificate");
}

}  // namespace
}  // namespace plugproof::link
