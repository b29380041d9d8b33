// Physical actions on the charge point: what a person or a fixture does to it. The world changes at
// once, the charge point notices a little later, and only while it has power.
#pragma once

#include <string>

#include "engine/base/value.hpp"
#include "simulator/charge_point.hpp"

namespace plugproof::simulator {

struct Context;
struct Station;

// The supply, and what runs on it.
class Powered {
 public:
  virtual ~Powered() = default;
  virtual void power_on() = 0;
  virtual void power_off() = 0;
  virtual void power_cycle() = 0;
  virtual Station* running() = 0;  // nullptr without power
  virtual Context& context() = 0;
};

ActionResult perform_action(Powered& unit, const std::string& action, const base::Value& arguments);

}  // namespace plugproof::simulator
