// Faults over sockets: those of charge points, and those that we make on purpose.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "tests/e2e/websocket_fixture.hpp"

namespace plugproof::link {
namespace {

TEST_F(WebSocketTest, ClientDrops__Dropped1006) {
  auto cp = connected();
  cp->client->send("before");
  cp->client->drop();
  EXPECT_FALSE(cp->client->is_open());
  ASSERT_TRUE(wait([&] { return events.size() == 2 && !cp->closes.empty(); }));
  EXPECT_EQ(events[0].text, "before");
  EXPECT_EQ(events[1].how, ClosedHow::dropped);
  EXPECT_EQ(events[1].code, 1006);
  EXPECT_EQ(cp->closes.front().first, 1006);
}

TEST_F(WebSocketTest, ClientDestroyed__Dropped) {
  auto cp = connected();
  cp.reset();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().how, ClosedHow::dropped);
}

TEST_F(WebSocketTest, ClientDroppedWhileConnecting__ToldAndNoConnection) {
  auto cp = connect();
  cp->client->drop();
  ASSERT_TRUE(wait([&] { return !cp->closes.empty(); }));
  settle();
  EXPECT_FALSE(cp->opened);
  EXPECT_TRUE(cp->failures.empty());
  EXPECT_EQ(server->open_connections(), 0U);
}

TEST_F(WebSocketTest, ClientResets__Reset) {
  auto raw = raw_connected();
  raw->reset();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().how, ClosedHow::reset);
  EXPECT_EQ(events.front().code, 1006);
}

TEST_F(WebSocketTest, ClientEndsTcp__Dropped) {
  auto raw = raw_connected();
  raw->finish_sending();
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().how, ClosedHow::dropped);
}

TEST_F(WebSocketTest, ServerDrops__LocalAndPeerSeesTheEndOfTcp) {
  auto raw = raw_connected();
  server->send(id, "before");
  server->drop(id);
  EXPECT_FALSE(server->send(id, "after"));
  EXPECT_TRUE(events.empty());
  ASSERT_TRUE(wait([&] { return !events.empty() && raw->ended(); }));
  EXPECT_EQ(events.front().how, ClosedHow::local);
  EXPECT_EQ(events.front().code, 1006);
  EXPECT_TRUE(raw->has("before"));
  EXPECT_FALSE(raw->has("after"));
  EXPECT_EQ(raw->ended(), asio::error::eof);
}

TEST_F(WebSocketTest, ServerResets__LocalAndPeerSeesTheReset) {
  auto raw = raw_connected();
  server->reset(id);
  ASSERT_TRUE(wait([&] { return !events.empty() && raw->ended(); }));
  EXPECT_EQ(events.front().how, ClosedHow::local);
  EXPECT_EQ(raw->ended(), asio::error::connection_reset);
  settle();
  EXPECT_EQ(events.size(), 1U);
}

TEST_F(WebSocketTest, RefuseConnections__RefusedUntilRestoredAndOpenOnesLive) {
  auto cp = connected();
  for (int round = 0; round < 3; ++round) {
    server->refuse_connections(true);
    server->refuse_connections(true);
    auto refused = connect();
    ASSERT_TRUE(wait([&] { return !refused->failures.empty(); }));
    EXPECT_EQ(refused->failures.front(), std::make_pair(0, std::string("connection refused")));
    cp->client->send("alive");
    ASSERT_TRUE(wait_for_events(1));
    EXPECT_EQ(events.front().text, "alive");
    events.clear();

    server->refuse_connections(false);
    server->refuse_connections(false);
    auto again = connect();
    ASSERT_TRUE(wait([&] { return again->opened && !events.empty(); }));
    EXPECT_EQ(events.front().kind, EventKind::connected);
    again.reset();
    ASSERT_TRUE(wait_for_events(2));
    events.clear();
  }
}

TEST_F(WebSocketTest, StallConnections__AcceptedAndUnansweredUntilTheEndAndOpenOnesLive) {
  auto cp = connected();
  for (int round = 0; round < 2; ++round) {
    server->stall_connections(true);
    server->stall_connections(true);
    RawClient stalled(loop, server->port());  // TCP is accepted
    stalled.handshake("/STALLED");
    RawClient impatient(loop, server->port());
    impatient.handshake("/IMPATIENT");
    cp->client->send("alive");
    ASSERT_TRUE(wait_for_events(1));
    loop.run_for(std::chrono::milliseconds(100));
    EXPECT_EQ(events.size(), 1U);
    EXPECT_TRUE(stalled.received().empty());
    EXPECT_FALSE(stalled.ended());
    impatient.finish_sending();
    events.clear();

    const base::Nanos end_of_stall = loop.now();
    server->stall_connections(false);
    EXPECT_TRUE(events.empty());
    ASSERT_TRUE(wait([&] { return stalled.has("101 Switching Protocols"); }));
    const auto served = std::find_if(events.begin(), events.end(), [](const Event& event) {
      return event.kind == EventKind::connected && event.handshake.identity == "STALLED";
    });
    ASSERT_NE(served, events.end());
    EXPECT_GE(served->at, end_of_stall);
    stalled.close();
    impatient.close();
    settle();
    events.clear();
    auto again = connect();
    ASSERT_TRUE(wait([&] { return again->opened; }));
    again.reset();
    settle();
    events.clear();
  }
}

