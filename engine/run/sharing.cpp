#include "engine/run/sharing.hpp"

namespace plugproof::run {

using base::Value;

namespace {

// PICS, PIXIT and edition: what stays the same for a whole run.
class FixedScope final : public base::Scope {
 public:
  explicit FixedScope(const World& world) : world_(world) {}
  std::optional<Value> lookup(std::string_view name) const override {
    if (const auto it = world_.pixit.values.find(std::string(name));
        it != world_.pixit.values.end())
      return it->second;
    if (name == "edition") return Value(world_.edition);
    return world_.pics.lookup(name);
  }

 private:
  const World& world_;
};

std::string as_text(const Value& value) {
  return value.is_string() ? value.as_string() : value.to_display();
}

// Whether every writable key has the value that the next case would find after a clean start and
// its own configuration.
bool configuration_fits(const suite::TestCase& next, const World& world,
                        const std::map<std::string, std::string>& baseline) {
  const auto wanted = fixed_configuration(next, world);
  if (wanted.size() != next.configuration.size()) return false;
  const ProtocolState& state = world.session.state();
  for (const auto& [key, value] : wanted) {
    const ConfigurationKey* known = state.key(key);
    // A key that is not there, or cannot be set, is no matter of preparation.
    if (known && !known->readonly && known->value != value) return false;
  }
  for (const auto& [key, value] : baseline) {
    const ConfigurationKey* known = state.key(key);
    if (!known || (!wanted.count(key) && known->value != value)) return false;
  }
  return true;
}

}  // namespace

Variables bind_parameters(const suite::State& state, Variables given, const World& world) {
  Variables bound;
  for (const auto& [name, value] : state.params) {
    const auto it = given.find(name);
    bound[name] = it != given.end() ? it->second : value.evaluate(CaseScope(world, bound));
  }
  return bound;
}

std::map<std::string, std::string> fixed_configuration(const suite::TestCase& test_case,
                                                       const World& world) {
  std::map<std::string, std::string> values;
  for (const auto& entry : test_case.configuration) {
    try {
      values[entry.key] = as_text(entry.value.evaluate(FixedScope(world)));
    } catch (const base::EvaluationError&) {
      continue;  // it depends on the charge point
    }
  }
  return values;
}

std::string obstacle_to_sharing(const EndedCase& ended, const suite::TestCase& next,
                                const World& world, const suite::Suite& suite,
                                const std::map<std::string, std::string>& baseline) {
  const auto kept = suite::sharing_of(ended.test_case, suite).kept;
  const auto start = suite::sharing_of(next, suite).start;
  if (!kept || !start || kept->name != start->name) return "the cases have no state in common";
  if (ended.result.verdict != Verdict::pass || !ended.result.failures.empty() ||
      !ended.result.remarks.empty())
    return "the case before did not pass without a remark";
  if (!ended.clean_start) return "the case before did not begin clean";
  if (ended.states_to_leave) return "the case before has something to undo";
  if (!ended.entered || ended.entered->state->name != start->name)
    return "the state was not entered";
  if (!world.session.connected() || ended.entered->portrait != world.portrait())
    return "something has changed since the state was entered";
  if (!configuration_fits(next, world, baseline)) return "the configuration differs";
  try {
    Variables given;
    for (const auto& [name, value] : start->arguments.members())
      given[name] = value.evaluate(CaseScope(world, {}));
    const Variables wanted = bind_parameters(*ended.entered->state, std::move(given), world);
    if (wanted != ended.entered->arguments) return "the state was entered in another way";
    if (!ended.entered->state->holds->holds(CaseScope(world, wanted)))
      return "the state does not hold";
  } catch (const base::EvaluationError& e) {
    return e.what();
  }
  return {};
}

}  // namespace plugproof::run
