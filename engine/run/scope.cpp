#include "engine/run/scope.hpp"

#include <algorithm>

#include "engine/suite/selection.hpp"

namespace plugproof::run {

using base::Value;

namespace {

Value connectors_of(const pics::Pics& pics, bool with_zero) {
  Value::List list;
  if (with_zero) list.emplace_back(0);
  for (const auto& connector : pics.connectors()) list.emplace_back(connector.id);
  return Value(std::move(list));
}

Value statuses_of(const World& world) {
  std::int64_t highest = 0;
  for (const auto& connector : world.pics.connectors())
    highest = std::max<std::int64_t>(highest, connector.id);
  Value::List list;
  for (std::int64_t id = 0; id <= highest; ++id) {
    const auto status = world.session.state().status(id);
    list.push_back(status ? Value(*status) : Value());
  }
  return Value(std::move(list));
}

Value transactions_of(const ProtocolState& state) {
  Value::List list;
  for (const auto& transaction : state.transactions()) list.push_back(transaction.to_value());
  return Value(std::move(list));
}

Value reservations_of(const ProtocolState& state) {
  Value::List list;
  for (const auto& reservation : state.reservations()) list.push_back(reservation.to_value());
  return Value(std::move(list));
}

// `config.<Key>`: the value, null when the charge point has no such key (or does not show its
// value).
Value config_value(const ProtocolState& state, std::string_view key) {
  const ConfigurationKey* known = state.key(std::string(key));
  return known && known->value ? Value(*known->value) : Value();
}

// By which its certificate names it: as it has told it, else as the PICS does.
Value serial_number_of(const ProtocolState& state, const pics::Pics& pics) {
  for (const char* field : {"chargePointSerialNumber", "chargeBoxSerialNumber"})
    if (std::string serial = state.boot().string_or(field, ""); !serial.empty())
      return Value(std::move(serial));
  return pics.product().serial.empty() ? Value() : Value(pics.product().serial);
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

}  // namespace

std::optional<Value> World::lookup(std::string_view name) const {
  if (const auto it = variables.find(name); it != variables.end()) return it->second;
  if (const auto it = pixit.values.find(std::string(name)); it != pixit.values.end())
    return it->second;
  const ProtocolState& state = session.state();
  if (starts_with(name, "config.")) return config_value(state, name.substr(7));
  if (starts_with(name, "cfg.")) {
    const std::size_t dot = name.find('.', 4);
    if (dot == std::string_view::npos) return std::nullopt;
    const ConfigurationKey* known = state.key(std::string(name.substr(4, dot - 4)));
    const std::string_view fact = name.substr(dot + 1);
    if (fact == "known") return Value(known != nullptr);
    if (fact == "writable") return Value(known != nullptr && !known->readonly);
    return std::nullopt;
  }
  if (name == "config" || name == "cfg") return std::nullopt;
  if (name == "connectors") return connectors_of(pics, false);
  if (name == "all_connectors") return connectors_of(pics, true);
  if (name == "status") return statuses_of(*this);
  if (name == "registration")
    return state.registration().empty() ? Value() : Value(state.registration());
  if (name == "transactions") return transactions_of(state);
  if (name == "last_transaction")
    return state.last_transaction() ? state.last_transaction()->to_value() : Value();
  if (name == "reservations") return reservations_of(state);
  if (name == "reservation_id") return Value(reservation_id);
  if (name == "request_id") return Value(request_id);
  if (name == "first_request_id") return Value(first_request_id);
  if (name == "local_list") return Value(state.local_list());
  if (name == "profiles") return state.profiles().to_value();
  if (name == "rig") return rig.traces().to_value();
  if (name == "identity") return Value(session.identity());
  if (name == "serial_number") return serial_number_of(state, pics);
  if (name == "server_name" || name == "client_certificate") {
    const Value& tls = session.handshake().tls;
    const Value* told = tls.is_object() ? tls.find(name) : nullptr;
    return told ? *told : Value();
  }
  if (name == "security_profile") return Value(session.security().profile());
  if (name == "security_profiles") {
    Value::List list;
    for (const int profile : suite::security_profiles_of(pics)) list.emplace_back(profile);
    return Value(std::move(list));
  }
  if (name == "edition") return Value(edition);
  if (name == "generation") return Value(pics::to_string(pics.generation()));
  if (name == "now") return Value(base::format_utc_millis(session.utc()));
  return pics.lookup(name);
}

Value World::portrait() const {
  const ProtocolState& state = session.state();
  Value keys{Value::Object{}};
  for (const auto& entry : state.configuration())
    keys.as_object().emplace_back(entry.first, config_value(state, entry.first));
  Value portrait = Value::object({{"registration", state.registration()},
                                  {"status", statuses_of(*this)},
                                  {"transactions", transactions_of(state)},
                                  {"reservations", reservations_of(state)},
                                  {"local_list", state.local_list()},
                                  {"profiles", state.profiles().to_value()},
                                  {"configuration", std::move(keys)},
                                  {"security_profile", session.security().profile()},
                                  {"rig", rig.traces().to_value()}});
  if (const auto connection = session.connection())
    portrait.set("connection", static_cast<std::int64_t>(*connection));
  return portrait;
}

std::optional<Value> CaseScope::lookup(std::string_view name) const {
  if (const auto it = locals_.find(name); it != locals_.end()) return it->second;
  return world_.lookup(name);
}

}  // namespace plugproof::run
