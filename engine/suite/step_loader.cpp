#include "engine/suite/step_loader.hpp"

#include <algorithm>

#include "engine/ocpp/frame.hpp"
#include "engine/ocpp/schema.hpp"
#include "engine/rig/actions.hpp"
#include "engine/suite/check_loader.hpp"
#include "engine/suite/file_steps.hpp"
#include "engine/suite/map_reader.hpp"
#include "engine/suite/security_steps.hpp"

namespace plugproof::suite {

using base::Diagnostics;
using base::YamlNode;
using Kind = Step::Kind;

namespace {

struct KindInfo {
  const char* key;
  Kind kind;
};
constexpr KindInfo kKinds[] = {{"rig", Kind::rig},
                               {"receive", Kind::receive},
                               {"send", Kind::send},
                               {"any_order", Kind::any_order},
                               {"either", Kind::either},
                               {"optional", Kind::optional},
                               {"if", Kind::choice},
                               {"for_each", Kind::for_each},
                               {"never", Kind::never},
                               {"collect", Kind::collect},
                               {"wait", Kind::wait},
                               {"set", Kind::set},
                               {"expect", Kind::expect},
                               {"state", Kind::state},
                               {"configure", Kind::configure},
                               {"link", Kind::link},
                               {"await", Kind::await},
                               {"offer", Kind::offer},
                               {"transfer", Kind::transfer},
                               {"serve", Kind::serve},
                               {"make", Kind::make}};

const std::vector<std::string> kFaults{"drop",  "reset",   "close",   "refuse",
                                       "stall", "restore", "silence", "speak"};
const std::vector<std::string> kAwaited{"connected", "disconnected"};
const std::vector<std::string> kKpis{"triggered", "remote_start", "remote_stop"};

Step load_step(const YamlNode& node, Diagnostics& diagnostics);

// In a sequence there is nothing else that it could wait beside.
void refuse_meanwhile(const Step& step, Diagnostics& diagnostics) {
  if (step.meanwhile)
    diagnostics.error(step.pos, "'optional: meanwhile' belongs to an item of any_order",
                      "elsewhere write optional: true");
}

class StepLoader {
 public:
  StepLoader(const YamlNode& node, const KindInfo& info, const YamlNode& value,
             Diagnostics& diagnostics)
      : in_(node, std::string(info.key) + " step", diagnostics),
        value_(value),
        diagnostics_(diagnostics) {
    step_.kind = info.kind;
    step_.pos = node.pos;
    in_.get(info.key);
  }

  Step load() {
    if (const YamlNode* number = in_.get("step")) {
      const base::Value value = number->to_value();
      if (value.is_int())
        step_.number = static_cast<int>(value.as_int());
      else
        diagnostics_.error(number->pos, "'step' must be a whole number");
    }
    step_.note = in_.text("note");
    step_.when = in_.expression("when");
    step_.mark = in_.text("mark");
    load_kind();
    in_.finish();
    return std::move(step_);
  }

 private:
  void load_kind() {
    switch (step_.kind) {
      case Kind::rig:
        return load_rig();
      case Kind::receive:
        return load_receive();
      case Kind::send:
        return load_send();
      case Kind::any_order:
      case Kind::either:
        return load_branches();
      case Kind::optional:
        // `optional: true` on a receive is read there; here it is a sequence.
        step_.branches.push_back(load_steps(value_, diagnostics_));
        step_.variable = in_.text("took");
        need_leading_receive(step_.branches[0], value_);
        return;
      case Kind::choice:
        return load_choice();
      case Kind::for_each:
        return load_for_each();
      case Kind::never:
        step_.name =
            value_.is_scalar() && value_.text == kConnection ? kConnection : charge_point_action();
        if (step_.name == kConnection)
          step_.variable = in_.text("into");
        else
          load_select();
        step_.duration = duration("for");
        return;
      case Kind::collect:
        return load_collect();
      case Kind::wait:
        step_.duration = seconds_of(value_, "wait");
        return;
      case Kind::set:
        if (!value_.is_map())
          diagnostics_.error(value_.pos, "'set' must be a map of names and values");
        step_.arguments = Template::parse(value_, diagnostics_);
        return;
      case Kind::expect:
        step_.condition = expression(value_);
        step_.says = in_.need_text("says");
        step_.name = in_.text("name");
        step_.remarks = in_.flag("remark");
        return;
      case Kind::state:
        step_.name = word();
        step_.arguments = template_at("with");
        return;
      case Kind::configure:
        load_configuration(value_,
                           diagnostics_);  // for its errors; the values are evaluated as templates
        step_.arguments = Template::parse(value_, diagnostics_);
        return;
      case Kind::link:
        step_.name = one_of(kFaults, "link fault");
        return;
      case Kind::await:
        return load_await();
      case Kind::offer:
        step_.name = one_of(offered_things(), "thing to offer");
        step_.arguments = template_at("with");
        step_.variable = in_.need_text("into");
        lint_offer(step_.name, step_.arguments, diagnostics_);
        return;
      case Kind::serve:
        if (!value_.is_map())
          diagnostics_.error(value_.pos, "'serve' must be a map",
                             "write serve: {profile: 2} or serve: {certificate: expired}");
        step_.arguments = Template::parse(value_, diagnostics_);
        lint_serve(step_.arguments, diagnostics_);
        return;
      case Kind::make:
        step_.name = one_of(makeable_names(), "thing to make");
        step_.arguments = template_at("with");
        step_.variable = in_.need_text("into");
        lint_make(step_.name, step_.arguments, diagnostics_);
        return;
      case Kind::transfer:
        step_.name = one_of(transfer_ways(), "way of a transfer");
        step_.place = in_.need_text("of");
        step_.within = duration("within");
        if (const YamlNode* node = in_.get("check"))
          step_.checks = load_fact_checks(*node, transfer_facts(), "transfer", diagnostics_);
        return;
    }
  }

