#include "simulator/configuration.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <optional>

#include "certs/naming.hpp"

namespace plugproof::simulator {

namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int32_t>::max();
// Where the PICS states no limits of certificates: characters of the field of CertificateSigned.req
// (security whitepaper, section 5.1), and roots.
constexpr std::int64_t kLongestChain = 10000;
constexpr std::int64_t kRootsOfAType = 10;

std::optional<std::int64_t> to_number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

bool is_flag(const std::string& text) {
  const std::string word = lower(text);
  return word == "true" || word == "false";
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ",") + item;
  return out;
}

// "1.RST,2.Unknown" or one of the words alone (OCPP 1.6 section 9.1).
bool is_phase_rotation(const std::string& text, int connectors) {
  static const std::vector<std::string> kRotations{"NotApplicable", "Unknown", "RST", "RTS",
                                                   "SRT",           "STR",     "TRS", "TSR"};
  for (const auto& item : split_list(text)) {
    const auto dot = item.find('.');
    const std::string word = dot == std::string::npos ? item : item.substr(dot + 1);
    if (std::find(kRotations.begin(), kRotations.end(), word) == kRotations.end()) return false;
    if (dot == std::string::npos) continue;
    const auto connector = to_number(item.substr(0, dot));
    if (!connector || *connector < 0 || *connector > connectors) return false;
  }
  return true;
}

}  // namespace

bool is_authorization_key(const std::string& text) {
  return text.size() >= 32 && text.size() <= 40 && text.size() % 2 == 0 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::string item = text.substr(at, end - at);
    item.erase(0, item.find_first_not_of(' '));
    item.erase(item.find_last_not_of(' ') + 1);
    if (!item.empty()) out.push_back(item);
    at = end + 1;
  }
  return out;
}

Configuration::Configuration(const pics::Pics& pics, const Capabilities& capabilities,
                             std::map<std::string, std::string>& values)
    : pics_(pics), capabilities_(capabilities), values_(values) {
  add_core();
  add_metering();
  add_profiles();
  if (capabilities_.security()) add_security();
  std::sort(keys_.begin(), keys_.end(),
            [](const ConfigurationKey& a, const ConfigurationKey& b) { return a.name < b.name; });
  for (const auto& key : keys_) values_.emplace(key.name, key.initial);
}

void Configuration::reset() {
  for (const auto& key : keys_) values_[key.name] = key.initial;
}

// Key names do not distinguish case (CiString50Type).
const ConfigurationKey* Configuration::find(std::string_view name) const {
  const std::string wanted = lower(std::string(name));
  for (const auto& key : keys_)
    if (lower(key.name) == wanted) return &key;
  return nullptr;
}

std::string Configuration::text(std::string_view name) const {
  const auto it = values_.find(std::string(name));
  return it == values_.end() ? std::string() : it->second;
}

std::int64_t Configuration::number(std::string_view name) const {
  return to_number(text(name)).value_or(0);
}

bool Configuration::flag(std::string_view name) const {
  return lower(text(name)) == "true";
}

std::vector<std::string> Configuration::list(std::string_view name) const {
  return split_list(text(name));
}

std::string Configuration::stated(const std::string& name, const std::string& fallback) const {
  return pics_.configuration(name).value_or(fallback);
}

std::int64_t Configuration::stated_number(const std::string& name, std::int64_t fallback) const {
  const auto text = pics_.configuration(name);
  return text ? to_number(*text).value_or(fallback) : fallback;
}

std::int64_t Configuration::setting(std::string_view id, std::int64_t fallback) const {
  const auto value = pics_.lookup(id);
  return value && value->is_int() ? value->as_int() : fallback;
}

void Configuration::readonly(const std::string& name, const std::string& value) {
  keys_.push_back({.name = name, .readonly = true, .initial = value, .allowed = {}});
}

void Configuration::boolean(const std::string& name, bool initial) {
  const std::string value = lower(stated(name, initial ? "true" : "false"));
  keys_.push_back({.name = name, .initial = is_flag(value) ? value : "false", .allowed = is_flag});
}

void Configuration::number(const std::string& name, std::int64_t initial, std::int64_t lowest,
                           std::int64_t highest, bool zero_is_off) {
  const std::int64_t value = stated_number(name, initial);
  keys_.push_back(
      {.name = name, .initial = std::to_string(value), .allowed = [=](const std::string& text) {
         const auto given = to_number(text);
         return given && ((zero_is_off && *given == 0) || (*given >= lowest && *given <= highest));
       }});
}

