#include "engine/suite/check_loader.hpp"

#include <algorithm>
#include <regex>

#include "engine/suite/map_reader.hpp"

namespace plugproof::suite {

using base::Diagnostics;
using base::FieldPath;
using base::SourcePos;
using base::Value;
using base::YamlNode;

namespace {

using Op = Condition::Op;

struct OperatorInfo {
  const char* name;
  Op op;
};
constexpr OperatorInfo kOperators[] = {
    {"one_of", Op::one_of},   {"not", Op::differs},        {"at_least", Op::at_least},
    {"at_most", Op::at_most}, {"matches", Op::matches},    {"absent", Op::absent},
    {"present", Op::present}, {"length", Op::length},      {"contains", Op::contains},
    {"covers", Op::covers},   {"default", Op::fallback},   {"close_to", Op::close_to},
    {"holds", Op::holds},     {"composite", Op::composite}};

std::vector<std::string> operator_names() {
  std::vector<std::string> names;
  for (const auto& info : kOperators) names.emplace_back(info.name);
  return names;
}

// Which further keys an operator may carry.
bool belongs_to(Op op, const std::string& key) {
  return (op == Op::covers && key == "default") || (op == Op::fallback && key == "is") ||
         (op == Op::close_to && key == "seconds");
}

Condition load_condition(const YamlNode& node, Diagnostics& diagnostics) {
  Condition condition;
  if (node.is_list()) {
    condition.op = Op::one_of;
    condition.operand = Template::parse(node, diagnostics);
    return condition;
  }
  if (!node.is_map()) {
    condition.operand = Template::parse(node, diagnostics);
    return condition;
  }
  const YamlNode::Entry* main = nullptr;
  for (const auto& entry : node.entries) {
    const auto* info = std::find_if(std::begin(kOperators), std::end(kOperators),
                                    [&](const auto& o) { return entry.key == o.name; });
    if (info == std::end(kOperators)) continue;
    if (main && belongs_to(condition.op, entry.key)) continue;
    main = &entry;
    condition.op = info->op;
  }
  if (!main) {
    const std::string key = node.entries.empty() ? "" : node.entries[0].key;
    diagnostics.error(node.pos, "'" + key + "' is no check operator",
                      base::did_you_mean(key, operator_names()));
    return condition;
  }
  for (const auto& entry : node.entries) {
    if (&entry == main) continue;
    if (!belongs_to(condition.op, entry.key)) {
      diagnostics.error(entry.key_pos,
                        "'" + entry.key + "' does not belong to the operator '" + main->key + "'");
    } else if (entry.key == "is") {
      condition.inner = std::make_shared<Condition>(load_condition(entry.value, diagnostics));
    } else {
      condition.extra = Template::parse(entry.value, diagnostics);
    }
  }
  if (condition.op == Op::holds) {
    if (main->value.is_scalar())
      condition.expression =
          base::Expression::parse(main->value.text, main->value.pos, diagnostics);
    else
      diagnostics.error(main->value.pos, "'holds' needs an expression");
    return condition;
  }
  if (condition.op == Op::fallback) {
    condition.extra = Template::parse(main->value, diagnostics);
    if (!condition.inner)
      diagnostics.error(node.pos, "'default' needs a check beside it", "write {default: X, is: Y}");
    return condition;
  }
  condition.operand = Template::parse(main->value, diagnostics);
  if (condition.op == Op::matches) {
    try {
      const std::regex probe(main->value.text, std::regex::ECMAScript);
    } catch (const std::regex_error& e) {
      diagnostics.error(main->value.pos,
                        "'" + main->value.text + "' is no regular expression: " + e.what());
    }
  }
  if (condition.op == Op::close_to && condition.extra.is_null())
    diagnostics.error(node.pos, "'close_to' needs 'seconds'",
                      "write {close_to: INSTANT, seconds: N}");
  if (condition.op == Op::close_to && condition.operand.is_list() &&
      condition.operand.items().size() != 2)
    diagnostics.error(condition.operand.pos(), "'close_to' needs one instant or two",
                      "write {close_to: [EARLIEST, LATEST], seconds: N}");
  if (condition.op == Op::composite) {
    MapReader in(main->value, "composite", diagnostics);
    for (const char* key : {"connector", "duration", "unit"}) in.need(key);
    in.finish();
  }
  return condition;
}

// It reads the whole answer, and can only be asked of this one.
void lint_composite(const Condition& condition, const std::string& action,
                    ocpp::Direction direction, const FieldPath& path, const SourcePos& pos,
                    Diagnostics& diagnostics) {
  const bool inside = condition.inner && condition.inner->op == Op::composite;
  if (inside || (condition.op == Op::composite &&
                 !(action == "GetCompositeSchedule" && direction == ocpp::Direction::response &&
                   path.text() == "chargingSchedule.chargingSchedulePeriod")))
    diagnostics.error(pos, "'composite' is a check on the answer to GetCompositeSchedule alone",
                      "write it for the field chargingSchedule.chargingSchedulePeriod");
}

void lint_value(const std::string& path, const Value& value, const ocpp::FieldInfo& info,
                const SourcePos& pos, Diagnostics& diagnostics) {
  if (value.is_string() && !info.allowed.empty() &&
      std::find(info.allowed.begin(), info.allowed.end(), value.as_string()) == info.allowed.end())
    diagnostics.error(pos, "'" + value.as_string() + "' is no value of " + path,
                      base::did_you_mean(value.as_string(), info.allowed));
  const bool wrong_type = (info.type == "string" && !value.is_string()) ||
                          (info.type == "integer" && !value.is_int()) ||
                          (info.type == "boolean" && !value.is_bool());
  if (wrong_type && !value.is_null())
    diagnostics.error(pos, path + " is of type " + info.type + ", not " + value.type_name(),
                      info.type == "string" ? "put the value in quotes" : "");
}

void lint_condition(const std::string& path, const Condition& condition,
                    const ocpp::FieldInfo& info, Diagnostics& diagnostics) {
  if (condition.inner) lint_condition(path, *condition.inner, info, diagnostics);
  const auto check = [&](const Template& t) {
    if (auto value = t.constant()) lint_value(path, *value, info, t.pos(), diagnostics);
  };
  if (condition.op == Op::equals || condition.op == Op::differs) check(condition.operand);
  if (condition.op == Op::one_of)
    for (const auto& item : condition.operand.items()) check(item);
}

void lint_member(const Template& payload, const std::string& prefix, const std::string& action,
                 ocpp::Direction direction, Diagnostics& diagnostics) {
  for (const auto& [key, member] : payload.members()) {
    const std::string text = prefix.empty() ? key : prefix + "." + key;
    const auto path = load_path(text, member.pos(), action, direction, diagnostics);
    if (!path) continue;
    const auto info = ocpp::field_info(action, direction, *path);
    if (const auto value = member.constant();
        value && info && !member.is_object() && !member.is_list())
      lint_value(text, *value, *info, member.pos(), diagnostics);
    if (member.is_object()) lint_member(member, text, action, direction, diagnostics);
    for (std::size_t i = 0; i < member.items().size(); ++i)
      lint_member(member.items()[i], text + "[" + std::to_string(i) + "]", action, direction,
                  diagnostics);
  }
}

}  // namespace

std::optional<FieldPath> load_path(const std::string& text, const SourcePos& pos,
                                   const std::string& action, ocpp::Direction direction,
                                   Diagnostics& diagnostics) {
  auto path = FieldPath::parse(text);
  if (!path) {
    diagnostics.error(pos, "'" + text + "' is no field path",
                      "write it like idTagInfo.status or meterValue[*].timestamp");
    return std::nullopt;
  }
  if (!ocpp::is_action(action)) return path;  // reported where the action stands
  if (!ocpp::field_info(action, direction, *path)) {
    const auto& last = path->parts().back();
    diagnostics.error(pos,
                      action + (direction == ocpp::Direction::request ? ".req" : ".conf") +
                          " has no field '" + text + "'",
                      base::did_you_mean(last.member, ocpp::fields_near(action, direction, *path)));
    return std::nullopt;
  }
  return path;
}

std::vector<FieldCheck> load_fact_checks(const YamlNode& node,
                                         const std::vector<std::string>& facts,
                                         const std::string& what, Diagnostics& diagnostics) {
  std::vector<FieldCheck> checks;
  if (!node.is_map()) {
    diagnostics.error(node.pos, "checks must be a map of facts and what they must be");
    return checks;
  }
  for (const auto& entry : node.entries) {
    Condition condition = load_condition(entry.value, diagnostics);
    const auto path = FieldPath::parse(entry.key);
    const std::string fact = entry.key.substr(0, entry.key.find_first_of(".["));
    if (!path || std::find(facts.begin(), facts.end(), fact) == facts.end()) {
      diagnostics.error(entry.key_pos, "a " + what + " has no fact '" + entry.key + "'",
                        base::did_you_mean(entry.key, facts));
      continue;
    }
    checks.push_back({*path, std::move(condition), entry.key_pos});
  }
  return checks;
}

std::vector<FieldCheck> load_checks(const YamlNode& node, const std::string& action,
                                    ocpp::Direction direction, Diagnostics& diagnostics) {
  std::vector<FieldCheck> checks;
  if (!node.is_map()) {
    diagnostics.error(node.pos, "checks must be a map of field paths and what they must be");
    return checks;
  }
  for (const auto& entry : node.entries) {
    auto path = load_path(entry.key, entry.key_pos, action, direction, diagnostics);
    Condition condition = load_condition(entry.value, diagnostics);
    if (!path) continue;
    if (const auto info = ocpp::field_info(action, direction, *path))
      lint_condition(entry.key, condition, *info, diagnostics);
    lint_composite(condition, action, direction, *path, entry.key_pos, diagnostics);
    checks.push_back({*std::move(path), std::move(condition), entry.key_pos});
  }
  return checks;
}

void lint_payload(const Template& payload, const std::string& action, ocpp::Direction direction,
                  Diagnostics& diagnostics) {
  if (!ocpp::is_action(action)) return;
  if (!payload.is_null() && !payload.is_object() && !payload.expression())
    diagnostics.error(payload.pos(), "a payload must be a map of fields and values");
  lint_member(payload, "", action, direction, diagnostics);
}

}  // namespace plugproof::suite
