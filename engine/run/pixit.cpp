#include "engine/run/pixit.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "certs/naming.hpp"
#include "engine/base/sha256.hpp"
#include "engine/base/yaml.hpp"
#include "engine/suite/map_reader.hpp"
#include "engine/transfer/names.hpp"

namespace plugproof::run {

using base::Diagnostics;
using base::Value;
using base::YamlNode;

namespace {

enum class Type { seconds, text, count, level, unit, phases, limit, protocol, organization };

struct Setting {
  const char* name;
  Type type;
};
constexpr Setting kSettings[] = {{"connector", Type::count},
                                 {"valid_id_tag", Type::text},
                                 {"valid_id_tag_2", Type::text},
                                 {"invalid_id_tag", Type::text},
                                 {"parent_id_tag", Type::text},
                                 {"heartbeat_interval", Type::count},
                                 {"meter_value_interval", Type::count},
                                 {"clock_aligned_interval", Type::count},
                                 {"connection_timeout", Type::count},
                                 {"transaction_duration", Type::seconds},
                                 {"max_time_deviation", Type::seconds},
                                 {"boot_interval", Type::count},
                                 {"reboot_timeout", Type::seconds},
                                 {"backup_time", Type::seconds},
                                 {"quiet_time", Type::seconds},
                                 {"interval_tolerance", Type::seconds},
                                 {"quiet_heartbeat_interval", Type::count},
                                 {"reservation_expiry_offset", Type::count},
                                 {"charging_rate_unit", Type::unit},
                                 {"stack_level", Type::level},
                                 {"schedule_duration", Type::count},
                                 {"number_phases", Type::phases},
                                 {"supply_voltage", Type::count},
                                 {"local_limit", Type::limit},
                                 {"firmware_timeout", Type::seconds},
                                 {"transfer_timeout", Type::seconds},
                                 {"transfer_protocol", Type::protocol},
                                 {"cpo_name", Type::organization},
                                 {"key_timeout", Type::seconds}};

std::int64_t limit(const pics::Pics& pics, const char* id, std::int64_t fallback) {
  const auto value = pics.lookup(id);
  return value && value->is_int() ? value->as_int() : fallback;
}

// A value near `wanted` that the PICS's limits allow.
std::int64_t within(std::int64_t wanted, std::int64_t low, std::int64_t high) {
  return std::clamp(wanted, std::min(low, high), std::max(low, high));
}

// The units that the charge point takes (SC-1.1, SC-1.2; 2019: the key), the one in A first.
std::vector<std::string> units_of(const pics::Pics& pics) {
  const std::string stated =
      pics.configuration("ChargingScheduleAllowedChargingRateUnit").value_or("Current");
  std::vector<std::string> units;
  if (stated.find("Current") != std::string::npos) units.emplace_back("A");
  // Named Power by the specification (section 9.4), Watt by some.
  if (stated.find("Power") != std::string::npos || stated.find("Watt") != std::string::npos)
    units.emplace_back("W");
  if (units.empty()) units.emplace_back("A");
  return units;
}

// How many phases the connector has: its row of the table, else the most of HFS-5 to HFS-7. None
// for direct current, where numberPhases says nothing (section 7.14).
Value phases_of(const pics::Pics& pics, std::int64_t connector) {
  for (const auto& row : pics.connectors())
    if (row.id == connector && !row.current.empty())
      return row.current == "DC" ? Value() : Value(std::clamp(row.phases, 1, 3));
  int phases = 0;
  for (const int count : {1, 2, 3})
    if (const auto answer = pics.lookup("HFS-" + std::to_string(count + 4));
        answer && answer->is_bool() && answer->as_bool())
      phases = count;
  return Value(phases == 0 ? 3 : phases);
}

// The test document gives the limits of its profiles in A, for W a thousand times as much.
Value rate_factor(const Value& unit) {
  return Value(unit == Value("W") ? 1000 : 1);
}

std::map<std::string, Value> defaults(const pics::Pics& pics) {
  const double response = base::to_seconds(pics.performance().response);
  const double triggered = base::to_seconds(pics.performance().triggered);
  const std::int64_t meter =
      within(15, std::max<std::int64_t>(1, limit(pics, "ORS-4", 1)), limit(pics, "ORS-5", 86400));
  std::map<std::string, Value> values{
      {"connector", 1},
      {"valid_id_tag", "PLUGPROOF01"},
      {"valid_id_tag_2", "PLUGPROOF02"},
      {"invalid_id_tag", "PLUGPROOF99"},
      {"parent_id_tag", "PLUGPROOFGROUP"},
      {"heartbeat_interval",
       within(30, std::max<std::int64_t>(1, limit(pics, "ORS-6", 1)), limit(pics, "ORS-7", 86400))},
      {"meter_value_interval", meter},
      {"clock_aligned_interval",
       within(20, std::max<std::int64_t>(1, limit(pics, "ORS-4", 1)), limit(pics, "ORS-5", 86400))},
      {"connection_timeout", 30},
      {"transaction_duration", 30.0},
      {"max_time_deviation", 5.0},
      {"boot_interval", 15},
      {"response_timeout", response},
      {"triggered_timeout", triggered},
      {"reboot_timeout", 300.0},
      {"backup_time", triggered},
      {"quiet_time", std::max(10.0, std::min(triggered, 30.0))},
      {"interval_tolerance", 3.0},
      {"quiet_heartbeat_interval", within(600, std::max<std::int64_t>(1, limit(pics, "ORS-6", 1)),
                                          limit(pics, "ORS-7", 86400))},
      // Reserved may be reported as late as both deadlines together allow.
      {"reservation_expiry_offset",
       static_cast<std::int64_t>(std::ceil(std::max(60.0, response + triggered)))},
      {"charging_rate_unit", units_of(pics).front()},
      {"charging_rate_factor", rate_factor(Value(units_of(pics).front()))},
      {"stack_level", 0},
      {"schedule_duration", 300},
      {"number_phases", phases_of(pics, 1)},
      {"supply_voltage", 230},
      {"local_limit", Value()},
      {"firmware_timeout", 900.0},
      {"transfer_timeout", 300.0},
      {"transfer_protocol", Value()},  // the first that the PICS claims and the bench serves
      {"invalid_certificate", "expired"},
      {"cpo_name", "plugproof"},
      {"key_timeout", 120.0},
      // Nothing answers there: it is the charge point itself.
      {"failing_firmware_location", "ftp://127.0.0.1:21/download_fail.fwi"},
      {"failing_diagnostics_location", "ftp://127.0.0.1:21/files/failedLocation"},
      // The maxima that the vendor declares, beside which the KPI samples are put.
      {"declared_response", response},
      {"declared_triggered", triggered},
  };
  if (const auto& declared = pics.performance().remote_start)
    values["declared_remote_start"] = base::to_seconds(*declared);
  if (const auto& declared = pics.performance().remote_stop)
    values["declared_remote_stop"] = base::to_seconds(*declared);
  return values;
}

void load_values(suite::MapReader& in, std::map<std::string, Value>& values,
                 Diagnostics& diagnostics) {
  for (const auto& setting : kSettings) {
    const YamlNode* node = in.get(setting.name);
    if (!node) continue;
    const Value value = node->to_value();
    const std::string name = std::string("'") + setting.name + "'";
    switch (setting.type) {
      case Type::seconds:
        if (!value.is_number() || value.as_number() < 0) {
          diagnostics.error(node->pos, name + " must be a number of seconds");
        } else {
          values[setting.name] = value;
        }
        break;
      case Type::count:
        if (!value.is_int() || value.as_int() < 1) {
          diagnostics.error(node->pos, name + " must be a whole number from 1");
        } else {
          values[setting.name] = value;
        }
        break;
      case Type::level:
        if (!value.is_int() || value.as_int() < 0) {
          diagnostics.error(node->pos, name + " must be a whole number from 0");
        } else {
          values[setting.name] = value;
        }
        break;
      case Type::unit:
        if (value != Value("A") && value != Value("W")) {
          diagnostics.error(node->pos, name + " must be A or W");
        } else {
          values[setting.name] = value;
        }
        break;
      case Type::phases:
        if (!value.is_int() || value.as_int() < 0 || value.as_int() > 3) {
          diagnostics.error(node->pos, name + " must be 1, 2 or 3, or 0 to leave it out");
        } else {
          values[setting.name] = value.as_int() == 0 ? Value() : value;
        }
        break;
      case Type::limit:
        if (!value.is_number() || value.as_number() <= 0) {
          diagnostics.error(node->pos, name + " must be a positive number");
        } else {
          values[setting.name] = value;
        }
        break;
      case Type::protocol:
        if (transfer::protocols_named(node->text).empty()) {
          diagnostics.error(node->pos, name + " must be HTTP, HTTPS, FTP or FTPS",
                            base::did_you_mean(node->text, transfer::protocol_words()));
        } else {
          values[setting.name] = node->text;
        }
        break;
      case Type::organization:
        if (const std::string problem = certs::common_name_problem(node->text); !problem.empty()) {
          diagnostics.error(node->pos, name + " must stand in certificates: " + problem);
        } else {
          values[setting.name] = node->text;
        }
        break;
      case Type::text:
        if (node->text.empty() || node->text.size() > 20) {
          diagnostics.error(
              node->pos,
              name + " must be a text of 1 to 20 characters (idTag, OCPP 1.6 section 7.28)");
        } else {
          values[setting.name] = node->text;
        }
        break;
    }
  }
}

std::string timestamp_service(const YamlNode& node, Diagnostics& diagnostics) {
  const std::string& url = node.text;
  const std::size_t scheme = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
  const std::string host = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
  if (scheme == 0 || host.empty())
    diagnostics.error(node.pos,
                      "'timestamp_url' must be the URL of a time-stamp service (RFC 3161)",
                      "write it as in timestamp_url: http://tsa.example/tsr");
  else if (host.find('@') != std::string::npos)
    diagnostics.error(node.pos,
                      "'timestamp_url' must not hold a user or password, since the journal "
                      "records it",
                      "give such a URL with plugproof bundle --timestamp");
  return url;
}

void load_values_file(const YamlNode& root, const pics::Pics& pics, Pixit& pixit,
                      Diagnostics& diagnostics) {
  suite::MapReader in(root, "PIXIT", diagnostics);
  pixit.identity = in.text("identity");
  if (const YamlNode* address = in.get("address")) pixit.address = address->text;
  if (const YamlNode* port = in.get("port")) {
    const Value value = port->to_value();
    if (value.is_int() && value.as_int() >= 0 && value.as_int() <= 65535)
      pixit.port = static_cast<std::uint16_t>(value.as_int());
    else
      diagnostics.error(port->pos, "'port' must be a number from 0 to 65535 (0: any free one)");
  }
  if (const YamlNode* timeout = in.get("connect_timeout")) {
    const Value value = timeout->to_value();
    if (value.is_number() && value.as_number() > 0)
      pixit.connect_timeout = base::from_seconds(value.as_number());
    else
      diagnostics.error(timeout->pos, "'connect_timeout' must be a number of seconds");
  }
  if (const YamlNode* url = in.get("timestamp_url"))
    pixit.timestamp_url = timestamp_service(*url, diagnostics);
  if (const YamlNode* rig = in.get("rig")) load_rig(*rig, pixit.rig, diagnostics);
  if (const YamlNode* files = in.get("files"))
    load_files(*files, pixit.files, pixit.values, diagnostics);
  if (const YamlNode* security = in.get("security"))
    load_security(*security, pics, pixit.security, pixit.values, diagnostics);
  load_values(in, pixit.values, diagnostics);
  if (!in.get("number_phases"))
    pixit.values["number_phases"] = phases_of(pics, pixit.values["connector"].as_int());
  pixit.values["charging_rate_factor"] = rate_factor(pixit.values["charging_rate_unit"]);
  in.finish();

  const auto connectors = static_cast<std::int64_t>(pics.connectors().size());
  if (connectors > 0 && pixit.values["connector"].as_int() > connectors)
    diagnostics.error(root.pos, "'connector' is " + pixit.values["connector"].to_display() +
                                    ", but the PICS has " + std::to_string(connectors) +
                                    " connector(s)");
  const auto check_range = [&](const char* name, const char* low, const char* high) {
    const std::int64_t value = pixit.values[name].as_int();
    if (value < limit(pics, low, 0) || value > limit(pics, high, INT64_MAX))
      diagnostics.error(root.pos, std::string("'") + name + "' is " + std::to_string(value) +
                                      ", outside " + low + " to " + high + " of the PICS");
  };
  check_range("heartbeat_interval", "ORS-6", "ORS-7");
  check_range("quiet_heartbeat_interval", "ORS-6", "ORS-7");
  check_range("meter_value_interval", "ORS-4", "ORS-5");
  if (pixit.values["stack_level"].as_int() > limit(pics, "ORS-14", INT64_MAX))
    diagnostics.error(root.pos, "'stack_level' is " + pixit.values["stack_level"].to_display() +
                                    ", above ORS-14 of the PICS");
  const auto units = units_of(pics);
  if (in.get("charging_rate_unit") &&
      std::find(units.begin(), units.end(), pixit.text("charging_rate_unit")) == units.end())
    diagnostics.error(root.pos, "'charging_rate_unit' is " + pixit.text("charging_rate_unit") +
                                    ", which the PICS does not claim (SC-1.1, SC-1.2)");
  if (pixit.values["valid_id_tag"] == pixit.values["valid_id_tag_2"] ||
      pixit.values["valid_id_tag"] == pixit.values["invalid_id_tag"] ||
      pixit.values["valid_id_tag_2"] == pixit.values["invalid_id_tag"])
    diagnostics.error(
        root.pos,
        "the three identifications valid_id_tag, valid_id_tag_2 and invalid_id_tag must differ");
}

}  // namespace

std::optional<Pixit> Pixit::load(const std::string& path, const pics::Pics& pics,
                                 Diagnostics& diagnostics) {
  Pixit pixit;
  pixit.values = defaults(pics);
  pixit.files = default_files(pics);
  if (path.empty()) return pixit;
  const std::size_t errors_before = diagnostics.error_count();
  std::ifstream file(path, std::ios::binary);
  pixit.path = path;
  pixit.sha256 = base::sha256_hex(file);
  const auto root = base::read_yaml_file(path, diagnostics);
  if (root) load_values_file(*root, pics, pixit, diagnostics);
  if (diagnostics.error_count() > errors_before) return std::nullopt;
  return pixit;
}

}  // namespace plugproof::run
