// Real time: the clock and the I/O loop of a process, on one Asio io_context and one thread. Asio
// itself stays out of this header; the few units that open sockets include asio and call context().
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "engine/base/clock.hpp"

namespace asio {
class io_context;
}

namespace plugproof::base {

class EventLoop final : public Clock {
 public:
  EventLoop();
  // Goes on with the time of an earlier process: now() was zero at `start` of the wall clock, and
  // is never less than `least`, should the wall clock have been set back since.
  EventLoop(Micros start, Nanos least);
  ~EventLoop() override;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  Nanos now() const override;
  Micros utc() const override;
  Timer at(Nanos when, Callback callback) override;
  void cancel(Timer timer) override;

  asio::io_context& context();
  // A moment of the steady clock, read where bytes came in, on the time of now().
  Nanos at_steady(std::chrono::steady_clock::time_point moment) const;

  // Runs until stop(), whatever there is to do in between.
  void run();
  void stop();
  // Runs what is due and waits at most `span` for more: for programs that have a loop of their own.
  void run_for(Nanos span);
  // Runs until `done` says so; false when that took longer than `limit`.
  bool run_until(const std::function<bool()>& done, Nanos limit);
  // The same for sockets alone: callbacks of the clock wait. For destructors that let connections
  // end in order, when those who set the callbacks may be gone. Returns false at once when called
  // from the loop.
  bool run_sockets_until(const std::function<bool()>& done, Nanos limit);
  // Calls `handler(signal number)` for SIGINT, SIGTERM and SIGHUP instead of ending the process.
  void on_signal(std::function<void(int)> handler);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plugproof::base
