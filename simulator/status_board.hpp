// The status of every connector (OCPP 1.6 section 4.9): found from the facts, reported when it has
// changed.
#pragma once

#include <string>

#include "simulator/connector.hpp"
#include "simulator/context.hpp"

namespace plugproof::simulator {

struct Station;

class StatusBoard {
 public:
  explicit StatusBoard(Station& station) : station_(station) {}

  // Whether a vehicle or its cable is in the connector.
  bool plugged(int connector) const;
  // Looks at the facts again, switches the energy accordingly and reports a change.
  void update(int connector);
  void update_all();
  // After the registration was accepted: every status, whatever was reported before.
  void report_all();
  // After a reconnection: what has changed meanwhile.
  void report_changes();
  // Reports the status once more, because it was asked for.
  void report_again(int connector);

 private:
  Status derive(int connector) const;
  std::string derive_status(const Connector& connector) const;
  bool faulted(int connector) const;
  void report(int connector);
  // `time`: when the connector took that status.
  void send(int connector, const Status& status, base::Micros time);

  Station& station_;
};

}  // namespace plugproof::simulator
