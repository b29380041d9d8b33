#include "engine/run/interpreter.hpp"

#include <algorithm>

#include "engine/link/handshake.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Task;
using base::Value;
using suite::Step;
using suite::Steps;
using Kind = Step::Kind;

class Interpreter::Lookahead {
 public:
  Lookahead(std::list<Expectations>& list, Expectations expected)
      : list_(list), place_(list.insert(list.end(), std::move(expected))) {}
  ~Lookahead() { list_.erase(place_); }
  Lookahead(const Lookahead&) = delete;
  Lookahead& operator=(const Lookahead&) = delete;

 private:
  std::list<Expectations>& list_;
  std::list<Expectations>::iterator place_;
};

Interpreter::Interpreter(World& world, const suite::Suite& suite, Recorder& recorder)
    : world_(world), session_(world.session), suite_(suite), recorder_(recorder) {
  session_.set_reply_advice([this](const InboundCall& call) { return advise(call); });
}

Interpreter::~Interpreter() {
  session_.set_reply_advice(nullptr);
}

Cursor Interpreter::begin() const {
  Cursor cursor;
  cursor.cause = session_.now();
  acted(cursor, session_.history().size(), session_.now());
  return cursor;
}

void Interpreter::acted(Cursor& cursor, std::size_t since, Nanos at) {
  cursor.since = cursor.last = since;
  cursor.acted = at;
}

Task<> Interpreter::run_steps(const Steps& steps, bool judged) {
  Frame frame;
  frame.judged = judged;
  Cursor cursor = begin();
  co_await sequence(steps, frame, cursor);
}

Task<> Interpreter::sequence(const Steps& steps, const Frame& frame, Cursor& cursor) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& current = steps[i];
    if (current.when && !current.when->holds(CaseScope(world_, frame.locals))) continue;
    Expectations expected;
    look_ahead(steps, i + 1, frame, expected);
    const Lookahead lookahead(expected_, std::move(expected));
    Expectations next;
    look_next(steps, i + 1, frame, next);
    cursor.next = &next;
    co_await step(current, frame, cursor);
  }
  cursor.next = nullptr;
}

Task<> Interpreter::step(const Step& step, const Frame& frame, Cursor& cursor) {
  const CaseScope scope(world_, frame.locals);
  try {
    switch (step.kind) {
      case Kind::rig:
        co_await do_rig(step, frame, cursor);
        break;
      case Kind::receive:
        co_await do_receive(step, frame, cursor);
        break;
      case Kind::send:
        co_await do_send(step, frame, cursor);
        break;
      case Kind::any_order: {
        std::vector<const Steps*> branches;
        for (const auto& branch : step.branches) branches.push_back(&branch);
        const std::vector<const Frame*> frames(branches.size(), &frame);
        co_await do_any_order(branches, frames, cursor);
        break;
      }
      case Kind::either:
        co_await do_either(step, frame, cursor);
        break;
      case Kind::optional:
        co_await do_optional(step, frame, cursor);
        break;
      case Kind::choice: {
        const bool yes = step.condition->holds(scope);
        co_await sequence(step.branches[yes ? 0 : 1], frame, cursor);
        break;
      }
      case Kind::for_each:
        co_await do_for_each(step, frame, cursor);
        break;
      case Kind::never:
        if (step.name == suite::kConnection) {
          co_await never_connection(step, frame, cursor);
        } else {
          co_await do_never(step, frame, cursor);
        }
        break;
      case Kind::collect:
        co_await do_collect(step, frame, cursor);
        break;
      case Kind::wait:
        co_await do_wait(step, frame, cursor);
        break;
      case Kind::set:
        do_set(step, frame);
        break;
      case Kind::expect:
        do_expect(step, frame, cursor);
        break;
      case Kind::state:
        co_await do_state(step, frame, cursor);
        break;
      case Kind::configure:
        for (const auto& [key, value] : step.arguments.members()) {
          const suite::ConfigurationEntry entry{key, value, true, step.pos};
          co_await configure_entry(entry, frame);
        }
        cursor.cause = session_.now();
        acted(cursor, session_.history().size(), session_.now());
        break;
      case Kind::link:
        co_await do_link(step, frame, cursor);
        break;
      case Kind::await:
        co_await do_await(step, frame, cursor);
        break;
      case Kind::offer:
        do_offer(step, frame);
        break;
      case Kind::transfer:
        co_await do_transfer(step, frame, cursor);
        break;
      case Kind::serve:
        do_serve(step, frame, cursor);
        break;
      case Kind::make:
        do_make(step, frame);
        break;
    }
  } catch (const base::EvaluationError& e) {
    // The linter has checked names. What is left is a value that does not fit: nothing was judged,
    // so it is no failure; where the value itself is wrong, a check of its own says so.
    abort_bench(step, frame, "value", std::string("a value cannot be used: ") + e.what());
  }
  mark_done(step, frame, session_.now());
}