  std::string word() {
    if (value_.is_scalar()) return value_.text;
    diagnostics_.error(value_.pos, "a name is expected here");
    return {};
  }
  std::string one_of(const std::vector<std::string>& allowed, const std::string& what) {
    std::string name = word();
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
      diagnostics_.error(value_.pos, "'" + name + "' is no " + what,
                         base::did_you_mean(name, allowed));
    return name;
  }
  std::optional<base::Expression> expression(const YamlNode& node) {
    if (node.is_scalar()) return base::Expression::parse(node.text, node.pos, diagnostics_);
    diagnostics_.error(node.pos, "an expression is expected here");
    return std::nullopt;
  }
  Template template_at(const char* key) {
    const YamlNode* node = in_.get(key);
    return node ? Template::parse(*node, diagnostics_) : Template();
  }
  std::optional<Template> duration(const char* key) {
    const YamlNode* node = in_.get(key);
    if (!node) return std::nullopt;
    return seconds_of(*node, key);
  }
  Template seconds_of(const YamlNode& node, const char* key) {
    Template t = Template::parse(node, diagnostics_);
    if (auto value = t.constant(); value && (!value->is_number() || value->as_number() < 0))
      diagnostics_.error(node.pos, std::string("'") + key + "' must be a number of seconds");
    return t;
  }
  std::string action_of(const std::vector<std::string>& allowed, const std::string& sender) {
    std::string name = word();
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
      diagnostics_.error(value_.pos,
                         ocpp::is_action(name) ? name + " is not sent by the " + sender
                                               : "there is no message '" + name + "' in OCPP 1.6",
                         base::did_you_mean(name, allowed));
    return name;
  }
  std::string charge_point_action() {
    return action_of(ocpp::actions_of(ocpp::Sender::charge_point), "charge point");
  }
  void load_select() {
    if (const YamlNode* node = in_.get("select"))
      step_.select = load_checks(*node, step_.name, ocpp::Direction::request, diagnostics_);
  }
  void load_warnings(ocpp::Direction direction) {
    if (const YamlNode* node = in_.get("warn"))
      step_.warnings = load_checks(*node, step_.name, direction, diagnostics_);
  }
  void load_capture(ocpp::Direction direction) {
    const YamlNode* node = in_.get("capture");
    if (!node) return;
    if (!node->is_map())
      diagnostics_.error(node->pos, "'capture' must be a map of names and field paths");
    for (const auto& entry : node->entries) {
      if (auto path =
              load_path(entry.value.text, entry.value.pos, step_.name, direction, diagnostics_))
        step_.capture.emplace_back(entry.key, *std::move(path));
    }
  }
  void need_leading_receive(const Steps& steps, const YamlNode& node) {
    if (steps.empty() || steps[0].kind != Kind::receive)
      diagnostics_.error(node.pos, "such a sequence must begin with a 'receive'",
                         "put the message that decides first");
  }

