// TLS in memory, on virtual time: the same facts as over sockets, from the same certificates.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/link/memory.hpp"
#include "engine/link/switchboard.hpp"
#include "tests/tls_pki.hpp"

namespace plugproof::link {
namespace {

using base::Nanos;
using std::chrono::milliseconds;

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class MemoryTlsTest : public ::testing::Test {
 protected:
  static TlsPki& pki() {
    static TlsPki made(base::VirtualClock::kDefaultStart);
    return made;
  }

  void SetUp() override {
    link.on_event([this](const Event& event) { events.push_back(event); });
  }
  void secure(int profile) { link.secure(pki().security(profile, {pki().rsa, pki().ec})); }
  static TlsClient trusting() { return {.roots_pem = pki().roots()}; }
  static TlsClient certified() {
    return {.roots_pem = pki().roots(), .credential = pki().charge_point};
  }

  void settle() {
    while (clock.step()) {
    }
  }
  void begin(const TlsClient& tls, const std::string& url = "wss://memory/CP001") {
    client.reset();
    settle();
    events.clear();
    heard.clear();
    client = link.make_client();
    client->set_handlers({
        .open = [this] { heard.push_back("open"); },
        .text = [this](std::string_view text) { heard.push_back("text " + std::string(text)); },
        .failed =
            [this](int status, const std::string& reason) {
              heard.push_back("failed " + std::to_string(status) + " " + reason);
            },
        .closed = [this](int code,
                         const std::string&) { heard.push_back("closed " + std::to_string(code)); },
    });
    client->connect({.url = url, .authorization = "Basic abc", .tls = tls});
  }
  void connect(const TlsClient& tls, const std::string& url = "wss://memory/CP001") {
    begin(tls, url);
    settle();
  }
  const Event& event() const {
    static const Event none;
    return events.size() == 1 ? events.front() : none;
  }
  std::string fact(std::string_view name) const {
    return event().handshake.tls.string_or(name, "");
  }
  std::string alert() const {
    const base::Value* value = event().handshake.tls.find("alert");
    return value ? value->string_or("way", "") + " " + value->string_or("name", "") : "";
  }

  using Lines = std::vector<std::string>;
  base::VirtualClock clock;
  MemoryLink link{clock, {milliseconds(10)}};
  std::unique_ptr<Client> client;
  std::vector<Event> events;
  Lines heard;
};

TEST_F(MemoryTlsTest, Connect__FactsAndMessages) {
  secure(2);
  EXPECT_EQ(link.url(), "wss://memory/");
  connect(trusting());
  EXPECT_EQ(heard, Lines{"open"});
  ASSERT_EQ(event().kind, EventKind::connected);
  EXPECT_EQ(event().at, Nanos(milliseconds(10)));  // when the first byte of it arrived
  EXPECT_EQ(event().handshake.identity, "CP001");
  EXPECT_EQ(event().handshake.remote, "memory:1");
  EXPECT_EQ(event().handshake.authorization, "Basic abc");
  EXPECT_EQ(fact("version"), "TLSv1.2");
  EXPECT_EQ(fact("cipher_suite"), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(fact("server_name"), "memory");
  EXPECT_EQ(client->server_chain(), pki().ec.chain_pem);
  // Hello, answer, keys and finished, finished, request, answer: six ways.
  EXPECT_EQ(clock.now(), Nanos(milliseconds(60)));

  const ConnectionId id = event().connection;
  client->send("from the charge point");
  link.send(id, "to the charge point");
  settle();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].text, "from the charge point");
  EXPECT_EQ(heard.back(), "text to the charge point");
}

TEST_F(MemoryTlsTest, SameRunTwice__SameEvents) {
  secure(3);
  const auto facts = [&] {
    std::string all;
    for (const bool shown : {true, false}) {
      connect(shown ? certified() : trusting());
      for (const Event& e : events)
        all += e.reason + e.handshake.tls.to_display() + std::string(to_string(e.kind));
      for (const auto& line : heard) all += line;
    }
    return all;
  };
  EXPECT_EQ(facts(), facts());
}

TEST_F(MemoryTlsTest, SuitesAndVersions__AsOverSockets) {
  secure(2);
  TlsClient tls = trusting();
  tls.versions = {"TLSv1.2"};
  for (const char* suite :
       {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"}) {
    tls.cipher_suites = {suite};
    connect(tls);
    EXPECT_EQ(fact("cipher_suite"), suite);
    EXPECT_EQ(heard, Lines{"open"});
  }
  tls.cipher_suites = {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"};
  connect(tls);
  EXPECT_EQ(event().reason,
            "the TLS handshake failed: no shared cipher; alert handshake_failure (40) sent");
  EXPECT_EQ(alert(), "sent handshake_failure");
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].rfind("failed 0 tls: the TLS handshake failed: ", 0), 0U) << heard[0];
  EXPECT_TRUE(contains(heard[0], "alert handshake_failure (40) received"));
  tls = trusting();
  tls.versions = {"TLSv1.1"};
  tls.cipher_suites = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
  connect(tls);
  EXPECT_EQ(alert(), "sent protocol_version");
}

TEST_F(MemoryTlsTest, OldServer__TellsWhoHasOnlyTheNew) {
  ServerSecurity security = pki().security(2, {pki().ec});
  security.tls = *tls_offer_named("old-version");
  link.secure(security);
  TlsClient old = trusting();
  old.versions = {"TLSv1.2"};
  connect(old);
  EXPECT_EQ(alert(), "sent protocol_version");
  EXPECT_TRUE(contains(event().reason, "this end speaks TLS 1.1 alone")) << event().reason;
  old.versions = {"TLSv1.1", "TLSv1.2"};
  old.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                       "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"};
  connect(old);
  EXPECT_EQ(fact("version"), "TLSv1.1");
  EXPECT_EQ(heard, Lines{"open"});
  // Who has a suite for it and not the version refuses by itself.
  old.versions = {"TLSv1.2"};
  connect(old);
  EXPECT_EQ(alert(), "received protocol_version") << event().reason;
}

