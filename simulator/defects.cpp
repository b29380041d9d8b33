#include "simulator/defects.hpp"

#include "engine/base/diagnostics.hpp"
#include "simulator/behaviours.hpp"

namespace plugproof::simulator {

namespace {

[[noreturn]] void refuse_unknown(const std::string& text, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& form : message_rule_forms()) names.push_back(form.name);
  for (const auto& behaviour : all_behaviours()) names.push_back(behaviour.name);
  throw base::InputError("defect '" + text + "': there is no defect of the name '" + name + "'" +
                         base::did_you_mean(name, names));
}

// The answer with the fields of the request that it has not itself, for conditions on either.
base::Value merged(const base::Value& request, const base::Value& response) {
  base::Value both = response;
  if (request.is_object() && (both.is_object() || both.is_null()))
    for (const auto& [key, value] : request.as_object())
      if (!both.find(key)) both.set(key, value);
  return both;
}

}  // namespace

Defects::Defects(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    hits_[text] = 0;
    if (auto rule = parse_message_rule(text)) {
      rules_.push_back(std::move(*rule));
      continue;
    }
    const auto colon = text.find(':');
    const std::string name = text.substr(0, colon);
    const std::string argument = colon == std::string::npos ? "" : text.substr(colon + 1);
    const Behaviour* behaviour = find_behaviour(name);
    if (!behaviour) refuse_unknown(text, name);
    if (behaviour->argument == Argument::none && !argument.empty())
      throw base::InputError("defect '" + text + "': " + name + " takes no argument; write it as " +
                             name);
    if (behaviour->argument == Argument::required && argument.empty())
      throw base::InputError("defect '" + text + "': " + name + " needs an argument (" +
                             behaviour->explanation + "); write it as " + name + ":<argument>");
    behaviours_.push_back({text, name, argument});
  }
}

void Defects::power_on() {
  for (auto& rule : rules_) {
    rule.matcher.seen = 0;
    if (rule.other) rule.other->seen = 0;
  }
}

bool Defects::on(std::string_view name) const {
  for (const auto& active : behaviours_)
    if (active.name == name) return true;
  return false;
}

bool Defects::on(std::string_view name, std::string_view argument) const {
  for (const auto& active : behaviours_)
    if (active.name == name && (active.argument.empty() || active.argument == argument))
      return true;
  return false;
}

bool Defects::hit(std::string_view name) {
  for (const auto& active : behaviours_)
    if (active.name == name) {
      ++hits_[active.text];
      return true;
    }
  return false;
}

bool Defects::hit(std::string_view name, std::string_view argument) {
  for (const auto& active : behaviours_)
    if (active.name == name && (active.argument.empty() || active.argument == argument)) {
      ++hits_[active.text];
      return true;
    }
  return false;
}

std::string Defects::argument(std::string_view name) const {
  for (const auto& active : behaviours_)
    if (active.name == name) return active.argument;
  return {};
}

std::vector<std::string> Defects::arguments(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& active : behaviours_)
    if (active.name == name) out.push_back(active.argument);
  return out;
}

RequestPlan Defects::plan_request(const std::string& action, const base::Value& payload) {
  RequestPlan plan;
  plan.action = action;
  plan.payload = payload;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    MessageRule& rule = rules_[i];
    if (rule.response || rule.kind == RuleKind::extra || !rule.matcher.takes(action, payload))
      continue;
    bool changed = true;
    switch (rule.kind) {
      case RuleKind::omit:
        plan.omit = true;
        break;
      case RuleKind::alter:
        changed = set_field(plan.payload, *rule.path, rule.value);
        break;
      case RuleKind::drop:
        changed = drop_field(plan.payload, *rule.path);
        break;
      case RuleKind::delay:
        plan.delay += rule.delay;
        break;
      case RuleKind::duplicate:
        plan.duplicate = true;
        break;
      case RuleKind::swap:
        plan.held_by = i;
        break;
      case RuleKind::rename:
        plan.action = rule.word;
        break;
      case RuleKind::raw:
        plan.raw = rule.word;
        break;
      case RuleKind::reuse_id:
        plan.reuse_id = true;
        break;
      case RuleKind::string_number:
        changed = numbers_to_text(plan.payload);
        break;
      case RuleKind::extra:
      case RuleKind::error:
      case RuleKind::wrong_id:
        changed = false;
        break;
    }
    if (changed) ++hits_[rule.text];
  }
  return plan;
}

std::optional<std::string> Defects::error_for(const std::string& action,
                                              const base::Value& request) {
  std::optional<std::string> code;
  for (auto& rule : rules_)
    if (rule.kind == RuleKind::error && rule.matcher.takes(action, request)) {
      ++hits_[rule.text];
      code = rule.word;
    }
  return code;
}

ResponsePlan Defects::plan_response(const std::string& action, const base::Value& request,
                                    const base::Value& response) {
  ResponsePlan plan;
  plan.payload = response;
  const base::Value both = merged(request, response);
  for (auto& rule : rules_) {
    if (!rule.response || rule.kind == RuleKind::error || !rule.matcher.takes(action, both))
      continue;
    bool changed = true;
    switch (rule.kind) {
      case RuleKind::omit:
        plan.omit = true;
        break;
      case RuleKind::alter:
        changed = set_field(plan.payload, *rule.path, rule.value);
        break;
      case RuleKind::drop:
        changed = drop_field(plan.payload, *rule.path);
        break;
      case RuleKind::delay:
        plan.delay += rule.delay;
        break;
      case RuleKind::raw:
        plan.raw = rule.word;
        break;
      case RuleKind::wrong_id:
        plan.wrong_id = true;
        break;
      case RuleKind::string_number:
        changed = numbers_to_text(plan.payload);
        break;
      default:
        changed = false;
        break;
    }
    if (changed) ++hits_[rule.text];
  }
  return plan;
}

std::vector<ExtraRequest> Defects::extras_after(const std::string& action,
                                                const base::Value& payload) {
  std::vector<ExtraRequest> out;
  for (auto& rule : rules_)
    if (rule.kind == RuleKind::extra && rule.other->takes(action, payload)) {
      ++hits_[rule.text];
      out.push_back({rule.word, rule.value});
    }
  return out;
}

std::vector<std::size_t> Defects::released_by(const std::string& action,
                                              const base::Value& payload) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (rules_[i].kind == RuleKind::swap && rules_[i].other->takes(action, payload))
      out.push_back(i);
  return out;
}

}  // namespace plugproof::simulator
