// Steps that wait for requests of the charge point: receive, never, collect. Messages are matched
// on the recorded history, never on "the next one from now on".
#include <algorithm>

#include "engine/run/interpreter.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Task;
using base::Value;
using suite::Step;
using suite::Steps;
using Kind = Step::Kind;

namespace {

// A number for people: 2, not 2.0.
std::string plain(double number) {
  const auto whole = static_cast<std::int64_t>(number);
  return static_cast<double>(whole) == number ? std::to_string(whole) : Value(number).to_display();
}

}  // namespace

bool Interpreter::selects(const Step& step, const Frame& frame, const InboundCall& call) const {
  return call.seen.frame.action == step.name &&
         all_hold(step.select, call.seen.frame.payload, CaseScope(world_, frame.locals));
}

std::optional<Interpreter::Candidate> Interpreter::find_candidate(const Step& step,
                                                                  const Frame& frame,
                                                                  const Cursor& cursor) const {
  const CaseScope scope(world_, frame.locals);
  const auto& history = session_.history();
  for (std::size_t i = std::max(cursor.since, cursor.last); i < history.size(); ++i) {
    const InboundCall& call = history[i];
    if (call.taken || !selects(step, frame, call)) continue;
    const Value& payload = call.seen.frame.payload;
    if (all_hold(step.checks, payload, scope)) return Candidate{i, true};
    // What may come on the way, or only repeats a known status, is not the message that is waited
    // for.
    const bool on_the_way = !step.via.empty() && all_hold(step.via, payload, scope);
    if (on_the_way || call.repeats_status || wanted_by_sibling(step, call)) continue;
    return Candidate{i, false};
  }
  return std::nullopt;
}

bool Interpreter::wanted_by_sibling(const Step& step, const InboundCall& call) const {
  for (const auto& expectations : siblings_)
    for (const auto& other : expectations) {
      if (other.step == &step) continue;
      try {
        const CaseScope scope(world_, other.frame->locals);
        if (other.step->when && !other.step->when->holds(scope)) continue;
        if (selects(*other.step, *other.frame, call) &&
            all_hold(other.step->checks, call.seen.frame.payload, scope))
          return true;
      } catch (const base::EvaluationError&) {
        continue;  // it depends on something that has not happened yet
      }
    }
  return false;
}

bool Interpreter::overtaken(const Cursor& cursor) const {
  if (!cursor.next) return false;
  return std::any_of(cursor.next->begin(), cursor.next->end(), [&](const Expected& next) {
    try {
      const CaseScope scope(world_, next.frame->locals);
      if (next.step->when && !next.step->when->holds(scope)) return false;
      const auto candidate = find_candidate(*next.step, *next.frame, cursor);
      return candidate && candidate->checks_hold;
    } catch (const base::EvaluationError&) {
      return false;  // it depends on something that has not happened yet
    }
  });
}

Task<bool> Interpreter::do_receive(const Step& step, const Frame& frame, Cursor& cursor) {
  const Nanos deadline = cursor.cause + within(step, frame, "triggered_timeout");
  recorder_.step(session_.now(), step, label(step, frame), deadline);
  while (true) {
    if (const auto candidate = find_candidate(step, frame, cursor)) {
      take(step, frame, cursor, candidate->index);
      co_return true;
    }
    if (step.may_miss && overtaken(cursor)) co_return false;
    if (!co_await session_.wait(deadline)) break;
  }
  if (!step.may_miss) missing(step, frame, cursor, deadline);
  co_return false;
}

Reply Interpreter::reply_of(const Step& step, const Frame& frame) const {
  const CaseScope scope(world_, frame.locals);
  Reply reply;
  if (step.no_reply) reply.kind = Reply::Kind::none;
  if (step.reply_error) {
    const Value error = step.reply_error->evaluate(scope);
    reply.kind = Reply::Kind::error;
    reply.error_code = error.string_or("code", "GenericError");
    reply.error_description = error.string_or("description", "");
  } else if (!step.reply.is_null()) {
    reply.overlay = step.reply.evaluate(scope);
  }
  if (step.reply_after) reply.delay = base::from_seconds(seconds(*step.reply_after, frame));
  return reply;
}

void Interpreter::take(const Step& step, const Frame& frame, Cursor& cursor, std::size_t index) {
  auto& history = session_.history();
  history[index].taken = true;
  recorder_.match(session_.now(), label(step, frame), history[index].seen.record);
  capture(step, history[index].seen.frame.payload);
  const Reply reply = reply_of(step, frame);
  session_.answer(history[index], reply);
  const InboundCall call = history[index];
  judge_taken(step, frame, cursor, call);
  // What follows a delayed answer is caused by the answer.
  cursor.cause = std::max(cursor.cause, call.seen.at + reply.delay);
  cursor.last = std::max(cursor.last, index + 1);
}

