// What breaks the WebSocket protocol: answered with the right close code, reported, never fatal.
#include "tests/e2e/websocket_fixture.hpp"

namespace plugproof::link {
namespace {

struct Breach {
  const char* name;
  unsigned first;
  std::string payload;
  bool masked;
  int code;
};

TEST_F(WebSocketTest, Breaches__ClosedWithTheCode) {
  const std::vector<Breach> breaches{
      {"invalid UTF-8", 0x81, "a\xFF", true, 1007},
      {"unmasked", 0x81, "a", false, 1002},
      {"reserved bit", 0xC1, "a", true, 1002},
      {"reserved opcode", 0x83, "a", true, 1002},
      {"fragmented ping", 0x09, "a", true, 1002},
      {"ping over 125 bytes", 0x89, std::string(126, 'a'), true, 1002},
      {"continuation of nothing", 0x80, "a", true, 1002},
      {"close code that may not be sent", 0x88, "\x03\xED", true, 1002},
      {"close payload of one byte", 0x88, "a", true, 1002},
      {"close reason without UTF-8", 0x88, "\x03\xE8\xFF", true, 1002},
  };
  for (const Breach& breach : breaches) {
    auto raw = raw_connected();
    raw->send_frame(breach.first, breach.payload, breach.masked);
    ASSERT_TRUE(wait([&] { return !events.empty() && raw->ended(); })) << breach.name;
    EXPECT_EQ(events.front().kind, EventKind::closed) << breach.name;
    EXPECT_EQ(events.front().how, ClosedHow::protocol) << breach.name;
    EXPECT_EQ(events.front().code, breach.code) << breach.name;
    EXPECT_FALSE(events.front().reason.empty()) << breach.name;
    EXPECT_TRUE(raw->has(close_frame(breach.code).substr(2))) << breach.name;
    EXPECT_EQ(raw->ended(), asio::error::eof) << breach.name;
    settle();
    EXPECT_EQ(events.size(), 1U) << breach.name;
    events.clear();
  }
}

TEST_F(WebSocketTest, OverTheLimit__1009ReachesTheClient) {
  auto cp = connected();
  cp->client->send(std::string(4 * 1024 * 1024, 'x'));
  ASSERT_TRUE(wait([&] { return !events.empty() && !cp->closes.empty(); }));
  EXPECT_EQ(events.front().how, ClosedHow::protocol);
  EXPECT_EQ(events.front().code, 1009);
  EXPECT_EQ(cp->closes.front().first, 1009);
}

TEST_F(WebSocketTest, FragmentsOverTheLimit__1009) {
  start({.max_message_bytes = 1000});
  auto raw = raw_connected();
  raw->send_frame(0x01, std::string(600, 'a'));
  raw->send_frame(0x80, std::string(600, 'a'));
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().code, 1009);
}

TEST_F(WebSocketTest, LengthBeyondAnyMemory__1009) {
  auto raw = raw_connected();
  raw->send(std::string("\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0", 14));
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().how, ClosedHow::protocol);
  EXPECT_EQ(events.front().code, 1009);
}

TEST_F(WebSocketTest, ClientSendsInvalidUtf8__1007) {
  auto cp = connected();
  EXPECT_TRUE(cp->client->send("\xC0\xAF"));
  ASSERT_TRUE(wait([&] { return !events.empty() && !cp->closes.empty(); }));
  EXPECT_EQ(events.front().code, 1007);
  EXPECT_EQ(cp->closes.front().first, 1007);
}

TEST_F(WebSocketTest, FragmentsWithAPingBetween__OneWholeMessage) {
  auto raw = raw_connected();
  raw->send_frame(0x01, "\xC3");
  raw->send_frame(0x89, "p");
  raw->send_frame(0x80, "\xA9!");
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events[0].kind, EventKind::ping);
  EXPECT_EQ(events[1].kind, EventKind::text);
  EXPECT_EQ(events[1].text, "\xC3\xA9!");
}

TEST_F(WebSocketTest, ByteByByte__OneWholeMessage) {
  auto raw = raw_connected();
  RawClient& client = *raw;
  const std::string frame("\x81\x85\0\0\0\0hello", 11);
  for (const char c : frame) {
    client.send(std::string_view(&c, 1));
    loop.run_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(events.front().text, "hello");
}

TEST_F(WebSocketTest, MessagesTogetherWithTheHandshake__NotLost) {
  RawClient raw(loop, server->port());
  const std::string frame("\x81\x82\0\0\0\0hi", 8);
  raw.send(
      "GET /CP HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
      frame + frame);
  ASSERT_TRUE(wait_for_events(3));
  EXPECT_EQ(events[0].kind, EventKind::connected);
  EXPECT_EQ(events[1].text, "hi");
  EXPECT_EQ(events[2].text, "hi");
  EXPECT_GE(events[1].at, events[0].at);
}

TEST_F(WebSocketTest, FloodOfPings__EachSeenAndMemoryBounded) {
  auto raw = raw_connected();
  constexpr int kCount = 2000;
  std::string flood;
  for (int i = 0; i < kCount; ++i) flood += std::string("\x89\x80\0\0\0\0", 6);
  raw->send(flood);
  ASSERT_TRUE(wait_for_events(kCount));
  EXPECT_EQ(events.size(), static_cast<std::size_t>(kCount));
}

}  // namespace
}  // namespace plugproof::link
