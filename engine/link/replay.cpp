#include "engine/link/replay.hpp"

namespace plugproof::link {

ReplayLink::ReplayLink(base::Clock& clock, std::vector<Event> events,
                       std::vector<base::Nanos> send_times)
    : clock_(clock), events_(std::move(events)), send_times_(std::move(send_times)) {}

ReplayLink::~ReplayLink() {
  clock_.cancel(timer_);
}

void ReplayLink::start() {
  arm();
}

// One timer at a time: what the engine does about an event comes before the next event of the same
// instant, as it did when they were recorded.
void ReplayLink::arm() {
  clock_.cancel(timer_);
  if (finished()) return;
  timer_ = clock_.at(events_[next_event_].at, [this] {
    timer_ = base::Clock::Timer::none;
    const Event& event = events_[next_event_++];
    arm();
    if (handler_) handler_(event);
  });
}

void ReplayLink::on_event(Handler handler) {
  handler_ = std::move(handler);
}
void ReplayLink::on_handshake(AdmissionPolicy) {}

std::optional<base::Nanos> ReplayLink::send(ConnectionId connection, std::string_view text) {
  sent_.emplace_back(connection, text);
  if (sent_.size() > send_times_.size()) return std::nullopt;
  return send_times_[sent_.size() - 1];
}

void ReplayLink::ping(ConnectionId, std::string_view) {}
void ReplayLink::close(ConnectionId, int, std::string_view) {}
void ReplayLink::drop(ConnectionId) {}
void ReplayLink::reset(ConnectionId) {}
void ReplayLink::refuse_connections(bool) {}
void ReplayLink::stall_connections(bool) {}
void ReplayLink::silence(ConnectionId, bool) {}
std::string ReplayLink::url() const {
  return "replay:";
}

}  // namespace plugproof::link