void Configuration::measurands(const std::string& name, const std::vector<std::string>& allowed,
                               const std::string& initial, std::int64_t most) {
  keys_.push_back({.name = name, .initial = initial, .allowed = [=](const std::string& text) {
                     const auto items = split_list(text);
                     if (static_cast<std::int64_t>(items.size()) > most) return false;
                     return std::all_of(items.begin(), items.end(), [&](const std::string& item) {
                       return std::find(allowed.begin(), allowed.end(), item) != allowed.end();
                     });
                   }});
}

void Configuration::choice(const std::string& name, Choice choice, bool initial) {
  if (choice == Choice::both) return boolean(name, initial);
  readonly(name, choice == Choice::only_true ? "true" : "false");
}

void Configuration::add_core() {
  if (capabilities_.offline_unknown) boolean("AllowOfflineTxForUnknownId", true);
  if (capabilities_.authorization_cache) boolean("AuthorizationCacheEnabled", true);
  boolean("AuthorizeRemoteTxRequests", true);
  number("ConnectionTimeOut", 60, 0, kNoLimit);
  keys_.push_back({.name = "ConnectorPhaseRotation",
                   .initial = stated("ConnectorPhaseRotation", "NotApplicable"),
                   .reboot_required = true,
                   .allowed = [count = capabilities_.connectors](const std::string& text) {
                     return is_phase_rotation(text, count);
                   }});
  const auto max_keys = setting("ORS-1", stated_number("GetConfigurationMaxKeys", 50));
  readonly("GetConfigurationMaxKeys", std::to_string(max_keys));
  const std::int64_t lowest = setting("ORS-6", 1), highest = setting("ORS-7", kNoLimit);
  number("HeartbeatInterval", std::clamp<std::int64_t>(300, lowest, std::max(lowest, highest)),
         lowest, highest);
  boolean("LocalAuthorizeOffline", capabilities_.offline_authorization);
  boolean("LocalPreAuthorize", false);
  if (capabilities_.max_energy_on_invalid) number("MaxEnergyOnInvalidId", 0, 0, kNoLimit);
  if (capabilities_.minimum_status_duration) number("MinimumStatusDuration", 0, 0, kNoLimit);
  readonly("NumberOfConnectors", std::to_string(capabilities_.connectors));
  number("ResetRetries", 3, 0, kNoLimit);
  choice("StopTransactionOnEVSideDisconnect", capabilities_.stop_on_ev_disconnect, true);
  boolean("StopTransactionOnInvalidId", true);
  readonly("SupportedFeatureProfiles", joined(capabilities_.profiles));
  number("TransactionMessageAttempts", 3, 1, kNoLimit);
  number("TransactionMessageRetryInterval", 10, 0, kNoLimit);
  choice("UnlockConnectorOnEVSideDisconnect", capabilities_.unlock_on_ev_disconnect, true);
  number("WebSocketPingInterval", setting("ORS-11", 60), 0, kNoLimit);
  // Display and light of a device, where the vendor states them.
  for (const char* name : {"BlinkRepeat", "LightIntensity"})
    if (pics_.configuration(name)) number(name, 0, 0, 100);
}

void Configuration::add_metering() {
  const std::vector<std::string> fallback{"Energy.Active.Import.Register"};
  const auto& sampled = pics_.sampled_measurands().empty() ? fallback : pics_.sampled_measurands();
  const auto& aligned = pics_.aligned_measurands().empty() ? fallback : pics_.aligned_measurands();
  const auto size = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };

  const std::int64_t lowest = setting("ORS-4", 1), highest = setting("ORS-5", kNoLimit);
  number("MeterValueSampleInterval",
         std::clamp<std::int64_t>(60, lowest, std::max(lowest, highest)), lowest, highest, true);
  number("ClockAlignedDataInterval", 0, 0, 86400);

  struct List {
    const char* key;
    const char* setting;
    const std::vector<std::string>& allowed;
    std::string initial;
  };
  const List lists[] = {
      {"MeterValuesAlignedData", "ORS-2", aligned, joined(aligned)},
      {"MeterValuesSampledData", "ORS-3", sampled, joined(sampled)},
      {"StopTxnAlignedData", "ORS-9", aligned, stated("StopTxnAlignedData", "")},
      {"StopTxnSampledData", "ORS-10", sampled, stated("StopTxnSampledData", "")},
  };
  for (const List& list : lists) {
    const std::string limit_key = std::string(list.key) + "MaxLength";
    const std::int64_t most =
        std::max(setting(list.setting, stated_number(limit_key, size(list.allowed))),
                 static_cast<std::int64_t>(split_list(list.initial).size()));
    measurands(list.key, list.allowed, list.initial, most);
    if (pics_.lookup(list.setting) || pics_.configuration(limit_key))
      readonly(limit_key, std::to_string(most));
  }
  if (pics_.lookup("ORS-8") || pics_.configuration("StopTransactionMaxMeterValues"))
    readonly("StopTransactionMaxMeterValues",
             std::to_string(setting("ORS-8", stated_number("StopTransactionMaxMeterValues", 0))));
}