TEST_F(MemoryTlsTest, ServersWithOtherSuites__SpeakThemAlone) {
  const auto meets = [&](const char* offer, const char* suite) {
    ServerSecurity security = pki().security(2, {pki().ec});
    security.tls = *tls_offer_named(offer);
    link.secure(security);
    TlsClient tls = trusting();
    tls.versions = {"TLSv1.2"};
    tls.cipher_suites = {suite};
    connect(tls);
    return fact("cipher_suite");
  };
  for (const char* suite : {"TLS_ECDHE_ECDSA_WITH_NULL_SHA", "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"})
    EXPECT_EQ(meets("unsuitable-suites", suite), suite);
  EXPECT_EQ(meets("other-suites", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256");
  for (const char* offer : {"unsuitable-suites", "other-suites", "old-version"})
    EXPECT_EQ(meets(offer, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"), "") << offer;
}

TEST_F(MemoryTlsTest, ProfileThree__WantsTheRightCertificate) {
  for (const bool tls13 : {false, true}) {
    ServerSecurity security = pki().security(3, {pki().ec});
    if (tls13) security.tls.versions.emplace_back("TLSv1.3");
    link.secure(security);
    connect(certified());
    EXPECT_EQ(event().kind, EventKind::connected);
    EXPECT_EQ(fact("version"), tls13 ? "TLSv1.3" : "TLSv1.2");
    EXPECT_EQ(fact("client_certificate"), pki().charge_point.chain_pem);

    connect(trusting());
    EXPECT_EQ(event().kind, EventKind::failed);
    EXPECT_TRUE(contains(event().reason, "peer did not return a certificate")) << event().reason;
    EXPECT_EQ(alert(), tls13 ? "sent certificate_required" : "sent handshake_failure");
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].rfind("failed 0 tls: ", 0), 0U) << heard[0];

    TlsClient foreign = certified();
    foreign.credential = pki().issue(pki().other_root, certs::KeyKind::ec_p256, pki().client());
    connect(foreign);
    EXPECT_EQ(event().kind, EventKind::failed);
    EXPECT_EQ(alert(), "sent unknown_ca");
    EXPECT_TRUE(contains(fact("verify_error"), "unable to get local issuer certificate"));
    EXPECT_EQ(fact("client_certificate"), foreign.credential->chain_pem);
    EXPECT_EQ(heard.size(), 1U);
  }
}

TEST_F(MemoryTlsTest, SmallestAllowedCurve__IsLetIn) {
  secure(3);
  TlsClient small = certified();
  for (const auto kind : {certs::KeyKind::ec_p224, certs::KeyKind::ec_p384}) {
    small.credential = pki().issue(pki().operators, kind, pki().client());
    connect(small);
    EXPECT_EQ(event().kind, EventKind::connected) << event().reason;
  }
  small.credential = pki().issue(pki().operators, certs::KeyKind::ec_p192, pki().client());
  connect(small);
  EXPECT_EQ(event().kind, EventKind::failed);
}

TEST_F(MemoryTlsTest, CertificateShownAlone__TheReasonSaysSo) {
  secure(3);
  TlsClient alone = certified();
  const auto chain = certs::Certificate::all_from_pem(pki().charge_point.chain_pem, "chain");
  ASSERT_GT(chain.size(), 1U);
  alone.credential = {chain.front().pem(), pki().charge_point.key_pem};
  connect(alone);
  EXPECT_TRUE(contains(event().reason, "it was shown alone, without whoever issued it"))
      << event().reason;
}

TEST_F(MemoryTlsTest, NoCertificateForTheSuitesOffered__ThatIsSaid) {
  link.secure(pki().security(2, {pki().ec}));
  TlsClient tls = trusting();
  tls.versions = {"TLSv1.2"};
  tls.cipher_suites = {"TLS_RSA_WITH_AES_128_GCM_SHA256"};
  connect(tls);
  EXPECT_EQ(fact("lacks_certificate"), "RSA");
  EXPECT_TRUE(contains(event().reason, "this end has no RSA certificate")) << event().reason;
  tls.cipher_suites = {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"};  // which no profile names
  connect(tls);
  EXPECT_EQ(fact("lacks_certificate"), "");
}

TEST_F(MemoryTlsTest, Hello__GroupsAndSignatureAlgorithmsAreKept) {
  secure(2);
  connect(trusting());
  const auto has = [&](const char* fact, const char* name) {
    const base::Value* list = event().handshake.tls.find(fact);
    return list && std::find(list->as_list().begin(), list->as_list().end(), base::Value(name)) !=
                       list->as_list().end();
  };
  EXPECT_TRUE(has("offered_groups", "secp256r1"));
  EXPECT_TRUE(has("offered_signature_algorithms", "ecdsa_secp256r1_sha256"));
}

TEST_F(MemoryTlsTest, CertificateByTheDateOfTheClock__Refused) {
  secure(2);
  connect(trusting());
  EXPECT_EQ(event().kind, EventKind::connected);
  clock.advance(std::chrono::hours(366 * 24));
  connect(trusting());
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(alert(), "received certificate_expired");
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_TRUE(contains(heard[0], "certificate has expired")) << heard[0];
}

TEST_F(MemoryTlsTest, WrongHost__ClientRefuses) {
  secure(2);
  connect(trusting(), "wss://elsewhere:9000/CP001");
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(fact("server_name"), "elsewhere");
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_TRUE(contains(heard[0], "ostname mismatch")) << heard[0];
  TlsClient careless = trusting();
  careless.verify = false;
  connect(careless, "wss://elsewhere:9000/CP001");
  EXPECT_EQ(event().kind, EventKind::connected);
}

TEST_F(MemoryTlsTest, PlainWhereTlsIsWantedAndTheReverse__SaidSo) {
  secure(2);
  connect({}, "ws://memory/ocpp/CP001");
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(event().reason,
            "plain HTTP (GET /ocpp/CP001) came where TLS is wanted: security profile 2 lets wss:// "
            "in alone");
  EXPECT_TRUE(event().handshake.tls.is_null());
  EXPECT_EQ(heard, Lines{"failed 400 Bad Request"});

  link.secure({.profile = 1, .credentials = {}, .client_roots_pem = {}});
  connect(trusting());
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_TRUE(contains(event().reason, "TLS came where none is wanted: security profile 1"))
      << event().reason;
  EXPECT_EQ(fact("server_name"), "memory");
  EXPECT_EQ(alert(), "sent handshake_failure");
}

TEST_F(MemoryTlsTest, SecurityChanges__OpenConnectionsLive) {
  link.secure({});
  connect({}, "ws://memory/CP001");
  ASSERT_EQ(event().kind, EventKind::connected);
  const auto first = std::move(client);
  secure(2);
  connect(trusting());
  ASSERT_EQ(event().kind, EventKind::connected);
  first->send("alive");
  client->send("so am I");
  settle();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].text, "alive");
  EXPECT_EQ(events[2].text, "so am I");
}

TEST_F(MemoryTlsTest, SecurityChangesInTheHandshake__EndsAsItBegan) {
  secure(2);
  begin(trusting());
  clock.advance(milliseconds(10));
  secure(3);
  settle();
  EXPECT_EQ(event().kind, EventKind::connected);
}

TEST_F(MemoryTlsTest, ClientDropsInTheHandshake__FailedWithItsHello) {
  secure(2);
  begin(trusting());
  clock.advance(milliseconds(10));
  client->drop();
  settle();
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(event().reason, "the TLS handshake failed: the connection ended");
  EXPECT_EQ(fact("server_name"), "memory");
  EXPECT_EQ(heard, Lines{"closed 1006"});
}

TEST_F(MemoryTlsTest, ClientDestroyedInTheHandshake__Failed) {
  secure(2);
  begin(trusting());
  clock.advance(milliseconds(10));
  client.reset();
  settle();
  EXPECT_EQ(event().kind, EventKind::failed);
}

TEST_F(MemoryTlsTest, LinkDestroyedInTheHandshake__ClientHearsOfTheEnd) {
  auto other = std::make_unique<MemoryLink>(clock, MemoryLink::Options{milliseconds(10)});
  other->secure(pki().security(2, {pki().ec}));
  const auto cp = other->make_client();
  cp->set_handlers({.open = {},
                    .text = {},
                    .failed = [this](int, const std::string& reason) { heard.push_back(reason); },
                    .closed = {}});
  cp->connect({.url = "wss://memory/CP", .authorization = {}, .tls = trusting()});
  clock.advance(milliseconds(20));
  other.reset();
  settle();
  EXPECT_EQ(heard, Lines{"tls: the TLS handshake failed: the connection ended"});
}

TEST_F(MemoryTlsTest, StallAndRefuse__ComeBeforeTls) {
  secure(2);
  link.stall_connections(true);
  connect(trusting());
  EXPECT_TRUE(events.empty());
  EXPECT_TRUE(heard.empty());
  link.stall_connections(false);
  settle();
  EXPECT_EQ(event().kind, EventKind::connected);
  link.refuse_connections(true);
  connect(trusting());
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(heard, Lines{"failed 0 connection refused"});
}

TEST_F(MemoryTlsTest, PolicyRefuses__WithFacts) {
  secure(2);
  link.on_handshake([](const Handshake&) { return Admission{401, "no credentials"}; });
  connect(trusting());
  EXPECT_EQ(event().kind, EventKind::refused);
  EXPECT_EQ(fact("version"), "TLSv1.2");
  EXPECT_EQ(heard, Lines{"failed 401 Unauthorized"});
}

TEST_F(MemoryTlsTest, OptionsThatCannotBeUsed__ClientFails) {
  secure(2);
  TlsClient version = trusting();
  version.versions = {"TLSv2"};
  const std::string long_host(300, 'h');
  for (const auto& [tls, url] : {std::pair<TlsClient, std::string>{version, "wss://memory/CP"},
                                 {trusting(), "wss:///CP"},
                                 {trusting(), "wss://" + long_host + "/CP"}}) {
    begin(tls, url);
    EXPECT_TRUE(heard.empty());
    settle();
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].rfind("failed 0 tls: ", 0), 0U) << heard[0];
    EXPECT_TRUE(events.empty());
  }
}

TEST_F(MemoryTlsTest, NoOptions__NobodyIsTrusted) {
  secure(2);
  connect({});
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(alert(), "received unknown_ca");
}

TEST_F(MemoryTlsTest, LineOfASwitchboard__SecuresTheLink) {
  Switchboard board(link);
  board.line("CP001").secure(pki().security(2, {pki().ec}));
  EXPECT_EQ(board.line("CP001").url(), "wss://memory/");
}

TEST_F(MemoryTlsTest, LinkWithoutSecurity__SaysSo) {
  class Bare final : public Link {
    void on_event(Handler) override {}
    void on_handshake(AdmissionPolicy) override {}
    std::optional<Nanos> send(ConnectionId, std::string_view) override { return {}; }
    void ping(ConnectionId, std::string_view) override {}
    void close(ConnectionId, int, std::string_view) override {}
    void drop(ConnectionId) override {}
    void reset(ConnectionId) override {}
    void refuse_connections(bool) override {}
    void stall_connections(bool) override {}
    void silence(ConnectionId, bool) override {}
    std::string url() const override { return {}; }
  } bare;
  EXPECT_THROW(static_cast<Link&>(bare).secure({}), std::logic_error);
}

}  // namespace
}  // namespace plugproof::link
