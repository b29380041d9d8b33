#include "engine/link/memory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/link/switchboard.hpp"

namespace plugproof::link {
namespace {

using base::Nanos;
using std::chrono::milliseconds;

// One link, one client, and what happened to each as lines.
class MemoryLinkTest : public ::testing::Test {
 protected:
  void SetUp() override { make_link({}); }

  void make_link(MemoryLink::Options options) {
    link = std::make_unique<MemoryLink>(clock, options);
    link->on_event([this](const Event& event) { events.push_back(event); });
    client = make_client();
  }

  std::unique_ptr<Client> make_client() {
    auto made = link->make_client();
    made->set_handlers({
        .open = [this] { heard.push_back("open"); },
        .text = [this](std::string_view text) { heard.push_back("text " + std::string(text)); },
        .failed =
            [this](int status, const std::string& reason) {
              heard.push_back("failed " + std::to_string(status) + " " + reason);
            },
        .closed = [this](int code,
                         const std::string&) { heard.push_back("closed " + std::to_string(code)); },
    });
    return made;
  }

  void settle() {
    while (clock.step()) {
    }
  }

  ConnectionId connect(const std::string& url = "ws://memory/ocpp/CP001") {
    client->connect({.url = url, .authorization = {}});
    settle();
    return events.empty() ? 0 : events.back().connection;
  }

  // Connects, then forgets what was heard of it.
  ConnectionId connected() {
    const ConnectionId id = connect();
    EXPECT_TRUE(client->is_open());
    events.clear();
    heard.clear();
    return id;
  }

  const Event& only_event() {
    EXPECT_EQ(events.size(), 1U);
    static const Event none;
    return events.empty() ? none : events.front();
  }

