#include "engine/run/pixit.hpp"

#include <algorithm>

#include "engine/base/yaml.hpp"
#include "engine/suite/map_reader.hpp"

namespace plugproof::run {

using base::Diagnostics;
using base::Value;
using base::YamlNode;

namespace {

enum class Type { seconds, text, count };

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
                                 {"quiet_time", Type::seconds},
                                 {"interval_tolerance", Type::seconds}};

std::int64_t limit(const pics::Pics& pics, const char* id, std::int64_t fallback) {
  const auto value = pics.lookup(id);
  return value && value->is_int() ? value->as_int() : fallback;
}

// A value near `wanted` that the PICS's limits allow.
std::int64_t within(std::int64_t wanted, std::int64_t low, std::int64_t high) {
  return std::clamp(wanted, std::min(low, high), std::max(low, high));
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
      {"quiet_time", std::max(10.0, std::min(triggered, 30.0))},
      {"interval_tolerance", 3.0},
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
  if (const YamlNode* rig = in.get("rig")) load_rig(*rig, pixit.rig, diagnostics);
  load_values(in, pixit.values, diagnostics);
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
  check_range("meter_value_interval", "ORS-4", "ORS-5");
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
  if (path.empty()) return pixit;
  const std::size_t errors_before = diagnostics.error_count();
  const auto root = base::read_yaml_file(path, diagnostics);
  if (root) load_values_file(*root, pics, pixit, diagnostics);
  if (diagnostics.error_count() > errors_before) return std::nullopt;
  return pixit;
}

Value Pixit::document() const {
  Value::Object object{
      {"identity", identity}, {"address", address}, {"port", static_cast<std::int64_t>(port)}};
  for (const auto& [name, value] : values) object.emplace_back(name, value);
  return Value(std::move(object));
}

}  // namespace plugproof::run