void Configuration::add_profiles() {
  if (capabilities_.has_profile("LocalAuthListManagement")) {
    boolean("LocalAuthListEnabled", true);
    readonly("LocalAuthListMaxLength",
             std::to_string(setting("ORS-12", stated_number("LocalAuthListMaxLength", 100))));
    readonly("SendLocalListMaxLength",
             std::to_string(setting("ORS-13", stated_number("SendLocalListMaxLength", 100))));
  }
  if (capabilities_.has_profile("Reservation")) {
    const bool zero =
        pics_says(pics_, "R-1", lower(stated("ReserveConnectorZeroSupported", "false")) == "true");
    readonly("ReserveConnectorZeroSupported", zero ? "true" : "false");
  }
  if (capabilities_.has_profile("SmartCharging")) {
    readonly("ChargeProfileMaxStackLevel",
             std::to_string(setting("ORS-14", stated_number("ChargeProfileMaxStackLevel", 3))));
    std::vector<std::string> units;
    if (pics_says(pics_, "SC-1.1", false)) units.emplace_back("Current");
    if (pics_says(pics_, "SC-1.2", false)) units.emplace_back("Power");
    readonly("ChargingScheduleAllowedChargingRateUnit",
             units.empty() ? stated("ChargingScheduleAllowedChargingRateUnit", "Current")
                           : joined(units));
    readonly("ChargingScheduleMaxPeriods",
             std::to_string(setting("ORS-15", stated_number("ChargingScheduleMaxPeriods", 10))));
    readonly("MaxChargingProfilesInstalled",
             std::to_string(setting("ORS-19", stated_number("MaxChargingProfilesInstalled", 10))));
  }
  // Security logs are files too.
  if (capabilities_.has_profile("FirmwareManagement") || capabilities_.security()) {
    std::string protocols = stated("SupportedFileTransferProtocols", "FTP");
    if (const auto list = pics_.lookup("ORS-16"); list && list->is_list()) {
      std::vector<std::string> names;
      for (const auto& item : list->as_list())
        if (item.is_string()) names.push_back(upper(item.as_string()));
      if (!names.empty()) protocols = joined(names);
    }
    readonly("SupportedFileTransferProtocols", protocols);
  }
}

// Security whitepaper, section 7. What a new profile needs besides is looked at where it is set.
void Configuration::add_security() {
  keys_.push_back({.name = "AuthorizationKey",
                   .initial = "",
                   .write_only = true,
                   .allowed = is_authorization_key});
  keys_.push_back(
      {.name = "SecurityProfile", .initial = "0", .allowed = [this](const std::string& text) {
         const auto wanted = to_number(text);
         return wanted && (*wanted == 0 || capabilities_.has_security_profile(*wanted));
       }});
  if (!capabilities_.tls()) return;
  readonly("AdditionalRootCertificateCheck", "false");
  const auto stated_limit = [this](const char* row, const char* key, std::int64_t otherwise) {
    readonly(key, std::to_string(setting(row, stated_number(key, otherwise))));
  };
  stated_limit("ORS-17", "CertificateSignedMaxChainSize", kLongestChain);
  stated_limit("ORS-18", "CertificateStoreMaxLength", kRootsOfAType);
  if (!capabilities_.has_security_profile(3)) return;
  keys_.push_back({.name = "CpoName", .initial = "", .allowed = [](const std::string& text) {
                     // It is to stand in a certificate (use case A02).
                     return text.empty() || certs::common_name_problem(text).empty();
                   }});
}

}  // namespace plugproof::simulator
