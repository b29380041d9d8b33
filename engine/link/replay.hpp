// A recorded run fed back to the engine: every event comes at its recorded time, every send()
// answers with the time recorded for it. On a virtual clock a run is judged again from its journal
// alone.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/link/link.hpp"

namespace plugproof::link {

class ReplayLink final : public Link {
 public:
  // `events` and `send_times` in the order of the record, times on the run's clock. A handshake is
  // not asked about again: what came of it is among the events.
  ReplayLink(base::Clock& clock, std::vector<Event> events, std::vector<base::Nanos> send_times);
  ~ReplayLink() override;
  ReplayLink(const ReplayLink&) = delete;
  ReplayLink& operator=(const ReplayLink&) = delete;

  // Begins to deliver; events whose time has passed come at once, in their order.
  void start();

  void on_event(Handler handler) override;
  void on_handshake(AdmissionPolicy policy) override;
  // The next recorded time; nothing when more is sent than was recorded. Every text is remembered.
  std::optional<base::Nanos> send(ConnectionId connection, std::string_view text) override;
  // What was done to connections is in the record with its effects: these do nothing.
  void ping(ConnectionId connection, std::string_view payload) override;
  void close(ConnectionId connection, int code, std::string_view reason) override;
  void drop(ConnectionId connection) override;
  void reset(ConnectionId connection) override;
  void refuse_connections(bool refuse) override;
  void stall_connections(bool stall) override;
  void silence(ConnectionId connection, bool silent) override;
  std::string url() const override;

  // All that the engine sent this time, to be compared with the record.
  const std::vector<std::pair<ConnectionId, std::string>>& sent() const { return sent_; }
  // Whether every event was delivered.
  bool finished() const { return next_event_ == events_.size(); }

 private:
  void arm();

  base::Clock& clock_;
  std::vector<Event> events_;
  std::vector<base::Nanos> send_times_;
  std::size_t next_event_ = 0;
  std::vector<std::pair<ConnectionId, std::string>> sent_;
  Handler handler_;
  base::Clock::Timer timer_ = base::Clock::Timer::none;
};

}  // namespace plugproof::link
