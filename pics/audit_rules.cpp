#include "pics/audit_rules.hpp"

namespace plugproof::pics {

const std::vector<AuditRule>& audit_rules() {
  using enum Comparison;
  constexpr auto kProfiles = "SupportedFeatureProfiles";
  constexpr auto kUnits = "ChargingScheduleAllowedChargingRateUnit";
  constexpr auto kList = "supports.LocalAuthListManagement";
  constexpr auto kSmart = "supports.SmartCharging";
  constexpr auto kFirmware = "supports.FirmwareManagement";
  constexpr auto kTls = "supports.SecurityProfile2";
  constexpr bool kRequired = true;
  static const std::vector<AuditRule> rules = {
      // OCPP 1.6 section 9.1.27; the profiles are those of section 3.3.
      {"profile.Core", kProfiles, names, "Core", "", kRequired},
      {"profile.FirmwareManagement", kProfiles, names, "FirmwareManagement", "", kRequired},
      {"profile.LocalAuthListManagement", kProfiles, names, "LocalAuthListManagement", "",
       kRequired},
      {"profile.SmartCharging", kProfiles, names, "SmartCharging", "", kRequired},
      {"profile.RemoteTrigger", kProfiles, names, "RemoteTrigger", "", kRequired},
      {"profile.Reservation", kProfiles, names, "Reservation", "", kRequired},
      {"LA-0", kProfiles, names, "LocalAuthListManagement", "", kRequired},
      {"RT-0", kProfiles, names, "RemoteTrigger", "", kRequired},
      {"R-0", kProfiles, names, "Reservation", "", kRequired},

      {"HFS-8", "NumberOfConnectors", equals, "", "", kRequired},

      {"C-01", "LocalAuthorizeOffline", can_be, "true", "", kRequired},
      // "If this key exists" says section 9.1 of the first two; the others exist where supported.
      {"C-02", "AllowOfflineTxForUnknownId", exists},
      {"C-04", "AuthorizationCacheEnabled", exists},
      {"C-03", "MaxEnergyOnInvalidId", exists},
      {"C-05", "MinimumStatusDuration", exists},
      {"C-06.1", "StopTransactionOnEVSideDisconnect", can_be, "false", "", kRequired},
      {"C-06.2", "StopTransactionOnEVSideDisconnect", can_be, "true", "", kRequired},
      {"C-10.1", "UnlockConnectorOnEVSideDisconnect", can_be, "true", "", kRequired},
      {"C-10.2", "UnlockConnectorOnEVSideDisconnect", can_be, "false", "", kRequired},
      {"C-09.1", "MeterValuesSampledData", among, "", "", kRequired},
      {"C-09.2", "MeterValuesAlignedData", among, "", "", kRequired},

      // Security whitepaper, section 2: the profile in force.
      {"C-11", "SecurityProfile", shows, "1"},
      {"SEC-1", "SecurityProfile", shows, "1"},
      {"SEC-2", "SecurityProfile", shows, "2"},
      {"SEC-3", "SecurityProfile", shows, "3"},
      {"profile.AdvancedSecurity", "SecurityProfile", shows, "3"},

      {"R-1", "ReserveConnectorZeroSupported", is_true, "", "supports.Reservation"},
      {"SC-1.1", kUnits, names, "Current", kSmart, kRequired},
      {"SC-1.2", kUnits, names, "Power", kSmart, kRequired},

      {"ORS-1", "GetConfigurationMaxKeys", equals, "", "", kRequired},
      {"ORS-2", "MeterValuesAlignedDataMaxLength", equals},
      {"ORS-3", "MeterValuesSampledDataMaxLength", equals},
      {"ORS-4", "MeterValueSampleInterval", at_least, "", "", kRequired},
      {"ORS-5", "MeterValueSampleInterval", at_most, "", "", kRequired},
      {"ORS-6", "HeartbeatInterval", at_least, "", "", kRequired},
      {"ORS-7", "HeartbeatInterval", at_most, "", "", kRequired},
      {"ORS-8", "StopTransactionMaxMeterValues", equals},
      {"ORS-9", "StopTxnAlignedDataMaxLength", equals},
      {"ORS-10", "StopTxnSampledDataMaxLength", equals},
      {"ORS-11", "WebSocketPingInterval", setting},
      {"ORS-12", "LocalAuthListMaxLength", equals, "", kList, kRequired},
      {"ORS-13", "SendLocalListMaxLength", equals, "", kList, kRequired},
      {"ORS-14", "ChargeProfileMaxStackLevel", equals, "", kSmart, kRequired},
      {"ORS-15", "ChargingScheduleMaxPeriods", equals, "", kSmart, kRequired},
      {"ORS-16", "SupportedFileTransferProtocols", equals, "", kFirmware},
      {"ORS-17", "CertificateSignedMaxChainSize", equals, "", kTls},
      {"ORS-18", "CertificateStoreMaxLength", equals, "", kTls},
      {"ORS-19", "MaxChargingProfilesInstalled", equals, "", kSmart},
  };
  return rules;
}

std::string_view feature_of_key(std::string_view key) {
  if (key.starts_with("LocalAuthList") || key == "SendLocalListMaxLength")
    return "supports.LocalAuthListManagement";
  if (key == "ReserveConnectorZeroSupported") return "supports.Reservation";
  if (key == "SupportedFileTransferProtocols") return "supports.FirmwareManagement";
  if (key.starts_with("Charg") || key == "ConnectorSwitch3to1PhaseSupported" ||
      key == "MaxChargingProfilesInstalled")
    return "supports.SmartCharging";
  return "";
}

}  // namespace plugproof::pics
