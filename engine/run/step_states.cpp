// Named states: entered, left again, cleaned up.
#include "engine/run/interpreter.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Task;
using base::Value;
using suite::Step;
using suite::Steps;

Task<> Interpreter::use_state(const suite::StateUse& use, bool judged) {
  const suite::State* state = suite_.find_state(use.name);
  Frame frame;
  frame.judged = judged;
  if (use.when && !use.when->holds(CaseScope(world_, frame.locals))) co_return;
  Cursor cursor = begin();
  Variables arguments;
  for (const auto& [name, value] : use.arguments.members())
    arguments[name] = value.evaluate(CaseScope(world_, frame.locals));
  co_await enter_state(*state, std::move(arguments), frame, cursor);
}

Task<> Interpreter::leave_states() {
  while (!entered_.empty()) {
    const auto [state, locals] = std::move(entered_.back());
    entered_.pop_back();
    Frame frame;
    frame.prefix = state->name + "/leave/";
    frame.locals = locals;
    Cursor cursor = begin();
    try {
      co_await sequence(state->leave, frame, cursor);
    } catch (const Abort& e) {
      recorder_.note(session_.now(), "leaving the state " + state->name + ": " + e.failure.message);
    }
  }
}

Task<> Interpreter::do_state(const Step& step, const Frame& frame, Cursor& cursor) {
  const suite::State* state = suite_.find_state(step.name);
  Variables arguments;
  for (const auto& [name, value] : step.arguments.members())
    arguments[name] = value.evaluate(CaseScope(world_, frame.locals));
  co_await enter_state(*state, std::move(arguments), frame, cursor);
}

Task<> Interpreter::enter_state(const suite::State& state, Variables arguments, const Frame& outer,
                                Cursor& cursor) {
  constexpr int kMaxDepth = 8;
  struct Nesting {
    int& depth;
    explicit Nesting(int& d) : depth(++d) {}
    ~Nesting() { --depth; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
  } const nesting(depth_);
  if (depth_ > kMaxDepth)
    throw Abort{Failure{"state " + state.name,
                        "bench",
                        "states use each other without end",
                        {},
                        {},
                        {},
                        {},
                        {},
                        {},
                        {},
                        {}},
                true};
  Frame frame;
  frame.prefix = outer.prefix + state.name + "/";
  frame.suffix = outer.suffix;
  frame.judged = outer.judged;
  frame.locals = bind_parameters(state, std::move(arguments), world_);
  last_entered_.reset();
  if (!frame.judged && state.holds && state.holds->holds(CaseScope(world_, frame.locals))) {
    last_entered_ = EnteredState{&state, frame.locals, world_.portrait()};
    co_return;
  }
  for (const auto& entry : state.configuration) co_await configure_entry(entry, frame);
  for (const auto& use : state.before) {
    if (use.when && !use.when->holds(CaseScope(world_, frame.locals))) continue;
    const suite::State* before = suite_.find_state(use.name);
    Variables passed;
    for (const auto& [name, value] : use.arguments.members())
      passed[name] = value.evaluate(CaseScope(world_, frame.locals));
    Frame quiet = frame;
    quiet.judged = false;
    co_await enter_state(*before, std::move(passed), quiet, cursor);
  }
  if (!state.leave.empty()) entered_.emplace_back(&state, frame.locals);
  if (state.kind == "cleanup" || state.kind == "recovery")
    co_await clean_up_steps(state.steps, frame, cursor);
  else
    co_await sequence(state.steps, frame, cursor);
  last_entered_ = EnteredState{&state, frame.locals, world_.portrait()};
}

// Cleaning up goes on after a step that did not work: the next one may.
Task<> Interpreter::clean_up_steps(const Steps& steps, const Frame& frame, Cursor& cursor) {
  for (const auto& step : steps) {
    const Steps one{step};
    try {
      co_await sequence(one, frame, cursor);
    } catch (const Abort& e) {
      recorder_.note(session_.now(), "cleaning up: " + e.failure.message);
      if (!session_.connected()) throw;
    }
  }
}

}  // namespace plugproof::run
