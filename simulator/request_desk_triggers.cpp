// TriggerMessage (OCPP 1.6 section 5.17) and ExtendedTriggerMessage (security whitepaper,
// section 5.5).
#include "simulator/request_desk.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

namespace {
Value status(const char* word) {
  return Value::object({{"status", word}});
}
}  // namespace

RequestDesk::Reply RequestDesk::send_soon(std::function<void()> send) {
  return {status("Accepted"),
          [this, send = std::move(send)] {
            station_.delays.after(station_.context.variations.reaction, send);
          },
          {},
          {}};
}

std::optional<RequestDesk::Reply> RequestDesk::trigger(const Value& request) {
  Context& context = station_.context;
  const std::string message = request.string_or("requestedMessage", "");
  const Value* wanted = request.find("connectorId");
  const std::int64_t number = wanted && wanted->is_int() ? wanted->as_int() : -1;
  const bool named = wanted != nullptr;
  Defects& defects = context.defects;
  const bool unknown = named && (number < 1 || number > context.capabilities.connectors);
  if (unknown && !defects.hit("trigger-unknown-connector"))
    return Reply{status("Rejected"), {}, {}, {}};
  if (defects.hit("ignore-trigger", message)) return Reply{status("Accepted"), {}, {}, {}};
  const auto each = [this, named, number, unknown](const std::function<void(int)>& send) {
    // The charge point as a whole stands for a connector that is not there.
    const int other = station_.context.capabilities.connectors > 1 && number == 1 ? 2 : 0;
    if (unknown || (named && station_.context.defects.hit("trigger-other-connector")))
      return send(other);
    if (named) return send(static_cast<int>(number));
    for (int c = 1; c <= station_.context.capabilities.connectors; ++c) send(c);
  };
  if (message == "BootNotification")
    return send_soon([this] { station_.registration.send_boot(); });
  if (message == "Heartbeat")
    return send_soon([this] { station_.registration.send_heartbeat(true); });
  if (message == "MeterValues")
    return send_soon(
        [this, each] { each([this](int c) { station_.metering.send_triggered(c); }); });
  if (message == "StatusNotification")
    return send_soon([this, each, named] {
      if (!named) station_.statuses.report_again(0);
      each([this](int c) { station_.statuses.report_again(c); });
    });
  return std::nullopt;
}

RequestDesk::Reply RequestDesk::trigger_message(const Value& request) {
  const Context& context = station_.context;
  if (auto reply = trigger(request)) return *std::move(reply);
  const std::string message = request.string_or("requestedMessage", "");
  if (!context.capabilities.has_profile("FirmwareManagement"))
    return {status("NotImplemented"), {}, {}, {}};
  if (message == "DiagnosticsStatusNotification")
    return send_soon([this, message] {
      station_.messenger.call(message, station_.logs.status(false), {}, true);
    });
  if (message == "FirmwareStatusNotification" && context.variations.firmware_trigger)
    return send_soon([this, message] {
      station_.messenger.call(message, Value::object({{"status", station_.firmware.status()}}), {},
                              true);
    });
  return {status("NotImplemented"), {}, {}, {}};
}

RequestDesk::Reply RequestDesk::extended_trigger_message(const Value& request) {
  Context& context = station_.context;
  if (auto reply = trigger(request)) return *std::move(reply);
  const std::string message = request.string_or("requestedMessage", "");
  if (message == "LogStatusNotification")
    return send_soon([this] {
      station_.messenger.call("LogStatusNotification", station_.logs.status(true), {}, true);
    });
  if (message == "FirmwareStatusNotification" && context.capabilities.secure_firmware)
    return send_soon([this] {
      station_.messenger.call("SignedFirmwareStatusNotification", station_.firmware.signed_status(),
                              {}, true);
    });
  if (message == "SignChargePointCertificate" && context.capabilities.has_security_profile(3)) {
    const std::string problem = station_.renewal.problem();
    if (!problem.empty()) context.log("no certificate is asked for: " + problem);
    if (!problem.empty() || context.defects.hit("refuse-sign-trigger"))
      return {status("Rejected"), {}, {}, {}};
    return send_soon([this] { station_.renewal.begin(true); });
  }
  return {status("NotImplemented"), {}, {}, {}};
}

}  // namespace plugproof::simulator
