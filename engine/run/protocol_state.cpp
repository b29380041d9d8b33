#include "engine/run/protocol_state.hpp"

#include <algorithm>

namespace plugproof::run {

using base::Value;

Value Transaction::to_value() const {
  return Value::object({{"transactionId", id}, {"connectorId", connector}, {"idTag", id_tag}});
}

void ProtocolState::answered_by_us(std::string_view action, const Value& request,
                                   const Value& response, base::Nanos at) {
  if (action == "BootNotification") {
    registration_ = response.string_or("status", "");
    // After a boot the charge point reports every status anew.
    statuses_.clear();
  } else if (action == "StatusNotification") {
    statuses_[request.int_or("connectorId", -1)] = request.string_or("status", "");
  } else if (action == "StartTransaction") {
    Transaction started{response.int_or("transactionId", 0),
                        request.int_or("connectorId", 0),
                        request.string_or("idTag", ""),
                        request.int_or("meterStart", 0),
                        at,
                        request.string_or("timestamp", "")};
    given_[started.id] = true;
    // A connector has one transaction: what is left of an older one will not be stopped any more.
    // And a charge point that starts them on connectors that it has not must not keep a clean-up
    // busy for days.
    constexpr std::size_t kMaxRunning = 32;
    running_.erase(std::remove_if(running_.begin(), running_.end(),
                                  [&](const auto& t) { return t.connector == started.connector; }),
                   running_.end());
    if (running_.size() >= kMaxRunning) running_.erase(running_.begin());
    running_.push_back(started);
    last_ = std::move(started);
  } else if (action == "StopTransaction") {
    const std::int64_t id = request.int_or("transactionId", 0);
    running_.erase(
        std::remove_if(running_.begin(), running_.end(), [&](const auto& t) { return t.id == id; }),
        running_.end());
  }
}

void ProtocolState::answered_by_charge_point(std::string_view action, const Value& request,
                                             const Value& response) {
  if (action == "GetConfiguration") {
    if (const Value* keys = response.find("configurationKey"); keys && keys->is_list())
      for (const auto& key : keys->as_list()) {
        ConfigurationKey& known = configuration_[key.string_or("key", "")];
        const Value* readonly = key.find("readonly");
        known.readonly = readonly && readonly->is_bool() && readonly->as_bool();
        known.value.reset();
        if (const Value* value = key.find("value"); value && value->is_string())
          known.value = value->as_string();
      }
    if (const Value* keys = response.find("unknownKey"); keys && keys->is_list())
      for (const auto& key : keys->as_list())
        if (key.is_string()) configuration_.erase(key.as_string());
  } else if (action == "ChangeConfiguration") {
    const std::string status = response.string_or("status", "");
    if (status == "Accepted" || status == "RebootRequired")
      configuration_[request.string_or("key", "")].value = request.string_or("value", "");
  }
}

std::optional<std::string> ProtocolState::status(std::int64_t connector) const {
  const auto it = statuses_.find(connector);
  if (it == statuses_.end()) return std::nullopt;
  return it->second;
}

bool ProtocolState::repeats_status(std::string_view action, const Value& payload) const {
  if (action != "StatusNotification") return false;
  const auto known = status(payload.int_or("connectorId", -1));
  return known && *known == payload.string_or("status", "");
}

void ProtocolState::forget_ended_transactions() {
  const auto ended = [this](const Transaction& t) { return status(t.connector) == "Available"; };
  running_.erase(std::remove_if(running_.begin(), running_.end(), ended), running_.end());
}

const Transaction* ProtocolState::running(std::int64_t id) const {
  const auto it =
      std::find_if(running_.begin(), running_.end(), [&](const auto& t) { return t.id == id; });
  return it == running_.end() ? nullptr : &*it;
}

const ConfigurationKey* ProtocolState::key(const std::string& name) const {
  const auto it = configuration_.find(name);
  return it == configuration_.end() ? nullptr : &it->second;
}

}  // namespace plugproof::run
