// Reservations of a connector or of the whole charge point (OCPP 1.6 sections 3.11, 5.1, 5.13).
#pragma once

#include <optional>
#include <string>

#include "engine/base/value.hpp"
#include "simulator/memory.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Station;

class Reservations {
 public:
  explicit Reservations(Station& station);

  // The status word of ReserveNow.conf. An accepted reservation counts from now on.
  std::string reserve(const base::Value& request);
  bool cancel(std::int64_t id);
  // The connector was set to Faulted or Unavailable; 0: the charge point was.
  void end(int connector);
  // The one that keeps this connector from others; nullptr when it is free for everybody.
  const Reservation* holding(int connector) const;
  // The idTag was let in under this reservation: it has served its purpose.
  void use(std::int64_t id);
  // Waits for the next expiry.
  void arm();
  void stop() { expiry_.stop(); }

 private:
  bool free(int connector) const;
  std::string refusal_of(int connector) const;
  std::string refusal_of_all() const;
  void expire();

  Station& station_;
  Timer expiry_;
};

}  // namespace plugproof::simulator
