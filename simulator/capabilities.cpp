#include "simulator/capabilities.hpp"

#include <algorithm>

namespace plugproof::simulator {

namespace {

// Which values a key of two sides may take: the rows say that it can be true, and that it can be
// false. The 2019 abstract has no such rows: the key is there, so both values work.
Choice choice_of(const pics::Pics& pics, std::string_view id_true, std::string_view id_false) {
  const bool can_true = pics_says(pics, id_true, true);
  const bool can_false = pics_says(pics, id_false, true);
  if (can_true && !can_false) return Choice::only_true;
  if (can_false && !can_true) return Choice::only_false;
  return Choice::both;
}

bool mentions_fixed(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.find("fixed") != std::string::npos;
}

std::string shortened(const std::string& text, std::size_t most) {
  return text.substr(0, most);
}

}  // namespace

bool pics_says(const pics::Pics& pics, std::string_view id, bool fallback) {
  const auto answer = pics.lookup(id);
  return answer && answer->is_bool() ? answer->as_bool() : fallback;
}

Capabilities::Capabilities(const pics::Pics& pics) {
  // Lengths of BootNotification.req (OCPP 1.6 section 6.3).
  vendor = shortened(pics.product().vendor, 20);
  model = shortened(pics.product().designation, 20);
  firmware = shortened(pics.product().version, 50);
  serial = shortened(pics.product().serial, 25);
  if (vendor.empty()) vendor = "plugproof";
  if (model.empty()) model = "reference";

  if (const auto count = pics.lookup("HFS-8"); count && count->is_int())
    connectors = static_cast<int>(std::clamp<std::int64_t>(count->as_int(), 1, 100));
  else if (!pics.connectors().empty())
    connectors = static_cast<int>(pics.connectors().size());
  else if (const auto key = pics.configuration("NumberOfConnectors"))
    connectors = std::clamp(std::atoi(key->c_str()), 1, 100);

  const bool detachable = pics_says(pics, "HFS-1", false);
  const bool any_fixed = pics_says(pics, "HFS-2", !detachable);
  fixed_cable.assign(static_cast<std::size_t>(connectors) + 1, any_fixed && !detachable);
  for (const auto& row : pics.connectors())
    if (row.id >= 1 && row.id <= connectors && !row.cable_type.empty() && any_fixed)
      fixed_cable[static_cast<std::size_t>(row.id)] = mentions_fixed(row.cable_type);

  // Without a connector table (2019) three phases, the default of section 7.14.
  const int usual = pics_says(pics, "HFS-7", true) ? 3 : pics_says(pics, "HFS-6", false) ? 2 : 1;
  connector_phases.assign(static_cast<std::size_t>(connectors) + 1, usual);
  for (const auto& row : pics.connectors())
    if (row.id >= 1 && row.id <= connectors && !row.current.empty())
      connector_phases[static_cast<std::size_t>(row.id)] =
          row.current == "DC" ? 0 : std::clamp(row.phases, 1, 3);

  lock = pics_says(pics, "AQ-9", true);
  closed_socket = pics_says(pics, "AQ-2", false);
  authorization_cache =
      pics_says(pics, "C-04", pics.configuration("AuthorizationCacheEnabled").has_value());
  offline_authorization = pics_says(pics, "C-01", true);
  offline_unknown =
      pics_says(pics, "C-02", pics.configuration("AllowOfflineTxForUnknownId").has_value());
  max_energy_on_invalid =
      pics_says(pics, "C-03", pics.configuration("MaxEnergyOnInvalidId").has_value());
  minimum_status_duration =
      pics_says(pics, "C-05", pics.configuration("MinimumStatusDuration").has_value());
  local_start = pics_says(pics, "C-07", true);
  local_stop = pics_says(pics, "C-08", true);
  backup_power = pics_says(pics, "AQ-7.1", false);
  download_while_charging = pics_says(pics, "AQ-4", false);
  stop_on_ev_disconnect = choice_of(pics, "C-06.2", "C-06.1");
  unlock_on_ev_disconnect = choice_of(pics, "C-10.1", "C-10.2");

  milliseconds = pics_says(pics, "milliseconds_in_timestamps", true);

  profiles = {"Core"};
  for (const auto& name : {"FirmwareManagement", "LocalAuthListManagement", "Reservation",
                           "SmartCharging", "RemoteTrigger"})
    if (pics_says(pics, std::string("supports.") + name, pics.claims(name)))
      profiles.emplace_back(name);

  for (int number = 1; number <= 3; ++number)
    if (pics_says(pics, "supports.SecurityProfile" + std::to_string(number), false))
      security_profiles.push_back(number);
  last_root_removable = pics_says(pics, "AQ-1", true);
  secure_firmware = security() && pics_says(pics, "supports.SecureFirmware", false);
  if (const auto suites = pics.lookup("C-12"); suites && suites->is_list())
    for (const auto& suite : suites->as_list())
      if (suite.is_string()) cipher_suites.push_back(suite.as_string());

  response = pics.performance().response;
  triggered = pics.performance().triggered;
  if (response <= base::Nanos{0}) response = std::chrono::seconds(30);
  if (triggered <= base::Nanos{0}) triggered = std::chrono::seconds(30);
  for (const auto& limit : {pics.performance().remote_start, pics.performance().remote_stop})
    if (limit && *limit > base::Nanos{0}) {
      response = std::min(response, *limit);
      triggered = std::min(triggered, *limit);
    }
}

bool Capabilities::has_profile(std::string_view name) const {
  return std::find(profiles.begin(), profiles.end(), name) != profiles.end();
}

bool Capabilities::has_security_profile(std::int64_t profile) const {
  return std::find(security_profiles.begin(), security_profiles.end(), profile) !=
         security_profiles.end();
}

int Capabilities::phases(int connector) const {
  const auto index = static_cast<std::size_t>(connector);
  return connector > 0 && index < connector_phases.size() ? connector_phases[index] : 3;
}

bool Capabilities::fixed(int connector) const {
  const auto index = static_cast<std::size_t>(connector);
  return connector > 0 && index < fixed_cable.size() && fixed_cable[index];
}

}  // namespace plugproof::simulator
