// The values of a PIXIT in the journal, and back.
#include <cmath>

#include "engine/run/pixit.hpp"

namespace plugproof::run {

using base::Value;

namespace {

constexpr const char* kConnectTimeout = "connect_timeout";
constexpr const char* kTimestampUrl = "timestamp_url";

// Whether a recorded value may stand for one that has this default.
bool fits(const Value& value, const Value& usual) {
  if (usual.is_number()) return value.is_number() && std::isfinite(value.as_number());
  if (usual.is_string()) return value.is_string();
  return value.is_null() || value.is_number() || value.is_string();
}

[[noreturn]] void refuse(const std::string& name) {
  throw base::InputError("pixit." + name + " is missing or has a wrong type");
}

}  // namespace

Value Pixit::document() const {
  Value::Object object{{"identity", identity},
                       {"address", address},
                       {"port", static_cast<std::int64_t>(port)},
                       {kConnectTimeout, base::to_seconds(connect_timeout)}};
  if (!timestamp_url.empty()) object.emplace_back(kTimestampUrl, timestamp_url);
  for (const auto& [name, value] : values) object.emplace_back(name, value);
  return Value(std::move(object));
}

Pixit Pixit::from_document(const Value& document, const pics::Pics& pics) {
  base::Diagnostics none;
  Pixit pixit = *load({}, pics, none);  // the defaults
  if (!document.is_object()) refuse("document");
  const auto text = [&](const char* name) {
    const Value* value = document.find(name);
    if (!value || !value->is_string()) refuse(name);
    return value->as_string();
  };
  pixit.identity = text("identity");
  pixit.address = text("address");
  const std::int64_t port = document.int_or("port", -1);
  if (port < 0 || port > 65535) refuse("port");
  pixit.port = static_cast<std::uint16_t>(port);
  const Value* timeout = document.find(kConnectTimeout);
  if (!timeout || !timeout->is_number()) refuse(kConnectTimeout);
  pixit.connect_timeout = base::from_seconds(timeout->as_number());
  if (document.find(kTimestampUrl)) pixit.timestamp_url = text(kTimestampUrl);
  const std::map<std::string, Value> usual = std::exchange(pixit.values, {});
  for (const auto& [name, value] : document.as_object()) {
    if (name == "identity" || name == "address" || name == "port" || name == kConnectTimeout ||
        name == kTimestampUrl)
      continue;
    const auto known = usual.find(name);
    if (!fits(value, known == usual.end() ? Value() : known->second)) refuse(name);
    pixit.values[name] = value;
  }
  for (const auto& [name, value] : usual)
    if (pixit.values.find(name) == pixit.values.end()) refuse(name);
  return pixit;
}

}  // namespace plugproof::run
