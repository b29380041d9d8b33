#include "engine/rig/lab_interface.hpp"

namespace plugproof::rig {

using base::Value;
using Side = LabCall::Side;
using Query = std::vector<std::pair<std::string, std::string>>;

namespace {

constexpr const char* kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

std::string encoded(const std::string& text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  const std::string unreserved = kUnreserved;
  std::string out;
  for (const char c : text) {
    if (unreserved.find(c) != std::string::npos) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::string flag(const Value& arguments, const char* name) {
  const Value* value = arguments.find(name);
  return value && value->is_bool() && value->as_bool() ? "true" : "false";
}

// A connector of OCPP 1.6 is an EVSE with one connector in the terms of the interface; 0 is the
// charge point as a whole in both.
Query at(std::int64_t connector) {
  return {{"evse_id", std::to_string(connector)}, {"connector_id", "1"}};
}

Query with(Query query, const char* name, std::string value) {
  query.insert(query.begin(), {name, std::move(value)});
  return query;
}

}  // namespace

std::string LabCall::target() const {
  std::string text = "/" + operation;
  char separator = '?';
  for (const auto& [name, value] : query) {
    text += separator + encoded(name) + "=" + encoded(value);
    separator = '&';
  }
  return text;
}

std::vector<LabCall> lab_calls(const ActionInfo& action, const Value& arguments,
                               const std::string& token_type, bool with_vehicle) {
  const std::string& name = action.name;
  const std::int64_t connector = arguments.int_or("connector", 1);
  const auto station = [](const char* operation, Query query) {
    return LabCall{Side::station, operation, std::move(query)};
  };
  const auto vehicle = [](const char* operation, Query query) {
    return LabCall{Side::vehicle, operation, std::move(query)};
  };
  const auto state = [&](const char* toggle, std::int64_t of) {
    return station("state", with(at(of), toggle, flag(arguments, "on")));
  };
  std::vector<LabCall> calls;
  // Station first on the way in, vehicle first on the way out, as a driver does.
  if (name == "plug_in") {
    calls.push_back(station("plugin", with(at(connector), "halfway", flag(arguments, "halfway"))));
    if (with_vehicle) calls.push_back(vehicle("plugin", {}));
  } else if (name == "plug_out") {
    if (with_vehicle) calls.push_back(vehicle("plugout", {}));
    calls.push_back(station("plugout", at(connector)));
  } else if (name == "ev_plug_in") {
    calls.push_back(vehicle("plugin", {}));
  } else if (name == "ev_plug_out") {
    calls.push_back(vehicle("plugout", {}));
  } else if (name == "ev_ready") {
    calls.push_back(vehicle("state", {{"ready", flag(arguments, "ready")}}));
  } else if (name == "present_id") {
    calls.push_back(station("authorize", with(with(at(connector), "type", token_type), "id",
                                              arguments.string_or("id_tag", ""))));
  } else if (name == "power_cycle") {
    calls.push_back(station("reboot", {}));
  } else if (name == "fault") {
    calls.push_back(state("faulted", connector));
  } else if (name == "unlock_failure") {
    calls.push_back(state("unlock_failed", connector));
  } else if (name == "refuse_local_list") {
    calls.push_back(state("refused_local_auth_list", 0));
  } else if (name == "local_limit") {
    calls.push_back(
        station("state", with(at(0), "charging_limit", arguments.string_or("limit", ""))));
  }
  return calls;
}

}  // namespace plugproof::rig
