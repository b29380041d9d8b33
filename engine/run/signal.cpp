#include "engine/run/signal.hpp"

#include <algorithm>

namespace plugproof::run {

using base::Nanos;

Signal::Wait::~Wait() {
  signal_.unlink(*this);
}

void Signal::Wait::await_suspend(std::coroutine_handle<> handle) {
  handle_ = handle;
  epoch_ = signal_.epoch_;
  linked_ = true;
  place_ = signal_.waits_.insert(signal_.waits_.end(), this);
  signal_.arm();
}

void Signal::unlink(Wait& wait) {
  if (!wait.linked_) return;
  waits_.erase(wait.place_);
  wait.linked_ = false;
}

void Signal::notify() {
  const std::uint64_t before = ++epoch_;
  // Whoever is resumed may destroy other waiters, so the list is looked at afresh each time.
  while (true) {
    Wait* wait = nullptr;
    for (Wait* candidate : waits_)
      if (candidate->epoch_ < before && (!wait || candidate->rank_ < wait->rank_)) wait = candidate;
    if (!wait) return;
    unlink(*wait);
    wait->handle_.resume();
  }
}

Signal::Wait* Signal::earliest() const {
  const auto it = std::min_element(waits_.begin(), waits_.end(), [](const Wait* a, const Wait* b) {
    return a->deadline_ < b->deadline_;
  });
  return it == waits_.end() ? nullptr : *it;
}

void Signal::expire_before(Nanos at) {
  while (Wait* wait = earliest()) {
    if (wait->deadline_ >= at) return;
    now_ = std::max(now_, wait->deadline_);
    settled_ = std::max(settled_, wait->deadline_ + Nanos(1));
    wait->expired_ = true;
    unlink(*wait);
    wait->handle_.resume();
    // Somebody may be waiting for what this one just finished.
    notify();
  }
}

void Signal::advance(Nanos at) {
  // An event that is served late meets no deadline that is further back than those before it did.
  expire_before(std::max(at, settled_));
  now_ = std::max(now_, at);
  settled_ = std::max(settled_, at);
}

void Signal::arm() {
  const Wait* wait = earliest();
  const Nanos deadline = wait ? wait->deadline_ : kNever;
  if (deadline == armed_for_) return;
  disarm();
  if (deadline == kNever) return;
  armed_for_ = deadline;
  // A nanosecond later: what arrives exactly at the deadline is in time.
  timer_ = clock_.at(deadline + Nanos(1), [this] {
    timer_ = base::Clock::Timer::none;
    armed_for_ = kNever;
    expire_before(clock_.now());
    arm();
  });
}

void Signal::disarm() {
  if (timer_ != base::Clock::Timer::none) clock_.cancel(timer_);
  timer_ = base::Clock::Timer::none;
  armed_for_ = kNever;
}

}  // namespace plugproof::run
