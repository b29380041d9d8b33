// Faults of TLS over sockets: what is no TLS, handshakes that stop half way, ends of every kind.
#include "engine/link/tls_session.hpp"
#include "tests/e2e/websocket_tls_fixture.hpp"

namespace plugproof::link {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A client that does what a whole one would not: our end of TLS over a raw TCP connection.
class RawTlsClient {
 public:
  RawTlsClient(base::EventLoop& loop, std::uint16_t port, const TlsClient& tls)
      : raw_(loop, port), session_(TlsContext::client(tls), loop.utc(), "127.0.0.1") {
    session_.handshake();
  }
  // What it would send next.
  std::string next() {
    session_.feed(std::string_view(raw_.received()).substr(taken_));
    taken_ = raw_.received().size();
    session_.handshake();
    return session_.take_output();
  }
  bool open() {
    raw_.send(next());
    return session_.state() == TlsSession::State::open;
  }
  void send(std::string_view text) {
    session_.write(text);
    raw_.send(session_.take_output());
  }
  void end_tls() {
    session_.end();
    raw_.send(session_.take_output());
  }
  // What came, decrypted.
  const std::string& received() {
    next();
    std::array<char, 4096> bytes{};
    while (const std::size_t size = session_.read(bytes.data(), bytes.size()))
      received_.append(bytes.data(), size);
    return received_;
  }
  bool has(std::string_view text) { return contains(received(), text); }
  RawClient& tcp() { return raw_; }
  const TlsSession& session() const { return session_; }

 private:
  RawClient raw_;
  TlsSession session_;
  std::size_t taken_ = 0;
  std::string received_;
};

constexpr const char* kRequest =
    "GET /CP HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

class WebSocketTlsFaultsTest : public WebSocketTlsTest {
 protected:
  std::unique_ptr<RawTlsClient> raw_tls() {
    auto raw = std::make_unique<RawTlsClient>(loop, server->port(), trusting());
    EXPECT_TRUE(wait([&] { return raw->open(); }));
    return raw;
  }
  std::unique_ptr<RawTlsClient> raw_tls_connected() {
    auto raw = raw_tls();
    raw->send(kRequest);
    EXPECT_TRUE(wait([&] { return raw->has("101 Switching") && !events.empty(); }));
    id = event().connection;
    events.clear();
    return raw;
  }
};

TEST_F(WebSocketTlsFaultsTest, PlainHttpWhereTlsIsWanted__AnsweredAndSaidSo) {
  secure(2);
  RawClient raw(loop, server->port());
  raw.handshake("/ocpp/CP001", "Authorization: Basic c2VjcmV0\r\n");
  ASSERT_TRUE(wait([&] { return raw.ended() && !events.empty(); }));
  EXPECT_TRUE(raw.has("HTTP/1.1 400 Bad Request"));
  EXPECT_TRUE(raw.has("Connect with wss://"));
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(event().reason,
            "plain HTTP (GET /ocpp/CP001) came where TLS is wanted: security profile 2 lets wss:// "
            "in alone");
  EXPECT_TRUE(event().handshake.tls.is_null());
  EXPECT_FALSE(event().handshake.authorization);
  EXPECT_EQ(event().handshake.remote.rfind("127.0.0.1:", 0), 0U);
  settle();
  EXPECT_EQ(events.size(), 1U);
  auto cp = connect(
      {.url = "ws://127.0.0.1:" + std::to_string(server->port()) + "/CP", .authorization = {}});
  ASSERT_TRUE(wait([&] { return !cp->failures.empty(); }));
  EXPECT_EQ(cp->failures.front(), std::make_pair(400, std::string("Bad Request")));
}

TEST_F(WebSocketTlsFaultsTest, RubbishWhereTlsIsWanted__SaidSo) {
  secure(2);
  RawClient raw(loop, server->port());
  raw.send("\x01\x02 rubbish");
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_TRUE(contains(event().reason, "neither TLS nor HTTP (%01%02%20rubbish)"))
      << event().reason;
  EXPECT_TRUE(contains(event().reason, "security profile 2")) << event().reason;
}

TEST_F(WebSocketTlsFaultsTest, TlsWherePlainIsWanted__FactsOfItsHello) {
  auto cp = refused_tls(trusting(), "wss://localhost:" + std::to_string(server->port()) + "/CP001");
  EXPECT_TRUE(contains(event().reason, "TLS came where none is wanted: security profile 0"))
      << event().reason;
  EXPECT_EQ(fact("server_name"), "localhost");
  EXPECT_EQ(fact("offered_versions"), "TLSv1.3 TLSv1.2");
  EXPECT_TRUE(contains(fact("offered_cipher_suites"), "TLS_RSA_WITH_AES_128_GCM_SHA256"));
  EXPECT_EQ(alert(), "sent 40 handshake_failure");
  EXPECT_EQ(reason_of(*cp).rfind("tls: ", 0), 0U) << reason_of(*cp);
}

TEST_F(WebSocketTlsFaultsTest, RubbishAfterTheFirstByte__FailedWithReason) {
  secure(2);
  RawClient raw(loop, server->port());
  raw.send(std::string("\x16\x03\x01\x00\x05rubbish and more of it", 27));
  ASSERT_TRUE(wait([&] { return raw.ended() && !events.empty(); }));
  EXPECT_EQ(event().reason.rfind("the TLS handshake failed: ", 0), 0U) << event().reason;
  EXPECT_EQ(alert().rfind("sent ", 0), 0U) << alert();
}

TEST_F(WebSocketTlsFaultsTest, ServerThatSpeaksNoTls__ClientSaysSo) {
  asio::ip::tcp::acceptor acceptor(loop.context(), {asio::ip::address_v4::loopback(), 0});
  asio::ip::tcp::socket peer(loop.context());
  acceptor.async_accept(peer, [&](const std::error_code& error) {
    if (!error) asio::write(peer, asio::buffer(std::string("HTTP/1.1 400 Bad Request\r\n\r\n")));
  });
  auto cp = connect_tls(trusting(),
                        "wss://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
  ASSERT_TRUE(wait([&] { return !cp->failures.empty(); }));
  EXPECT_TRUE(contains(reason_of(*cp), "what came is no TLS")) << reason_of(*cp);
}

TEST_F(WebSocketTlsFaultsTest, HalfOpenHandshakes__FailedAfterTheTimeout) {
  start({.handshake_timeout = std::chrono::milliseconds(100)});
  secure(2);
  RawClient nothing(loop, server->port());
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().reason, "TLS did not begin within 100 ms");

  events.clear();
  RawTlsClient half(loop, server->port(), trusting());
  half.tcp().send(half.next().substr(0, 40));
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().reason, "the TLS handshake failed: it was not complete within 100 ms");
  EXPECT_EQ(fact("offered_versions"), "");