Task<> Interpreter::do_any_order(const std::vector<const Steps*>& branches,
                                 const std::vector<const Frame*>& frames, Cursor& cursor) {
  std::vector<Cursor> cursors(branches.size(), cursor);
  Expectations expected;
  for (std::size_t i = 0; i < branches.size(); ++i)
    look_ahead(*branches[i], 0, *frames[i], expected);
  const Lookahead early(expected_, expected);
  const Lookahead siblings(siblings_, expected);
  const Signal::Rank rank = Signal::kLast - ++joins_;
  std::vector<Task<>> running;
  for (std::size_t i = 0; i < branches.size(); ++i)
    running.push_back(sequence(*branches[i], *frames[i], cursors[i]));
  for (auto& branch : running) branch.start();
  while (true) {
    bool all_done = true;
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (running[i].done()) {
        running[i].result();  // throws what the branch threw
      } else if (!branches[i]->front().meanwhile) {
        all_done = false;
      }
    }
    if (all_done) break;
    co_await session_.wait(Signal::kNever, rank);
  }
  running.clear();  // gives up what was waited for meanwhile only
  for (const auto& branch : cursors) {
    cursor.cause = std::max(cursor.cause, branch.cause);
    cursor.last = std::max(cursor.last, branch.last);
    cursor.since = std::max(cursor.since, branch.since);
    cursor.acted = std::max(cursor.acted, branch.acted);
    if (branch.request_sent > cursor.request_sent) {
      cursor.request_sent = branch.request_sent;
      cursor.request_record = branch.request_record;
    }
  }
}

Task<> Interpreter::do_for_each(const Step& step, const Frame& frame, Cursor& cursor) {
  constexpr std::size_t kMaxShown = 80;  // of an item in a label
  const Value list = step.list.evaluate(CaseScope(world_, frame.locals));
  if (!list.is_list())
    throw base::EvaluationError("for_each needs a list, but got the " +
                                std::string(list.type_name()) + " " + list.to_display());
  std::vector<Frame> frames;
  for (const auto& item : list.as_list()) {
    Frame inner = frame;
    std::string shown = item.is_string() ? item.as_string() : item.to_display();
    // A certificate, say, would hide the label.
    if (shown.size() > kMaxShown) shown = "item " + std::to_string(frames.size() + 1);
    inner.suffix += "[" + step.variable + "=" + shown + "]";
    inner.locals[step.variable] = item;
    frames.push_back(std::move(inner));
  }
  if (!step.unordered) {
    for (const auto& inner : frames) co_await sequence(step.branches[0], inner, cursor);
    co_return;
  }
  const std::vector<const Steps*> branches(frames.size(), &step.branches[0]);
  std::vector<const Frame*> pointers;
  for (const auto& inner : frames) pointers.push_back(&inner);
  co_await do_any_order(branches, pointers, cursor);
}

