#include "simulator/plant.hpp"

namespace plugproof::simulator {

void EnergyMeter::flow(double power, base::Nanos now) {
  wh_ = register_wh(now);
  since_ = now;
  power_ = power;
}

double EnergyMeter::register_wh(base::Nanos now) const {
  return wh_ + power_ * base::to_seconds(now - since_) / 3600.0;
}

}  // namespace plugproof::simulator
