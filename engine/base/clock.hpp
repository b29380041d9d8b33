// The one clock. Everything that waits, waits through it: on real time or on virtual time, where
// the next deadline is reached at once. Callbacks due at the same instant run in the order they
// were asked for, so that a run on virtual time is the same byte for byte.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

#include "engine/base/time.hpp"

namespace plugproof::base {

class Clock {
 public:
  using Callback = std::function<void()>;
  enum class Timer : std::uint64_t { none = 0 };

  virtual ~Clock() = default;
  // Monotonic. Zero when the clock was made, unless it goes on where an earlier one stopped.
  virtual Nanos now() const = 0;
  virtual Micros utc() const = 0;  // the wall clock that belongs to now()

  // Calls `callback` once, not before `when`. Never from inside this call.
  virtual Timer at(Nanos when, Callback callback) = 0;
  // A timer that has fired or was cancelled is ignored.
  virtual void cancel(Timer timer) = 0;

  Timer after(Nanos delay, Callback callback) { return at(now() + delay, std::move(callback)); }
  void post(Callback callback) { at(now(), std::move(callback)); }
};

// Deadlines in order of time, then of insertion.
class TimerQueue {
 public:
  Clock::Timer add(Nanos when, Clock::Callback callback);
  void cancel(Clock::Timer timer);
  bool empty() const { return queue_.empty(); }
  Nanos next() const { return queue_.begin()->first.first; }
  // Takes the first entry out. The queue must not be empty.
  std::pair<Nanos, Clock::Callback> pop();

 private:
  using Key = std::pair<Nanos, std::uint64_t>;
  std::map<Key, Clock::Callback> queue_;
  std::unordered_map<std::uint64_t, Nanos> when_;
  std::uint64_t last_id_ = 0;
};

class VirtualClock final : public Clock {
 public:
  // The date that virtual runs begin at unless told otherwise: 2026-01-01T00:00:00Z.
  static constexpr Micros kDefaultStart{1767225600000000};

  // `start`: the date at which now() is zero. `now`: what an earlier clock had come to.
  explicit VirtualClock(Micros start = kDefaultStart, Nanos now = Nanos::zero())
      : now_(now), start_(start) {}

  Nanos now() const override { return now_; }
  Micros utc() const override { return start_ + std::chrono::duration_cast<Micros>(now_); }
  Timer at(Nanos when, Callback callback) override {
    return timers_.add(std::max(when, now_), std::move(callback));
  }
  void cancel(Timer timer) override { timers_.cancel(timer); }

  // Advances to the next deadline and runs its callback; false when nothing is left to wait for.
  bool step();
  // Steps until `done` says so; false when nothing was left to wait for before that.
  bool run_until(const std::function<bool()>& done);
  // Runs everything that is due within `span`, then stands at its end.
  void advance(Nanos span);

 private:
  TimerQueue timers_;
  Nanos now_;
  Micros start_;
};

}  // namespace plugproof::base
