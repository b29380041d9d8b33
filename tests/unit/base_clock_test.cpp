#include "engine/base/clock.hpp"

#include <gtest/gtest.h>

#include "engine/base/event_loop.hpp"

namespace plugproof::base {
namespace {

using namespace std::chrono_literals;

TEST(VirtualClock, SameInstant__RunsInTheOrderAsked) {
  VirtualClock clock;
  std::string order;
  clock.at(2s, [&] { order += 'c'; });
  clock.at(1s, [&] { order += 'a'; });
  clock.at(1s, [&] { order += 'b'; });
  while (clock.step()) {
  }
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(clock.now(), Nanos(2s));
  EXPECT_EQ(clock.utc(), VirtualClock::kDefaultStart + 2s);
}

TEST(VirtualClock, PastDeadline__RunsNowAndTimeStandsStill) {
  VirtualClock clock;
  clock.advance(5s);
  bool ran = false;
  clock.at(1s, [&] { ran = true; });
  EXPECT_FALSE(ran);
  EXPECT_TRUE(clock.step());
  EXPECT_TRUE(ran);
  EXPECT_EQ(clock.now(), Nanos(5s));
}

TEST(VirtualClock, Cancelled__NeverRuns) {
  VirtualClock clock;
  const auto timer = clock.after(1s, [] { FAIL(); });
  clock.cancel(timer);
  clock.cancel(timer);
  clock.cancel(Clock::Timer::none);
  EXPECT_FALSE(clock.step());
}

TEST(VirtualClock, CancelFromACallback__TakesTheNextOut) {
  VirtualClock clock;
  auto second = Clock::Timer::none;
  clock.at(1s, [&] { clock.cancel(second); });
  second = clock.at(1s, [] { FAIL(); });
  EXPECT_TRUE(clock.step());
  EXPECT_FALSE(clock.step());
}

TEST(VirtualClock, Advance__RunsWhatIsDueAndStandsAtTheEnd) {
  VirtualClock clock;
  int count = 0;
  clock.after(1s, [&] {
    ++count;
    clock.after(1s, [&] { ++count; });
    clock.after(5s, [&] { ++count; });
  });
  clock.advance(2s);
  EXPECT_EQ(count, 2);
  EXPECT_EQ(clock.now(), Nanos(2s));
}

TEST(VirtualClock, RunUntil__TellsWhetherItWasReached) {
  VirtualClock clock;
  int count = 0;
  clock.after(1s, [&] { ++count; });
  EXPECT_TRUE(clock.run_until([&] { return count == 1; }));
  EXPECT_FALSE(clock.run_until([&] { return count == 2; }));
}

TEST(VirtualClock, ThrowingCallback__ReachesTheLoopOnce) {
  VirtualClock clock;
  clock.post([] { throw std::runtime_error("x"); });
  EXPECT_THROW(clock.step(), std::runtime_error);
  EXPECT_FALSE(clock.step());
}

TEST(EventLoop, Timers__RunInOrderNotBeforeTheirTime) {
  EventLoop loop;
  std::string order;
  Nanos fired{0};
  loop.after(4ms, [&] {
    order += 'c';
    fired = loop.now();
    loop.stop();
  });
  loop.after(1ms, [&] { order += 'a'; });
  loop.after(1ms, [&] { order += 'b'; });
  const auto cancelled = loop.after(2ms, [&] { order += 'x'; });
  loop.cancel(cancelled);
  loop.run();
  EXPECT_EQ(order, "abc");
  EXPECT_GE(fired, Nanos(4ms));
}

TEST(EventLoop, Posted__NotFromInsideTheCall) {
  EventLoop loop;
  bool ran = false;
  loop.post([&] { ran = true; });
  EXPECT_FALSE(ran);
  EXPECT_TRUE(loop.run_until([&] { return ran; }, 10s));
}

TEST(EventLoop, RunUntilWithNothingToDo__EndsAtTheLimit) {
  EventLoop loop;
  EXPECT_FALSE(loop.run_until([] { return false; }, 2ms));
}

TEST(EventLoop, CallbackThatAsksAgainAtOnce__DoesNotStarveTheLoop) {
  EventLoop loop;
  int count = 0;
  std::function<void()> again = [&] {
    if (++count < 100) loop.post(again);
  };
  loop.post(again);
  EXPECT_TRUE(loop.run_until([&] { return count == 100; }, 10s));
}

TEST(EventLoop, ThrowingCallback__LeavesTheOthersRunning) {
  EventLoop loop;
  bool ran = false;
  loop.after(1ms, [] { throw std::runtime_error("x"); });
  loop.after(2ms, [&] { ran = true; });
  EXPECT_THROW(loop.run(), std::runtime_error);
  EXPECT_TRUE(loop.run_until([&] { return ran; }, 10s));
}

TEST(VirtualClock, GoingOn__StandsWhereTheEarlierOneStopped) {
  VirtualClock clock(Micros(1'000'000), 5s);
  EXPECT_EQ(clock.now(), Nanos(5s));
  EXPECT_EQ(clock.utc(), Micros(6'000'000));
}

TEST(EventLoop, GoingOn__TimeSinceTheOldStart) {
  const auto wall =
      std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch());
  const EventLoop loop(wall - Micros(3600s), 10s);
  EXPECT_GE(loop.now(), Nanos(3600s));
  EXPECT_GE(loop.utc(), wall);
}

TEST(EventLoop, GoingOnWithAWallClockSetBack__NeverBeforeTheLastRecord) {
  const auto wall =
      std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch());
  const EventLoop loop(wall, 100s);
  EXPECT_GE(loop.now(), Nanos(100s));
}

TEST(EventLoop, Utc__MovesWithNow) {
  EventLoop loop;
  const auto before = loop.utc() - std::chrono::duration_cast<Micros>(loop.now());
  loop.run_for(1ms);
  const auto after = loop.utc() - std::chrono::duration_cast<Micros>(loop.now());
  EXPECT_LE(std::abs((after - before).count()), 1000);
}

}  // namespace
}  // namespace plugproof::base