  void load_await() {
    step_.name = one_of(kAwaited, "thing to await");
    step_.within = duration("within");
    const YamlNode* check = in_.get("check");
    step_.variable = in_.text("into");
    step_.may_miss = in_.flag("optional");
    if (step_.name != "connected" && (check || !step_.variable.empty()))
      diagnostics_.error(step_.pos, "'check' and 'into' belong to await: connected");
    if (step_.may_miss && step_.variable.empty())
      diagnostics_.error(step_.pos, "an optional 'await' needs 'into'",
                         "null then tells that no connection was made");
    if (check)
      step_.checks = load_fact_checks(*check, connection_facts(), "connection", diagnostics_);
  }

  void load_rig() {
    step_.name = word();
    step_.arguments = template_at("with");
    std::vector<std::string> names;
    for (const auto& action : rig::all_actions()) names.push_back(action.name);
    const rig::ActionInfo* action = rig::find_action(step_.name);
    if (!action) {
      diagnostics_.error(value_.pos, "there is no rig action '" + step_.name + "'",
                         base::did_you_mean(step_.name, names));
      return;
    }
    std::vector<std::string> known;
    for (const auto& argument : action->arguments) {
      known.push_back(argument.name);
      const auto& members = step_.arguments.members();
      const bool given = std::any_of(members.begin(), members.end(),
                                     [&](const auto& m) { return m.first == argument.name; });
      if (argument.required && !given)
        diagnostics_.error(step_.pos, "rig action '" + step_.name + "' needs the argument '" +
                                          argument.name + "'");
    }
    for (const auto& [key, member] : step_.arguments.members())
      if (std::find(known.begin(), known.end(), key) == known.end())
        diagnostics_.error(member.pos(),
                           "rig action '" + step_.name + "' has no argument '" + key + "'",
                           base::did_you_mean(key, known));
  }

  void load_receive() {
    step_.name = charge_point_action();
    load_select();
    if (const YamlNode* node = in_.get("check"))
      step_.checks = load_checks(*node, step_.name, ocpp::Direction::request, diagnostics_);
    if (const YamlNode* node = in_.get("via"))
      step_.via = load_checks(*node, step_.name, ocpp::Direction::request, diagnostics_);
    step_.reply = template_at("reply");
    lint_payload(step_.reply, step_.name, ocpp::Direction::response, diagnostics_);
    if (in_.get("reply_error")) load_reply_error();
    step_.no_reply = in_.flag("no_reply");
    step_.reply_after = duration("reply_after");
    if (step_.reply_after && step_.no_reply)
      diagnostics_.error(step_.pos,
                         "'reply_after' delays a reply, but 'no_reply' says there is none",
                         "leave one of them out");
    load_warnings(ocpp::Direction::request);
    step_.within = duration("within");
    load_optional();
    load_capture(ocpp::Direction::request);
    step_.kpi = in_.text("kpi");
    if (!step_.kpi.empty() && std::find(kKpis.begin(), kKpis.end(), step_.kpi) == kKpis.end())
      diagnostics_.error(step_.pos, "'" + step_.kpi + "' is no KPI",
                         base::did_you_mean(step_.kpi, kKpis));
    if (const YamlNode* node = in_.get("not_before")) {
      MapReader limit(*node, "not_before", diagnostics_);
      const std::string of = limit.need_text("of");
      const YamlNode* seconds = limit.need("seconds");
      limit.finish();
      if (seconds) step_.not_before = {of, Template::parse(*seconds, diagnostics_)};
    }
  }

  void load_optional() {
    const YamlNode* node = in_.get("optional");
    step_.meanwhile = node && node->is_scalar() && node->text == "meanwhile";
    step_.may_miss = step_.meanwhile || in_.flag("optional");
  }

  void load_reply_error() {
    step_.reply_error = template_at("reply_error");
    MapReader error(*in_.get("reply_error"), "reply_error", diagnostics_);
    const std::string code = error.need_text("code");
    error.text("description");
    error.finish();
    if (!code.empty() && code[0] != '$' && !ocpp::is_error_code(code))
      diagnostics_.error(step_.reply_error->pos(),
                         "'" + code + "' is no CALLERROR code of OCPP-J 1.6");
  }

  void load_codes(const char* key, bool& flag) {
    const YamlNode* node = in_.get(key);
    if (!node) return;
    flag = true;
    if (node->is_scalar() && node->text == "true") return;
    step_.error_codes = in_.texts(key);
    for (const auto& code : step_.error_codes)
      if (!ocpp::is_error_code(code))
        diagnostics_.error(node->pos, "'" + code + "' is no CALLERROR code of OCPP-J 1.6");
  }