void Interpreter::judge_taken(const Step& step, const Frame& frame, const Cursor& cursor,
                              const InboundCall& call) {
  // What need not come proves nothing by coming.
  if (frame.judged && !step.may_miss)
    recorder_.passed(session_.now(), check_name(step, frame, "arrives"));
  for (const auto& check : step.checks)
    judge(check, call.seen.frame.payload, step, frame, check_name(step, frame, check.path.text()),
          call.seen.record);
  warn(step, call.seen.frame.payload, frame, label(step, frame), call.seen.record);
  if (step.not_before) {
    const double least = seconds(step.not_before->second, frame);
    const auto from = marked(step.not_before->first, frame);
    const Nanos since = from.value_or(cursor.cause);
    const bool in_time = call.seen.at - since >= base::from_seconds(least);
    Failure context = recorder_.failure(step, "", "timing", step.name + " came too early");
    context.frame = call.seen.record;
    const CheckOutcome outcome{in_time,
                               {},
                               "not before " + plain(least) + " s",
                               "after " + base::format_duration(call.seen.at - since)};
    if (frame.judged)
      recorder_.check(session_.now(), check_name(step, frame, "not_before"), outcome, context);
    else if (!in_time)
      abort(step, frame, context);
  }
  if (!step.kpi.empty() && frame.judged && cursor.request_record > 0)
    session_.sample(step.kpi, call.seen.at - cursor.request_sent, cursor.request_record,
                    call.seen.record);
}

// It came, but never as required (passed over by `via`, or as a repetition): the last one, and what
// it lacks.
bool Interpreter::describe_near_miss(const Step& step, const Frame& frame, const Cursor& cursor,
                                     const std::string& waited, Failure& failure) const {
  const CaseScope scope(world_, frame.locals);
  const auto& history = session_.history();
  for (std::size_t i = history.size(); i-- > cursor.since;) {
    const Value& payload = history[i].seen.frame.payload;
    if (history[i].taken || !selects(step, frame, history[i])) continue;
    for (const auto& check : step.checks) {
      const CheckOutcome outcome = run::judge(check, payload, scope);
      if (outcome.passed) continue;
      failure.message = step.name + ".req came, but not as required within " + waited;
      failure.field = outcome.field;
      failure.expected = outcome.expected;
      failure.actual = outcome.actual;
      failure.frame = history[i].seen.record;
      return true;
    }
    return false;
  }
  return false;
}

void Interpreter::missing(const Step& step, const Frame& frame, const Cursor& cursor,
                          Nanos deadline) {
  const auto& history = session_.history();
  const std::string waited = base::format_duration(deadline - cursor.cause);
  // Where the bench holds the power off, what is missing was due before the charge point went down.
  if (!session_.connected() && !world_.rig.traces().without_power)
    abort_bench(step, frame, "disconnected",
                step.name + ".req did not come: " + session_.last_loss() +
                    " and the charge point did not come back in time");
  for (std::size_t i = cursor.since; i < std::min(cursor.last, history.size()); ++i) {
    if (history[i].taken || !selects(step, frame, history[i])) continue;
    Failure early =
        recorder_.failure(step, check_name(step, frame, "arrives"), "order",
                          step.name + ".req came before the message of the step before");
    early.frame = history[i].seen.record;
    early.expected = step.name + ".req after the message of the step before";
    early.actual = "it came before";
    return abort(step, frame, early);
  }
  Failure failure = recorder_.failure(step, check_name(step, frame, "arrives"), "missing",
                                      step.name + ".req did not come within " + waited);
  failure.expected = step.name + ".req";
  const CaseScope scope(world_, frame.locals);
  const char* separator = " with ";
  for (const auto* list : {&step.select, &step.checks})
    for (const auto& check : *list) {
      failure.expected += separator + check.path.text() + " " + expectation(check.condition, scope);
      separator = ", ";
    }
  // What was said last before it was given up is what a reader wants to see.
  failure.frame = session_.last_frame();
  failure.actual = "nothing of it in " + waited;
  if (describe_near_miss(step, frame, cursor, waited, failure)) return abort(step, frame, failure);
  std::string others;
  for (std::size_t i = cursor.since; i < history.size(); ++i) {
    if (history[i].taken) continue;
    others += (others.empty() ? "" : ", ") + history[i].seen.frame.action;
    if (others.size() > 200) {
      others += " ...";
      break;
    }
  }
  if (!others.empty()) failure.actual += "; other requests came: " + others;
  abort(step, frame, failure);
}

