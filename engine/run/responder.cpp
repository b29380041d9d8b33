#include "engine/run/responder.hpp"

#include "engine/base/random.hpp"

namespace plugproof::run {

using base::Value;

std::int64_t first_transaction_id(std::uint64_t seed, const ProtocolState& before) {
  // More than a run gives away, so that ids that nobody recorded lie within it too.
  constexpr std::int64_t kDistance = 5000;
  base::Random random(seed);
  std::int64_t id = random.between(1000, 900000);
  for (int draws = 0; before.was_given_near(id, kDistance) && draws < 1000; ++draws)
    id = random.between(1000, 900000);
  return id;
}

Responder::Responder(const Pixit& pixit, std::int64_t first_transaction)
    : pixit_(pixit), first_transaction_(first_transaction), next_transaction_(first_transaction) {}

void Responder::restart(std::int64_t transactions) {
  next_transaction_ = first_transaction_ + transactions;
}

Value Responder::id_tag_info(const std::string& id_tag) const {
  const bool valid =
      id_tag == pixit_.text("valid_id_tag") || id_tag == pixit_.text("valid_id_tag_2");
  return Value::object({{"status", valid ? "Accepted" : "Invalid"}});
}

std::optional<Value> Responder::respond(const std::string& action, const Value& request,
                                        base::Micros now) {
  const std::string id_tag = request.string_or("idTag", "");
  if (action == "BootNotification")
    return Value::object({{"status", "Accepted"},
                          {"currentTime", base::format_utc_millis(now)},
                          {"interval", pixit_.values.at("heartbeat_interval")}});
  if (action == "Heartbeat") return Value::object({{"currentTime", base::format_utc_millis(now)}});
  if (action == "Authorize") return Value::object({{"idTagInfo", id_tag_info(id_tag)}});
  if (action == "StartTransaction")
    return Value::object(
        {{"transactionId", next_transaction_++}, {"idTagInfo", id_tag_info(id_tag)}});
  if (action == "StopTransaction")
    return id_tag.empty() ? Value(Value::Object{})
                          : Value::object({{"idTagInfo", id_tag_info(id_tag)}});
  if (action == "DataTransfer") return Value::object({{"status", "UnknownVendorId"}});
  if (action == "SignCertificate") return Value::object({{"status", "Accepted"}});
  for (const char* empty : {"StatusNotification", "MeterValues", "DiagnosticsStatusNotification",
                            "FirmwareStatusNotification", "LogStatusNotification",
                            "SecurityEventNotification", "SignedFirmwareStatusNotification"})
    if (action == empty) return Value(Value::Object{});
  return std::nullopt;
}

Value overlay(Value base, const Value& overlay_value) {
  if (!base.is_object() || !overlay_value.is_object()) return overlay_value;
  for (const auto& [key, value] : overlay_value.as_object()) {
    if (value.is_null()) {
      base.erase(key);
    } else if (Value* old = base.find(key)) {
      *old = overlay(*old, value);
    } else {
      base.set(key, value);
    }
  }
  return base;
}

}  // namespace plugproof::run
