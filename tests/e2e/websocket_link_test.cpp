// Messages and orderly ends over sockets.
#include <algorithm>
#include <stdexcept>

#include "engine/base/diagnostics.hpp"
#include "tests/e2e/websocket_fixture.hpp"

namespace plugproof::link {
namespace {

TEST_F(WebSocketTest, Text__BothWaysInOrder) {
  auto cp = connected();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(cp->client->send("up " + std::to_string(i)));
    const auto sent_at = server->send(id, "down " + std::to_string(i));
    ASSERT_TRUE(sent_at);
    EXPECT_LE(*sent_at, loop.now());
  }
  ASSERT_TRUE(wait([&] { return events.size() == 100 && cp->texts.size() == 100; }));
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(events[i].kind, EventKind::text);
    EXPECT_EQ(events[i].text, "up " + std::to_string(i));
    EXPECT_EQ(cp->texts[i], "down " + std::to_string(i));
    EXPECT_GE(events[i].at, events[i > 0 ? i - 1 : 0].at);
  }
}

TEST_F(WebSocketTest, TextSizesAroundTheLengthForms__Whole) {
  auto cp = connected();
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 1048576U}) {
    events.clear();
    cp->texts.clear();
    const std::string text(size, 'x');
    ASSERT_TRUE(cp->client->send(text));
    ASSERT_TRUE(server->send(id, text));
    ASSERT_TRUE(wait([&] { return !events.empty() && !cp->texts.empty(); })) << size;
    EXPECT_EQ(events.front().text, text) << size;
    EXPECT_EQ(cp->texts.front(), text) << size;
  }
}

TEST_F(WebSocketTest, Stamp__TimeOfTheFirstByteNotOfTheLast) {
  auto raw = raw_connected();
  raw->send(std::string("\x81\x85\0\0\0\0he", 8));
  loop.run_for(std::chrono::milliseconds(60));
  const base::Nanos before_the_end = loop.now();
  raw->send("llo");
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().text, "hello");
  EXPECT_LT(events.front().at, before_the_end - std::chrono::milliseconds(30));
}

TEST_F(WebSocketTest, Binary__Reported) {
  auto cp = connected();
  const std::string bytes("\0\xFF\x80", 3);
  cp->client->send_binary(bytes);
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().kind, EventKind::binary);
  EXPECT_EQ(events.front().text, bytes);
}

TEST_F(WebSocketTest, Ping__ReportedAndAnswered) {
  auto raw = raw_connected();
  raw->send_frame(0x89, "tick");
  ASSERT_TRUE(wait([&] { return raw->has("\x8A\x04tick"); }));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().kind, EventKind::ping);
  EXPECT_EQ(events.front().text, "tick");
}

TEST_F(WebSocketTest, PingFromHere__PongReported) {
  auto cp = connected();
  server->ping(id, "tock");
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().kind, EventKind::pong);
  EXPECT_EQ(events.front().text, "tock");
}

TEST_F(WebSocketTest, ClientCloses__CleanWithItsCode) {
  auto cp = connected();
  cp->client->close(1000, "bye");
  EXPECT_FALSE(cp->client->send("too late"));
  ASSERT_TRUE(wait([&] { return !events.empty() && !cp->closes.empty(); }));
  EXPECT_EQ(events.front().kind, EventKind::closed);
  EXPECT_EQ(events.front().how, ClosedHow::clean);
  EXPECT_EQ(events.front().code, 1000);
  EXPECT_EQ(events.front().reason, "bye");
  EXPECT_EQ(cp->closes.front().first, 1000);
  EXPECT_FALSE(server->send(id, "gone"));
  EXPECT_EQ(server->open_connections(), 0U);
}

TEST_F(WebSocketTest, CloseWithoutCode__1005) {
  auto raw = raw_connected();
  raw->send_frame(0x88, "");
  ASSERT_TRUE(wait([&] { return !events.empty() && raw->ended(); }));
  EXPECT_EQ(events.front().how, ClosedHow::clean);
  EXPECT_EQ(events.front().code, 1005);
}

TEST_F(WebSocketTest, ServerCloses__LocalAfterWhatWasSent) {
  auto cp = connected();
  server->send(id, "last words");
  server->close(id, 1012, "restart");
  EXPECT_FALSE(server->send(id, "too late"));
  server->close(id, 1000, "again");
  EXPECT_TRUE(events.empty());
  ASSERT_TRUE(wait([&] { return !events.empty() && !cp->closes.empty(); }));
  EXPECT_EQ(events.front().how, ClosedHow::local);
  EXPECT_EQ(events.front().code, 1012);
  EXPECT_EQ(cp->closes.front(), std::make_pair(1012, std::string("restart")));
  EXPECT_EQ(cp->texts, std::vector<std::string>{"last words"});
  settle();
  EXPECT_EQ(events.size(), 1U);
}

TEST_F(WebSocketTest, ReasonLongerThanAFrame__ClippedAtACharacter) {
  auto cp = connected();
  std::string reason;
  for (int i = 0; i < 100; ++i) reason += "\xC3\xA9";
  server->close(id, 1000, reason);
  ASSERT_TRUE(wait([&] { return !cp->closes.empty(); }));
  EXPECT_EQ(cp->closes.front(), std::make_pair(1000, reason.substr(0, 122)));
}

