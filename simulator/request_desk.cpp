#include "simulator/request_desk.hpp"

#include "engine/ocpp/schema.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

const RequestDesk::Entry* RequestDesk::find(const std::string& action) {
  static const Entry kEntries[] = {
      {"CancelReservation", "Reservation", &RequestDesk::cancel_reservation},
      {"CertificateSigned", kClientCertificate.data(), &RequestDesk::certificate_signed},
      {"ChangeAvailability", "Core", &RequestDesk::change_availability},
      {"ChangeConfiguration", "Core", &RequestDesk::change_configuration},
      {"ClearCache", "Core", &RequestDesk::clear_cache},
      {"ClearChargingProfile", "SmartCharging", &RequestDesk::clear_charging_profile},
      {"DataTransfer", "Core", &RequestDesk::data_transfer},
      {"DeleteCertificate", kStore.data(), &RequestDesk::delete_certificate},
      {"ExtendedTriggerMessage", kSecurity.data(), &RequestDesk::extended_trigger_message},
      {"GetCompositeSchedule", "SmartCharging", &RequestDesk::get_composite_schedule},
      {"GetConfiguration", "Core", &RequestDesk::get_configuration},
      {"GetDiagnostics", "FirmwareManagement", &RequestDesk::get_diagnostics},
      {"GetInstalledCertificateIds", kStore.data(), &RequestDesk::get_installed_certificate_ids},
      {"GetLocalListVersion", "LocalAuthListManagement", &RequestDesk::get_local_list_version},
      {"GetLog", kSecurity.data(), &RequestDesk::get_log},
      {"InstallCertificate", kStore.data(), &RequestDesk::install_certificate},
      {"RemoteStartTransaction", "Core", &RequestDesk::remote_start},
      {"RemoteStopTransaction", "Core", &RequestDesk::remote_stop},
      {"ReserveNow", "Core", &RequestDesk::reserve_now},
      {"Reset", "Core", &RequestDesk::reset},
      {"SendLocalList", "LocalAuthListManagement", &RequestDesk::send_local_list},
      {"SetChargingProfile", "SmartCharging", &RequestDesk::set_charging_profile},
      {"SignedUpdateFirmware", kSecureFirmware.data(), &RequestDesk::signed_update_firmware},
      {"TriggerMessage", "RemoteTrigger", &RequestDesk::trigger_message},
      {"UnlockConnector", "Core", &RequestDesk::unlock_connector},
      {"UpdateFirmware", "FirmwareManagement", &RequestDesk::update_firmware},
  };
  for (const Entry& entry : kEntries)
    if (action == entry.action) return &entry;
  return nullptr;
}

void RequestDesk::received(const ocpp::Frame& frame) {
  const auto state = station_.registration.state();
  // Neither before the first answer nor while rejected (section 4.2).
  if (state == Registration::State::unknown || state == Registration::State::rejected) return;
  if (state == Registration::State::pending && station_.context.defects.hit("silent-while-pending"))
    return;
  station_.delays.after(station_.context.variations.response_delay,
                        [this, frame] { perform(frame); });
}

bool RequestDesk::available(const Entry& entry) const {
  const Capabilities& can = station_.context.capabilities;
  if (entry.profile == kSecurity) return can.security();
  if (entry.profile == kStore) return can.tls() || can.secure_firmware;
  if (entry.profile == kClientCertificate) return can.has_security_profile(3);
  if (entry.profile == kSecureFirmware) return can.secure_firmware;
  return can.has_profile(entry.profile);
}

void RequestDesk::perform(const ocpp::Frame& frame) {
  Messenger& messenger = station_.messenger;
  if (!ocpp::is_action(frame.action))
    return messenger.respond_error(frame.id, "NotImplemented", "no such action");
  const Entry* entry = find(frame.action);
  // A missing local list can be told by a CALLERROR or in the answer itself (sections 5.10, 5.15).
  const bool told = entry && std::string_view(entry->profile) == "LocalAuthListManagement" &&
                    !station_.context.variations.error_without_list;
  if (!entry || !(told || available(*entry))) {
    // RemoteTrigger unclaimed: the action is not known here; others are recognised (OCPP-J
    // section 4.2.3).
    const bool unknown = frame.action == "TriggerMessage";
    return messenger.respond_error(frame.id, unknown ? "NotImplemented" : "NotSupported",
                                   frame.action + " is not available on this charge point");
  }
  if (const auto code = station_.context.defects.error_for(frame.action, frame.payload))
    return messenger.respond_error(frame.id, *code, "switched on");
  const auto violations = ocpp::validate(frame.action, ocpp::Direction::request, frame.payload);
  if (!violations.empty())
    return messenger.respond_error(frame.id, violations.front().error_code,
                                   violations.front().message);
  Reply reply = (this->*entry->handler)(frame.payload);
  if (!reply.error_code.empty())
    return messenger.respond_error(frame.id, reply.error_code, reply.description);
  messenger.respond(frame, std::move(reply.payload), std::move(reply.then));
}

namespace {
Value status(const char* word) {
  return Value::object({{"status", word}});
}
}  // namespace

RequestDesk::Reply RequestDesk::clear_cache(const Value&) {
  if (station_.context.defects.hit("refuse-clear-cache")) return {status("Rejected"), {}, {}, {}};
  return {status(station_.authorizer.clear_cache() ? "Accepted" : "Rejected"), {}, {}, {}};
}

RequestDesk::Reply RequestDesk::data_transfer(const Value&) {
  return {status("UnknownVendorId"), {}, {}, {}};
}

