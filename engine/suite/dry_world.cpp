#include "engine/suite/dry_world.hpp"

#include <algorithm>

#include "engine/base/clock.hpp"
#include "engine/base/time.hpp"
#include "engine/suite/selection.hpp"

namespace plugproof::suite {

using base::EvaluationError;
using base::Scope;
using base::Value;

namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// The value that a field would have if the condition held; nothing where many would do.
std::optional<Value> wanted_by(const Condition& condition, const Scope& scope) {
  try {
    if (condition.op == Condition::Op::equals) return condition.operand.evaluate(scope);
    if (condition.op == Condition::Op::one_of) {
      const Value list = condition.operand.evaluate(scope);
      if (list.is_list() && !list.as_list().empty()) return list.as_list().front();
    }
    if (condition.op == Condition::Op::fallback && condition.inner)
      return wanted_by(*condition.inner, scope);
  } catch (const EvaluationError&) {
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> wanted(const Step& step, const char* field, const Scope& scope) {
  for (const auto* list : {&step.checks, &step.select})
    for (const auto& check : *list)
      if (check.path.text() == field)
        if (auto value = wanted_by(check.condition, scope)) return value;
  return std::nullopt;
}

std::string text_or(const std::optional<Value>& value, std::string fallback) {
  return value && value->is_string() ? value->as_string() : std::move(fallback);
}

std::int64_t int_or(const std::optional<Value>& value, std::int64_t fallback) {
  return value && value->is_int() ? value->as_int() : fallback;
}

}  // namespace

DryWorld::DryWorld(const std::map<std::string, Value>& values, const pics::Pics& pics,
                   std::string edition)
    : values_(values), pics_(pics), edition_(std::move(edition)) {}

std::optional<Value> DryWorld::lookup(std::string_view name) const {
  if (const auto it = variables_.find(name); it != variables_.end()) return it->second;
  if (const auto it = values_.find(std::string(name)); it != values_.end()) return it->second;
  if (starts_with(name, "config.")) {
    const std::string key(name.substr(7));
    if (const auto it = configuration_.find(key); it != configuration_.end())
      return Value(it->second);
    if (const auto claimed = pics_.configuration(key)) return Value(*claimed);
    return std::nullopt;
  }
  if (name == "connectors" || name == "all_connectors") {
    Value::List list;
    if (name == "all_connectors") list.emplace_back(0);
    for (const auto& connector : pics_.connectors()) list.emplace_back(connector.id);
    return Value(std::move(list));
  }
  if (name == "status") return statuses();
  if (name == "registration") return Value(registration_);
  if (name == "transactions") return Value(transactions_);
  if (name == "last_transaction") return last_transaction_;
  if (name == "rig") return traces_.to_value();
  // Every case is taken to find, and to leave, a charge point without any of these.
  if (name == "reservations" || name == "profiles") return Value(Value::List{});
  if (name == "local_list") return Value(false);
  // Some date: what cases do with it is to look how far two of them lie apart.
  if (name == "now")
    return Value(base::format_utc_millis(
        base::VirtualClock::kDefaultStart +
        std::chrono::duration_cast<base::Micros>(base::from_seconds(seconds_))));
  if (name == "security_profile") return Value(security_profile_);
  if (name == "security_profiles") {
    Value::List list;
    for (const int profile : security_profiles_of(pics_)) list.emplace_back(profile);
    return Value(std::move(list));
  }
  for (const char* of_a_connection :
       {"identity", "serial_number", "server_name", "client_certificate"})
    if (name == of_a_connection) return Value();
  if (name == "edition") return Value(edition_);
  if (name == "generation") return Value(pics::to_string(pics_.generation()));
  return pics_.lookup(name);
}

Value DryWorld::statuses() const {
  std::int64_t highest = 0;
  for (const auto& connector : pics_.connectors())
    highest = std::max<std::int64_t>(highest, connector.id);
  Value::List list;
  for (std::int64_t id = 0; id <= highest; ++id) {
    const auto it = statuses_.find(id);
    list.emplace_back(it == statuses_.end() ? std::string("Available") : it->second);
  }
  return Value(std::move(list));
}

void DryWorld::begin_on_security_profile(int least) {
  security_profile_ = std::max(least, first_security_profile(pics_));
}

void DryWorld::acted(const std::string& action, const Value& arguments) {
  traces_.record(action, arguments);
  const Value* on = arguments.find("on");
  if (action == "power_cycle" || (action == "power" && on && *on == Value(true)))
    restarting_ = true;
}

bool DryWorld::configure(const std::string& key, const std::string& value) {
  const auto known = lookup("config." + key);
  configuration_[key] = value;
  return !known || *known != Value(value);
}

void DryWorld::received(const Step& step, const Scope& scope) {
  capture(step, scope, false);
  const std::int64_t connector =
      int_or(wanted(step, "connectorId", scope), int_or(lookup("connector"), 1));
  if (step.name == "StatusNotification") {
    if (const auto status = wanted(step, "status", scope))
      statuses_[connector] = text_or(status, "Available");
  } else if (step.name == "StartTransaction") {
    last_transaction_ = Value::object(
        {{"transactionId", ++last_id_},
         {"connectorId", connector},
         {"idTag", text_or(wanted(step, "idTag", scope), text_or(lookup("valid_id_tag"), ""))}});
    transactions_.push_back(last_transaction_);
  } else if (step.name == "StopTransaction" && !transactions_.empty()) {
    const auto id = wanted(step, "transactionId", scope);
    const auto it = std::find_if(transactions_.begin(), transactions_.end(), [&](const Value& t) {
      return id && t.int_or("transactionId", 0) == int_or(id, -1);
    });
    transactions_.erase(it == transactions_.end() ? transactions_.end() - 1 : it);
  } else if (step.name == "BootNotification") {
    restarting_ = false;
    registration_ = "Accepted";
    statuses_.clear();
    for (const auto& [name, value] : step.reply.members())
      if (name == "status")
        if (const auto status = value.constant()) registration_ = text_or(*status, "Accepted");
  }
}

void DryWorld::answered(const Step& step, const Scope& scope) {
  capture(step, scope, true);
  try {
    const Value payload =
        step.arguments.is_null() ? Value(Value::Object{}) : step.arguments.evaluate(scope);
    if (step.name == "ChangeConfiguration")
      configure(payload.string_or("key", ""), payload.string_or("value", ""));
  } catch (const EvaluationError&) {
    return;  // a payload that only the run can make changes nothing that is known
  }
  const std::string status = text_or(wanted(step, "status", scope), "Accepted");
  if (step.name == "Reset" && status == "Accepted" && !step.error_required) restarting_ = true;
}

void DryWorld::capture(const Step& step, const Scope& scope, bool response) {
  for (const auto& [name, path] : step.capture) {
    auto value = wanted(step, path.text().c_str(), scope);
    if (!value && response && path.text() == "status") value = Value("Accepted");
    if (value)
      variables_[name] = *std::move(value);
    else
      variables_.erase(name);
  }
}

}  // namespace plugproof::suite
