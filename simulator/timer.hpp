// Deadlines that die with their owner: a charge point that loses power must not act any more.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "engine/base/clock.hpp"

namespace plugproof::simulator {

// One deadline at a time; starting it again replaces the one before.
class Timer {
 public:
  explicit Timer(base::Clock& clock) : clock_(clock) {}
  ~Timer() { stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start(base::Nanos delay, std::function<void()> callback) {
    stop();
    id_ = clock_.after(delay, [this, run = std::move(callback)] {
      id_ = base::Clock::Timer::none;
      run();
    });
  }
  void stop() {
    clock_.cancel(id_);
    id_ = base::Clock::Timer::none;
  }
  bool running() const { return id_ != base::Clock::Timer::none; }

 private:
  base::Clock& clock_;
  base::Clock::Timer id_ = base::Clock::Timer::none;
};

// Any number of short waits, each forgotten once it has run.
class Delays {
 public:
  explicit Delays(base::Clock& clock) : clock_(clock) {}
  ~Delays() { cancel(); }
  Delays(const Delays&) = delete;
  Delays& operator=(const Delays&) = delete;

  void after(base::Nanos delay, std::function<void()> callback) {
    const std::uint64_t key = ++last_;
    pending_[key] = clock_.after(delay, [this, key, run = std::move(callback)] {
      pending_.erase(key);
      run();
    });
  }
  void cancel() {
    for (const auto& [key, id] : pending_) clock_.cancel(id);
    pending_.clear();
  }

 private:
  base::Clock& clock_;
  std::map<std::uint64_t, base::Clock::Timer> pending_;
  std::uint64_t last_ = 0;
};

}  // namespace plugproof::simulator