  events.clear();
  RawTlsClient hello(loop, server->port(), trusting());
  hello.tcp().send(hello.next());
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_TRUE(contains(event().reason, "not complete within 100 ms")) << event().reason;
  EXPECT_EQ(fact("version"), "TLSv1.2");

  events.clear();
  auto no_request = raw_tls();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().reason, "the WebSocket handshake was not complete within 100 ms");
  EXPECT_EQ(fact("version"), "TLSv1.2");
  settle();
  EXPECT_EQ(events.size(), 1U);
}

TEST_F(WebSocketTlsFaultsTest, DroppedInTheHandshake__FailedWithWhatWasKnown) {
  secure(2);
  { RawClient nothing(loop, server->port()); }
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().reason, "the connection ended before TLS began");

  events.clear();
  {
    RawTlsClient hello(loop, server->port(), trusting());
    hello.tcp().send(hello.next());
    ASSERT_TRUE(wait([&] { return !hello.tcp().received().empty(); }));
  }
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_TRUE(contains(event().reason, "the TLS handshake failed: ")) << event().reason;
  EXPECT_TRUE(contains(fact("offered_versions"), "TLSv1.2"));
  EXPECT_EQ(alert(), "");

  events.clear();
  {
    RawTlsClient hello(loop, server->port(), trusting());
    hello.tcp().send(hello.next());
    ASSERT_TRUE(wait([&] { return !hello.tcp().received().empty(); }));
    hello.tcp().reset();
  }
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_TRUE(contains(event().reason, "Connection reset by peer")) << event().reason;
}

