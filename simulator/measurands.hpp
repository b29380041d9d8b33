// Plausible readings for every measurand of OCPP 1.6 section 7.31.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugproof::simulator {

struct Reading {
  std::string value;
  std::string unit;      // of UnitOfMeasure; empty where the list has none that fits
  std::string location;  // empty: the default, Outlet
  std::string phase;     // empty: all phases together
};

struct MeterState {
  double register_wh = 0;
  double interval_wh = 0;  // since the last interval reading
  double power_w = 0;
  double charged_wh = 0;  // since the transaction began
};

// One reading, or one per phase where that is asked for and makes sense.
std::vector<Reading> read_measurand(std::string_view measurand, const MeterState& state,
                                    bool per_phase);

}  // namespace plugproof::simulator
