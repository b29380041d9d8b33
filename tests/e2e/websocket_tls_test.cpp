// TLS over sockets: what is agreed, what is refused and with which facts, security that changes
// while charge points are connected.
#include "engine/base/diagnostics.hpp"
#include "tests/e2e/websocket_tls_fixture.hpp"

namespace plugproof::link {
namespace {

using certs::KeyKind;
using certs::Usage;

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(WebSocketTlsTest, Connect__FactsOfTlsAndMessagesBothWays) {
  secure(2);
  EXPECT_EQ(server->url(), "wss://127.0.0.1:" + std::to_string(server->port()) + "/");
  const base::Nanos before = loop.now();
  auto cp = connected_tls(trusting());
  EXPECT_EQ(event().kind, EventKind::connected);
  EXPECT_GE(event().at, before);
  EXPECT_LE(event().at, loop.now());
  EXPECT_EQ(event().handshake.identity, "CP001");
  EXPECT_EQ(fact("version"), "TLSv1.2");
  EXPECT_EQ(fact("cipher_suite"), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
  EXPECT_TRUE(contains(fact("offered_versions"), "TLSv1.3 TLSv1.2")) << fact("offered_versions");
  EXPECT_TRUE(contains(fact("offered_cipher_suites"), "TLS_RSA_WITH_AES_256_GCM_SHA384"));
  EXPECT_EQ(fact("server_name"), "");  // an IP address is none
  EXPECT_EQ(fact("client_certificate"), "");
  EXPECT_EQ(alert(), "");

  const std::string big(700'000, 'x');  // more records than one, more than one read
  ASSERT_TRUE(cp->client->send("[2,\"1\",\"Heartbeat\",{}]"));
  ASSERT_TRUE(cp->client->send(big));
  ASSERT_TRUE(server->send(id, "[3,\"1\",{}]"));
  ASSERT_TRUE(server->send(id, big));
  ASSERT_TRUE(wait([&] { return events.size() == 3 && cp->texts.size() == 2; }));
  EXPECT_EQ(events[1].text, "[2,\"1\",\"Heartbeat\",{}]");
  EXPECT_EQ(events[2].text, big);
  EXPECT_EQ(cp->texts[1], big);
  cp->client->close(1000, "bye");
  ASSERT_TRUE(wait_for_events(4));
  EXPECT_EQ(events[3].how, ClosedHow::clean);
  EXPECT_EQ(events[3].code, 1000);
}

TEST_F(WebSocketTlsTest, ManyMessagesInOneRead__EachComesInItsOrder) {
  secure(2);
  auto cp = connected_tls(trusting());
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(cp->client->send("message " + std::to_string(i)));
  ASSERT_TRUE(wait_for_events(2001));
  for (std::size_t i = 0; i < 2000; ++i) {
    EXPECT_EQ(events[i + 1].text, "message " + std::to_string(i));
    EXPECT_GE(events[i + 1].at, events[i].at);
  }
}

TEST_F(WebSocketTlsTest, EachOfTheFourSuites__Negotiated) {
  secure(2);
  for (const char* suite :
       {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"}) {
    events.clear();
    TlsClient tls = trusting();
    tls.versions = {"TLSv1.2"};
    tls.cipher_suites = {suite};
    auto cp = connected_tls(tls);
    EXPECT_EQ(fact("cipher_suite"), suite);
    EXPECT_EQ(fact("version"), "TLSv1.2");
    EXPECT_TRUE(contains(fact("offered_cipher_suites"), suite));
    EXPECT_EQ(fact("offered_versions"), "TLSv1.2");
    cp.reset();
    ASSERT_TRUE(wait_for_events(2));
  }
}

TEST_F(WebSocketTlsTest, OtherSuites__RefusedWithWhatWasOffered) {
  secure(2);
  for (const char* suite :
       {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA256",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"}) {
    TlsClient tls = trusting();
    tls.versions = {"TLSv1.2"};
    tls.cipher_suites = {suite};
    auto cp = refused_tls(tls);
    EXPECT_EQ(event().reason,
              "the TLS handshake failed: no shared cipher; alert handshake_failure (40) sent");
    EXPECT_TRUE(contains(fact("offered_cipher_suites"), suite)) << fact("offered_cipher_suites");
    EXPECT_EQ(fact("version"), "");
    EXPECT_EQ(fact("cipher_suite"), "");
    EXPECT_EQ(alert(), "sent 40 handshake_failure");
    EXPECT_EQ(event().handshake.remote.rfind("127.0.0.1:", 0), 0U);
    EXPECT_TRUE(contains(reason_of(*cp), "tls: the TLS handshake failed: ")) << reason_of(*cp);
    EXPECT_TRUE(contains(reason_of(*cp), "alert handshake_failure (40) received"));
  }
}

TEST_F(WebSocketTlsTest, OneKindOfKeyOnly__SuitesOfTheOtherRefused) {
  for (const bool rsa : {true, false}) {
    secure(2, {rsa ? pki().rsa : pki().ec});
    TlsClient tls = trusting();
    tls.versions = {"TLSv1.2"};
    tls.cipher_suites = {rsa ? "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
                             : "TLS_RSA_WITH_AES_128_GCM_SHA256"};
    auto cp = refused_tls(tls);
    EXPECT_TRUE(contains(event().reason, "no shared cipher")) << event().reason;
  }
}

TEST_F(WebSocketTlsTest, OlderVersions__RefusedWithWhatWasOffered) {
  secure(2);
  for (const char* version : {"TLSv1.1", "TLSv1"}) {
    TlsClient tls = trusting();
    tls.versions = {version};
    tls.cipher_suites = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
    auto cp = refused_tls(tls);
    EXPECT_EQ(event().reason,
              "the TLS handshake failed: unsupported protocol; alert protocol_version (70) sent");
    EXPECT_EQ(fact("offered_versions"), version);
    EXPECT_TRUE(contains(fact("offered_cipher_suites"), "TLS_RSA_WITH_AES_128_CBC_SHA"));
    EXPECT_EQ(alert(), "sent 70 protocol_version");
    EXPECT_TRUE(contains(reason_of(*cp), "alert protocol_version (70) received"));
  }
}

TEST_F(WebSocketTlsTest, Tls13__OnlyWhenAllowed) {
  TlsClient tls = trusting();
  tls.versions = {"TLSv1.3"};
  secure(2);
  auto cp = refused_tls(tls);
  EXPECT_EQ(fact("offered_versions"), "TLSv1.3");
  EXPECT_EQ(alert(), "sent 70 protocol_version");
  events.clear();

  ServerSecurity security = pki().security(2, {pki().rsa, pki().ec});
  security.tls.versions.emplace_back("TLSv1.3");
  server->secure(security);
  cp = connected_tls(tls);
  EXPECT_EQ(fact("version"), "TLSv1.3");
  EXPECT_EQ(fact("cipher_suite").rfind("TLS_AES_", 0), 0U) << fact("cipher_suite");
  cp->client->send("over 1.3");
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events[1].text, "over 1.3");
  events.clear();
  tls.versions = {"TLSv1.2"};
  auto old = connected_tls(tls);
  EXPECT_EQ(fact("version"), "TLSv1.2");
}

TEST_F(WebSocketTlsTest, HostName__SentAndVerified) {
  secure(2);
  const std::string port = std::to_string(server->port());
  auto cp = connect_tls(trusting(), "wss://localhost:" + port + "/CP001");
  ASSERT_TRUE(wait([&] { return cp->opened && !events.empty(); })) << reason_of(*cp);
  EXPECT_EQ(fact("server_name"), "localhost");
}

TEST_F(WebSocketTlsTest, ProfileThree__ClientCertificateInTheFacts) {
  secure(3);
  for (const bool tls13 : {false, true}) {
    events.clear();
    ServerSecurity security = pki().security(3, {pki().rsa, pki().ec});
    if (tls13) security.tls.versions.emplace_back("TLSv1.3");
    server->secure(security);
    auto cp = connected_tls(certified());
    EXPECT_EQ(fact("version"), tls13 ? "TLSv1.3" : "TLSv1.2");
    EXPECT_EQ(fact("client_certificate"), pki().charge_point.chain_pem);
    EXPECT_EQ(fact("verify_error"), "");
    cp.reset();
    ASSERT_TRUE(wait_for_events(2));
  }
}

TEST_F(WebSocketTlsTest, ServerChain__KnownToTheClient) {
  secure(2, {pki().ec});
  auto cp = connected_tls(trusting());
  EXPECT_EQ(cp->client->server_chain(), pki().ec.chain_pem);
  secure(0);
  auto plain = connected();
  EXPECT_EQ(plain->client->server_chain(), "");
}

TEST_F(WebSocketTlsTest, ProfileTwo__AsksForNoClientCertificate) {
  secure(2);
  auto cp = connected_tls(certified());
  EXPECT_EQ(fact("client_certificate"), "");
}

TEST_F(WebSocketTlsTest, PolicyRefuses__WithFactsAndAChallenge) {
  secure(2);
  server->on_handshake([](const Handshake& handshake) {
    EXPECT_EQ(handshake.tls.string_or("version", ""), "TLSv1.2");
    return Admission{401, "no credentials"};
  });
  auto cp = connect_tls(trusting());
  ASSERT_TRUE(wait([&] { return !cp->failures.empty() && !events.empty(); }));
  EXPECT_EQ(event().kind, EventKind::refused);
  EXPECT_EQ(event().status, 401);
  EXPECT_EQ(fact("version"), "TLSv1.2");
  EXPECT_EQ(cp->failures.front(), std::make_pair(401, std::string("Unauthorized")));
}

TEST_F(WebSocketTlsTest, SecurityChangesAtRunTime__NewConnectionsOnlyAndOpenOnesLive) {
  auto plain = connected();
  secure(2);
  auto rsa = connected_tls(trusting());
  secure(3, {pki().ec});
  events.clear();
  auto certified_one = connected_tls(certified());
  EXPECT_FALSE(fact("client_certificate").empty());
  auto nameless = refused_tls(trusting());

  // Another authority's certificate, from the very next connection on.
  const Credential foreign = pki().issue(pki().other_root, KeyKind::ec_p256, pki().server());
  secure(2, {foreign});
  auto suspicious = refused_tls(trusting());
  TlsClient tls = trusting();
  tls.roots_pem = pki().other_root.certificate().pem();
  events.clear();
  auto convinced = connected_tls(tls);

  server->secure({});
  events.clear();
  auto plain_again = connected();
  for (auto* cp :
       {plain.get(), rsa.get(), certified_one.get(), convinced.get(), plain_again.get()}) {
    events.clear();
    ASSERT_TRUE(cp->client->send("alive"));
    ASSERT_TRUE(wait_for_events(1));
    EXPECT_EQ(event().text, "alive");
    ASSERT_TRUE(server->send(event().connection, "so am I"));
    ASSERT_TRUE(wait([&] { return !cp->texts.empty(); }));
  }
  EXPECT_EQ(server->open_connections(), 5U);
}

TEST_F(WebSocketTlsTest, SecurityThatCannotBeHad__ToldAndNothingChanged) {
  const auto problem_of = [&](const ServerSecurity& security) -> std::string {
    try {
      server->secure(security);
    } catch (const base::InputError& error) {
      return error.what();
    }
    return "none";
  };
  ServerSecurity wrong_key = pki().security(2, {pki().rsa});
  wrong_key.credentials[0].key_pem = pki().ec.key_pem;
  ServerSecurity no_roots = pki().security(3, {pki().rsa});
  no_roots.client_roots_pem.clear();
  ServerSecurity rubbish = pki().security(2, {{"rubbish", pki().rsa.key_pem}});
  ServerSecurity no_key = pki().security(2, {{pki().rsa.chain_pem, "rubbish"}});
  EXPECT_TRUE(
      contains(problem_of(pki().security(2, {})), "security profile 2 needs a certificate"));
  EXPECT_TRUE(contains(problem_of(no_roots), "who sign charge points"));
  EXPECT_TRUE(contains(problem_of(wrong_key), "cannot be used")) << problem_of(wrong_key);
  EXPECT_TRUE(contains(problem_of(pki().security(2, {pki().rsa, pki().rsa})), "cannot be used"));
  EXPECT_TRUE(contains(problem_of(rubbish), "the certificate of the central system"));
  EXPECT_TRUE(contains(problem_of(no_key), "the key of "));
  auto cp = connected();  // still without TLS
  EXPECT_TRUE(cp->client->is_open());
}

TEST_F(WebSocketTlsTest, ClientOptionsThatCannotBeUsed__ToldAsTls) {
  secure(2);
  TlsClient version = trusting();
  version.versions = {"TLSv2"};
  TlsClient suite = trusting();
  suite.cipher_suites = {"TLS_NONSENSE"};
  TlsClient roots = trusting();
  roots.roots_pem = "rubbish";
  for (const auto& [tls, words] :
       {std::pair{version, "TLSv2"}, {suite, "TLS_NONSENSE"}, {roots, "the roots of"}}) {
    auto cp = connect_tls(tls);
    EXPECT_TRUE(cp->failures.empty());
    ASSERT_TRUE(wait([&] { return !cp->failures.empty(); }));
    EXPECT_EQ(reason_of(*cp).rfind("tls: ", 0), 0U);
    EXPECT_TRUE(contains(reason_of(*cp), words)) << reason_of(*cp);
  }
}

}  // namespace
}  // namespace plugproof::link
