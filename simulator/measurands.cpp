#include "simulator/measurands.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace plugproof::simulator {

namespace {

constexpr double kVolts = 230.0;

std::string decimal(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string whole(double value) {
  return std::to_string(static_cast<long long>(std::floor(value)));
}

bool begins(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

}  // namespace

std::vector<Reading> read_measurand(std::string_view measurand, const MeterState& state,
                                    bool per_phase) {
  if (measurand == "Energy.Active.Import.Register")
    return {{whole(state.register_wh), "Wh", "", ""}};
  if (measurand == "Energy.Active.Import.Interval")
    return {{whole(state.interval_wh), "Wh", "", ""}};
  if (begins(measurand, "Energy.Reactive")) return {{"0", "varh", "", ""}};
  if (begins(measurand, "Energy.")) return {{"0", "Wh", "", ""}};
  if (measurand == "Power.Active.Import") return {{decimal(state.power_w, 1), "W", "", ""}};
  if (measurand == "Power.Offered") return {{"7400.0", "W", "", ""}};
  if (measurand == "Power.Reactive.Import" || measurand == "Power.Reactive.Export")
    return {{"0.0", "var", "", ""}};
  if (measurand == "Power.Active.Export") return {{"0.0", "W", "", ""}};
  if (measurand == "Power.Factor") return {{"1.00", "", "", ""}};
  if (measurand == "Current.Import") {
    const std::string value = decimal(state.power_w / kVolts, 1);
    if (!per_phase) return {{value, "A", "", ""}};
    return {{value, "A", "", "L1"}};
  }
  if (measurand == "Current.Export") return {{"0.0", "A", "", ""}};
  if (measurand == "Current.Offered") return {{"32.0", "A", "", ""}};
  if (measurand == "Voltage") return {{decimal(kVolts, 1), "V", "", per_phase ? "L1-N" : ""}};
  if (measurand == "Frequency") return {{"50.00", "", "", ""}};
  if (measurand == "Temperature") return {{"31.5", "Celsius", "Body", ""}};
  if (measurand == "RPM") return {{"1200", "", "Body", ""}};
  if (measurand == "SoC")
    return {{whole(std::min(100.0, 20.0 + state.charged_wh / 600.0)), "Percent", "EV", ""}};
  return {};
}

}  // namespace plugproof::simulator
