#include "simulator/plant.hpp"

namespace plugproof::simulator {

void EnergyMeter::flow(bool on, base::Nanos now) {
  wh_ = register_wh(now);
  since_ = now;
  flowing_ = on;
}

double EnergyMeter::register_wh(base::Nanos now) const {
  return flowing_ ? wh_ + kPower * base::to_seconds(now - since_) / 3600.0 : wh_;
}

}  // namespace plugproof::simulator