  using Lines = std::vector<std::string>;
  base::VirtualClock clock;
  std::unique_ptr<MemoryLink> link;
  std::unique_ptr<Client> client;
  std::vector<Event> events;
  Lines heard;
};

TEST_F(MemoryLinkTest, Connect__FactsOfTheHandshake) {
  client->connect({.url = "ws://x:1/ocpp/CP%20001",
                   .subprotocols = {"ocpp2.0.1", "ocpp1.6"},
                   .authorization = "Basic abc"});
  EXPECT_TRUE(events.empty());
  settle();
  const Event& event = only_event();
  EXPECT_EQ(event.kind, EventKind::connected);
  EXPECT_EQ(event.connection, 1U);
  EXPECT_EQ(event.handshake.path, "/ocpp/CP%20001");
  EXPECT_EQ(event.handshake.identity, "CP 001");
  EXPECT_EQ(event.handshake.subprotocol, "ocpp1.6");
  EXPECT_EQ(event.handshake.offered_subprotocols.size(), 2U);
  EXPECT_EQ(event.handshake.authorization, "Basic abc");
  EXPECT_EQ(heard, Lines{"open"});
}

TEST_F(MemoryLinkTest, ForeignSubprotocol__AdmittedWithNoneChosen) {
  client->connect({.url = "/CP", .subprotocols = {"ocpp2.0.1"}, .authorization = {}});
  settle();
  EXPECT_EQ(only_event().kind, EventKind::connected);
  EXPECT_EQ(only_event().handshake.subprotocol, "");
}

TEST_F(MemoryLinkTest, PolicyRefuses__BothSidesHear) {
  link->on_handshake([](const Handshake& handshake) {
    return handshake.authorization ? Admission{} : Admission{401, "no credentials"};
  });
  connect();
  EXPECT_EQ(only_event().kind, EventKind::refused);
  EXPECT_EQ(only_event().status, 401);
  EXPECT_EQ(only_event().reason, "no credentials");
  EXPECT_EQ(only_event().handshake.identity, "CP001");
  EXPECT_EQ(heard, Lines{"failed 401 Unauthorized"});
  EXPECT_FALSE(client->is_open());
}

TEST_F(MemoryLinkTest, NoIdentity__RefusedWith404) {
  connect("ws://memory/ocpp/");
  EXPECT_EQ(only_event().kind, EventKind::refused);
  EXPECT_EQ(only_event().status, 404);
  EXPECT_EQ(heard, Lines{"failed 404 Not Found"});
}

TEST_F(MemoryLinkTest, RefusedConnections__ClientFailsAndOpenOnesLive) {
  const ConnectionId id = connected();
  link->refuse_connections(true);
  const auto other = make_client();
  other->connect({.url = "/OTHER", .authorization = {}});
  settle();
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(heard, Lines{"failed 0 connection refused"});
  EXPECT_TRUE(link->send(id, "still here"));
  link->refuse_connections(false);
  const auto third = make_client();
  third->connect({.url = "/THIRD", .authorization = {}});
  settle();
  EXPECT_TRUE(third->is_open());
}

TEST_F(MemoryLinkTest, StalledConnections__WaitForTheEndAndOpenOnesLive) {
  const ConnectionId id = connected();
  link->stall_connections(true);
  const auto waiting = make_client();
  auto gone = make_client();
  waiting->connect({.url = "/WAITING", .authorization = {}});
  gone->connect({.url = "/GONE", .authorization = {}});
  settle();
  gone->drop();
  clock.advance(milliseconds(700));
  EXPECT_TRUE(events.empty());
  EXPECT_FALSE(waiting->is_open());
  EXPECT_EQ(heard, Lines{"closed 1006"});
  EXPECT_TRUE(link->send(id, "still here"));

  link->stall_connections(false);
  EXPECT_TRUE(events.empty());
  settle();
  EXPECT_EQ(only_event().kind, EventKind::connected);
  EXPECT_EQ(only_event().handshake.identity, "WAITING");
  EXPECT_EQ(only_event().at, Nanos(milliseconds(700)));
  EXPECT_TRUE(waiting->is_open());
}

TEST_F(MemoryLinkTest, OneLineOfASwitchboardStalls__NewConnectionsOfEveryLineWait) {
  Switchboard board(*link);
  std::vector<std::string> opened;
  for (const char* name : {"A", "B"})
    board.line(name).on_event([&opened, name](const Event& event) {
      if (event.kind == EventKind::connected) opened.emplace_back(name);
    });
  board.line("A").stall_connections(true);
  board.line("B").stall_connections(true);
  board.line("B").stall_connections(false);
  const auto a = make_client(), b = make_client();
  a->connect({.url = "/A", .authorization = {}});
  b->connect({.url = "/B", .authorization = {}});
  settle();
  EXPECT_TRUE(opened.empty());
  board.line("A").stall_connections(false);
  settle();
  EXPECT_EQ(opened, (std::vector<std::string>{"A", "B"}));
}

TEST_F(MemoryLinkTest, StalledAndRefused__Refused) {
  link->stall_connections(true);
  link->refuse_connections(true);
  connect();
  EXPECT_EQ(heard, Lines{"failed 0 connection refused"});
}

TEST_F(MemoryLinkTest, LinkDestroyedWhileStalling__Refused) {
  link->stall_connections(true);
  connect();
  EXPECT_TRUE(heard.empty());
  link.reset();
  settle();
  EXPECT_EQ(heard, Lines{"failed 0 connection refused"});
}

TEST_F(MemoryLinkTest, Latency__BothWaysInOrder) {
  make_link({.latency = milliseconds(20)});
  client->connect({.url = "/CP", .authorization = {}});
  settle();
  EXPECT_EQ(events.at(0).at, Nanos(milliseconds(20)));
  EXPECT_EQ(clock.now(), Nanos(milliseconds(40)));
  client->send("a");
  client->send("b");
  clock.advance(milliseconds(19));
  EXPECT_EQ(events.size(), 1U);
  settle();
  EXPECT_EQ(events.at(1).text, "a");
  EXPECT_EQ(events.at(2).text, "b");
  EXPECT_EQ(events.at(2).at, Nanos(milliseconds(60)));
}

TEST_F(MemoryLinkTest, SendInsideConnected__ArrivesAfterOpen) {
  link->on_event([this](const Event& event) { link->send(event.connection, "hello"); });
  connect();
  EXPECT_EQ(heard, (Lines{"open", "text hello"}));
}

TEST_F(MemoryLinkTest, Send__TimeOfTheClockAndNeverReentrant) {
  const ConnectionId id = connected();
  clock.advance(milliseconds(5));
  EXPECT_EQ(link->send(id, "x"), Nanos(clock.now()));
  EXPECT_TRUE(heard.empty());
  settle();
  EXPECT_EQ(heard, Lines{"text x"});
}

TEST_F(MemoryLinkTest, BinaryAndPing__Reported) {
  const ConnectionId id = connected();
  client->send_binary(std::string_view("\0\xFF", 2));
  client->ping("are you there");
  link->ping(id, "and you");
  settle();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].kind, EventKind::binary);
  EXPECT_EQ(events[0].text.size(), 2U);
  EXPECT_EQ(events[1].kind, EventKind::ping);
  EXPECT_EQ(events[1].text, "are you there");
  EXPECT_EQ(events[2].kind, EventKind::pong);
  EXPECT_EQ(events[2].text, "and you");
}

