#include "engine/suite/estimate.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/suite/dry_world.hpp"
#include "engine/suite/order.hpp"

namespace plugproof::suite {

using base::EvaluationError;
using base::Value;
using Kind = Step::Kind;

namespace {

struct Span {
  double expected = 0, at_most = 0;

  Span& operator+=(const Span& other) {
    expected += other.expected;
    at_most += other.at_most;
    return *this;
  }
};

Span together(const Span& a, const Span& b) {
  return {std::max(a.expected, b.expected), std::max(a.at_most, b.at_most)};
}

bool names_triggered_timeout(const Template& within) {
  std::vector<std::pair<std::string, base::SourcePos>> names;
  within.collect_names(names);
  return std::any_of(names.begin(), names.end(),
                     [](const auto& name) { return name.first == "triggered_timeout"; });
}

// Walks cases through a world in which everything happens as they wish, and adds the times up.
class Walker {
 public:
  Walker(const Suite& suite, const EstimateInput& input)
      : suite_(suite), input_(input), world_(input.values, input.pics, input.edition) {}

  // `taken_over`: it begins where the case before stopped; `handed_over`: it ends for the next one.
  Estimate play(const TestCase& test_case, bool taken_over, bool handed_over) {
    result_ = {};
    now_ = 0;
    marks_.clear();
    world_.forget_variables();
    world_.begin_on_security_profile(test_case.security.from);
    Frame frame;
    Span span;
    if (!taken_over) span += cleanup();
    for (const auto& entry : test_case.configuration) span += configure(entry, frame);
    for (const auto* list : {&test_case.memory, &test_case.state})
      for (const auto& use : *list)
        if (!use.when ||
            known([&] { return use.when->holds(LocalScope(world_, frame.locals)); }, true))
          span += enter(use.name, use.arguments, frame);
    frame.judged = true;
    span += sequence(test_case.scenario, frame);
    if (!handed_over) {
      frame.judged = false;
      for (; !to_leave_.empty(); to_leave_.pop_back()) {
        frame.locals = to_leave_.back().second;
        span += sequence(to_leave_.back().first->leave, frame);
      }
      frame.locals.clear();
      span += cleanup();
      span += restore();
    }
    result_.expected = span.expected;
    result_.at_most = span.at_most;
    return result_;
  }

 private:
  struct Frame {
    std::string prefix;
    Names locals;
    bool judged = false;
  };

  double value(const char* name) const { return input_.values.at(name).as_number(); }
  const Assumptions& usual() const { return input_.assumptions; }

  // What cannot be evaluated before the run is taken as `otherwise`.
  template <typename T, typename F>
  T known(const F& evaluate, T otherwise) {
    try {
      return evaluate();
    } catch (const EvaluationError&) {
      result_.guessed = true;
      return otherwise;
    }
  }
  double seconds(const std::optional<Template>& given, const Frame& frame, double otherwise) {
    if (!given) return otherwise;
    const Value number =
        known([&] { return given->evaluate(LocalScope(world_, frame.locals)); }, Value(otherwise));
    return number.is_number() ? std::max(0.0, number.as_number()) : otherwise;
  }

  Span sequence(const Steps& steps, const Frame& frame) {
    Span span;
    for (const auto& step : steps) {
      const bool taken =
          !step.when ||
          known([&] { return step.when->holds(LocalScope(world_, frame.locals)); }, true);
      if (!taken) continue;
      const double begun = now_;
      world_.at(begun);
      const Span one = of(step, frame);
      now_ = begun + one.expected;
      marks_[frame.prefix + step.label] = now_;
      if (!step.mark.empty()) marks_[frame.prefix + step.mark] = now_;
      span += one;
    }
    return span;
  }

