#include "reports/event_tape.hpp"

#include <algorithm>
#include <utility>

#include "reports/text.hpp"

namespace plugproof::reports {

namespace {
constexpr std::size_t kAround = 10;          // events before and after an important moment
constexpr std::size_t kCaseBytes = 300'000;  // of all frames of a case; then each is cut short
constexpr std::size_t kShortBytes = 400;

bool before(const Event& event, std::int64_t seq) {
  return event.seq < seq;
}
}  // namespace

void EventTape::keep(Event event) {
  if (text_ > kCaseBytes && event.text.size() > kShortBytes)
    event.text = head_of(event.text, kShortBytes);
  text_ += event.text.size();
  event.left_out_before = std::exchange(dropped_, 0);
  kept_.push_back(std::move(event));
}

void EventTape::add(Event event) {
  const bool room = kept_.size() < limit_;
  if (recent_.empty() && (kept_.size() < first_ || (follow_ > 0 && room))) {
    if (follow_ > 0) --follow_;
    keep(std::move(event));
    return;
  }
  recent_.push_back(std::move(event));
  if (recent_.size() <= last_) return;
  recent_.pop_front();
  ++dropped_;
  ++left_out_;
}

void EventTape::keep_around() {
  if (kept_.size() >= limit_) return;
  while (recent_.size() > kAround) {
    recent_.pop_front();
    ++dropped_;
    ++left_out_;
  }
  while (!recent_.empty()) {
    keep(std::move(recent_.front()));
    recent_.pop_front();
  }
  follow_ = kAround;
}

Event* EventTape::find(std::int64_t seq) {
  const auto kept = std::lower_bound(kept_.begin(), kept_.end(), seq, before);
  if (kept != kept_.end() && kept->seq == seq) return &*kept;
  const auto recent = std::lower_bound(recent_.begin(), recent_.end(), seq, before);
  return recent != recent_.end() && recent->seq == seq ? &*recent : nullptr;
}

Event* EventTape::last() {
  if (!recent_.empty()) return &recent_.back();
  return kept_.empty() ? nullptr : &kept_.back();
}

std::size_t EventTape::finish(std::vector<Event>& out) {
  while (!recent_.empty()) {
    keep(std::move(recent_.front()));
    recent_.pop_front();
  }
  out = std::move(kept_);
  return left_out_;
}

}  // namespace plugproof::reports