TEST_F(MemoryLinkTest, InvalidUtf8__Closed1007) {
  connected();
  client->send("bad \xFF");
  client->send("after");
  settle();
  EXPECT_EQ(only_event().how, ClosedHow::protocol);
  EXPECT_EQ(only_event().code, 1007);
  EXPECT_EQ(heard, Lines{"closed 1007"});
}

TEST_F(MemoryLinkTest, OverTheLimit__Closed1009) {
  make_link({.max_message_bytes = 10});
  connected();
  client->send("0123456789");
  client->send("0123456789a");
  settle();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, EventKind::text);
  EXPECT_EQ(events[1].code, 1009);
}

TEST_F(MemoryLinkTest, ClientCloses__CleanWithItsCode) {
  const ConnectionId id = connected();
  client->send("last words");
  client->close(1000, "bye");
  EXPECT_FALSE(client->send("too late"));
  settle();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].kind, EventKind::closed);
  EXPECT_EQ(events[1].how, ClosedHow::clean);
  EXPECT_EQ(events[1].code, 1000);
  EXPECT_EQ(events[1].reason, "bye");
  EXPECT_EQ(heard, Lines{"closed 1000"});
  EXPECT_FALSE(link->send(id, "x"));
}

TEST_F(MemoryLinkTest, ServerCloses__LocalOnce) {
  const ConnectionId id = connected();
  link->send(id, "before");
  link->close(id, 1012, "restart");
  EXPECT_FALSE(link->send(id, "after"));
  EXPECT_TRUE(events.empty());
  link->close(id, 1000, "again");
  settle();
  EXPECT_EQ(only_event().how, ClosedHow::local);
  EXPECT_EQ(only_event().code, 1012);
  EXPECT_EQ(heard, (Lines{"text before", "closed 1012"}));
}

TEST_F(MemoryLinkTest, ClientDrops__Dropped1006) {
  connected();
  client->drop();
  EXPECT_FALSE(client->is_open());
  settle();
  EXPECT_EQ(only_event().how, ClosedHow::dropped);
  EXPECT_EQ(only_event().code, 1006);
  EXPECT_EQ(heard, Lines{"closed 1006"});
}

TEST_F(MemoryLinkTest, ServerDropsOrResets__Local1006) {
  for (const bool reset : {false, true}) {
    make_link({});
    const ConnectionId id = connected();
    reset ? link->reset(id) : link->drop(id);
    EXPECT_TRUE(events.empty());
    settle();
    EXPECT_EQ(only_event().how, ClosedHow::local);
    EXPECT_EQ(only_event().code, 1006);
    EXPECT_EQ(heard, Lines{"closed 1006"});
  }
}

TEST_F(MemoryLinkTest, ClientDestroyed__ServerSeesDrop) {
  const ConnectionId id = connected();
  link->send(id, "nobody hears this");
  client.reset();
  settle();
  EXPECT_EQ(only_event().how, ClosedHow::dropped);
  EXPECT_TRUE(heard.empty());
}

