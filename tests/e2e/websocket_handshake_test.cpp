// The opening handshake over sockets: facts, refusals, and what is none.
#include <stdexcept>

#include "tests/e2e/websocket_fixture.hpp"

namespace plugproof::link {
namespace {

TEST_F(WebSocketTest, Connect__FactsOfTheHandshake) {
  const base::Nanos before = loop.now();
  auto cp = connect({.url = server->url() + "ocpp/RDAM%7C123?x=1",
                     .subprotocols = {"ocpp2.0.1", "ocpp1.6"},
                     .authorization = "Basic QWxhZGRpbg=="});
  ASSERT_TRUE(wait([&] { return cp->opened && !events.empty(); }));
  const Event& event = events.front();
  EXPECT_EQ(event.kind, EventKind::connected);
  EXPECT_EQ(event.connection, 1U);
  EXPECT_GE(event.at, before);
  EXPECT_LE(event.at, loop.now());
  EXPECT_EQ(event.handshake.path, "/ocpp/RDAM%7C123?x=1");
  EXPECT_EQ(event.handshake.identity, "RDAM|123");
  EXPECT_EQ(event.handshake.remote.rfind("127.0.0.1:", 0), 0U);
  EXPECT_EQ(event.handshake.offered_subprotocols,
            (std::vector<std::string>{"ocpp2.0.1", "ocpp1.6"}));
  EXPECT_EQ(event.handshake.subprotocol, "ocpp1.6");
  EXPECT_EQ(event.handshake.authorization, "Basic QWxhZGRpbg==");
  EXPECT_TRUE(event.handshake.tls.is_null());
  EXPECT_TRUE(cp->client->is_open());
  EXPECT_EQ(server->open_connections(), 1U);
}

TEST_F(WebSocketTest, SubprotocolAnswered__InTheResponse) {
  RawClient raw(loop, server->port());
  raw.handshake();
  ASSERT_TRUE(wait([&] { return raw.has("\r\n\r\n"); }));
  EXPECT_TRUE(raw.has("HTTP/1.1 101 "));
  EXPECT_TRUE(raw.has("Sec-WebSocket-Protocol: ocpp1.6"));
  EXPECT_TRUE(raw.has("Server: plugproof"));
  EXPECT_TRUE(
      raw.has("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));  // the answer to the key in RFC 6455 section 1.3
}

TEST_F(WebSocketTest, NoSubprotocolOrForeign__AdmittedWithNoneChosen) {
  for (const std::vector<std::string>& offer : {std::vector<std::string>{}, {"ocpp2.0.1"}}) {
    start({});
    events.clear();
    auto cp = connect({.url = server->url() + "CP", .subprotocols = offer, .authorization = {}});
    ASSERT_TRUE(wait([&] { return cp->opened && !events.empty(); }));
    EXPECT_EQ(events.front().kind, EventKind::connected);
    EXPECT_EQ(events.front().handshake.subprotocol, "");
    EXPECT_EQ(events.front().handshake.offered_subprotocols, offer);
    EXPECT_FALSE(events.front().handshake.authorization);
  }
}

TEST_F(WebSocketTest, PolicyRefuses__StatusOnBothSides) {
  for (const int status : {401, 404, 503}) {
    events.clear();
    server->on_handshake([status](const Handshake& handshake) {
      EXPECT_EQ(handshake.identity, "CP001");
      return Admission{status, "on purpose"};
    });
    auto cp = connect();
    ASSERT_TRUE(wait([&] { return !cp->failures.empty(); }));
    EXPECT_EQ(cp->failures.front().first, status);
    settle();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events.front().kind, EventKind::refused);
    EXPECT_EQ(events.front().status, status);
    EXPECT_EQ(events.front().reason, "on purpose");
    EXPECT_EQ(events.front().handshake.identity, "CP001");
  }
  EXPECT_EQ(server->open_connections(), 0U);
}

TEST_F(WebSocketTest, Refused401__AsksForBasicCredentials) {
  server->on_handshake([](const Handshake&) { return Admission{401, "wrong password"}; });
  RawClient raw(loop, server->port());
  raw.handshake();
  ASSERT_TRUE(wait([&] { return bool(raw.ended()); }));
  EXPECT_TRUE(raw.has("HTTP/1.1 401 Unauthorized"));
  EXPECT_TRUE(raw.has("WWW-Authenticate: Basic realm="));
  EXPECT_EQ(raw.ended(), asio::error::eof);
}

TEST_F(WebSocketTest, PolicyThrows__Answered500) {
  server->on_handshake([](const Handshake&) -> Admission { throw std::runtime_error("broken"); });
  auto cp = connect();
  ASSERT_TRUE(wait([&] { return !cp->failures.empty(); }));
  EXPECT_EQ(cp->failures.front().first, 500);
}

TEST_F(WebSocketTest, PathWithoutIdentity__Refused404) {
  for (const char* path : {"/", "/ocpp/", "/%zz", "/a%00"}) {
    events.clear();
    RawClient raw(loop, server->port());
    raw.handshake(path);
    ASSERT_TRUE(wait([&] { return raw.ended() && !events.empty(); })) << path;
    EXPECT_TRUE(raw.has("404 Not Found")) << path;
    EXPECT_EQ(events.front().kind, EventKind::refused) << path;
  }
}

TEST_F(WebSocketTest, BytesBeyondAsciiInThePath__EncodedInTheEvent) {
  RawClient raw(loop, server->port());
  raw.handshake(
      "/a\xFF"
      "b");
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().handshake.path, "/a%FFb");
  EXPECT_EQ(events.front().status, 404);
}

TEST_F(WebSocketTest, PlainHttpRequest__426WithASentence) {
  RawClient raw(loop, server->port());
  raw.send("GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(wait([&] { return raw.ended() && !events.empty(); }));
  EXPECT_TRUE(raw.has("HTTP/1.1 426 Upgrade Required"));
  EXPECT_TRUE(raw.has("central system for OCPP 1.6-J"));
  settle();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().kind, EventKind::failed);
  EXPECT_NE(events.front().reason.find("GET /index.html"), std::string::npos);
}

TEST_F(WebSocketTest, RubbishBytes__FailedWithReason) {
  RawClient raw(loop, server->port());
  raw.send(std::string("\x15\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03 rubbish\r\n\r\n", 24));
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().kind, EventKind::failed);
  EXPECT_NE(events.front().reason.find("no HTTP request"), std::string::npos)
      << events.front().reason;
  settle();
  EXPECT_EQ(events.size(), 1U);
}

TEST_F(WebSocketTest, HeaderWithoutEnd__Refused) {
  RawClient raw(loop, server->port());
  raw.send("GET /CP HTTP/1.1\r\nHost: localhost\r\nX-Long: " + std::string(40'000, 'a'));
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().kind, EventKind::failed);
  ASSERT_TRUE(wait([&] { return bool(raw.ended()); }));
  EXPECT_TRUE(raw.has(" 431 "));
}

TEST_F(WebSocketTest, WrongWebSocketVersion__FailedWithReason) {
  RawClient raw(loop, server->port());
  raw.send(
      "GET /CP HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().kind, EventKind::failed);
  EXPECT_NE(events.front().reason.find("handshake is wrong"), std::string::npos);
}

TEST_F(WebSocketTest, SlowHandshake__FailedAfterTheTimeout) {
  start({.handshake_timeout = std::chrono::milliseconds(100)});
  RawClient raw(loop, server->port());
  raw.send("GET /CP HTTP/1.1\r\n");
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().kind, EventKind::failed);
  EXPECT_NE(events.front().reason.find("100 ms"), std::string::npos) << events.front().reason;
}

TEST_F(WebSocketTest, EndsBeforeTheHandshake__FailedWithReason) {
  RawClient raw(loop, server->port());
  raw.send("GET /CP HTTP/1.1\r\n");
  raw.close();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().kind, EventKind::failed);
  EXPECT_NE(events.front().reason.find("ended before"), std::string::npos);
}

TEST_F(WebSocketTest, BadAddresses__ClientFails) {
  for (const char* url : {"", "nonsense", "http://127.0.0.1/", "ws://", "wss://127.0.0.1:1/x"}) {
    auto cp = make_client();
    cp->client->connect({.url = url, .authorization = {}});
    EXPECT_TRUE(cp->failures.empty());
    ASSERT_TRUE(wait([&] { return !cp->failures.empty(); })) << url;
    EXPECT_EQ(cp->failures.front().first, 0) << url;
    EXPECT_FALSE(cp->client->is_open());
  }
}

}  // namespace
}  // namespace plugproof::link