Task<> Interpreter::do_optional(const Step& step, const Frame& frame, Cursor& cursor) {
  Step first = step.branches[0][0];
  first.may_miss = true;
  const bool took = co_await do_receive(first, frame, cursor);
  if (!step.variable.empty()) world_.variables[step.variable] = Value(took);
  if (!took) co_return;
  mark_done(first, frame, session_.now());
  const Steps rest(step.branches[0].begin() + 1, step.branches[0].end());
  co_await sequence(rest, frame, cursor);
}

Task<> Interpreter::do_either(const Step& step, const Frame& frame, Cursor& cursor) {
  Nanos deadline{0};
  for (const auto& branch : step.branches)
    deadline = std::max(deadline, cursor.cause + within(branch[0], frame, "triggered_timeout"));
  recorder_.step(session_.now(), step, label(step, frame), deadline);
  while (true) {
    // A branch whose checks hold decides before one that is merely meant.
    for (const bool must_hold : {true, false}) {
      for (const auto& branch : step.branches) {
        const auto candidate = find_candidate(branch[0], frame, cursor);
        if (!candidate || (must_hold && !candidate->checks_hold)) continue;
        co_await sequence(branch, frame, cursor);
        co_return;
      }
    }
    if (!co_await session_.wait(deadline)) break;
  }
  // Told as one: any of the first messages would have done.
  Step any = step.branches[0][0];
  for (std::size_t i = 1; i < step.branches.size(); ++i)
    any.name = step.branches[i][0].name + ".req or " + any.name;
  missing(any, frame, cursor, deadline);
}

void Interpreter::do_set(const Step& step, const Frame& frame) {
  for (const auto& [name, value] : step.arguments.members())
    world_.variables[name] = value.evaluate(CaseScope(world_, frame.locals));
}

void Interpreter::do_expect(const Step& step, const Frame& frame, Cursor& cursor) {
  const bool holds = step.condition->holds(CaseScope(world_, frame.locals));
  const std::string name = check_name(step, frame, step.name.empty() ? "expect" : step.name);
  Failure context = recorder_.failure(step, name, "check", step.says);
  if (cursor.last > 0 && cursor.last <= session_.history().size())
    context.frame = session_.history()[cursor.last - 1].seen.record;
  std::string values;
  for (const auto& used : step.condition->names()) {
    base::Diagnostics ignored;
    const auto name_alone = base::Expression::parse(used, step.pos, ignored);
    try {
      std::string text =
          name_alone ? name_alone->evaluate(CaseScope(world_, frame.locals)).to_display() : "";
      if (text.size() > 300) text = text.substr(0, 300) + "...";
      values += (values.empty() ? "" : ", ") + used + " = " + text;
    } catch (const base::EvaluationError&) {
      continue;  // it has no value here: nothing to show
    }
  }
  const CheckOutcome outcome{holds, {}, step.condition->text(), holds ? "it holds" : values};
  if (step.remarks && frame.judged && !holds)
    session_.report({name,
                     FindingSeverity::remark,
                     step.says,
                     outcome.expected,
                     outcome.actual,
                     {},
                     context.frame.value_or(0),
                     context.reference});
  if (step.remarks) return;
  if (frame.judged)
    recorder_.check(session_.now(), name, outcome, context);
  else if (!holds)
    abort(step, frame, context);
}

Task<> Interpreter::do_wait(const Step& step, const Frame& frame, Cursor& cursor) {
  // A delayed answer of ours may lie ahead: then the wait begins with it.
  const Nanos until =
      std::max(session_.now(), cursor.cause) + base::from_seconds(seconds(*step.duration, frame));
  recorder_.step(session_.now(), step, label(step, frame), until);
  bool waiting = true;  // g++ 12 breaks the frame of `while (co_await ...) {}`
  while (waiting) waiting = co_await session_.wait(until);
  cursor.cause = session_.now();
}

