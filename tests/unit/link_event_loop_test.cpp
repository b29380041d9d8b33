#include <gtest/gtest.h>

#include <vector>

#include "engine/base/event_loop.hpp"

namespace plugproof::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(EventLoop, CallbacksOfOneInstant__InTheOrderTheyWereAskedFor) {
  EventLoop loop;
  std::vector<int> seen;
  const Nanos when = loop.now() + milliseconds(5);
  for (int i = 0; i < 10; ++i) loop.at(when, [&seen, i] { seen.push_back(i); });
  EXPECT_TRUE(loop.run_until([&] { return seen.size() == 10; }, seconds(5)));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
  EXPECT_GE(loop.now(), when);
}

TEST(EventLoop, EarlierTimerAskedForLater__RunsFirst) {
  EventLoop loop;
  std::vector<int> seen;
  loop.after(milliseconds(20), [&] { seen.push_back(2); });
  loop.after(milliseconds(1), [&] { seen.push_back(1); });
  EXPECT_TRUE(loop.run_until([&] { return seen.size() == 2; }, seconds(5)));
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
}

TEST(EventLoop, CancelledTimer__NeverRuns) {
  EventLoop loop;
  bool first = false;
  bool second = false;
  const auto timer = loop.after(milliseconds(1), [&] { first = true; });
  loop.after(milliseconds(2), [&] { second = true; });
  loop.cancel(timer);
  loop.cancel(timer);
  EXPECT_TRUE(loop.run_until([&] { return second; }, seconds(5)));
  EXPECT_FALSE(first);
}

TEST(EventLoop, CallbackThatPostsItself__OthersGetTheirTurn) {
  EventLoop loop;
  int turns = 0;
  std::function<void()> again = [&] {
    ++turns;
    loop.post(again);
  };
  loop.post(again);
  bool other = false;
  loop.after(milliseconds(5), [&] { other = true; });
  EXPECT_TRUE(loop.run_until([&] { return other; }, seconds(5)));
  EXPECT_GT(turns, 1);
}

TEST(EventLoop, ConditionNeverHolds__FalseAfterTheLimit) {
  EventLoop loop;
  const Nanos before = loop.now();
  EXPECT_FALSE(loop.run_until([] { return false; }, milliseconds(20)));
  EXPECT_GE(loop.now() - before, milliseconds(20));
}

TEST(EventLoop, Stop__EndsRunAndItMayRunAgain) {
  EventLoop loop;
  for (int round = 0; round < 2; ++round) {
    bool ran = false;
    loop.post([&] {
      ran = true;
      loop.stop();
    });
    loop.run();
    EXPECT_TRUE(ran);
  }
}

TEST(EventLoop, SocketsOnly__TimersWaitUntilAfterwards) {
  EventLoop loop;
  bool fired = false;
  loop.post([&] { fired = true; });
  EXPECT_FALSE(loop.run_sockets_until([&] { return fired; }, milliseconds(20)));
  EXPECT_FALSE(fired);
  EXPECT_TRUE(loop.run_until([&] { return fired; }, seconds(5)));
}

TEST(EventLoop, SocketsOnlyFromInside__RefusedAtOnce) {
  EventLoop loop;
  bool result = true;
  loop.post([&] {
    result = loop.run_sockets_until([] { return true; }, seconds(5));
    loop.stop();
  });
  loop.run();
  EXPECT_FALSE(result);
}

TEST(EventLoop, AtSteady__OnTheTimeOfNow) {
  EventLoop loop;
  const Nanos before = loop.now();
  const Nanos moment = loop.at_steady(std::chrono::steady_clock::now());
  EXPECT_LE(before, moment);
  EXPECT_LE(moment, loop.now());
}

}  // namespace
}  // namespace plugproof::base
