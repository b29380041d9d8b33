#include "engine/base/clock.hpp"

namespace plugproof::base {

Clock::Timer TimerQueue::add(Nanos when, Clock::Callback callback) {
  const std::uint64_t id = ++last_id_;
  queue_.emplace(Key{when, id}, std::move(callback));
  when_.emplace(id, when);
  return static_cast<Clock::Timer>(id);
}

void TimerQueue::cancel(Clock::Timer timer) {
  const auto it = when_.find(static_cast<std::uint64_t>(timer));
  if (it == when_.end()) return;
  queue_.erase(Key{it->second, it->first});
  when_.erase(it);
}

std::pair<Nanos, Clock::Callback> TimerQueue::pop() {
  auto first = queue_.begin();
  std::pair<Nanos, Clock::Callback> due{first->first.first, std::move(first->second)};
  when_.erase(first->first.second);
  queue_.erase(first);
  return due;
}

bool VirtualClock::step() {
  if (timers_.empty()) return false;
  auto [when, callback] = timers_.pop();
  now_ = std::max(now_, when);
  callback();
  return true;
}

bool VirtualClock::run_until(const std::function<bool()>& done) {
  while (!done())
    if (!step()) return false;
  return true;
}

void VirtualClock::advance(Nanos span) {
  const Nanos end = now_ + span;
  while (!timers_.empty() && timers_.next() <= end) step();
  now_ = end;
}

}  // namespace plugproof::base
