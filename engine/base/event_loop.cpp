#include "engine/base/event_loop.hpp"

#include <algorithm>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <csignal>
#include <optional>

namespace plugproof::base {

struct EventLoop::Impl {
  using Steady = std::chrono::steady_clock;

  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  asio::steady_timer timer{io};
  std::optional<asio::signal_set> signals;
  std::function<void(int)> signal_handler;
  TimerQueue timers;
  bool sockets_only = false;
  // The wall clock is read once: a clock that jumps during a run must not bend the journal's times.
  static Micros wall_clock() {
    return std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch());
  }
  Steady::time_point start = Steady::now();  // where now() is zero
  Micros utc_start = wall_clock();

  Impl() = default;
  Impl(Micros utc, Nanos least)
      : start(Steady::now() - std::max(least, Nanos(wall_clock() - utc))), utc_start(utc) {}

  Nanos now() const { return Steady::now() - start; }

  void arm() {
    if (timers.empty()) {
      timer.cancel();
      return;
    }
    timer.expires_at(start + timers.next());
    timer.async_wait([this](const std::error_code& error) {
      if (!error) fire();
    });
  }
  // Only what is due now: a callback that asks to be called again at once must not keep sockets
  // waiting.
  void fire() {
    if (sockets_only) return;
    // Also when a callback throws: whoever catches it may run the loop again.
    struct Rearm {
      Impl& impl;
      ~Rearm() { impl.arm(); }
    } const rearm{*this};
    const Nanos due = now();
    while (!timers.empty() && timers.next() <= due) timers.pop().second();
  }
  bool run_until(const std::function<bool()>& done, Nanos limit) {
    const auto end = Steady::now() + limit;
    io.restart();
    while (!done()) {
      if (Steady::now() >= end || io.stopped()) return false;
      io.run_one_until(end);
    }
    return true;
  }
  void wait_for_signal() {
    signals->async_wait([this](const std::error_code& error, int number) {
      if (error) return;
      signal_handler(number);
      wait_for_signal();
    });
  }
};

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::EventLoop(Micros start, Nanos least) : impl_(std::make_unique<Impl>(start, least)) {}
EventLoop::~EventLoop() = default;

Nanos EventLoop::now() const {
  return impl_->now();
}
Micros EventLoop::utc() const {
  return impl_->utc_start + std::chrono::duration_cast<Micros>(now());
}

Clock::Timer EventLoop::at(Nanos when, Callback callback) {
  const bool first = impl_->timers.empty() || when < impl_->timers.next();
  const Timer timer = impl_->timers.add(when, std::move(callback));
  if (first) impl_->arm();
  return timer;
}

void EventLoop::cancel(Timer timer) {
  impl_->timers.cancel(timer);
}
asio::io_context& EventLoop::context() {
  return impl_->io;
}
Nanos EventLoop::at_steady(Impl::Steady::time_point moment) const {
  return moment - impl_->start;
}
void EventLoop::run() {
  impl_->io.restart();
  impl_->io.run();
}
void EventLoop::stop() {
  impl_->io.stop();
}
void EventLoop::run_for(Nanos span) {
  impl_->io.restart();
  impl_->io.run_for(span);
}

bool EventLoop::run_until(const std::function<bool()>& done, Nanos limit) {
  return impl_->run_until(done, limit);
}

bool EventLoop::run_sockets_until(const std::function<bool()>& done, Nanos limit) {
  if (impl_->io.get_executor().running_in_this_thread()) return false;
  impl_->sockets_only = true;
  const bool in_time = impl_->run_until(done, limit);
  impl_->sockets_only = false;
  impl_->arm();
  return in_time;
}

void EventLoop::on_signal(std::function<void(int)> handler) {
  impl_->signals.emplace(impl_->io, SIGINT, SIGTERM, SIGHUP);
  impl_->signal_handler = std::move(handler);
  impl_->wait_for_signal();
}

}  // namespace plugproof::base