TEST_F(MemoryLinkTest, ClientDestroyedInItsOwnHandler__Survives) {
  client->set_handlers({.open = [] {},
                        .text = [this](std::string_view) { client.reset(); },
                        .failed = [](int, const std::string&) {},
                        .closed = [](int, const std::string&) {}});
  const ConnectionId id = connect();
  link->send(id, "one");
  link->send(id, "two");
  settle();
  EXPECT_EQ(events.back().how, ClosedHow::dropped);
}

TEST_F(MemoryLinkTest, ClientDroppedWhileConnecting__NoConnection) {
  client->connect({.url = "/CP", .authorization = {}});
  client->drop();
  settle();
  EXPECT_TRUE(events.empty());
}

TEST_F(MemoryLinkTest, LinkDestroyed__ClientClosedAndSafe) {
  connected();
  link.reset();
  client->send("into the void");
  settle();
  EXPECT_EQ(heard, Lines{"closed 1001"});
  EXPECT_FALSE(client->send("x"));
  client->ping("x");
  client->close(1000, "");
  client->drop();
  settle();
  EXPECT_TRUE(events.empty());
}

TEST_F(MemoryLinkTest, ConnectAfterLinkDestroyed__Refused) {
  const auto late = make_client();
  link.reset();
  late->connect({.url = "/CP", .authorization = {}});
  settle();
  EXPECT_EQ(heard, Lines{"failed 0 connection refused"});
}

TEST_F(MemoryLinkTest, Silence__HeldInOrderAndStampedWhenRead) {
  const ConnectionId id = connected();
  link->silence(id, true);
  client->send("a");
  client->ping("b");
  link->ping(id, "c");
  settle();
  clock.advance(milliseconds(500));
  EXPECT_TRUE(events.empty());
  EXPECT_TRUE(link->send(id, "we may still send"));
  link->silence(id, false);
  client->send("d");
  EXPECT_TRUE(events.empty());
  settle();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[0].text, "a");
  EXPECT_EQ(events[1].text, "b");
  EXPECT_EQ(events[2].kind, EventKind::pong);
  EXPECT_EQ(events[3].text, "d");
  EXPECT_EQ(events[0].at, Nanos(milliseconds(500)));
}

TEST_F(MemoryLinkTest, SilenceAgainInsideTheFirstEvent__RestStaysHeld) {
  const ConnectionId id = connected();
  link->silence(id, true);
  client->send("a");
  client->send("b");
  settle();
  link->on_event([this, id](const Event& event) {
    events.push_back(event);
    link->silence(id, true);
  });
  link->silence(id, false);
  settle();
  EXPECT_EQ(events.size(), 1U);
  link->silence(id, false);
  settle();
  EXPECT_EQ(events.size(), 2U);
}

TEST_F(MemoryLinkTest, DropDuringSilence__SeenAfterIt) {
  const ConnectionId id = connected();
  link->silence(id, true);
  client->send("a");
  client->drop();
  settle();
  EXPECT_TRUE(events.empty());
  link->silence(id, false);
  settle();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].how, ClosedHow::dropped);
}

TEST_F(MemoryLinkTest, CloseDuringSilence__ClosedIsStillReported) {
  for (const bool client_gone : {false, true}) {
    make_link({});
    const ConnectionId id = connected();
    link->silence(id, true);
    settle();
    if (client_gone) client->drop();
    settle();
    link->close(id, 1000, "");
    settle();
    EXPECT_EQ(only_event().kind, EventKind::closed);
    EXPECT_EQ(only_event().how, ClosedHow::local);
  }
}

TEST_F(MemoryLinkTest, UnknownConnection__Ignored) {
  EXPECT_FALSE(link->send(77, "x"));
  link->ping(77, "");
  link->close(77, 1000, "");
  link->drop(77);
  link->reset(77);
  link->silence(77, true);
  settle();
  EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace plugproof::link