  Span of(const Step& step, const Frame& frame) {
    const LocalScope scope(world_, frame.locals);
    switch (step.kind) {
      case Kind::rig:
        return act(step, scope);
      case Kind::receive:
        return receive(step, frame);
      case Kind::send: {
        const double limit = seconds(step.within, frame, value("response_timeout"));
        world_.answered(step, scope);
        return {std::min(usual().response, limit), limit};
      }
      case Kind::any_order:
        return parallel(step.branches, std::vector<Frame>(step.branches.size(), frame));
      case Kind::either: {
        Span span = sequence(step.branches.front(), frame);
        for (const auto& branch : step.branches)
          span.at_most =
              std::max(span.at_most, branch.empty() ? 0 : limit_of(branch.front(), frame));
        return span;
      }
      case Kind::optional: {
        const Span span = sequence(step.branches.front(), frame);
        if (!step.variable.empty()) world_.set(step.variable, true);
        return span;
      }
      case Kind::choice:
        return choice(step, frame);
      case Kind::for_each:
        return for_each(step, frame);
      case Kind::never:
      case Kind::collect:
      case Kind::wait: {
        const double time = seconds(step.duration, frame, value("quiet_time"));
        if (step.kind == Kind::collect && !step.variable.empty()) world_.forget(step.variable);
        if (step.kind == Kind::never && !step.variable.empty()) world_.set(step.variable, Value());
        return {time, time};
      }
      case Kind::set:
        for (const auto& [name, given] : step.arguments.members()) assign(name, given, scope);
        return {};
      case Kind::state:
        return enter(step.name, step.arguments, frame);
      case Kind::configure: {
        Span span;
        for (const auto& [key, given] : step.arguments.members())
          span += configure({key, given, true, step.pos}, frame);
        return span;
      }
      case Kind::await: {
        const double limit = seconds(step.within, frame, value("reboot_timeout"));
        const double usually = step.name != "connected" ? usual().reaction
                               : world_.restarting()    ? usual().reboot
                                                        : usual().reconnect;
        if (!step.variable.empty()) world_.set(step.variable, usually);
        return {std::min(usually, limit), limit};
      }
      case Kind::transfer: {
        const double limit = seconds(step.within, frame, value("transfer_timeout"));
        return {std::min(usual().transfer, limit), limit};
      }
      case Kind::offer:
      case Kind::expect:
      case Kind::link:
        return {};
      case Kind::serve: {
        for (const auto& [name, given] : step.arguments.members())
          if (name == "profile")
            world_.serve(known([&] { return given.evaluate(scope).as_int(); }, std::int64_t{0}));
        return {};
      }
      case Kind::make:
        world_.forget(step.variable);
        return {};
    }
    return {};
  }

  Span act(const Step& step, const base::Scope& scope) {
    const Value arguments =
        step.arguments.is_null()
            ? Value(Value::Object{})
            : known([&] { return step.arguments.evaluate(scope); }, Value(Value::Object{}));
    ++result_.actions;
    const bool person = input_.by_person && input_.by_person(step.name, arguments);
    if (person) ++result_.by_person;
    world_.acted(step.name, arguments);
    return {std::min(person ? usual().by_person : usual().by_machine, usual().rig_limit),
            usual().rig_limit};
  }

  double limit_of(const Step& step, const Frame& frame) {
    return seconds(step.within, frame, value("triggered_timeout"));
  }

  Span receive(const Step& step, const Frame& frame) {
    const double limit = limit_of(step, frame);
    const bool boots = step.name == "BootNotification" && world_.restarting();
    double expected = boots ? usual().reboot : usual().reaction;
    // A limit of "so long and the triggered timeout" says that it comes after so long.
    if (!step.may_miss && step.within && names_triggered_timeout(*step.within))
      expected = std::max(expected, limit - value("triggered_timeout"));
    expected = std::min(expected, limit);
    if (step.not_before) {
      const auto mark = marks_.find(frame.prefix + step.not_before->first);
      const double since = mark == marks_.end() ? now_ : mark->second;
      const double wait = seconds(step.not_before->second, frame, 0) + since - now_;
      expected = std::max(expected, std::min(wait, limit));
    }
    world_.received(step, LocalScope(world_, frame.locals));
    return {expected, limit};
  }

  Span parallel(const std::vector<Steps>& branches, const std::vector<Frame>& frames) {
    const double begun = now_;
    Span all;
    for (std::size_t i = 0; i < branches.size(); ++i) {
      now_ = begun;
      all = together(all, sequence(branches[i], frames[i]));
    }
    return all;
  }

  Span choice(const Step& step, const Frame& frame) {
    try {
      const bool yes = step.condition->holds(LocalScope(world_, frame.locals));
      return sequence(step.branches[yes ? 0 : 1], frame);
    } catch (const EvaluationError&) {
      // Which way it goes only the run can tell: the longer one.
      result_.guessed = true;
      return parallel(step.branches, std::vector<Frame>(step.branches.size(), frame));
    }
  }