Task<> Interpreter::do_never(const Step& step, const Frame& frame, Cursor& cursor) {
  const Nanos until =
      std::max(session_.now(),
               cursor.cause + (step.duration ? base::from_seconds(seconds(*step.duration, frame))
                                             : world_.pixit.seconds("quiet_time")));
  recorder_.step(session_.now(), step, label(step, frame), until);
  const std::string name = check_name(step, frame, "absent");
  bool waiting = true;
  while (waiting) {
    const auto& history = session_.history();
    for (std::size_t i = cursor.since; i < history.size(); ++i) {
      if (history[i].taken || !selects(step, frame, history[i])) continue;
      Failure failure =
          recorder_.failure(step, name, "forbidden", step.name + ".req came although it must not");
      failure.frame = history[i].seen.record;
      failure.expected = "no " + step.name + ".req";
      const Nanos after = history[i].seen.at - cursor.cause;
      failure.actual = after >= Nanos::zero() ? "it came after " + base::format_duration(after)
                                              : "it came " + base::format_duration(-after) +
                                                    " before the step before was done";
      abort(step, frame, failure);
    }
    waiting = co_await session_.wait(until);
  }
  // Silence of a charge point that is gone proves nothing.
  if (!session_.connected())
    abort_bench(
        step, frame, "disconnected",
        "the absence of " + step.name + ".req could not be watched: " + session_.last_loss());
  if (frame.judged) recorder_.passed(session_.now(), name);
  cursor.cause = session_.now();
}

Task<> Interpreter::do_collect(const Step& step, const Frame& frame, Cursor& cursor) {
  const Nanos until = cursor.cause + base::from_seconds(seconds(*step.duration, frame));
  recorder_.step(session_.now(), step, label(step, frame), until);
  Value::List collected;
  std::size_t next = cursor.since;
  bool waiting = true;
  while (waiting) {
    for (; next < session_.history().size(); ++next) {
      InboundCall& call = session_.history()[next];
      if (call.taken || !selects(step, frame, call)) continue;
      call.taken = true;
      recorder_.match(session_.now(), label(step, frame), call.seen.record);
      collected.push_back(Value::object({{"payload", call.seen.frame.payload},
                                         {"t", base::to_seconds(call.seen.at - cursor.cause)}}));
      cursor.last = std::max(cursor.last, next + 1);
      const InboundCall copy = call;
      for (const auto& check : step.checks)
        judge(check, copy.seen.frame.payload, step, frame,
              check_name(step, frame, check.path.text()), copy.seen.record);
    }
    waiting = co_await session_.wait(until);
  }
  const auto count = static_cast<std::int64_t>(collected.size());
  if (!step.variable.empty()) world_.variables[step.variable] = Value(std::move(collected));
  if (step.at_least) {
    const double least = seconds(*step.at_least, frame);
    if (static_cast<double>(count) < least && !session_.connected())
      abort_bench(step, frame, "disconnected",
                  "too few " + step.name + ".req: " + session_.last_loss());
    Failure context = recorder_.failure(
        step, "", "missing",
        "too few " + step.name + ".req within " + base::format_duration(until - cursor.cause));
    const CheckOutcome outcome{static_cast<double>(count) >= least,
                               {},
                               "at least " + plain(least),
                               plain(static_cast<double>(count))};
    if (frame.judged)
      recorder_.check(session_.now(), check_name(step, frame, "arrives"), outcome, context);
    else if (!outcome.passed)
      abort(step, frame, context);
  }
  cursor.cause = session_.now();
}

// Replies to messages that come before their step has begun.
std::optional<Reply> Interpreter::advise(const InboundCall& call) const {
  for (const auto& expectations : expected_)
    for (const auto& expected : expectations) {
      try {
        if (selects(*expected.step, *expected.frame, call))
          return reply_of(*expected.step, *expected.frame);
      } catch (const base::EvaluationError&) {
        continue;  // it depends on something that has not happened yet
      }
    }
  return std::nullopt;
}

void Interpreter::look_ahead(const Steps& steps, std::size_t from, const Frame& frame,
                             Expectations& out) const {
  for (std::size_t i = from; i < steps.size(); ++i) {
    const Step& step = steps[i];
    switch (step.kind) {
      case Kind::receive:
        out.push_back({&step, &frame});
        break;
      case Kind::any_order:
      case Kind::either:
      case Kind::optional:
      case Kind::choice:
        for (const auto& branch : step.branches) look_ahead(branch, 0, frame, out);
        break;
      case Kind::never:
      case Kind::collect:
      case Kind::set:
      case Kind::expect:
      case Kind::offer:
      case Kind::transfer:
        break;
      default:
        return;  // an action of ours: what comes after it has another cause
    }
  }
}

bool Interpreter::look_next(const Steps& steps, std::size_t from, const Frame& frame,
                            Expectations& out) const {
  for (std::size_t i = from; i < steps.size(); ++i) {
    const Step& step = steps[i];
    switch (step.kind) {
      case Kind::receive:
        out.push_back({&step, &frame});
        if (!step.may_miss) return true;
        break;
      case Kind::any_order:
      case Kind::either:
      case Kind::optional:
      case Kind::choice:
        for (const auto& branch : step.branches) look_next(branch, 0, frame, out);
        if (step.kind != Kind::optional) return true;
        break;
      case Kind::set:
      case Kind::expect:
      case Kind::offer:
      case Kind::transfer:
        break;
      default:
        return true;  // it takes its time, or acts: what comes after it is not next
    }
  }
  return false;
}

}  // namespace plugproof::run
