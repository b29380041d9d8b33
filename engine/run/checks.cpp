#include "engine/run/checks.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

#include "engine/base/time.hpp"
#include "engine/run/composite_check.hpp"

namespace plugproof::run {

using base::Value;
using suite::Condition;
using Op = Condition::Op;

namespace {

// A name that only a check knows: `message`, the whole of it, and `value` inside `holds: EXPR`.
class NamedScope final : public base::Scope {
 public:
  NamedScope(const base::Scope& outer, std::string_view name, const Value& value)
      : outer_(outer), name_(name), value_(value) {}
  std::optional<Value> lookup(std::string_view name) const override {
    if (name == name_) return value_;
    return outer_.lookup(name);
  }

 private:
  const base::Scope& outer_;
  std::string_view name_;
  const Value& value_;
};

std::string shown(const Value* value) {
  return value ? value->to_display() : "absent";
}

bool holds_item(const Value& item, const Value& wanted) {
  if (!wanted.is_object() || !item.is_object()) return item == wanted;
  return std::all_of(wanted.as_object().begin(), wanted.as_object().end(), [&](const auto& member) {
    const Value* field = item.find(member.first);
    return field && holds_item(*field, member.second);
  });
}

// `instant`: one, or a list of the earliest and the latest.
bool is_close(const Value& value, const Value& instant, const Value& seconds) {
  const bool span = instant.is_list() && instant.as_list().size() == 2;
  const Value& earliest = span ? instant.as_list()[0] : instant;
  const Value& latest = span ? instant.as_list()[1] : instant;
  if (!value.is_string() || !earliest.is_string() || !latest.is_string() || !seconds.is_number())
    return false;
  const auto at = base::parse_utc(value.as_string());
  const auto low = base::parse_utc(earliest.as_string());
  const auto high = base::parse_utc(latest.as_string());
  if (!at || !low || !high) return false;
  const auto span_of = [](base::Micros d) { return std::chrono::duration<double>(d).count(); };
  return span_of(*at - *high) <= seconds.as_number() && span_of(*low - *at) <= seconds.as_number();
}

std::string instant_in_words(const Value& instant) {
  if (!instant.is_list() || instant.as_list().size() != 2) return instant.to_display();
  return "the time from " + instant.as_list()[0].to_display() + " to " +
         instant.as_list()[1].to_display();
}

bool compare(const Value& value, const Value& limit, bool at_least) {
  if (!value.is_number() || !limit.is_number()) return false;
  return at_least ? value.as_number() >= limit.as_number() : value.as_number() <= limit.as_number();
}

// One value against one condition. `value` may be absent (nullptr).
bool satisfied(const Condition& condition, const Value* value, const base::Scope& scope) {
  if (condition.op == Op::absent)
    return (value == nullptr) == (condition.operand.evaluate(scope) == Value(true));
  if (condition.op == Op::present)
    return (value != nullptr) == (condition.operand.evaluate(scope) == Value(true));
  if (condition.op == Op::fallback) {
    const Value substitute = condition.extra.evaluate(scope);
    return satisfied(*condition.inner, value ? value : &substitute, scope);
  }
  // Null stands for a field that is left out, as in a payload.
  if (condition.op == Op::equals && !value) return condition.operand.evaluate(scope).is_null();
  if (!value) return false;
  if (condition.op == Op::holds)
    return condition.expression->holds(NamedScope(scope, "value", *value));
  const Value operand = condition.operand.evaluate(scope);
  switch (condition.op) {
    case Op::equals:
      return *value == operand;
    case Op::one_of:
      return operand.is_list() && std::find(operand.as_list().begin(), operand.as_list().end(),
                                            *value) != operand.as_list().end();
    case Op::differs:
      return !(*value == operand);
    case Op::at_least:
    case Op::at_most:
      return compare(*value, operand, condition.op == Op::at_least);
    case Op::matches:
      return value->is_string() && value->as_string().size() <= 1000 &&
             std::regex_match(value->as_string(), std::regex(operand.as_string()));
    case Op::length: {
      const std::size_t size = value->is_list()     ? value->as_list().size()
                               : value->is_string() ? value->as_string().size()
                                                    : 0;
      return operand.is_int() && static_cast<std::int64_t>(size) == operand.as_int();
    }
    case Op::contains:
      return value->is_list() &&
             std::any_of(value->as_list().begin(), value->as_list().end(),
                         [&](const auto& item) { return holds_item(item, operand); });
    case Op::close_to:
      return is_close(*value, operand, condition.extra.evaluate(scope));
    default:
      return false;
  }
}

CheckOutcome judge_covers(const suite::FieldCheck& check, const Value& payload,
                          const base::Scope& scope) {
  const Value wanted = check.condition.operand.evaluate(scope);
  const Value fallback = check.condition.extra.evaluate(scope);
  Value::List found, missing;
  for (const auto& hit : check.path.resolve(payload)) {
    const Value value = hit.value ? *hit.value : fallback;
    if (!value.is_null() && std::find(found.begin(), found.end(), value) == found.end())
      found.push_back(value);
  }
  if (wanted.is_list())
    for (const auto& item : wanted.as_list())
      if (std::find(found.begin(), found.end(), item) == found.end()) missing.push_back(item);
  CheckOutcome outcome{missing.empty(), check.path.text(), expectation(check.condition, scope),
                       Value(found).to_display()};
  if (!outcome.passed) outcome.actual += ", without " + Value(missing).to_display();
  return outcome;
}

}  // namespace

std::string expectation(const Condition& condition, const base::Scope& scope) {
  try {
    switch (condition.op) {
      case Op::equals: {
        const Value wanted = condition.operand.evaluate(scope);
        return wanted.is_null() ? "absent" : wanted.to_display();
      }
      case Op::one_of:
        return "one of " + condition.operand.evaluate(scope).to_display();
      case Op::differs:
        return "not " + condition.operand.evaluate(scope).to_display();
      case Op::at_least:
        return "at least " + condition.operand.evaluate(scope).to_display();
      case Op::at_most:
        return "at most " + condition.operand.evaluate(scope).to_display();
      case Op::contains:
        return "a list with " + condition.operand.evaluate(scope).to_display();
      case Op::covers:
        return "all of " + condition.operand.evaluate(scope).to_display();
      case Op::close_to:
        return "within " + condition.extra.evaluate(scope).to_display() + " s of " +
               instant_in_words(condition.operand.evaluate(scope));
      case Op::absent:
        return condition.operand.evaluate(scope) == Value(true) ? "absent" : "present";
      case Op::present:
        return condition.operand.evaluate(scope) == Value(true) ? "present" : "absent";
      case Op::fallback:
        return expectation(*condition.inner, scope) + " (absent counts as " +
               condition.extra.evaluate(scope).to_display() + ")";
      default:
        return condition.to_display();
    }
  } catch (const base::EvaluationError&) {
    return condition.to_display();
  }
}

CheckOutcome judge(const suite::FieldCheck& check, const Value& payload, const base::Scope& outer) {
  const NamedScope scope(outer, "message", payload);
  if (check.condition.op == Op::covers) return judge_covers(check, payload, scope);
  if (check.condition.op == Op::composite) return judge_composite(check, payload, scope);
  const auto hits = check.path.resolve(payload);
  CheckOutcome outcome{true, check.path.text(), expectation(check.condition, scope), {}};
  if (hits.empty()) {
    outcome.passed = false;
    outcome.actual = "no element there";
    return outcome;
  }
  for (const auto& hit : hits) {
    outcome.field = hit.place;
    outcome.actual = shown(hit.value);
    if (!satisfied(check.condition, hit.value, scope)) {
      outcome.passed = false;
      return outcome;
    }
  }
  if (hits.size() > 1) outcome.field = check.path.text();
  return outcome;
}

// Asked of every message by every waiting step, so it makes none of the texts that judge() makes.
bool all_hold(const std::vector<suite::FieldCheck>& checks, const Value& payload,
              const base::Scope& outer) {
  const NamedScope scope(outer, "message", payload);
  return std::all_of(checks.begin(), checks.end(), [&](const suite::FieldCheck& check) {
    if (check.condition.op == Op::covers) return judge_covers(check, payload, scope).passed;
    const auto hits = check.path.resolve(payload);
    return !hits.empty() && std::all_of(hits.begin(), hits.end(), [&](const auto& hit) {
      return satisfied(check.condition, hit.value, scope);
    });
  });
}

}  // namespace plugproof::run