TEST_F(WebSocketTest, CloseNotAnswered__LocalAfterTheTimeout) {
  start({.close_timeout = std::chrono::milliseconds(100)});
  auto raw = raw_connected();
  server->close(id, 1000, "");
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().how, ClosedHow::local);
  EXPECT_EQ(events.front().code, 1006);
  EXPECT_NE(events.front().reason.find("answer"), std::string::npos);
}

TEST_F(WebSocketTest, CloseWithACodeThatMayNotBeSent__Dropped) {
  auto cp = connected();
  server->close(id, 1006, "");
  ASSERT_TRUE(wait([&] { return !events.empty() && !cp->closes.empty(); }));
  EXPECT_EQ(events.front().how, ClosedHow::local);
  EXPECT_EQ(cp->closes.front().first, 1006);
}

TEST_F(WebSocketTest, PortTaken__ErrorNamesPortAndRemedy) {
  try {
    WebSocketServer second(loop, {.port = server->port()});
    FAIL() << "two servers on one port";
  } catch (const base::InputError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("port " + std::to_string(server->port())), std::string::npos) << message;
    EXPECT_NE(message.find("choose another port"), std::string::npos) << message;
  }
}

TEST_F(WebSocketTest, AddressNotUsable__ErrorSaysWhy) {
  EXPECT_THROW(WebSocketServer(loop, {.address = "not an address"}), base::InputError);
  EXPECT_THROW(WebSocketServer(loop, {.address = "192.0.2.1"}), base::InputError);
}

TEST_F(WebSocketTest, Url__LeadsToTheServer) {
  EXPECT_EQ(server->url(), "ws://127.0.0.1:" + std::to_string(server->port()) + "/");
}

TEST_F(WebSocketTest, ServerDestroyed__ClientsSee1001) {
  auto cp = connected();
  server.reset();
  ASSERT_TRUE(wait([&] { return !cp->closes.empty(); }));
  EXPECT_EQ(cp->closes.front().first, 1001);
  EXPECT_TRUE(events.empty());
}

TEST_F(WebSocketTest, ServerDestroyedUnderADeadPeer__BoundedAndTimersWait) {
  auto raw = raw_connected();
  bool fired = false;
  loop.post([&] { fired = true; });
  const base::Nanos before = loop.now();
  server.reset();
  EXPECT_LT(loop.now() - before, std::chrono::seconds(3));
  EXPECT_FALSE(fired);
  ASSERT_TRUE(wait([&] { return fired && raw->ended(); }));
}

TEST_F(WebSocketTest, HandlerThrows__ThatConnectionEndsAndOthersLive) {
  auto cp = connected();
  auto other = connect({.url = server->url() + "OTHER", .authorization = {}});
  ASSERT_TRUE(wait([&] { return other->opened && !events.empty(); }));
  server->on_event([this](const Event& event) {
    if (event.text == "poison") throw std::runtime_error("no");
    events.push_back(event);
  });
  events.clear();
  cp->client->send("poison");
  ASSERT_TRUE(wait([&] { return !events.empty() && !cp->closes.empty(); }));
  EXPECT_EQ(events.front().kind, EventKind::closed);
  EXPECT_EQ(events.front().how, ClosedHow::local);
  other->client->send("still here");
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events.back().text, "still here");
}

TEST_F(WebSocketTest, ClientDestroyedInItsOwnHandler__Survives) {
  auto cp = make_client();
  cp->client->set_handlers({.open = [] {},
                            .text = [&](std::string_view) { cp->client.reset(); },
                            .failed = [](int, const std::string&) {},
                            .closed = [](int, const std::string&) {}});
  cp->client->connect({.url = server->url() + "CP", .authorization = {}});
  ASSERT_TRUE(wait_for_events(1));
  server->send(events.front().connection, "one");
  server->send(events.front().connection, "two");
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events.back().how, ClosedHow::dropped);
}

TEST_F(WebSocketTest, ThousandConnections__EachItsOwn) {
  constexpr std::size_t kCount = 1000;
  std::vector<std::unique_ptr<HeardClient>> all;
  for (std::size_t i = 0; i < kCount; ++i) {
    all.push_back(connect({.url = server->url() + "CP" + std::to_string(i), .authorization = {}}));
  }
  ASSERT_TRUE(wait_for_events(kCount));
  ASSERT_TRUE(wait([&] {
    return std::all_of(all.begin(), all.end(), [](const auto& cp) { return cp->opened; });
  }));
  EXPECT_EQ(server->open_connections(), kCount);
  std::vector<Event> handshakes;
  handshakes.swap(events);
  for (const Event& event : handshakes) {
    ASSERT_EQ(event.kind, EventKind::connected);
    ASSERT_TRUE(server->send(event.connection, event.handshake.identity));
  }
  for (const auto& cp : all) cp->client->send("hello");
  ASSERT_TRUE(wait_for_events(kCount));
  ASSERT_TRUE(wait([&] {
    return std::all_of(all.begin(), all.end(), [](const auto& cp) { return !cp->texts.empty(); });
  }));
  for (std::size_t i = 0; i < kCount; ++i)
    EXPECT_EQ(all[i]->texts.front(), "CP" + std::to_string(i));
  events.clear();
  all.clear();
  ASSERT_TRUE(wait_for_events(kCount));
  EXPECT_EQ(server->open_connections(), 0U);
}

}  // namespace
}  // namespace plugproof::link