  void load_send() {
    step_.name = action_of(ocpp::actions_of(ocpp::Sender::central_system), "central system");
    step_.arguments = template_at("payload");
    lint_payload(step_.arguments, step_.name, ocpp::Direction::request, diagnostics_);
    if (const YamlNode* node = in_.get("result"))
      step_.checks = load_checks(*node, step_.name, ocpp::Direction::response, diagnostics_);
    load_warnings(ocpp::Direction::response);
    load_codes("or_error", step_.error_allowed);
    load_codes("error", step_.error_required);
    step_.within = duration("within");
    load_capture(ocpp::Direction::response);
  }

  void load_branches() {
    if (!value_.is_list() || value_.items.size() < 2) {
      diagnostics_.error(value_.pos, "a list of at least two items is expected here");
      return;
    }
    for (const auto& item : value_.items) {
      if (item.is_list()) {
        step_.branches.push_back(load_steps(item, diagnostics_));
      } else {
        step_.branches.push_back({load_step(item, diagnostics_)});
        if (step_.kind == Kind::either) refuse_meanwhile(step_.branches.back()[0], diagnostics_);
      }
      if (step_.kind == Kind::either) need_leading_receive(step_.branches.back(), item);
    }
  }

  void load_choice() {
    step_.condition = expression(value_);
    const YamlNode* then_node = in_.need("then");
    step_.branches.resize(2);
    if (then_node) step_.branches[0] = load_steps(*then_node, diagnostics_);
    if (const YamlNode* else_node = in_.get("else"))
      step_.branches[1] = load_steps(*else_node, diagnostics_);
  }

  void load_for_each() {
    if (!value_.is_map() || value_.entries.size() != 1) {
      diagnostics_.error(value_.pos, "'for_each' must name one variable and its list",
                         "write for_each: {connector: $connectors}");
    } else {
      step_.variable = value_.entries[0].key;
      step_.list = Template::parse(value_.entries[0].value, diagnostics_);
    }
    step_.unordered = in_.flag("unordered");
    if (const YamlNode* steps = in_.need("steps"))
      step_.branches.push_back(load_steps(*steps, diagnostics_));
  }

  void load_collect() {
    step_.name = charge_point_action();
    load_select();
    if (const YamlNode* node = in_.get("check"))
      step_.checks = load_checks(*node, step_.name, ocpp::Direction::request, diagnostics_);
    in_.need("for");
    step_.duration = duration("for");
    step_.variable = in_.text("into");
    if (const YamlNode* node = in_.get("at_least"))
      step_.at_least = Template::parse(*node, diagnostics_);
  }

  MapReader in_;
  const YamlNode& value_;
  Diagnostics& diagnostics_;
  Step step_;
};

Step load_step(const YamlNode& node, Diagnostics& diagnostics) {
  Step empty;
  empty.pos = node.pos;
  if (!node.is_map()) {
    diagnostics.error(
        node.pos,
        "a step must be a map that begins with its kind, as in 'receive: StartTransaction'");
    return empty;
  }
  // `optional: true` belongs to a receive; as a kind, optional holds a list.
  for (const auto& info : kKinds)
    for (const auto& entry : node.entries)
      if (entry.key == info.key && !(info.kind == Kind::optional && !entry.value.is_list()))
        return StepLoader(node, info, entry.value, diagnostics).load();
  std::vector<std::string> keys;
  for (const auto& info : kKinds) keys.emplace_back(info.key);
  const std::string key = node.entries.empty() ? "" : node.entries[0].key;
  diagnostics.error(node.pos, "no kind of step is named '" + key + "'",
                    base::did_you_mean(key, keys));
  return empty;
}

void label(Steps& steps, std::map<std::string, int>& used) {
  for (auto& step : steps) {
    if (step.number) {
      step.label = std::to_string(*step.number);
    } else {
      step.label = to_string(step.kind);
      if (!step.name.empty()) step.label += " " + step.name;
      if (const int count = ++used[step.label]; count > 1)
        step.label += "#" + std::to_string(count);
    }
    for (auto& branch : step.branches) label(branch, used);
  }
}

}  // namespace

const char* to_string(Kind kind) {
  for (const auto& info : kKinds)
    if (info.kind == kind) return info.key;
  return "";
}

Steps load_steps(const YamlNode& node, Diagnostics& diagnostics) {
  Steps steps;
  if (node.is_null()) return steps;
  if (!node.is_list()) {
    diagnostics.error(node.pos, "a list of steps is expected here");
    return steps;
  }
  for (const auto& item : node.items) {
    steps.push_back(load_step(item, diagnostics));
    refuse_meanwhile(steps.back(), diagnostics);
  }
  return steps;
}

void label_steps(Steps& steps) {
  std::map<std::string, int> used;
  label(steps, used);
}

}  // namespace plugproof::suite
