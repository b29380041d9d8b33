#include "engine/run/composite_check.hpp"

#include <cmath>

#include "engine/base/time.hpp"
#include "engine/schedule/comparison.hpp"

namespace plugproof::run {

using base::Micros;
using base::Value;

namespace {

Value known(const base::Scope& scope, const char* name) {
  auto value = scope.lookup(name);
  if (!value)
    throw base::EvaluationError(std::string("nothing gives '") + name + "' a value", name);
  return *std::move(value);
}

double number(const base::Scope& scope, const char* name) {
  const Value value = known(scope, name);
  if (!value.is_number())
    throw base::EvaluationError(std::string("'") + name + "' must be a number, but is " +
                                value.to_display());
  return value.as_number();
}

std::vector<schedule::Profile> profiles_of(const base::Scope& scope) {
  std::vector<schedule::Profile> out;
  const Value list = known(scope, "profiles");
  if (!list.is_list()) return out;  // nothing is known of any
  for (const auto& item : list.as_list()) {
    std::string problem;
    auto profile = schedule::read_profile(item, problem);
    if (!profile) throw base::EvaluationError(problem);
    out.push_back(*std::move(profile));
  }
  return out;
}

schedule::Question question_of(const Value& operand, const base::Scope& scope) {
  schedule::Question out;
  const Value* connector = operand.find("connector");
  const Value* duration = operand.find("duration");
  const auto unit = schedule::unit_of(operand.string_or("unit", ""));
  if (!connector || !connector->is_int() || connector->as_int() < 1)
    throw base::EvaluationError("'composite' is computed for a connector from 1 on");
  if (!duration || !duration->is_int() || duration->as_int() < 0)
    throw base::EvaluationError("'composite' needs the duration in whole seconds");
  if (!unit) throw base::EvaluationError("'composite' needs the unit A or W");
  out.connector = connector->as_int();
  out.length = schedule::seconds(duration->as_int());
  out.unit = *unit;
  out.margin =
      schedule::seconds(static_cast<std::int64_t>(std::ceil(number(scope, "max_time_deviation"))));
  const Value running = known(scope, "transactions");
  for (const auto& transaction : running.as_list()) {
    if (transaction.int_or("connectorId", 0) != out.connector) continue;
    out.transaction = transaction.int_or("transactionId", 0);
    out.charging_since = base::parse_utc(transaction.string_or("timestamp", ""));
  }
  return out;
}

// Section 6.22: the periods are relative to scheduleStart. Some charge points give the start in
// startSchedule only; without either the schedule begins with the answer.
Micros start_of(const Value& payload, const Value& schedule, const base::Scope& scope) {
  for (const auto& text :
       {payload.string_or("scheduleStart", ""), schedule.string_or("startSchedule", ""),
        known(scope, "now").as_string()})
    if (const auto start = base::parse_utc(text)) return *start;
  throw base::EvaluationError("the start of the schedule cannot be read");
}

schedule::Reported reported_of(const Value& schedule) {
  schedule::Reported out;
  if (const Value* duration = schedule.find("duration"); duration && duration->is_number())
    out.duration = duration->as_number();
  const Value* periods = schedule.find("chargingSchedulePeriod");
  if (!periods || !periods->is_list()) return out;
  for (const auto& period : periods->as_list()) {
    const Value* start = period.find("startPeriod");
    const Value* limit = period.find("limit");
    if (start && start->is_number() && limit && limit->is_number())
      out.periods.push_back({start->as_number(), limit->as_number()});
  }
  return out;
}

}  // namespace

CheckOutcome judge_composite(const suite::FieldCheck& check, const Value& payload,
                             const base::Scope& scope) {
  schedule::Question question = question_of(check.condition.operand.evaluate(scope), scope);
  const Value* answered = payload.find("chargingSchedule");
  const Value none;
  const Value& answer = answered ? *answered : none;
  question.from = start_of(payload, answer, scope);

  schedule::Supply supply;
  supply.voltage = number(scope, "supply_voltage");
  if (const Value phases = known(scope, "number_phases"); phases.is_int())
    supply.phases = static_cast<int>(phases.as_int());
  schedule::Expected expected;
  expected.pieces = schedule::composite(profiles_of(scope), question, supply);
  expected.length = std::chrono::duration<double>(question.length).count();
  expected.deviation = number(scope, "max_time_deviation");
  expected.unit = question.unit;
  if (const Value limit = known(scope, "local_limit"); limit.is_number())
    expected.local_limit = limit.as_number();

  CheckOutcome outcome{false, check.path.text(), schedule::to_text(expected), "absent"};
  if (!answered) return outcome;
  const schedule::Reported reported = reported_of(answer);
  outcome.actual = schedule::to_text(reported, question.unit);
  const auto difference = schedule::difference(expected, reported);
  outcome.passed = !difference;
  if (difference) outcome.actual += "; " + *difference;
  return outcome;
}

}  // namespace plugproof::run
