// Which rows of 2024 and 2025 state the value of an OCPP configuration key.
#include "pics/loader.hpp"

namespace plugproof::pics {

namespace {

struct KeyOfRow {
  const char* id;
  const char* key;
};

constexpr KeyOfRow kRows[] = {
    {"HFS-8", "NumberOfConnectors"},
    {"C-09.1", "MeterValuesSampledData"},
    {"C-09.2", "MeterValuesAlignedData"},
    {"R-1", "ReserveConnectorZeroSupported"},
    {"ORS-1", "GetConfigurationMaxKeys"},
    {"ORS-2", "MeterValuesAlignedDataMaxLength"},
    {"ORS-3", "MeterValuesSampledDataMaxLength"},
    {"ORS-8", "StopTransactionMaxMeterValues"},
    {"ORS-9", "StopTxnAlignedDataMaxLength"},
    {"ORS-10", "StopTxnSampledDataMaxLength"},
    {"ORS-11", "WebSocketPingInterval"},
    {"ORS-12", "LocalAuthListMaxLength"},
    {"ORS-13", "SendLocalListMaxLength"},
    {"ORS-14", "ChargeProfileMaxStackLevel"},
    {"ORS-15", "ChargingScheduleMaxPeriods"},
    {"ORS-16", "SupportedFileTransferProtocols"},
    {"ORS-17", "CertificateSignedMaxChainSize"},
    {"ORS-18", "CertificateStoreMaxLength"},
    {"ORS-19", "MaxChargingProfilesInstalled"},
};

// Lists are comma separated in configuration keys (OCPP 1.6 section 9).
std::string as_key_value(const base::Value& value) {
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_int()) return std::to_string(value.as_int());
  std::vector<std::string> names;
  for (const auto& item : value.as_list()) names.push_back(item.as_string());
  return join(names, ",");
}

}  // namespace

std::map<std::string, std::string, std::less<>> stated_configuration(const Pics& pics) {
  std::map<std::string, std::string, std::less<>> configuration;
  for (const auto& row : kRows)
    if (const auto value = pics.lookup(row.id)) configuration[row.key] = as_key_value(*value);

  const auto says_yes = [&](std::string_view name) {
    const auto answer = pics.lookup(name);
    return answer && answer->as_bool();
  };
  std::vector<std::string> units;
  if (says_yes("SC-1.1")) units.push_back("Current");
  if (says_yes("SC-1.2")) units.push_back("Power");
  if (!units.empty()) configuration["ChargingScheduleAllowedChargingRateUnit"] = join(units, ",");

  std::vector<std::string> profiles = {"Core"};
  for (const char* profile : {"FirmwareManagement", "LocalAuthListManagement", "Reservation",
                              "SmartCharging", "RemoteTrigger"})
    if (says_yes("supports." + std::string(profile))) profiles.push_back(profile);
  configuration["SupportedFeatureProfiles"] = join(profiles, ",");
  return configuration;
}

}  // namespace plugproof::pics
