#include "engine/base/task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace plugproof::base {
namespace {

// Waits until somebody opens it; knows whether anybody still waits.
struct Gate {
  std::coroutine_handle<> waiting;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) { waiting = h; }
  void await_resume() {}
  void open() { std::exchange(waiting, {}).resume(); }
};

struct Note {
  std::string& log;
  ~Note() { log += "unwound "; }
};

Task<int> number_after(Gate& gate, int n) {
  co_await gate;
  co_return n;
}
Task<int> sum(Gate& a, Gate& b) {
  const int x = co_await number_after(a, 1);
  const int y = co_await number_after(b, 2);
  co_return x + y;
}
Task<> fail_after(Gate& gate, std::string& log) {
  const Note note{log};
  co_await gate;
  throw std::runtime_error("broken");
}
Task<std::string> caught(Gate& gate, std::string& log) {
  try {
    co_await fail_after(gate, log);
  } catch (const std::runtime_error& e) {
    co_return e.what();
  }
  co_return "nothing";
}

TEST(Task, NotStarted__DoesNothing) {
  Gate a, b;
  const Task<int> task = sum(a, b);
  EXPECT_TRUE(task.valid());
  EXPECT_FALSE(task.done());
  EXPECT_FALSE(a.waiting);
}

TEST(Task, Awaited__ResultComesThrough) {
  Gate a, b;
  Task<int> task = sum(a, b);
  task.start();
  a.open();
  EXPECT_FALSE(task.done());
  b.open();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.result(), 3);
}

TEST(Task, Exception__ReachesTheAwaiter) {
  Gate gate;
  std::string log;
  Task<std::string> task = caught(gate, log);
  task.start();
  gate.open();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.result(), "broken");
  EXPECT_EQ(log, "unwound ");
}

TEST(Task, ExceptionAtTheTop__ThrownByResult) {
  Gate gate;
  std::string log;
  Task<> task = fail_after(gate, log);
  task.start();
  gate.open();
  EXPECT_THROW(task.result(), std::runtime_error);
}

TEST(Task, DestroyedWhileWaiting__Unwinds) {
  Gate gate;
  std::string log;
  {
    Task<std::string> task = caught(gate, log);
    task.start();
  }
  EXPECT_EQ(log, "unwound ");
}

TEST(Task, MovedAndReset__OneOwner) {
  Gate gate;
  std::string log;
  Task<> first = fail_after(gate, log);
  first.start();
  Task<> second = std::move(first);
  EXPECT_FALSE(first.valid());
  second = Task<>();
  EXPECT_EQ(log, "unwound ");
  EXPECT_FALSE(second.done());
}

Task<int> deep(int n) {
  if (n == 0) co_return 0;
  const int below = co_await deep(n - 1);
  co_return below + 1;
}

TEST(Task, ThousandNested__Result) {
  Task<int> task = deep(1000);
  task.start();
  EXPECT_EQ(task.result(), 1000);
}

}  // namespace
}  // namespace plugproof::base
