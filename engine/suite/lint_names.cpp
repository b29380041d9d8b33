// Does every name have a source? Names come from the engine (builtin), from the case itself, or are
// PICS ids. A name is accepted wherever it stands in the file: the order of steps is the author's
// business.
#include <algorithm>
#include <set>

#include "engine/suite/suite.hpp"
#include "pics/pics.hpp"

namespace plugproof::suite {

using base::Diagnostics;
using base::SourcePos;

namespace {

using Names = std::vector<std::pair<std::string, SourcePos>>;

// Visits every step, depth first.
template <typename F>
void for_every_step(const Steps& steps, const F& visit) {
  for (const auto& step : steps) {
    visit(step);
    for (const auto& branch : step.branches) for_every_step(branch, visit);
  }
}

void names_of(const base::Expression& expression, Names& out) {
  for (const auto& name : expression.names()) out.emplace_back(name, expression.pos());
}

std::string root_of(const std::string& name) {
  return name.substr(0, name.find('.'));
}

// A check knows two names of its own: the message, and in `holds` the field's value.
void names_of(const Condition& condition, Names& out) {
  Names used;
  condition.operand.collect_names(used);
  condition.extra.collect_names(used);
  if (condition.expression)
    for (const auto& name : condition.expression->names())
      if (root_of(name) != "value") used.emplace_back(name, condition.expression->pos());
  for (auto& name : used)
    if (root_of(name.first) != "message") out.push_back(std::move(name));
  if (condition.inner) names_of(*condition.inner, out);
}

void names_of(const Step& step, Names& out) {
  for (const auto* list : {&step.select, &step.checks, &step.via, &step.warnings})
    for (const auto& check : *list) names_of(check.condition, out);
  for (const auto* value : {&step.arguments, &step.reply, &step.list}) value->collect_names(out);
  for (const auto* value :
       {&step.within, &step.duration, &step.at_least, &step.reply_error, &step.reply_after})
    if (*value) (*value)->collect_names(out);
  if (step.not_before) step.not_before->second.collect_names(out);
  if (step.when) names_of(*step.when, out);
  if (step.condition) names_of(*step.condition, out);
}

void defined_by(const Steps& steps, std::set<std::string>& out) {
  for_every_step(steps, [&](const Step& step) {
    for (const auto& [name, path] : step.capture) out.insert(name);
    if (!step.variable.empty()) out.insert(step.variable);
    if (step.kind == Step::Kind::set)
      for (const auto& [name, value] : step.arguments.members()) out.insert(name);
  });
}

// Everything that a case and the states it uses read.
class ReadNames {
 public:
  explicit ReadNames(const Suite& suite) : suite_(suite) {}

  void of(const TestCase& test_case) {
    of(test_case.configuration);
    for (const auto* uses : {&test_case.memory, &test_case.state})
      for (const auto& use : *uses) of(use);
    of(test_case.scenario);
  }
  bool has(const std::string& name) const {
    return std::any_of(names_.begin(), names_.end(),
                       [&](const auto& read) { return root_of(read.first) == name; });
  }

 private:
  void of(const std::vector<ConfigurationEntry>& entries) {
    for (const auto& entry : entries) entry.value.collect_names(names_);
  }
  void of(const StateUse& use) {
    use.arguments.collect_names(names_);
    if (use.when) names_of(*use.when, names_);
    const State* state = suite_.find_state(use.name);
    if (!state || !seen_.insert(use.name).second) return;
    of(state->configuration);
    for (const auto& before : state->before) of(before);
    if (state->holds) names_of(*state->holds, names_);
    of(state->steps);
    of(state->leave);
  }
  void of(const Steps& steps) {
    for_every_step(steps, [&](const Step& step) {
      names_of(step, names_);
      if (step.kind == Step::Kind::state) of(StateUse{step.name, step.arguments, step.pos});
    });
  }

  const Suite& suite_;
  Names names_;
  std::set<std::string> seen_;
};

class NameLinter {
 public:
  NameLinter(std::set<std::string> defined, const std::map<std::string, State>& states,
             Diagnostics& diagnostics)
      : defined_(std::move(defined)), states_(states), diagnostics_(diagnostics) {
    for (const auto& name : Suite::builtin_names()) defined_.insert(name);
    for (const auto& [name, state] : states_) state_names_.push_back(name);
  }

  void steps(const Steps& steps) {
    std::set<std::string> marks;
    for_every_step(steps, [&](const Step& step) {
      marks.insert(step.label);
      if (!step.mark.empty()) marks.insert(step.mark);
    });
    for_every_step(steps, [&](const Step& step) {
      Names used;
      names_of(step, used);
      names(used);
      if (step.not_before && !marks.count(step.not_before->first))
        diagnostics_.error(
            step.pos,
            "'not_before' names '" + step.not_before->first +
                "', which is no step or mark of this file",
            base::did_you_mean(step.not_before->first, {marks.begin(), marks.end()}));
      if (step.kind == Step::Kind::transfer) transfer_of(step, steps);
      if (step.kind == Step::Kind::state) use({step.name, step.arguments, step.pos});
    });
  }
  void use(const StateUse& use) {
    const auto it = states_.find(use.name);
    if (it == states_.end()) {
      diagnostics_.error(use.pos, "there is no state '" + use.name + "'",
                         base::did_you_mean(use.name, state_names_));
      return;
    }
    std::vector<std::string> params;
    for (const auto& [name, value] : it->second.params) params.push_back(name);
    for (const auto& [key, value] : use.arguments.members())
      if (std::find(params.begin(), params.end(), key) == params.end())
        diagnostics_.error(value.pos(),
                           "the state '" + use.name + "' has no parameter '" + key + "'",
                           base::did_you_mean(key, params));
    values(use.arguments);
    if (use.when) expression(*use.when);
  }
  void values(const Template& value) {
    Names used;
    value.collect_names(used);
    names(used);
  }
  void configuration(const std::vector<ConfigurationEntry>& entries) {
    for (const auto& entry : entries) values(entry.value);
  }
  void expression(const base::Expression& e) {
    Names used;
    names_of(e, used);
    names(used);
  }