TEST_F(WebSocketTlsFaultsTest, EndsBetweenTlsAndTheRequest__FailedWithFacts) {
  secure(2);
  auto raw = raw_tls();
  raw->end_tls();
  raw->tcp().close();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_TRUE(contains(event().reason, "before the WebSocket handshake was complete"))
      << event().reason;
  EXPECT_EQ(fact("version"), "TLSv1.2");
  EXPECT_EQ(alert(), "received 0 close_notify");
}

TEST_F(WebSocketTlsFaultsTest, ClientDroppedInTheHandshake__ToldAndNoConnection) {
  secure(2);
  auto cp = connect_tls(trusting());
  cp->client->drop();
  ASSERT_TRUE(wait([&] { return !cp->closes.empty(); }));
  settle();
  EXPECT_FALSE(cp->opened);
  EXPECT_TRUE(cp->failures.empty());
  EXPECT_EQ(server->open_connections(), 0U);
}

TEST_F(WebSocketTlsFaultsTest, TcpEndsWithoutCloseNotify__ToldFromAnOrderlyEnd) {
  secure(2);
  auto raw = raw_tls_connected();
  raw->tcp().finish_sending();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().how, ClosedHow::dropped);
  EXPECT_EQ(event().code, 1006);
  EXPECT_EQ(event().reason,
            "the connection ended without a close frame and without a close_notify of TLS");
  events.clear();
  raw = raw_tls_connected();
  raw->end_tls();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().how, ClosedHow::dropped);
  EXPECT_EQ(event().reason,
            "the connection ended without a close frame, after TLS was ended in order");
}

TEST_F(WebSocketTlsFaultsTest, RecordThatCannotBeRead__DroppedWithReason) {
  secure(2);
  auto raw = raw_tls_connected();
  raw->tcp().send(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x'));
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().how, ClosedHow::dropped);
  EXPECT_EQ(event().reason.rfind("TLS failed: ", 0), 0U) << event().reason;
  EXPECT_TRUE(contains(event().reason, "bad_record_mac (20) sent")) << event().reason;
}

TEST_F(WebSocketTlsFaultsTest, ClientResets__Reset) {
  secure(2);
  auto raw = raw_tls_connected();
  raw->tcp().reset();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().how, ClosedHow::reset);
}

TEST_F(WebSocketTlsFaultsTest, ServerCloses__CloseFrameThenCloseNotify) {
  secure(2);
  auto raw = raw_tls_connected();
  server->close(id, 1000, "done");
  ASSERT_TRUE(wait([&] { return raw->has(close_frame(1000, "done")); }));
  raw->send(std::string("\x88\x82\0\0\0\0\x03\xE8", 8));  // masked with zeros
  ASSERT_TRUE(wait([&] { return raw->tcp().ended() && !events.empty(); }));
  raw->received();
  EXPECT_TRUE(raw->session().ended());
  EXPECT_EQ(event().how, ClosedHow::local);
}

TEST_F(WebSocketTlsFaultsTest, ServerDropsAndResets__WithoutCloseNotify) {
  secure(2);
  auto raw = raw_tls_connected();
  server->send(id, "before");
  server->drop(id);
  ASSERT_TRUE(wait([&] { return raw->tcp().ended() && !events.empty(); }));
  EXPECT_TRUE(raw->has("before"));
  EXPECT_FALSE(raw->session().ended());
  EXPECT_EQ(raw->tcp().ended(), asio::error::eof);
  EXPECT_EQ(event().how, ClosedHow::local);
  events.clear();
  raw = raw_tls_connected();
  server->reset(id);
  ASSERT_TRUE(wait([&] { return raw->tcp().ended() && !events.empty(); }));
  EXPECT_EQ(raw->tcp().ended(), asio::error::connection_reset);
  EXPECT_FALSE(raw->session().ended());
}

