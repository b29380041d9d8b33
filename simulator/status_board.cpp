#include "simulator/status_board.hpp"

#include <algorithm>
#include <utility>

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

bool StatusBoard::plugged(int connector) const {
  const Context& context = station_.context;
  const Outlet& outlet = context.plant.outlet(connector);
  return context.capabilities.fixed(connector) ? outlet.vehicle : outlet.cable;
}

bool StatusBoard::faulted(int connector) const {
  const Plant& plant = station_.context.plant;
  if (plant.fault) return true;
  return connector > 0 &&
         (plant.outlet(connector).fault || station_.connector(connector).lock_failure);
}

std::string StatusBoard::derive_status(const Connector& connector) const {
  const Context& context = station_.context;
  const Outlet& outlet = context.plant.outlet(connector.id);
  const auto index = static_cast<std::size_t>(connector.id);
  if (connector.transaction != 0) {
    if (connector.suspended_by_station || connector.allowed_power <= 0) return "SuspendedEVSE";
    if (!outlet.vehicle || !outlet.vehicle_ready || connector.vehicle_waits) return "SuspendedEV";
    return "Charging";
  }
  if (!context.memory.operative[index]) return "Unavailable";
  if (context.memory.finishing[index] && (plugged(connector.id) || connector.lingering))
    return "Finishing";
  if (connector.authorization || connector.tag_shown) return "Preparing";
  // Kept out of use for a firmware update (section 5.19).
  if (station_.firmware.holds() && !plugged(connector.id)) return "Unavailable";
  // Plugging in alone does not end a reservation (transition G2 of section 4.9).
  if (station_.reservations.holding(connector.id)) return "Reserved";
  if (plugged(connector.id)) return "Preparing";
  return "Available";
}

Status StatusBoard::derive(int number) const {
  const Context& context = station_.context;
  Defects& defects = context.defects;
  Status out;
  if (faulted(number) && !defects.on("no-fault-report")) {
    out.status = "Faulted";
    out.error_code = number > 0 && station_.connector(number).lock_failure ? "ConnectorLockFailure"
                                                                           : "InternalError";
    if (defects.on("wrong-error-code"))
      out.error_code = defects.argument("wrong-error-code").empty()
                           ? "GroundFailure"
                           : defects.argument("wrong-error-code");
    return out;
  }
  if (number == 0) {
    const bool usable = context.memory.operative[0] && !station_.firmware.holds();
    out.status = usable ? "Available" : "Unavailable";
    return out;
  }
  const Connector& connector = station_.connector(number);
  out.status = derive_status(connector);
  // The words are given by the explanation of StopTransactionOnEVSideDisconnect (section 9.1).
  if (connector.transaction != 0 && !context.plant.outlet(number).vehicle &&
      !defects.on("no-disconnect-info"))
    out.info = "EV side disconnected";
  return out;
}

void StatusBoard::update(int number) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  Connector& connector = station_.connector(number);
  const Status now = derive(number);
  if (number > 0) {
    // A fault interrupts the energy, and so does everything else that is not Charging.
    const bool charging = now.status == "Charging" && !faulted(number);
    EnergyMeter& meter = context.plant.outlet(number).meter;
    const double power = charging ? std::min(EnergyMeter::kPower, connector.allowed_power) : 0.0;
    if (meter.power() != power) meter.flow(power, context.clock.now());
  }
  if (now == connector.current) return;
  if (now.status == "Faulted") defects.hit("wrong-error-code");
  connector.current = now;
  if (!station_.registration.accepted()) {
    if (!defects.on("status-while-rejected") || !station_.registration.refused()) return;
    defects.hit("status-while-rejected");
  }
  const auto minimum = context.configuration.number("MinimumStatusDuration");
  if (now == connector.reported) {
    connector.stable.stop();
  } else if (minimum <= 0 || defects.hit("ignore-minimum-status-duration")) {
    connector.stable.stop();
    report(number);
  } else {
    connector.stable.start(std::chrono::seconds(minimum), [this, number] { report(number); });
  }
}

