// What people do at the charge point and what it makes of it: cables, vehicles, idTags, the stop
// button (OCPP 1.6 sections 4.1, 4.8, 4.9, 4.10, 5.11). Remote starts take the same way as
// presented idTags.
#pragma once

#include <string>

#include "simulator/connector.hpp"

namespace plugproof::simulator {

struct Station;

class Driver {
 public:
  explicit Driver(Station& station) : station_(station) {}

  // The plant has changed accordingly before.
  void plugged(int connector);
  void unplugged(int connector);
  void vehicle_connected(int connector);
  void vehicle_disconnected(int connector);
  void vehicle_readiness_changed(int connector);
  void presented(const std::string& id_tag, int connector);
  void stop_pressed(int connector);

  // A remote start that was accepted. Whether one can be accepted:
  bool can_start(int connector) const;
  // Whether the connector is not reserved, or perhaps for this idTag.
  bool admits(int connector, const std::string& id_tag) const;
  void start_remotely(const std::string& id_tag, int connector,
                      const std::optional<base::Value>& profile);
  // Gives up an authorisation that waits for its cable.
  void withdraw(int connector);
  // Lets the cable go; false when the lock is blocked.
  bool unlock(int connector);

 private:
  void identify(const Authorization& asked, int connector);
  void decided(int connector, const Authorization& authorization, bool accepted);
  void await_cable(int connector);
  void lock_and_start(int connector);
  // Whether the cable cannot be locked; that is reported then.
  bool lock_fails(int connector);
  void present_during_transaction(const std::string& id_tag, int connector);
  void vehicle_left(int connector);

  Station& station_;
};

}  // namespace plugproof::simulator