  Span for_each(const Step& step, const Frame& frame) {
    const Value list =
        known([&] { return step.list.evaluate(LocalScope(world_, frame.locals)); }, Value());
    std::vector<Frame> frames;
    if (list.is_list()) {
      for (const auto& item : list.as_list()) {
        frames.push_back(frame);
        frames.back().locals[step.variable] = item;
      }
    } else {
      frames.push_back(frame);  // once, whatever the item will be
    }
    if (step.unordered)
      return parallel(std::vector<Steps>(frames.size(), step.branches.front()), frames);
    Span span;
    for (const auto& inner : frames) span += sequence(step.branches.front(), inner);
    return span;
  }

  // A value that only the run can know leaves the name unknown until somebody needs it.
  void assign(const std::string& name, const Template& given, const base::Scope& scope) {
    try {
      world_.set(name, given.evaluate(scope));
    } catch (const EvaluationError&) {
      world_.forget(name);
    }
  }

  Span enter(const std::string& name, const Template& arguments, const Frame& outer) {
    constexpr int kMaxDepth = 8;  // as in the interpreter
    const State* state = suite_.find_state(name);
    if (!state || depth_ >= kMaxDepth) return {};
    Frame frame;
    frame.prefix = outer.prefix + name + "/";
    frame.judged = outer.judged;
    const LocalScope around(world_, outer.locals);
    for (const auto& [param, fallback] : state->params) {
      const auto& given = arguments.members();
      const auto it = std::find_if(given.begin(), given.end(),
                                   [&, &key = param](const auto& m) { return m.first == key; });
      const LocalScope inside(world_, frame.locals);
      try {
        frame.locals[param] =
            it != given.end() ? it->second.evaluate(around) : fallback.evaluate(inside);
      } catch (const EvaluationError&) {
        continue;
      }
    }
    if (!frame.judged && state->holds) {
      try {
        if (state->holds->holds(LocalScope(world_, frame.locals))) return {};
      } catch (const EvaluationError&) {
        // It is taken not to hold: that is what a case must reckon with.
      }
    }
    ++depth_;
    Span span;
    for (const auto& entry : state->configuration) span += configure(entry, frame);
    Frame quiet = frame;
    quiet.judged = false;
    for (const auto& use : state->before)
      if (!use.when ||
          known([&] { return use.when->holds(LocalScope(world_, quiet.locals)); }, true))
        span += enter(use.name, use.arguments, quiet);
    if (!state->leave.empty()) to_leave_.emplace_back(state, frame.locals);
    span += sequence(state->steps, frame);
    --depth_;
    return span;
  }

  Span configure(const ConfigurationEntry& entry, const Frame& frame) {
    const Value given =
        known([&] { return entry.value.evaluate(LocalScope(world_, frame.locals)); }, Value("?"));
    const std::string text = given.is_string() ? given.as_string() : given.to_display();
    if (!world_.configure(entry.key, text)) return {};
    changed_.insert(entry.key);
    return request();
  }

  Span request() const {
    const double limit = value("response_timeout");
    return {std::min(usual().response, limit), limit};
  }

  Span cleanup() {
    Frame frame;
    return enter("Idle", {}, frame);
  }

  Span restore() {
    Span span;
    for (const auto& key : changed_) {
      span += request();
      world_.restore(key);
    }
    changed_.clear();
    return span;
  }

  const Suite& suite_;
  const EstimateInput& input_;
  DryWorld world_;
  Estimate result_;
  double now_ = 0;  // expected seconds since the case began
  std::map<std::string, double> marks_;
  std::set<std::string> changed_;  // configuration keys
  std::vector<std::pair<const State*, Names>> to_leave_;
  int depth_ = 0;
};

}  // namespace

Estimate& Estimate::operator+=(const Estimate& other) {
  expected += other.expected;
  at_most += other.at_most;
  actions += other.actions;
  by_person += other.by_person;
  guessed = guessed || other.guessed;
  return *this;
}

std::vector<Estimate> estimate(const std::vector<const TestCase*>& cases, const Suite& suite,
                               const EstimateInput& input, bool share) {
  Walker walker(suite, input);
  std::vector<Estimate> out;
  bool taken_over = false;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const bool handed_over =
        share && i + 1 < cases.size() && may_hand_over(*cases[i], *cases[i + 1], suite);
    out.push_back(walker.play(*cases[i], taken_over, handed_over));
    taken_over = handed_over;
  }
  return out;
}

}  // namespace plugproof::suite