TEST_F(WebSocketTlsFaultsTest, Silence__NothingReadUntilItsEndAndStampedThen) {
  secure(2);
  auto cp = connected_tls(trusting());
  events.clear();
  server->silence(id, true);
  // More than one read takes, so that some of it is decrypted already when the next one is asked
  // for.
  for (int i = 0; i < 40; ++i) cp->client->send(std::to_string(i) + std::string(500, '.'));
  cp->client->ping("anyone?");
  settle();
  EXPECT_TRUE(events.empty());
  const base::Nanos end = loop.now();
  server->silence(id, false);
  EXPECT_TRUE(events.empty());
  ASSERT_TRUE(wait_for_events(41));
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(events[i].text.rfind(std::to_string(i) + ".", 0), 0U);
    EXPECT_GE(events[i].at, end);
  }
  EXPECT_EQ(events[40].kind, EventKind::ping);
}

TEST_F(WebSocketTlsFaultsTest, SilenceInTheMiddleOfABurst__RestComesAfterIt) {
  secure(2);
  auto cp = connected_tls(trusting());
  events.clear();
  std::size_t at_silence = 0;
  server->on_event([&](const Event& e) {
    events.push_back(e);
    if (events.size() == 3) server->silence(id, true);
  });
  for (int i = 0; i < 100; ++i) cp->client->send(std::to_string(i) + std::string(500, '.'));
  ASSERT_TRUE(wait([&] { return events.size() >= 3; }));
  settle();
  at_silence = events.size();
  EXPECT_LT(at_silence, 15U);  // what one read had taken; 4096 bytes
  const base::Nanos end = loop.now();
  server->silence(id, false);
  ASSERT_TRUE(wait([&] { return events.size() == 100; }));
  EXPECT_GE(events[at_silence].at, end);
}

TEST_F(WebSocketTlsFaultsTest, StallAndRefuse__ComeBeforeTls) {
  secure(2);
  server->stall_connections(true);
  auto cp = connect_tls(trusting());
  settle();
  EXPECT_TRUE(events.empty());
  EXPECT_TRUE(cp->failures.empty());
  const base::Nanos end = loop.now();
  server->stall_connections(false);
  ASSERT_TRUE(wait([&] { return cp->opened && !events.empty(); }));
  EXPECT_EQ(event().kind, EventKind::connected);
  EXPECT_GE(event().at, end);
  server->refuse_connections(true);
  auto refused = connect_tls(trusting());
  ASSERT_TRUE(wait([&] { return !refused->failures.empty(); }));
  EXPECT_EQ(reason_of(*refused), "connection refused");
}

TEST_F(WebSocketTlsFaultsTest, ServerGoesInTheHandshake__RefusedAfterIt) {
  secure(2);
  auto half = std::make_unique<RawTlsClient>(loop, server->port(), trusting());
  half->tcp().send(half->next());
  ASSERT_TRUE(wait([&] { return !half->tcp().received().empty(); }));
  auto whole = connected_tls(trusting());
  server.reset();
  ASSERT_TRUE(wait([&] { return !whole->closes.empty(); }));
  EXPECT_EQ(whole->closes.front().first, 1001);
  ASSERT_TRUE(wait([&] { return half->open(); }));
  half->send(kRequest);
  ASSERT_TRUE(wait([&] { return half->has("HTTP/1.1 503 "); }));
}

TEST_F(WebSocketTlsFaultsTest, FirstByte__IsThatOfTheHello) {
  secure(2);
  RawTlsClient slow(loop, server->port(), trusting());
  const std::string hello = slow.next();
  const base::Nanos before = loop.now();
  slow.tcp().send(hello.substr(0, 1));
  loop.run_for(std::chrono::milliseconds(20));
  const base::Nanos after = loop.now();
  slow.tcp().send(hello.substr(1));
  ASSERT_TRUE(wait([&] { return slow.open(); }));
  slow.send(kRequest);
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().kind, EventKind::connected);
  EXPECT_GE(event().at, before);
  EXPECT_LE(event().at, after);
}

TEST_F(WebSocketTlsFaultsTest, ManyConnectionsAtOnce__AllServed) {
  secure(2);
  std::vector<std::unique_ptr<HeardClient>> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(connect_tls(trusting()));
  for (auto& cp : clients) ASSERT_TRUE(wait([&] { return cp->opened; })) << reason_of(*cp);
  for (auto& cp : clients) cp->client->send("hello");
  ASSERT_TRUE(wait_for_events(200));
}

}  // namespace
}  // namespace plugproof::link
