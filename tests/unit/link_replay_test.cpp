#include "engine/link/replay.hpp"

#include <gtest/gtest.h>

namespace plugproof::link {
namespace {

using base::Nanos;

Event text_at(int seconds, const char* text) {
  Event event;
  event.kind = EventKind::text;
  event.connection = 1;
  event.at = std::chrono::seconds(seconds);
  event.text = text;
  return event;
}

TEST(ReplayLink, Events__DeliveredAtTheirTimesInOrder) {
  base::VirtualClock clock;
  ReplayLink link(clock, {text_at(1, "a"), text_at(1, "b"), text_at(5, "c")}, {});
  std::vector<std::pair<Nanos, std::string>> seen;
  link.on_event([&](const Event& event) {
    EXPECT_EQ(event.at, clock.now());
    seen.emplace_back(event.at, event.text);
  });
  link.start();
  EXPECT_TRUE(seen.empty());
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_FALSE(link.finished());
  clock.advance(std::chrono::seconds(10));
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].second, "a");
  EXPECT_EQ(seen[1].second, "b");
  EXPECT_EQ(seen[2].second, "c");
  EXPECT_TRUE(link.finished());
}

TEST(ReplayLink, Send__RecordedTimesThenNothing) {
  base::VirtualClock clock;
  ReplayLink link(clock, {}, {Nanos(10), Nanos(20)});
  EXPECT_EQ(link.send(1, "x"), Nanos(10));
  EXPECT_EQ(link.send(2, "y"), Nanos(20));
  EXPECT_EQ(link.send(1, "z"), std::nullopt);
  const std::vector<std::pair<ConnectionId, std::string>> all{{1, "x"}, {2, "y"}, {1, "z"}};
  EXPECT_EQ(link.sent(), all);
}

TEST(ReplayLink, Faults__NoEffect) {
  base::VirtualClock clock;
  ReplayLink link(clock, {text_at(1, "a")}, {});
  int seen = 0;
  link.on_event([&](const Event&) { ++seen; });
  link.start();
  link.silence(1, true);
  link.drop(1);
  link.reset(1);
  link.close(1, 1000, "");
  link.refuse_connections(true);
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(seen, 1);
}

TEST(ReplayLink, DestroyedBeforeTheEnd__ClockMayGoOn) {
  base::VirtualClock clock;
  {
    ReplayLink link(clock, {text_at(1, "a")}, {});
    link.start();
  }
  clock.advance(std::chrono::seconds(2));
}

}  // namespace
}  // namespace plugproof::link