 private:
  // A download is one of an offered firmware, an upload one into an offered folder.
  void transfer_of(const Step& step, const Steps& steps) {
    const std::string wanted = step.name == "download" ? "firmware" : "folder";
    std::vector<std::string> offered;
    for_every_step(steps, [&](const Step& other) {
      if (other.kind == Step::Kind::offer && other.name == wanted)
        offered.push_back(other.variable);
    });
    if (std::find(offered.begin(), offered.end(), step.place) == offered.end())
      diagnostics_.error(
          step.pos,
          "'of' names '" + step.place + "', which no 'offer: " + wanted + "' of this file gives",
          base::did_you_mean(step.place, offered));
  }
  void names(const Names& used) {
    for (const auto& [name, pos] : used) {
      if (base::is_pics_id(name)) {
        if (!pics::find_id(name))
          diagnostics_.error(pos, "there is no PICS id '" + name + "'", "docs/pics.md lists them");
        continue;
      }
      const std::string root = root_of(name);
      if (!defined_.count(root))
        diagnostics_.error(pos, "nothing gives '" + root + "' a value",
                           base::did_you_mean(root, {defined_.begin(), defined_.end()}));
    }
  }

  std::set<std::string> defined_;
  const std::map<std::string, State>& states_;
  std::vector<std::string> state_names_;
  Diagnostics& diagnostics_;
};

}  // namespace

bool reads_name(const TestCase& test_case, const Suite& suite, const std::string& name) {
  ReadNames read(suite);
  read.of(test_case);
  return read.has(name);
}

const std::vector<std::string>& Suite::builtin_names() {
  static const std::vector<std::string> kNames{"connector",
                                               "connectors",
                                               "all_connectors",
                                               "valid_id_tag",
                                               "valid_id_tag_2",
                                               "invalid_id_tag",
                                               "parent_id_tag",
                                               "heartbeat_interval",
                                               "meter_value_interval",
                                               "clock_aligned_interval",
                                               "connection_timeout",
                                               "transaction_duration",
                                               "max_time_deviation",
                                               "boot_interval",
                                               "response_timeout",
                                               "triggered_timeout",
                                               "reboot_timeout",
                                               "backup_time",
                                               "quiet_time",
                                               "interval_tolerance",
                                               "quiet_heartbeat_interval",
                                               "reservation_expiry_offset",
                                               "charging_rate_unit",
                                               "charging_rate_factor",
                                               "stack_level",
                                               "schedule_duration",
                                               "number_phases",
                                               "supply_voltage",
                                               "local_limit",
                                               "firmware_timeout",
                                               "transfer_timeout",
                                               "transfer_protocol",
                                               "failing_firmware_location",
                                               "failing_diagnostics_location",
                                               "status",
                                               "registration",
                                               "transactions",
                                               "last_transaction",
                                               "reservations",
                                               "reservation_id",
                                               "request_id",
                                               "first_request_id",
                                               "local_list",
                                               "profiles",
                                               "rig",
                                               "config",
                                               "cfg",
                                               "profile",
                                               "extension",
                                               "certificate",
                                               "edition",
                                               "generation",
                                               "identity",
                                               "security_profile",
                                               "security_profiles",
                                               "invalid_certificate",
                                               "serial_number",
                                               "server_name",
                                               "client_certificate",
                                               "cpo_name",
                                               "key_timeout",
                                               "now"};
  return kNames;
}

void lint_names(const TestCase& test_case, const std::map<std::string, State>& states,
                Diagnostics& diagnostics) {
  std::set<std::string> defined;
  defined_by(test_case.scenario, defined);
  // What a state captures stays known to the case that used it.
  const auto add_state = [&](const std::string& name) {
    const auto it = states.find(name);
    if (it != states.end()) defined_by(it->second.steps, defined);
  };
  for (const auto* uses : {&test_case.memory, &test_case.state})
    for (const auto& use : *uses) add_state(use.name);
  for_every_step(test_case.scenario, [&](const Step& step) {
    if (step.kind == Step::Kind::state) add_state(step.name);
  });
  NameLinter linter(std::move(defined), states, diagnostics);
  linter.configuration(test_case.configuration);
  for (const auto* uses : {&test_case.memory, &test_case.state})
    for (const auto& use : *uses) linter.use(use);
  linter.steps(test_case.scenario);
}

void lint_names(const State& state, const std::map<std::string, State>& states,
                Diagnostics& diagnostics) {
  std::set<std::string> defined;
  defined_by(state.steps, defined);
  defined_by(state.leave, defined);
  for (const auto& [name, value] : state.params) defined.insert(name);
  // What the runner tells of the case that was cut off.
  if (state.kind == "recovery") defined.insert("interrupted");
  for (const auto& use : state.before) {
    const auto it = states.find(use.name);
    if (it != states.end()) defined_by(it->second.steps, defined);
  }
  NameLinter linter(std::move(defined), states, diagnostics);
  for (const auto& [name, value] : state.params) linter.values(value);
  linter.configuration(state.configuration);
  for (const auto& use : state.before) linter.use(use);
  if (state.holds) linter.expression(*state.holds);
  linter.steps(state.steps);
  linter.steps(state.leave);
}

}  // namespace plugproof::suite