TEST_F(WebSocketTest, StallWithMoreConnectionsThanAreKept__OldestGivenUp) {
  server->stall_connections(true);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 70; ++i) {
    clients.push_back(std::make_unique<RawClient>(loop, server->port()));
    loop.run_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(wait([&] { return bool(clients.front()->ended()); }));
  EXPECT_FALSE(clients.back()->ended());
  EXPECT_TRUE(events.empty());
}

TEST_F(WebSocketTest, Silence__NothingReadNothingAnsweredThenAll) {
  auto raw = raw_connected();
  server->silence(id, true);
  raw->send_frame(0x81, "first");
  raw->send_frame(0x89, "ping");
  raw->send_frame(0x81, "second");
  const std::string before = raw->received();
  loop.run_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(raw->received(), before);
  ASSERT_TRUE(server->send(id, "we may send"));
  ASSERT_TRUE(wait([&] { return raw->has("we may send"); }));

  const base::Nanos end_of_silence = loop.now();
  server->silence(id, false);
  EXPECT_TRUE(events.empty());
  ASSERT_TRUE(wait_for_events(3));
  EXPECT_EQ(events[0].text, "first");
  EXPECT_EQ(events[1].kind, EventKind::ping);
  EXPECT_EQ(events[2].text, "second");
  EXPECT_GE(events[0].at, end_of_silence);
  ASSERT_TRUE(wait([&] { return raw->has("\x8A\x04ping"); }));
}

TEST_F(WebSocketTest, CloseDuringSilence__NotAnsweredBeforeItsEnd) {
  auto raw = raw_connected();
  server->silence(id, true);
  raw->send_frame(0x88, "\x03\xE8");
  const std::string before = raw->received();
  loop.run_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(raw->received(), before);
  server->silence(id, false);
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().how, ClosedHow::clean);
}

TEST_F(WebSocketTest, EndsOfASilentConnection__EachReported) {
  for (const int way : {0, 1, 2}) {
    auto raw = raw_connected();
    server->silence(id, true);
    raw->send_frame(0x81, "unread");
    settle();
    if (way == 0) server->drop(id);
    if (way == 1) server->reset(id);
    if (way == 2) {
      server->close(id, 1000, "");
      raw->send_frame(0x88, "\x03\xE8");
    }
    ASSERT_TRUE(wait([&] { return !events.empty() && raw->ended(); })) << way;
    EXPECT_EQ(events.back().kind, EventKind::closed) << way;
    EXPECT_EQ(events.back().how, ClosedHow::local) << way;
    events.clear();
  }
}

TEST_F(WebSocketTest, SilentPeer__FloodStaysInItsOwnBuffers) {
  auto cp = connected();
  server->silence(id, true);
  for (int i = 0; i < 16; ++i) cp->client->send(std::string(1024 * 1024 - 100, 'x'));
  settle();
  EXPECT_TRUE(events.empty());
  server->silence(id, false);
  ASSERT_TRUE(wait_for_events(16));
}

TEST_F(WebSocketTest, PeerThatDoesNotRead__DroppedWithReason) {
  start({.max_unsent_bytes = 100'000});
  // A socket that is never read: nothing runs that would read it.
  asio::ip::tcp::socket idle(loop.context());
  idle.connect({asio::ip::address_v4::loopback(), server->port()});
  asio::write(
      idle, asio::buffer(std::string("GET /CP HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")));
  ASSERT_TRUE(wait_for_events(1));
  id = events.front().connection;
  const std::string text(50'000, 'x');
  int sent = 0;
  while (server->send(id, text) && sent < 10'000) {
    ++sent;
    loop.run_for(std::chrono::microseconds(10));
  }
  EXPECT_LT(sent, 10'000);
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events.back().how, ClosedHow::local);
  EXPECT_NE(events.back().reason.find("does not read"), std::string::npos);
}

TEST_F(WebSocketTest, OutOfDescriptors__ToldOnceThenGoesOn) {
  // Leaves room for one descriptor more: the client's; there is none for the server's end.
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &old), 0);
  const int lowest_free = dup(0);
  close(lowest_free);
  rlimit low = old;
  low.rlim_cur = static_cast<rlim_t>(lowest_free) + 1;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  RawClient raw(loop, server->port());
  raw.handshake();
  loop.run_for(std::chrono::milliseconds(250));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &old), 0);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().kind, EventKind::failed);
  EXPECT_NE(events.front().reason.find("open files"), std::string::npos);
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events.back().kind, EventKind::connected);
}

}  // namespace
}  // namespace plugproof::link
