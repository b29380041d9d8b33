#include "engine/run/protocol_state.hpp"

#include <algorithm>

namespace plugproof::run {

using base::Value;

namespace {

// Whether a SendLocalList.req carries identifications (OCPP 1.6 section 5.15).
bool has_entries(const Value& request) {
  const Value* list = request.find("localAuthorizationList");
  return list && list->is_list() && !list->as_list().empty();
}

}  // namespace

Value Transaction::to_value() const {
  return Value::object({{"transactionId", id},
                        {"connectorId", connector},
                        {"idTag", id_tag},
                        {"timestamp", timestamp}});
}

template <typename Which>
void ProtocolState::drop(const Which& which) {
  std::erase_if(running_, [&](const Transaction& transaction) {
    if (!which(transaction)) return false;
    profiles_.stopped(transaction.id);
    return true;
  });
}

Value Reservation::to_value() const {
  return Value::object({{"reservationId", id}, {"connectorId", connector}, {"idTag", id_tag}});
}

void ProtocolState::answered_by_us(std::string_view action, const Value& request,
                                   const Value& response, base::Nanos at) {
  if (action == "BootNotification") {
    registration_ = response.string_or("status", "");
    boot_ = request;
    // After a boot the charge point reports every status anew.
    statuses_.clear();
  } else if (action == "StatusNotification") {
    const std::int64_t connector = request.int_or("connectorId", -1);
    statuses_[connector] = request.string_or("status", "");
    if (connector > 0 && statuses_[connector] == "Available") profiles_.not_started(connector);
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
    drop([&](const auto& t) { return t.connector == started.connector; });
    if (running_.size() >= kMaxRunning)
      drop([&, oldest = running_.front().id](const auto& t) { return t.id == oldest; });
    running_.push_back(started);
    profiles_.started(started.id, started.connector, started.id_tag);
    last_ = std::move(started);
    // Its use ends a reservation (OCPP 1.6 section 5.13).
    if (const Value* used = request.find("reservationId"); used && used->is_int())
      forget_reservation(used->as_int());
  } else if (action == "StopTransaction") {
    const std::int64_t id = request.int_or("transactionId", 0);
    drop([&](const auto& t) { return t.id == id; });
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
  } else if (action == "ReserveNow") {
    if (response.string_or("status", "") != "Accepted") refused_by_charge_point(action, request);
  } else if (action == "CancelReservation") {
    // Rejected: there is no such reservation any more.
    forget_reservation(request.int_or("reservationId", 0));
  } else if (action == "SendLocalList") {
    const std::string status = response.string_or("status", "");
    const bool emptied = status == "Accepted" && !has_entries(request) &&
                         request.string_or("updateType", "") == "Full";
    if (emptied || status == "NotSupported") local_list_ = false;
  } else if (action == "ClearChargingProfile") {
    profiles_.cleared(request, response.string_or("status", "") == "Accepted");
  } else if (response.string_or("status", "") == "Accepted") {
    if (action == "RemoteStartTransaction") profiles_.awaits_start(request);
    if (action == "SetChargingProfile") {
      const std::int64_t connector = request.int_or("connectorId", 0);
      const auto it = std::find_if(running_.begin(), running_.end(),
                                   [&](const auto& t) { return t.connector == connector; });
      profiles_.set(request, it == running_.end() ? Value() : Value(it->id));
    }
  }
}

void ProtocolState::asked_by_us(std::string_view action, const Value& request) {
  if (action == "ReserveNow") {
    const std::int64_t id = request.int_or("reservationId", 0);
    forget_reservation(id);
    reservations_.push_back({id, request.int_or("connectorId", 0), request.string_or("idTag", "")});
  } else if (action == "SendLocalList" && has_entries(request)) {
    local_list_ = true;
  }
}

void ProtocolState::refused_by_charge_point(std::string_view action, const Value& request) {
  if (action == "ReserveNow" || action == "CancelReservation")
    forget_reservation(request.int_or("reservationId", 0));
  if (action == "SendLocalList") local_list_ = false;
}

void ProtocolState::forget_reservation(std::int64_t id) {
  std::erase_if(reservations_, [id](const Reservation& r) { return r.id == id; });
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
  drop([this](const Transaction& t) { return status(t.connector) == "Available"; });
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
