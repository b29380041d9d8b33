// Which actions exist and who may send them: OCPP 1.6 section 4 (from the charge point), section 5
// (from the central system) and the message overview of the security whitepaper.
#include <algorithm>
#include <array>

#include "engine/ocpp/schema.hpp"

namespace plugproof::ocpp {

namespace {

struct Action {
  std::string_view name;
  Sender sender;
};

// Sorted by name.
constexpr std::array<Action, 39> kActions = {{
    {"Authorize", Sender::charge_point},
    {"BootNotification", Sender::charge_point},
    {"CancelReservation", Sender::central_system},
    {"CertificateSigned", Sender::central_system},
    {"ChangeAvailability", Sender::central_system},
    {"ChangeConfiguration", Sender::central_system},
    {"ClearCache", Sender::central_system},
    {"ClearChargingProfile", Sender::central_system},
    {"DataTransfer", Sender::both},
    {"DeleteCertificate", Sender::central_system},
    {"DiagnosticsStatusNotification", Sender::charge_point},
    {"ExtendedTriggerMessage", Sender::central_system},
    {"FirmwareStatusNotification", Sender::charge_point},
    {"GetCompositeSchedule", Sender::central_system},
    {"GetConfiguration", Sender::central_system},
    {"GetDiagnostics", Sender::central_system},
    {"GetInstalledCertificateIds", Sender::central_system},
    {"GetLocalListVersion", Sender::central_system},
    {"GetLog", Sender::central_system},
    {"Heartbeat", Sender::charge_point},
    {"InstallCertificate", Sender::central_system},
    {"LogStatusNotification", Sender::charge_point},
    {"MeterValues", Sender::charge_point},
    {"RemoteStartTransaction", Sender::central_system},
    {"RemoteStopTransaction", Sender::central_system},
    {"ReserveNow", Sender::central_system},
    {"Reset", Sender::central_system},
    {"SecurityEventNotification", Sender::charge_point},
    {"SendLocalList", Sender::central_system},
    {"SetChargingProfile", Sender::central_system},
    {"SignCertificate", Sender::charge_point},
    {"SignedFirmwareStatusNotification", Sender::charge_point},
    {"SignedUpdateFirmware", Sender::central_system},
    {"StartTransaction", Sender::charge_point},
    {"StatusNotification", Sender::charge_point},
    {"StopTransaction", Sender::charge_point},
    {"TriggerMessage", Sender::central_system},
    {"UnlockConnector", Sender::central_system},
    {"UpdateFirmware", Sender::central_system},
}};

}  // namespace

const std::vector<std::string>& all_actions() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    out.reserve(kActions.size());
    for (const auto& action : kActions) out.emplace_back(action.name);
    return out;
  }();
  return names;
}

bool is_action(std::string_view action) {
  return sender_of(action).has_value();
}

std::optional<Sender> sender_of(std::string_view action) {
  const auto it =
      std::lower_bound(kActions.begin(), kActions.end(), action,
                       [](const Action& a, std::string_view name) { return a.name < name; });
  if (it == kActions.end() || it->name != action) return std::nullopt;
  return it->sender;
}

std::vector<std::string> actions_of(Sender sender) {
  std::vector<std::string> out;
  for (const auto& action : kActions)
    if (action.sender == sender || action.sender == Sender::both) out.emplace_back(action.name);
  return out;
}

}  // namespace plugproof::ocpp
