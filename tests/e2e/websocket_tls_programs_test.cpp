// TLS over sockets with clients that are not ours: the programs openssl and curl.
#include <array>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/e2e/websocket_tls_fixture.hpp"

namespace plugproof::link {
namespace {

class TlsProgramsTest : public WebSocketTlsTest {
 protected:
  void SetUp() override {
    WebSocketTlsTest::SetUp();
    folder = std::filesystem::path(::testing::TempDir()) /
             ("plugproof-tls-" + std::to_string(server->port()));
    std::filesystem::create_directories(folder);
    write("roots.pem", pki().roots());
    write("client.pem", pki().charge_point.chain_pem);
    write("client.key", pki().charge_point.key_pem);
    write("request",
          "GET /CP001 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Protocol: ocpp1.6\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
  }
  // What a command says, on both channels, while the server serves it.
  std::string output_of(const std::string& command) {
    std::string output;
    bool done = false;
    std::thread runner([&] {
      FILE* pipe = ::popen(("cd '" + folder.string() + "' && (" + command + ") 2>&1").c_str(), "r");
      std::array<char, 4096> bytes{};
      while (const std::size_t size = pipe ? std::fread(bytes.data(), 1, bytes.size(), pipe) : 0)
        output.append(bytes.data(), size);
      if (pipe) ::pclose(pipe);
      asio::post(loop.context(), [&] { done = true; });
    });
    EXPECT_TRUE(loop.run_until([&] { return done; }, std::chrono::seconds(60)));
    runner.join();
    settle();
    return output;
  }
  // Sends a request for a WebSocket and ends when the server has answered and closed.
  std::string s_client(const std::string& options) {
    events.clear();
    server->on_handshake([](const Handshake&) { return Admission{401, "for the answer's sake"}; });
    return output_of(
        "timeout 50 openssl s_client -connect 127.0.0.1:" + std::to_string(server->port()) +
        " -CAfile roots.pem -verify_return_error -verify_ip 127.0.0.1 -ign_eof " + options +
        " < request");
  }
  std::string curl(const std::string& options) {
    events.clear();
    return output_of("curl -sS -i --max-time 50 " + options +
                     " https://127.0.0.1:" + std::to_string(server->port()) + "/CP001");
  }

  std::filesystem::path folder;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(TlsProgramsTest, OpensslAndTheFourSuites__Negotiated) {
  secure(2);
  for (const auto& [name, iana] :
       {std::pair{"ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
        {"ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
        {"AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"},
        {"AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"}}) {
    const std::string output = s_client(std::string("-tls1_2 -cipher ") + name);
    EXPECT_TRUE(contains(output, std::string("Cipher    : ") + name)) << output;
    EXPECT_TRUE(contains(output, "Verify return code: 0 (ok)")) << output;
    EXPECT_TRUE(contains(output, "HTTP/1.1 401 Unauthorized")) << output;
    EXPECT_TRUE(contains(output, "WWW-Authenticate: Basic realm=\"plugproof\"")) << output;
    EXPECT_EQ(event().kind, EventKind::refused);
    EXPECT_EQ(fact("cipher_suite"), iana);
  }
}

TEST_F(TlsProgramsTest, OpensslWithWhatIsNotAllowed__Refused) {
  secure(2);
  std::string output = s_client("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256");
  EXPECT_TRUE(contains(output, "handshake failure")) << output;
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_TRUE(contains(fact("offered_cipher_suites"), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
  output = s_client("-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305");
  EXPECT_TRUE(contains(output, "handshake failure")) << output;
  output = s_client("-tls1_1 -cipher ALL:@SECLEVEL=0");
  EXPECT_TRUE(contains(output, "protocol version")) << output;
  EXPECT_EQ(fact("offered_versions"), "TLSv1.1");
  output = s_client("-tls1_3");
  EXPECT_TRUE(contains(output, "protocol version")) << output;
  EXPECT_EQ(fact("offered_versions"), "TLSv1.3");
}

TEST_F(TlsProgramsTest, OpensslThatDistrustsUs__AlertInTheFacts) {
  secure(2, {pki().issue(pki().other_root, certs::KeyKind::ec_p256, pki().server())});
  const std::string output = s_client("-tls1_2");
  EXPECT_TRUE(contains(output, "unable to get local issuer certificate")) << output;
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(alert(), "received 48 unknown_ca");
}

TEST_F(TlsProgramsTest, OpensslInProfileThree__AsksForItsCertificate) {
  for (const bool tls13 : {false, true}) {
    ServerSecurity security = pki().security(3, {pki().rsa, pki().ec});
    if (tls13) security.tls.versions.emplace_back("TLSv1.3");
    server->secure(security);
    std::string output = s_client("-cert client.pem -cert_chain client.pem -key client.key");
    EXPECT_TRUE(contains(output, "HTTP/1.1 401")) << output;
    EXPECT_TRUE(contains(output, "Test root")) << output;  // among the names that we tell
    EXPECT_EQ(fact("version"), tls13 ? "TLSv1.3" : "TLSv1.2");
    EXPECT_FALSE(fact("client_certificate").empty());
    output = s_client("");
    EXPECT_TRUE(contains(output, "alert")) << output;
    EXPECT_EQ(event().kind, EventKind::failed);
    EXPECT_TRUE(contains(event().reason, "peer did not return a certificate")) << event().reason;
  }
}

TEST_F(TlsProgramsTest, OpensslTakesItsSessionUpAgain__MadeAnewEachTime) {
  secure(2);
  const std::string output = s_client("-tls1_2 -reconnect");
  EXPECT_TRUE(contains(output, "New, TLSv1.2")) << output;
  EXPECT_FALSE(contains(output, "Reused,")) << output;
}

TEST_F(TlsProgramsTest, Curl__HearsWhatThisIs) {
  secure(2);
  std::string output = curl("--cacert roots.pem");
  EXPECT_TRUE(contains(output, "426 Upgrade Required")) << output;
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(fact("version"), "TLSv1.2");
  EXPECT_TRUE(contains(event().reason, "GET /CP001")) << event().reason;

  write("others.pem", pki().other_root.certificate().pem());
  output = curl("--cacert others.pem");
  EXPECT_TRUE(contains(output, "curl: (60)")) << output;
  EXPECT_EQ(alert(), "received 48 unknown_ca");

  events.clear();
  output = output_of("curl -sS -i http://127.0.0.1:" + std::to_string(server->port()) + "/CP001");
  EXPECT_TRUE(contains(output, "Connect with wss://")) << output;
  EXPECT_TRUE(contains(event().reason, "plain HTTP (GET /CP001) came where TLS is wanted"));

  server->secure({});
  output = curl("--cacert roots.pem");
  EXPECT_TRUE(contains(output, "curl: (35)")) << output;
  EXPECT_TRUE(contains(event().reason, "TLS came where none is wanted")) << event().reason;
}

TEST_F(TlsProgramsTest, CurlAsAWebSocketClient__Connected) {
  secure(3);
  server->on_event([this](const Event& e) {
    events.push_back(e);
    if (e.kind == EventKind::connected) server->drop(e.connection);
  });
  const std::string output = curl(
      "--cacert roots.pem --cert client.pem --key client.key --http1.1 --max-time 5 "
      "-H 'Upgrade: websocket' -H 'Connection: Upgrade' -H 'Sec-WebSocket-Version: 13' "
      "-H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' -H 'Sec-WebSocket-Protocol: ocpp1.6' "
      "--output answer");
  EXPECT_EQ(event().kind, EventKind::connected) << output;
  EXPECT_EQ(event().handshake.subprotocol, "ocpp1.6");
  EXPECT_EQ(fact("client_certificate"), pki().charge_point.chain_pem);
}

}  // namespace
}  // namespace plugproof::link
