// GetConfiguration and ChangeConfiguration (OCPP 1.6 sections 5.3, 5.8).
#include <algorithm>

#include "simulator/request_desk.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

namespace {

Value key_value(const ConfigurationKey& key, const std::string& value, Defects& defects) {
  bool readonly = key.readonly;
  if (defects.on("readonly-wrong", key.name) && defects.hit("readonly-wrong", key.name))
    readonly = !readonly;
  std::string shown = value;
  for (const auto& argument : defects.arguments("wrong-value")) {
    const auto equals = argument.find('=');
    if (argument.substr(0, equals) == key.name && defects.hit("wrong-value", argument))
      shown = equals == std::string::npos ? "?" : argument.substr(equals + 1);
  }
  Value out = Value::object({{"key", key.name}, {"readonly", readonly}});
  // What can only be written has no value to be read (security whitepaper, section 7.2).
  if (!key.write_only || defects.hit("show-authorization-key")) out.set("value", shown);
  return out;
}

}  // namespace

RequestDesk::Reply RequestDesk::get_configuration(const Value& request) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  const Configuration& configuration = context.configuration;
  std::vector<std::string> asked;
  if (const Value* list = request.find("key"))
    for (const auto& item : list->as_list()) asked.push_back(item.as_string());
  // The key limits what may be asked for (section 9.1); more is refused as a whole.
  if (static_cast<std::int64_t>(asked.size()) > configuration.number("GetConfigurationMaxKeys") &&
      !defects.hit("ignore-max-keys"))
    return {{},
            {},
            "OccurenceConstraintViolation",
            "more keys than GetConfigurationMaxKeys = " +
                configuration.text("GetConfigurationMaxKeys")};
  const bool all = asked.empty() || defects.hit("ignore-requested-keys");
  Value known(Value::List{}), unknown(Value::List{});
  const auto missing = [&](const std::string& name) {
    return defects.on("missing-key", name) && defects.hit("missing-key", name);
  };
  if (all) {
    for (const auto& key : configuration.keys())
      if (!missing(key.name))
        known.push_back(key_value(key, configuration.text(key.name), defects));
  } else {
    for (const auto& name : asked) {
      const ConfigurationKey* key = configuration.find(name);
      if (key && !missing(name) && !defects.hit("known-as-unknown"))
        known.push_back(key_value(*key, configuration.text(key->name), defects));
      else
        unknown.push_back(name);
    }
  }
  if (defects.hit("extra-unknown-key")) unknown.push_back("NobodyAskedForThis");
  Value payload(Value::Object{});
  if (!known.as_list().empty()) payload.set("configurationKey", std::move(known));
  if (!unknown.as_list().empty()) payload.set("unknownKey", std::move(unknown));
  return {std::move(payload), {}, {}, {}};
}

RequestDesk::Reply RequestDesk::change_configuration(const Value& request) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  const std::string name = request.string_or("key", "");
  const std::string value = request.string_or("value", "");
  const auto answer = [](const char* word) {
    return Reply{Value::object({{"status", word}}), {}, {}, {}};
  };
  const ConfigurationKey* key = context.configuration.find(name);
  if (key && defects.on("missing-key", name) && defects.hit("missing-key", name)) key = nullptr;
  if (!key) return answer(defects.hit("config-unknown-accepted") ? "Accepted" : "NotSupported");
  if (key->readonly) return answer("Rejected");
  if (defects.on("config-refused", name) && defects.hit("config-refused", name))
    return answer("Rejected");
  if (!key->allowed(value)) {
    if (!defects.on("config-any-value", name)) return answer("Rejected");
    defects.hit("config-any-value", name);
    return answer("Accepted");
  }
  const char* word = key->reboot_required ? "RebootRequired" : "Accepted";
  if (context.configuration.text(key->name) != value && defects.on("config-not-stored", name) &&
      defects.hit("config-not-stored", name))
    return answer(word);
  if (key->name == "AuthorizationKey") return set_authorization_key(value);
  if (key->name == "SecurityProfile") return set_security_profile(value);
  context.configuration.set(key->name, value);
  configuration_changed(key->name);
  return answer(word);
}

void RequestDesk::configuration_changed(const std::string& key) {
  if (key == "HeartbeatInterval") station_.registration.restart_heartbeat();
  if (key == "MeterValueSampleInterval") station_.metering.restart_sampling();
  if (key == "ClockAlignedDataInterval") station_.metering.restart_alignment();
  if (key == "WebSocketPingInterval") station_.messenger.restart_pings();
  if (key == "MinimumStatusDuration") station_.statuses.update_all();
}

}  // namespace plugproof::simulator