void StatusBoard::update_all() {
  for (int number = 0; number <= station_.context.capabilities.connectors; ++number) update(number);
}

void StatusBoard::report(int number) {
  Connector& connector = station_.connector(number);
  Defects& defects = station_.context.defects;
  if (connector.reported == connector.current) return;
  if (!station_.messenger.online()) {  // report_changes() sees to it
    auto& missed = connector.missed;
    const Status& last = missed.empty() ? connector.reported : missed.back().first;
    if (station_.context.variations.every_offline_status && last != connector.current)
      missed.emplace_back(connector.current, station_.context.now_utc());
    return;
  }
  const std::string before = connector.reported.status;
  const Status now = connector.current;
  connector.reported = now;
  if (now.status == "Charging" && defects.hit("stay-preparing")) return;
  if (now.status == "Charging" && before == "Preparing" && defects.hit("illegal-transition"))
    send(number, {.status = "Reserved", .error_code = "NoError", .info = {}},
         station_.context.now_utc());
  const bool availability = before == "Unavailable" || now.status == "Unavailable";
  if (availability && defects.hit("availability-without-status")) return;
  if (availability && number > 0 && station_.changing_all &&
      defects.hit("connectors-keep-available"))
    return;
  send(number, now, station_.context.now_utc());
}

void StatusBoard::send(int number, const Status& status, base::Micros time) {
  const Context& context = station_.context;
  int shown = number;
  if (number == 1 && context.defects.hit("wrong-connector")) shown = 2;
  Value payload = Value::object(
      {{"connectorId", shown}, {"errorCode", status.error_code}, {"status", status.status}});
  if (!status.info.empty())
    payload.set("info", status.info);
  else if (context.variations.status_info)
    payload.set("info", "plugproof reference charge point");
  if (context.variations.status_timestamp) payload.set("timestamp", context.timestamp(time));
  const bool urgent = !station_.registration.accepted();
  // Lost with the connection: to be told again when there is one.
  const auto told = [this, number, status](const Answer& answer) {
    Connector& connector = station_.connector(number);
    if (answer.how == Answer::How::offline && connector.reported == status) connector.reported = {};
  };
  station_.messenger.call("StatusNotification", payload, told, urgent);
  if (context.defects.hit("repeat-status"))
    station_.messenger.call("StatusNotification", payload, {}, urgent);
}

void StatusBoard::report_all() {
  const Context& context = station_.context;
  std::vector<int> order;
  for (int number = 0; number <= context.capabilities.connectors; ++number) order.push_back(number);
  if (context.variations.boot_order == Variations::BootOrder::descending)
    std::reverse(order.begin(), order.end());
  if (context.variations.boot_order == Variations::BootOrder::zero_last)
    std::rotate(order.begin(), order.begin() + 1, order.end());
  for (const int number : order) {
    Connector& connector = station_.connector(number);
    connector.current = derive(number);
    connector.reported = connector.current;
    connector.stable.stop();
    connector.missed.clear();
    const std::string name = std::to_string(number);
    if (context.defects.on("no-boot-status", name) && context.defects.hit("no-boot-status", name))
      continue;
    send(number, connector.current, context.now_utc());
  }
}

void StatusBoard::report_changes() {
  for (int number = 0; number <= station_.context.capabilities.connectors; ++number) {
    Connector& connector = station_.connector(number);
    for (const auto& [status, time] : std::exchange(connector.missed, {})) {
      send(number, status, time);
      connector.reported = status;
    }
    report(number);
  }
}

void StatusBoard::report_again(int number) {
  Connector& connector = station_.connector(number);
  connector.stable.stop();
  connector.reported = connector.current;
  send(number, connector.current, station_.context.now_utc());
}

}  // namespace plugproof::simulator