int RequestDesk::choose_connector(const std::string& id_tag) const {
  int chosen = 0;
  for (int number = station_.context.capabilities.connectors; number >= 1; --number) {
    if (!station_.driver.can_start(number) || !station_.driver.admits(number, id_tag)) continue;
    const Reservation* reservation = station_.reservations.holding(number);
    if (reservation && reservation->id_tag == id_tag) return number;
    if (chosen == 0 || station_.statuses.plugged(number) || !station_.statuses.plugged(chosen))
      chosen = number;
  }
  return chosen;
}

RequestDesk::Reply RequestDesk::remote_start(const Value& request) {
  Context& context = station_.context;
  Reply rejected{status("Rejected"), {}, {}, {}};
  if (!station_.registration.accepted() || context.defects.hit("refuse-remote-start"))
    return rejected;
  const std::string id_tag = request.string_or("idTag", "");
  const Value* wanted = request.find("connectorId");
  std::int64_t number = wanted && wanted->is_int() ? wanted->as_int() : choose_connector(id_tag);
  if (number == 0 && wanted && context.defects.hit("accept-remote-start-on-zero"))
    return {status("Accepted"), {}, {}, {}};
  if (number < 1 || number > context.capabilities.connectors) return rejected;
  const int connector = static_cast<int>(number);
  if (!station_.driver.can_start(connector) || !station_.driver.admits(connector, id_tag)) {
    if (context.defects.hit("accept-remote-start-when-busy"))
      return {status("Accepted"), {}, {}, {}};
    return rejected;
  }
  // Without smart charging a profile is ignored (section 5.11).
  std::optional<Value> profile;
  const Value* given = request.find("chargingProfile");
  if (given && context.capabilities.has_profile("SmartCharging")) {
    if (!station_.charging.fits_remote_start(*given)) {
      if (!context.variations.refuses_by_error) return rejected;
      return {{}, {}, "PropertyConstraintViolation", "no TxProfile that can be used"};
    }
    if (!context.defects.hit("ignore-remote-profile")) profile = *given;
  }
  if (context.defects.hit("ignore-remote-start")) return {status("Accepted"), {}, {}, {}};
  return {status("Accepted"),
          [this, id_tag, connector, profile] {
            station_.delays.after(station_.context.variations.reaction,
                                  [this, id_tag, connector, profile] {
                                    station_.driver.start_remotely(id_tag, connector, profile);
                                  });
          },
          {},
          {}};
}

RequestDesk::Reply RequestDesk::remote_stop(const Value& request) {
  Context& context = station_.context;
  if (!station_.registration.accepted()) return {status("Rejected"), {}, {}, {}};
  const int connector = station_.transactions.connector_of(request.int_or("transactionId", -1));
  if (connector == 0)
    return {status(context.defects.hit("stop-unknown-transaction") ? "Accepted" : "Rejected"),
            {},
            {},
            {}};
  if (context.defects.hit("refuse-remote-stop")) return {status("Rejected"), {}, {}, {}};
  if (context.defects.hit("ignore-remote-stop")) return {status("Accepted"), {}, {}, {}};
  return {status("Accepted"),
          [this, connector] {
            station_.delays.after(station_.context.variations.reaction, [this, connector] {
              station_.transactions.stop(connector, "Remote", std::nullopt);
            });
          },
          {},
          {}};
}

RequestDesk::Reply RequestDesk::reset(const Value& request) {
  Context& context = station_.context;
  if (context.defects.hit("refuse-reset")) return {status("Rejected"), {}, {}, {}};
  if (context.defects.hit("no-reset")) return {status("Accepted"), {}, {}, {}};
  const bool hard = request.string_or("type", "") == "Hard";
  return {status("Accepted"), [this, hard] { station_.reset(hard); }, {}, {}};
}

RequestDesk::Reply RequestDesk::unlock_connector(const Value& request) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  const std::int64_t number = request.int_or("connectorId", 0);
  if (number < 1 || number > context.capabilities.connectors)
    return {
        status(defects.hit("unlock-unknown-connector") ? "Unlocked" : "NotSupported"), {}, {}, {}};
  const int connector = static_cast<int>(number);
  if (context.capabilities.fixed(connector) || !context.capabilities.lock)
    return {status(defects.hit("unlock-fixed-cable") ? "Unlocked" : "NotSupported"), {}, {}, {}};
  if (defects.hit("never-unlock")) return {status("UnlockFailed"), {}, {}, {}};
  // A running transaction is finished first (section 5.18).
  std::function<void()> then;
  if (station_.connector(connector).transaction != 0 && !defects.hit("unlock-without-stop"))
    then = [this, connector] {
      station_.transactions.stop(connector, "UnlockCommand", std::nullopt);
    };
  bool unlocked = station_.driver.unlock(connector);
  if (!unlocked && defects.hit("unlock-failed-always-ok")) unlocked = true;
  return {status(unlocked ? "Unlocked" : "UnlockFailed"), std::move(then), {}, {}};
}

RequestDesk::Reply RequestDesk::change_availability(const Value& request) {
  Context& context = station_.context;
  const std::int64_t number = request.int_or("connectorId", -1);
  if (number < 0 || number > context.capabilities.connectors)
    return {status("Rejected"), {}, {}, {}};
  const bool operative = request.string_or("type", "") == "Operative";
  if (context.defects.hit("ignore-availability")) return {status("Accepted"), {}, {}, {}};
  const int connector = static_cast<int>(number);
  const bool waits = !operative && station_.in_use(connector);
  const bool wrong = waits && context.defects.hit("availability-at-once");
  return {status(waits && !wrong ? "Scheduled" : "Accepted"),
          [this, connector, operative] {
            station_.delays.after(station_.context.variations.reaction,
                                  [this, connector, operative] {
                                    station_.change_availability(connector, operative);
                                  });
          },
          {},
          {}};
}

}  // namespace plugproof::simulator
