#include "simulator/physical.hpp"

#include <optional>

#include "engine/base/diagnostics.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

namespace {

using base::Value;

const ActionResult kDone{true, {}};

ActionResult refused(std::string reason) {
  return {false, std::move(reason)};
}

// One action with its arguments read.
struct Action {
  Powered& unit;
  const Value& arguments;
  int connector = 1;

  Context& context() const { return unit.context(); }
  Outlet& outlet() const { return unit.context().plant.outlet(connector); }
  bool fixed() const { return unit.context().capabilities.fixed(connector); }
  std::string name() const { return "connector " + std::to_string(connector); }
  // The running software learns of it after the reaction time.
  void notice(std::function<void(Station&)> event) const {
    Station* station = unit.running();
    if (!station) return;
    station->delays.after(unit.context().variations.reaction,
                          [station, event = std::move(event)] { event(*station); });
  }
};

std::optional<bool> flag(const Value& arguments, const char* name) {
  const Value* value = arguments.find(name);
  if (!value) return std::nullopt;
  if (value->is_bool()) return value->as_bool();
  if (value->is_string() && (value->as_string() == "true" || value->as_string() == "false"))
    return value->as_string() == "true";
  return std::nullopt;
}

ActionResult plug_in(const Action& action) {
  Outlet& outlet = action.outlet();
  const bool halfway = flag(action.arguments, "halfway").value_or(false);
  if (halfway && action.fixed())
    return refused(action.name() + " has a fixed cable, there is no socket to plug into halfway");
  if (outlet.vehicle && outlet.cable && !outlet.halfway && !halfway) return kDone;
  Station* station = action.unit.running();
  if (action.context().capabilities.closed_socket && !action.fixed() && !outlet.cable) {
    Connector* connector = station ? &station->connector(action.connector) : nullptr;
    if (connector && connector->authorizing) {
      connector->cable_in_hand = halfway;
      return kDone;
    }
    if (!connector || !connector->authorization)
      return refused(action.name() + " is closed until an authorisation (AQ-2)");
  }
  const bool was_in = outlet.cable && !action.fixed();
  outlet.plug_in(halfway);
  action.notice([c = action.connector, was_in](Station& unit) {
    was_in ? unit.driver.vehicle_connected(c) : unit.driver.plugged(c);
  });
  return kDone;
}

ActionResult ev_plug_out(const Action& action) {
  Outlet& outlet = action.outlet();
  if (!outlet.vehicle) return refused("no vehicle is connected to " + action.name());
  outlet.vehicle = false;
  action.notice([c = action.connector](Station& unit) { unit.driver.vehicle_disconnected(c); });
  return kDone;
}

ActionResult plug_out(const Action& action) {
  Outlet& outlet = action.outlet();
  if (action.fixed()) return outlet.vehicle ? ev_plug_out(action) : kDone;
  if (!outlet.cable) return kDone;
  if (outlet.locked) return refused("the cable is locked in " + action.name());
  outlet.cable = false;
  outlet.halfway = false;
  outlet.vehicle = false;
  action.notice([c = action.connector](Station& unit) { unit.driver.unplugged(c); });
  return kDone;
}

ActionResult ev_plug_in(const Action& action) {
  Outlet& outlet = action.outlet();
  if (outlet.vehicle) return kDone;
  if (!outlet.cable) return refused("no cable is in " + action.name());
  outlet.vehicle = true;
  action.notice([c = action.connector](Station& unit) { unit.driver.vehicle_connected(c); });
  return kDone;
}

ActionResult present_id(const Action& action) {
  const std::string id_tag = action.arguments.string_or("id_tag", "");
  if (id_tag.empty()) return refused("present_id needs an id_tag");
  if (!action.unit.running()) return refused("the charge point has no power");
  if (!action.context().capabilities.local_start && !action.context().capabilities.local_stop)
    return refused("the charge point has no local start and no local stop (C-07, C-08)");
  action.notice([id_tag, c = action.connector](Station& unit) {
    if (unit.connector(c).transaction == 0 && !unit.context.capabilities.local_start) return;
    unit.driver.presented(id_tag, c);
  });
  return kDone;
}

ActionResult press_stop(const Action& action) {
  if (!action.unit.running()) return refused("the charge point has no power");
  if (!action.context().capabilities.local_stop)
    return refused("the charge point has no local stop (C-08)");
  if (action.unit.running()->connector(action.connector).transaction == 0)
    return refused("no transaction runs on " + action.name());
  action.notice([c = action.connector](Station& unit) { unit.driver.stop_pressed(c); });
  return kDone;
}

ActionResult fault(const Action& action) {
  const auto on = flag(action.arguments, "on");
  if (!on) return refused("fault needs on: true or false");
  Plant& plant = action.context().plant;
  bool& state = action.connector == 0 ? plant.fault : plant.outlet(action.connector).fault;
  if (state == *on) return kDone;
  state = *on;
  action.notice([on = *on, connector = action.connector](Station& unit) {
    if (on) {
      unit.context.defects.hit("no-fault-report");
      unit.statuses.update(0);
      for (int c = 1; c <= unit.context.capabilities.connectors; ++c)
        if (unit.context.plant.fault || unit.context.plant.outlet(c).fault) unit.driver.withdraw(c);
      unit.reservations.end(connector);
    }
    unit.statuses.update_all();
  });
  return kDone;
}

ActionResult ev_ready(const Action& action) {
  const auto ready = flag(action.arguments, "ready");
  if (!ready) return refused("ev_ready needs ready: true or false");
  Outlet& outlet = action.outlet();
  outlet.vehicle_ready = *ready;
  action.notice(
      [c = action.connector](Station& unit) { unit.driver.vehicle_readiness_changed(c); });
  return kDone;
}

ActionResult unlock_failure(const Action& action) {
  const auto on = flag(action.arguments, "on");
  if (!on) return refused("unlock_failure needs on: true or false");
  if (action.fixed()) return refused(action.name() + " has a fixed cable and no lock");
  action.outlet().lock_blocked = *on;
  return kDone;
}

ActionResult power(const Action& action) {
  const auto on = flag(action.arguments, "on");
  if (!on) return refused("power needs on: true or false");
  *on ? action.unit.power_on() : action.unit.power_off();
  return kDone;
}

ActionResult power_cycle(const Action& action) {
  action.unit.power_cycle();
  return kDone;
}

ActionResult network(const Action& action) {
  const auto on = flag(action.arguments, "on");
  if (!on) return refused("network needs on: true or false");
  if (action.context().plant.network == *on) return kDone;
  action.context().plant.network = *on;
  if (Station* station = action.unit.running()) station->messenger.network(*on);
  return kDone;
}

ActionResult refuse_local_list(const Action& action) {
  const auto on = flag(action.arguments, "on");
  if (!on) return refused("refuse_local_list needs on: true or false");
  action.context().plant.refuse_local_list = *on;
  return kDone;
}

ActionResult local_limit(const Action& action) {
  const std::string limit = action.arguments.string_or("limit", "");
  if (!limit.empty() && !parse_local_limit(limit))
    return refused("local_limit needs a limit like 16 A or 11000 W, or an empty text for none");
  action.context().plant.local_limit = limit;
  action.notice([](Station& unit) { unit.charging.apply(); });
  return kDone;
}

struct Entry {
  const char* name;
  ActionResult (*perform)(const Action&);
  bool whole = false;  // connector 0 is allowed
};

constexpr Entry kActions[] = {
    {"plug_in", plug_in},
    {"plug_out", plug_out},
    {"ev_plug_in", ev_plug_in},
    {"ev_plug_out", ev_plug_out},
    {"present_id", present_id},
    {"press_stop", press_stop},
    {"fault", fault, true},
    {"unlock_failure", unlock_failure},
    {"refuse_local_list", refuse_local_list},
    {"local_limit", local_limit},
    {"power", power},
    {"power_cycle", power_cycle},
    {"network", network},
    {"ev_ready", ev_ready},
};

}  // namespace

ActionResult perform_action(Powered& unit, const std::string& name, const Value& arguments) {
  for (const Entry& entry : kActions) {
    if (name != entry.name) continue;
    const Value* given = arguments.find("connector");
    const std::int64_t connector = given && given->is_int() ? given->as_int() : 1;
    if (connector < (entry.whole ? 0 : 1) || connector > unit.context().capabilities.connectors)
      return refused("there is no connector " + std::to_string(connector));
    return entry.perform({unit, arguments, static_cast<int>(connector)});
  }
  std::vector<std::string> names;
  for (const Entry& entry : kActions) names.emplace_back(entry.name);
  return refused("unknown action '" + name + "'" + base::did_you_mean(name, names));
}

}  // namespace plugproof::simulator
