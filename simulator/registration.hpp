// Registration with the central system (OCPP 1.6 section 4.2) and the heartbeat (section 4.6).
#pragma once

#include "simulator/messenger.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Station;

class Registration {
 public:
  enum class State { unknown, pending, rejected, accepted };

  explicit Registration(Station& station);

  bool accepted() const { return state_ == State::accepted; }
  bool refused() const { return state_ == State::rejected; }
  State state() const { return state_; }

  void connected();
  void disconnected();
  void send_boot();
  void send_heartbeat(bool urgent);
  // The key HeartbeatInterval has changed.
  void restart_heartbeat();
  void stop();

 private:
  void booted(const Answer& answer);
  void retry_after(std::int64_t seconds);
  void set_clock(const base::Value& answer);

  Station& station_;
  State state_ = State::unknown;
  bool registers_again_ = false;  // after a reconnection: statuses follow as after a boot
  Timer retry_, heartbeat_;
};

}  // namespace plugproof::simulator