std::string Interpreter::check_name(const Step& step, const Frame& frame,
                                    const std::string& what) const {
  return label(step, frame) + ":" + what;
}

double Interpreter::seconds(const suite::Template& value, const Frame& frame) const {
  const Value result = value.evaluate(CaseScope(world_, frame.locals));
  if (!result.is_number())
    throw base::EvaluationError("a number of seconds is needed, but got the " +
                                std::string(result.type_name()) + " " + result.to_display());
  return std::clamp(result.as_number(), 0.0, 1e7);
}

Nanos Interpreter::within(const Step& step, const Frame& frame, const char* fallback) const {
  return step.within ? base::from_seconds(seconds(*step.within, frame))
                     : world_.pixit.seconds(fallback);
}

void Interpreter::capture(const Step& step, const Value& payload) {
  for (const auto& [name, path] : step.capture) {
    const auto hits = path.resolve(payload);
    const bool many = path.text().find("[*]") != std::string::npos;
    if (!many) {
      world_.variables[name] = !hits.empty() && hits[0].value ? *hits[0].value : Value();
      continue;
    }
    Value::List list;
    for (const auto& hit : hits) list.push_back(hit.value ? *hit.value : Value());
    world_.variables[name] = Value(std::move(list));
  }
}

void Interpreter::abort(const Step&, const Frame& frame, Failure failure) const {
  if (frame.judged) throw Abort{std::move(failure), false};
  failure.kind = "precondition";
  failure.message = "the precondition could not be reached: " + failure.message;
  throw Abort{std::move(failure), true};
}

void Interpreter::abort_bench(const Step& step, const Frame& frame, const std::string& kind,
                              const std::string& message) const {
  throw Abort{recorder_.failure(step, check_name(step, frame, kind), kind, message), true};
}

void Interpreter::judge(const suite::FieldCheck& check, const Value& payload, const Step& step,
                        const Frame& frame, const std::string& name,
                        std::optional<std::int64_t> record) {
  const CheckOutcome outcome = run::judge(check, payload, CaseScope(world_, frame.locals));
  Failure context = recorder_.failure(step, name, "check",
                                      step.name + ": " + check.path.text() + " is not as required");
  context.place = check.pos.to_string();
  context.frame = record;
  if (frame.judged) {
    recorder_.check(session_.now(), name, outcome, context);
  } else if (!outcome.passed) {
    context.field = outcome.field;
    context.expected = outcome.expected;
    context.actual = outcome.actual;
    abort(step, frame, context);
  }
}

Value Interpreter::arguments_of(const Step& step, const Frame& frame) const {
  if (step.arguments.is_null()) return Value(Value::Object{});
  return step.arguments.evaluate(CaseScope(world_, frame.locals));
}

void Interpreter::warn(const Step& step, const Value& payload, const Frame& frame,
                       const std::string& label, std::int64_t record) {
  if (!frame.judged) return;
  for (const auto& check : step.warnings) {
    const CheckOutcome outcome = run::judge(check, payload, CaseScope(world_, frame.locals));
    if (outcome.passed) continue;
    const std::string reference = recorder_.failure(step, "", "", "").reference;
    session_.report({label + ":" + check.path.text(), FindingSeverity::remark,
                     step.name + (step.kind == Kind::send ? ".conf: " : ".req: ") +
                         check.path.text() + " passes, with a warning",
                     outcome.expected, outcome.actual, outcome.field, record, reference});
  }
}

void Interpreter::mark_done(const Step& step, const Frame& frame, Nanos at) {
  marks_[frame.prefix + step.label] = at;
  if (!step.mark.empty()) marks_[frame.prefix + step.mark] = at;
}

std::optional<Nanos> Interpreter::marked(const std::string& name, const Frame& frame) const {
  const auto it = marks_.find(frame.prefix + name);
  if (it == marks_.end()) return std::nullopt;
  return it->second;
}

}  // namespace plugproof::run
