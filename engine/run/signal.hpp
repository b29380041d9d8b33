// How scenario code waits: for the next thing that happens, or for a deadline. Every waiter is
// woken by every event and looks for itself whether that was it; a waiter that is destroyed takes
// itself out.
//
// Time is logical: an event has the time at which its first byte arrived, and deadlines that lie
// before it are handled before it, whatever the operating system did in between. So a run and its
// replay agree.
#pragma once

#include <coroutine>
#include <cstdint>
#include <limits>
#include <list>

#include "engine/base/clock.hpp"

namespace plugproof::run {

class Signal {
 public:
  static constexpr base::Nanos kNever = base::Nanos::max();

  // Who is woken first by one event. Whoever waits for what another waiter does comes after it, or
  // would not see it until the next event.
  using Rank = std::int64_t;
  static constexpr Rank kFirst = 0;                                // waits for events
  static constexpr Rank kTurn = 1;                                 // waits for a request to end
  static constexpr Rank kLast = std::numeric_limits<Rank>::max();  // waits for other coroutines

  explicit Signal(base::Clock& clock) : clock_(clock) {}
  ~Signal() { disarm(); }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  // The time of what is being handled: of the event, or of the deadline that passed.
  base::Nanos now() const { return now_; }
  // Every deadline before this has been handled: later than an event that was served late.
  base::Nanos settled() const { return settled_; }

  class Wait {
   public:
    Wait(Signal& signal, base::Nanos deadline, Rank rank)
        : signal_(signal), deadline_(deadline), rank_(rank) {}
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle);
    // True when something happened, false when the deadline passed.
    bool await_resume() const noexcept { return !expired_; }

   private:
    friend class Signal;
    Signal& signal_;
    base::Nanos deadline_;
    Rank rank_;
    std::coroutine_handle<> handle_;
    std::uint64_t epoch_ = 0;
    bool linked_ = false;
    bool expired_ = false;
    std::list<Wait*>::iterator place_;
  };

  // co_await signal.wait(deadline)
  Wait wait(base::Nanos deadline, Rank rank = kFirst) { return Wait(*this, deadline, rank); }

  // An event with the time `at` is about to be handled: first come the deadlines before it.
  void advance(base::Nanos at);
  // Wakes everybody who was waiting when this was called, by rank, then in the order of their
  // waits.
  void notify();

 private:
  void unlink(Wait& wait);
  void expire_before(base::Nanos at);
  Wait* earliest() const;
  void arm();
  void disarm();

  base::Clock& clock_;
  base::Nanos now_{0}, settled_{0};
  std::list<Wait*> waits_;
  std::uint64_t epoch_ = 0;
  base::Clock::Timer timer_ = base::Clock::Timer::none;
  base::Nanos armed_for_ = kNever;
};

}  // namespace plugproof::run
