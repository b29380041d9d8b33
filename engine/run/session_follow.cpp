// A session that follows a record in place of leading the conversation: so that it knows, where a
// case is judged again, what it knew when the case was run.
#include <algorithm>

#include "engine/run/session.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Value;

void Session::set_following(bool following) {
  following_ = following;
  delayed_.clear();
  if (following || !outstanding_) return;
  if (!outstanding_->done) given_up_.push_back(*outstanding_);
  outstanding_.reset();
}

void Session::follow(link::ConnectionId connection, const std::string& text, Nanos at,
                     std::int64_t record) {
  last_frame_ = record;
  const auto parsed = ocpp::read_frame(text);
  if (!parsed.frame) return;
  const ocpp::Frame& frame = *parsed.frame;
  if (frame.type == ocpp::MessageType::call) {
    if (outstanding_ && !outstanding_->done) given_up_.push_back(*outstanding_);
    outstanding_ = Outstanding{frame.id, frame.action, frame.payload, {}, false};
    outstanding_->outcome.sent = at;
    outstanding_->outcome.request_record = record;
    asked_by_us(frame.action, frame.payload);
    return;
  }
  const auto asked = std::find_if(history_.rbegin(), history_.rend(), [&](const InboundCall& call) {
    return call.connection == connection && call.seen.frame.id == frame.id;
  });
  if (asked == history_.rend()) return;
  asked->answered = true;
  const SeenFrame seen = asked->seen;
  if (frame.type == ocpp::MessageType::error)
    return for_monitors([&](Monitor& m) { m.on_answered(seen, Value(), now()); });
  state_.answered_by_us(seen.frame.action, seen.frame.payload, frame.payload, at);
  for_monitors([&](Monitor& m) { m.on_answered(seen, frame.payload, at); });
}

void Session::restart_choices(std::int64_t requests, std::int64_t transactions) {
  random_ = base::Random(seed_);
  for (std::int64_t i = 0; i < requests; ++i) random_.uuid();
  responder_.restart(transactions);
}

}  // namespace plugproof::run
