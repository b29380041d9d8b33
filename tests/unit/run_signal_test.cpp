#include "engine/run/signal.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engine/base/task.hpp"

namespace plugproof::run {
namespace {

using base::Nanos;
using base::Task;
using namespace std::chrono_literals;

class SignalTest : public testing::Test {
 protected:
  Task<> waits(std::string name, Nanos deadline) {
    const bool woken = co_await signal.wait(deadline);
    log += name + (woken ? "+" : "-") + " ";
  }
  // As steps do: whatever happens, it goes on waiting until its deadline.
  Task<> waits_out(std::string name, Nanos deadline) {
    bool waiting = true;
    while (waiting) waiting = co_await signal.wait(deadline);
    log += name + "- ";
  }
  Task<> waits_twice(std::string name) {
    co_await waits(name + "1", Signal::kNever);
    co_await waits(name + "2", Signal::kNever);
  }

  base::VirtualClock clock;
  Signal signal{clock};
  std::string log;
};

TEST_F(SignalTest, Notify__WakesEverybodyWhoWaitedOnce) {
  Task<> a = waits_twice("a"), b = waits_twice("b");
  a.start();
  b.start();
  signal.notify();
  EXPECT_EQ(log, "a1+ b1+ ");
  signal.notify();
  EXPECT_EQ(log, "a1+ b1+ a2+ b2+ ");
  signal.notify();
}

TEST_F(SignalTest, Deadlines__ExpireInTheirOrder) {
  Task<> a = waits_out("a", 2s), b = waits_out("b", 1s), c = waits_out("c", 2s);
  for (auto* task : {&a, &b, &c}) task->start();
  clock.advance(10s);
  EXPECT_EQ(log, "b- a- c- ");
}

TEST_F(SignalTest, EventExactlyAtTheDeadline__InTime) {
  Task<> a = waits("a", 2s);
  a.start();
  clock.at(2s, [&] {
    signal.advance(2s);
    signal.notify();
  });
  clock.advance(10s);
  EXPECT_EQ(log, "a+ ");
}

TEST_F(SignalTest, EventAfterTheDeadline__DeadlineComesFirst) {
  // The operating system was late: the event is handled before the timer has fired.
  Task<> a = waits("a", 2s);
  a.start();
  signal.advance(2s + 1ns);
  EXPECT_EQ(log, "a- ");
  EXPECT_EQ(signal.now(), Nanos(2s + 1ns));
}

TEST_F(SignalTest, NowDuringExpiry__TheDeadlineItself) {
  Nanos seen{0};
  const auto task_of = [&]() -> Task<> {
    co_await signal.wait(2s);
    seen = signal.now();
  };
  Task<> task = task_of();
  task.start();
  clock.advance(10s);
  EXPECT_EQ(seen, Nanos(2s));
}

TEST_F(SignalTest, WaiterDestroyed__TakesItselfOut) {
  auto a = std::make_unique<Task<>>(waits("a", 1s));
  Task<> b = waits("b", 1s);
  a->start();
  b.start();
  a.reset();
  clock.advance(5s);
  EXPECT_EQ(log, "b- ");
}

TEST_F(SignalTest, WaiterThatDestroysAnother__OtherNeverResumes) {
  auto victim = std::make_unique<Task<>>();
  const auto killer_of = [&]() -> Task<> {
    co_await signal.wait(Signal::kNever);
    victim.reset();
    log += "killed ";
  };
  Task<> killer = killer_of();
  killer.start();
  *victim = waits("victim", Signal::kNever);
  victim->start();
  signal.notify();
  EXPECT_EQ(log, "killed ");
}

TEST_F(SignalTest, DeadlineInThePast__ExpiresAtTheNextInstant) {
  clock.advance(5s);
  signal.advance(5s);
  Task<> a = waits("a", 1s);
  a.start();
  EXPECT_EQ(log, "");
  clock.step();
  EXPECT_EQ(log, "a- ");
  EXPECT_EQ(signal.now(), Nanos(5s));
}

TEST_F(SignalTest, Time__NeverGoesBack) {
  signal.advance(5s);
  signal.advance(3s);
  EXPECT_EQ(signal.now(), Nanos(5s));
}

}  // namespace
}  // namespace plugproof::run
