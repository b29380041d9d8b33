// Generation 2019 has no ids: its abstract prints a hardware table and 46 configuration keys. This
// reads them and answers the ids of the later generations where a row means the same.
#include <algorithm>

#include "pics/loader.hpp"

namespace plugproof::pics {

namespace {

using base::Value;
using base::YamlNode;
using Names = std::vector<std::string>;

const Names kSockets = {"Single", "Multiple"};
const Names kProfiles = {"Core",        "FirmwareManagement", "LocalAuthListManagement",
                         "Reservation", "SmartCharging",      "RemoteTrigger"};
// OCPP 1.6 section 9.4.2 says Current and Power; certificates print the units as well.
const Names kRateUnits = {"Current", "Power", "A", "W", "Ampere", "Watt"};

std::string ocpp_rate_unit(const std::string& name) {
  return name == "Current" || name == "A" || name == "Ampere" ? "Current" : "Power";
}

Value list_value(const Names& names) {
  return Value(Value::List(names.begin(), names.end()));
}

}  // namespace

const std::vector<KeyInfo>& key_table_2019() {
  using enum KeyType;
  static const std::vector<KeyInfo> table = {
      {"AllowOfflineTxForUnknownId", boolean},
      {"AuthorizationCacheEnabled", boolean},
      {"AuthorizeRemoteTxRequests", boolean, true},
      {"BlinkRepeat", integer},
      {"ClockAlignedDataInterval", seconds, true},
      {"ConnectionTimeOut", seconds, true},
      {"ConnectorPhaseRotation", free_list, true},
      {"ConnectorPhaseRotationMaxLength", integer},
      {"GetConfigurationMaxKeys", integer, true},
      {"HeartbeatInterval", seconds, true},
      {"LightIntensity", integer},
      {"LocalAuthorizeOffline", boolean, true},
      {"LocalPreAuthorize", boolean, true},
      {"MaxEnergyOnInvalidId", integer},
      {"MessageTimeout", seconds},
      {"MeterValuesAlignedData", measurands, true},
      {"MeterValuesAlignedDataMaxLength", integer},
      {"MeterValuesSampledData", measurands, true},
      {"MeterValuesSampledDataMaxLength", integer},
      {"MeterValueSampleInterval", seconds, true},
      {"MinimumStatusDuration", seconds},
      {"NumberOfConnectors", integer, true},
      {"ResetRetries", integer, true},
      {"StopTransactionMaxMeterValues", integer},
      {"StopTransactionOnEVSideDisconnect", boolean, true},
      {"StopTransactionOnInvalidId", boolean, true},
      {"StopTxnAlignedData", measurands, true},
      {"StopTxnAlignedDataMaxLength", integer},
      {"StopTxnSampledData", measurands, true},
      {"StopTxnSampledDataMaxLength", integer},
      {"SupportedFeatureProfiles", profiles, true},
      {"SupportedFeatureProfilesMaxLength", integer},
      {"TransactionMessageAttempts", integer, true},
      {"TransactionMessageRetryInterval", seconds, true},
      {"UnlockConnectorOnEVSideDisconnect", boolean, true},
      {"WebSocketPingInterval", seconds},
      {"LocalAuthListEnabled", boolean},
      {"LocalAuthListMaxLength", integer},
      {"SendLocalListMaxLength", integer},
      {"ReserveConnectorZeroSupported", boolean},
      {"ChargeProfileMaxStackLevel", integer},
      {"ChargingScheduleAllowedChargingRateUnit", rate_units},
      {"ChargingScheduleMaxPeriods", integer},
      {"ConnectorSwitch3to1PhaseSupported", boolean},
      {"MaxChargingProfilesInstalled", integer},
      {"SupportedFileTransferProtocols", protocols},
  };
  return table;
}

const std::vector<std::string>& configuration_keys_2019() {
  static const Names keys = [] {
    Names names;
    for (const auto& info : key_table_2019()) names.push_back(info.key);
    return names;
  }();
  return keys;
}

void Loader::read_hardware_2019() {
  const YamlNode* node = section("hardware");
  if (!node) {
    diagnostics_.error(
        {pics_.path_, 0, 0}, "the section 'hardware' is missing",
        "add it with sockets, fixed_cable, communication_technology and rfid_readers");
    return;
  }
  const Names keys = {"sockets", "fixed_cable", "communication_technology", "rfid_readers"};
  if (!reader_.keys("'hardware' of generation 2019", *node, keys)) return;
  for (const auto& key : keys) {
    const YamlNode* value = node->find(key);
    if (!value || is_not_given(*value)) {
      diagnostics_.error(value ? value->pos : section_pos("hardware"),
                         "'hardware' does not state '" + key + "'",
                         "add it; the abstract prints it");
      continue;
    }
    positions_["hardware." + key] = value->pos;
    if (key == "sockets") {
      if (const auto name = reader_.name("'sockets'", *value, {&kSockets}))
        pics_.answers_["sockets"] = *name;
    } else if (key == "fixed_cable") {
      if (const auto fixed = reader_.boolean("'fixed_cable'", *value)) {
        pics_.answers_["HFS-1"] = !*fixed;
        pics_.answers_["HFS-2"] = *fixed;
      }
    } else if (key == "communication_technology") {
      const IdInfo& info = *find_id("HFS-9");
      if (const auto names =
              reader_.names("'communication_technology'", *value, {&info.values, info.open}))
        pics_.answers_["HFS-9"] = list_value(*names);
    } else {
      const IdInfo& info = *find_id("HFS-10");
      if (const auto name = reader_.name("'rfid_readers'", *value, {&info.values, info.open}))
        pics_.answers_["HFS-10"] = *name;
    }
  }
}

void Loader::read_configuration_2019() {
  const YamlNode* node = section("configuration");
  if (!node) {
    diagnostics_.error({pics_.path_, 0, 0}, "the section 'configuration' is missing",
                       "add the configuration table of the abstract");
    return;
  }
  if (!reader_.keys("'configuration'", *node, configuration_keys_2019())) return;
  for (const auto& info : key_table_2019()) {
    const YamlNode* value = node->find(info.key);
    if (value) positions_[info.key] = value->pos;
    if (!value || is_not_given(*value)) {
      if (value) pics_.printed_[info.key] = value->text;
      const base::SourcePos place = value ? value->pos : section_pos("configuration");
      // Without these two no session can be planned; the others may be missing on a certificate.
      if (info.key == "NumberOfConnectors" || info.key == "LocalAuthorizeOffline")
        diagnostics_.error(place, info.key + " has no value",
                           "state the value that the charge point reports");
      else if (info.required_by_core)
        diagnostics_.warning(
            place,
            info.key + " has no value, but OCPP 1.6 section 9.1 asks every charge point for it");
      continue;
    }
    std::optional<Names> names;
    switch (info.type) {
      case KeyType::boolean:
        if (const auto answer = reader_.boolean(info.key, *value))
          pics_.configuration_[info.key] = *answer ? "true" : "false";
        continue;
      case KeyType::integer:
        if (const auto number = reader_.integer(info.key, *value))
          pics_.configuration_[info.key] = std::to_string(*number);
        continue;
      case KeyType::seconds:
        if (const auto number = reader_.seconds(info.key, *value))
          pics_.configuration_[info.key] = std::to_string(*number);
        continue;
      case KeyType::free_list: {
        // One entry a connector, so the same text may stand there again.
        if (!value->is_list()) {
          diagnostics_.error(value->pos, info.key + " must be a list",
                             "write it in square brackets");
          continue;
        }
        names.emplace();
        for (const auto& item : value->items)
          if (auto text = reader_.text("an entry of " + info.key, item))
            names->push_back(std::move(*text));
        break;
      }
      case KeyType::measurands:
        names = reader_.names(info.key, *value, {&find_id("C-09.1")->values, false, true});
        if (names && info.key == "MeterValuesSampledData") pics_.sampled_ = *names;
        if (names && info.key == "MeterValuesAlignedData") pics_.aligned_ = *names;
        break;
      case KeyType::profiles:
        names = reader_.names(info.key, *value, {&kProfiles});
        break;
      case KeyType::rate_units:
        names = reader_.names(info.key, *value, {&kRateUnits});
        if (names) std::transform(names->begin(), names->end(), names->begin(), ocpp_rate_unit);
        break;
      case KeyType::protocols:
        names = reader_.names(info.key, *value, {&find_id("ORS-16")->values});
        if (names) pics_.answers_["ORS-16"] = list_value(*names);
        break;
    }
    if (names) pics_.configuration_[info.key] = join(*names, ",");
  }
}

void Loader::derive_answers_2019() {
  const auto& configuration = pics_.configuration_;
  auto& answers = pics_.answers_;
  const auto given = [&](const char* key) { return configuration.contains(key); };
  const auto is_true = [&](const char* key) {
    const auto found = configuration.find(key);
    return found != configuration.end() && found->second == "true";
  };

  answers["C-01"] = is_true("LocalAuthorizeOffline") || is_true("AllowOfflineTxForUnknownId");
  answers["C-02"] = is_true("AllowOfflineTxForUnknownId");
  answers["C-03"] = given("MaxEnergyOnInvalidId");
  // The key exists only in charge points with a cache (OCPP 1.6 section 9.1.2), whatever its value.
  answers["C-04"] = given("AuthorizationCacheEnabled");
  answers["C-05"] = given("MinimumStatusDuration");
  // The value shows that one way works; of the other nothing is said, so it stays without an
  // answer.
  if (given("StopTransactionOnEVSideDisconnect"))
    answers[is_true("StopTransactionOnEVSideDisconnect") ? "C-06.2" : "C-06.1"] = true;
  if (given("UnlockConnectorOnEVSideDisconnect"))
    answers[is_true("UnlockConnectorOnEVSideDisconnect") ? "C-10.1" : "C-10.2"] = true;
  if (given("MeterValuesSampledData")) answers["C-09.1"] = list_value(pics_.sampled_);
  if (given("MeterValuesAlignedData")) answers["C-09.2"] = list_value(pics_.aligned_);

  // Values stand in the table for profiles that are not claimed as well: a value alone claims
  // nothing.
  answers["R-1"] = pics_.claims("Reservation") && is_true("ReserveConnectorZeroSupported");
  if (pics_.claims("SmartCharging")) {
    const auto units = configuration.find("ChargingScheduleAllowedChargingRateUnit");
    if (units != configuration.end()) {
      answers["SC-1.1"] = units->second.find("Current") != std::string::npos;
      answers["SC-1.2"] = units->second.find("Power") != std::string::npos;
    }
  }
  const std::pair<const char*, const char*> integers[] = {
      {"HFS-8", "NumberOfConnectors"},
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
      {"ORS-19", "MaxChargingProfilesInstalled"},
  };
  for (const auto& [id, key] : integers) {
    const auto found = configuration.find(key);
    if (found != configuration.end()) answers[id] = *read_integer(found->second);
  }
  // Questions that the abstract of 2019 does not print: answered under 'questions', with these
  // defaults.
  if (!positions_.contains("AQ-7.1")) answers["AQ-7.1"] = false;
  if (!positions_.contains("AQ-7.2")) answers["AQ-7.2"] = true;

  constexpr std::int64_t kMostConnectors = 1000;
  const auto count = answers.find("HFS-8");
  if (count == answers.end()) return;
  const std::int64_t connectors = count->second.as_int();
  if (connectors < 1 || connectors > kMostConnectors) {
    diagnostics_.error(positions_["NumberOfConnectors"],
                       "NumberOfConnectors must lie between 1 and 1000",
                       "state how many connectors the charge point has");
    return;
  }
  const auto fixed = answers.find("HFS-2");
  for (int id = 1; id <= connectors; ++id) {
    Connector connector;
    connector.id = id;
    if (fixed != answers.end())
      connector.cable_type = fixed->second.as_bool() ? "Fixed Cable" : "Detachable Cable";
    pics_.connectors_.push_back(std::move(connector));
  }
}

}  // namespace plugproof::pics
