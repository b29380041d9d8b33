// The physical world around the charge point: cables, vehicles, faults and meters. It does not care
// whether the charge point has power, so it lives longer than the running software.
#pragma once

#include <string>
#include <vector>

#include "engine/base/time.hpp"

namespace plugproof::simulator {

// An energy meter that integrates the power that flows. Time is the one clock's.
class EnergyMeter {
 public:
  static constexpr double kPower = 7000.0;  // watts that a vehicle takes when nothing limits it

  // Brings the register up to `now`, then changes how much flows, in watts.
  void flow(double power, base::Nanos now);
  // The register in Wh, never falling.
  double register_wh(base::Nanos now) const;
  double power() const { return power_; }

 private:
  double wh_ = 0.0;
  double power_ = 0.0;
  base::Nanos since_{0};
};

struct Outlet {
  bool cable = false;    // in the station's socket; always true with a fixed cable
  bool halfway = false;  // in, but not far enough for the lock
  bool vehicle = false;  // the other end is in the vehicle
  bool vehicle_ready = true;
  bool locked = false;
  bool lock_blocked = false;  // unlocking fails mechanically
  bool fault = false;
  EnergyMeter meter;

  void plug_in(bool only_halfway) {
    cable = true;
    halfway = only_halfway;
    vehicle = true;
  }
};

struct Plant {
  std::vector<Outlet> outlets;  // index 0 unused
  bool fault = false;           // of the charge point as a whole
  bool network = true;
  bool refuse_local_list = false;
  std::string local_limit;  // "16 A", "11000 W", amperes without a unit; empty: none

  Outlet& outlet(int connector) { return outlets[static_cast<std::size_t>(connector)]; }
  const Outlet& outlet(int connector) const { return outlets[static_cast<std::size_t>(connector)]; }
};

}  // namespace plugproof::simulator
