// What the running software knows about one connector. Lost with the power, unlike Plant and
// Memory.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Authorization {
  std::string id_tag;
  std::optional<std::string> parent;
  bool remote = false;
  std::optional<std::int64_t> reservation;  // that it was let in by
  std::optional<base::Value> profile;       // that a remote start brought along
};

// One status as StatusNotification.req tells it (OCPP 1.6 section 6.47).
struct Status {
  std::string status, error_code = "NoError", info;
  bool operator==(const Status&) const = default;
};

struct Connector {
  Connector(base::Clock& clock, int number)
      : id(number),
        stable(clock),
        connection_timeout(clock),
        sampling(clock),
        settling(clock),
        energy(clock) {}

  int id;
  std::optional<Authorization> authorization;  // accepted, the cable is awaited
  bool authorizing = false;                    // an idTag is being looked up
  // Somebody stands at the closed socket with a cable, to push it in (only halfway, if true) as
  // soon as the lock opens.
  std::optional<bool> cable_in_hand;
  bool tag_shown = false;  // reported as Preparing while it is looked up
  bool starting = false;   // the cable is being locked
  bool lock_failure = false;
  bool vehicle_waits = false;         // connected, but not yet taking energy
  bool suspended_by_station = false;  // no energy after an authorisation was refused
  double allowed_power = std::numeric_limits<double>::infinity();  // watts, by charging profiles
  bool lingering = false;  // Finishing although the cable has left
  bool inoperative_afterwards = false;
  std::uint64_t transaction = 0;   // Transaction::number
  std::int64_t energy_limit = -1;  // Wh since start after which a refused idTag gets no more
  base::Nanos started{0};
  std::int64_t interval_register = 0;  // register at the last Energy.Active.Import.Interval

  Status current, reported;
  std::vector<std::pair<Status, base::Micros>> missed;  // changes while there was no connection
  Timer stable;                                         // MinimumStatusDuration
  Timer connection_timeout;                             // ConnectionTimeOut
  Timer sampling;                                       // MeterValueSampleInterval
  Timer settling;                                       // vehicle_waits, lingering
  Timer energy;                                         // energy_limit
};

}  // namespace plugproof::simulator
