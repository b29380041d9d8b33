// Steps by which we act: send, rig, link, await, and setting configuration keys.
#include <algorithm>

#include "engine/run/interpreter.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Task;
using base::Value;
using suite::Step;

namespace {

std::string describe(const CallOutcome& outcome) {
  std::string text = "CALLERROR " + outcome.error_code;
  if (!outcome.error_description.empty()) text += " (" + outcome.error_description + ")";
  return text;
}

// The name of a check on the response: it has the number after the request's.
std::string response_label(const Step& step, const Frame& frame) {
  if (!step.number) return frame.prefix + step.label + frame.suffix;
  return frame.prefix + std::to_string(*step.number + 1) + frame.suffix;
}

}  // namespace

Task<> Interpreter::do_send(const Step& step, const Frame& frame, Cursor& cursor) {
  Value payload = step.arguments.is_null()
                      ? Value(Value::Object{})
                      : step.arguments.evaluate(CaseScope(world_, frame.locals));
  // A null stands for a field that is left out.
  if (payload.is_object())
    payload.as_object().erase(std::remove_if(payload.as_object().begin(), payload.as_object().end(),
                                             [](const auto& m) { return m.second.is_null(); }),
                              payload.as_object().end());
  const Nanos timeout = within(step, frame, "response_timeout");
  recorder_.step(session_.now(), step, label(step, frame), session_.now() + timeout);
  const std::size_t since = session_.history().size();
  const CallOutcome outcome =
      co_await session_.call(step.name, payload, timeout, label(step, frame));
  const std::string name = response_label(step, frame);
  if (outcome.kind == CallOutcome::Kind::disconnected)
    abort_bench(step, frame, "disconnected",
                step.name + ".req was not answered: " +
                    (session_.last_loss().empty() ? "the charge point is not connected"
                                                  : session_.last_loss()));
  if (outcome.kind == CallOutcome::Kind::timeout) {
    Failure failure = recorder_.failure(
        step, name + ":answered", "no_answer",
        step.name + ".req was not answered within " + base::format_duration(timeout));
    failure.expected = step.name + ".conf";
    failure.actual = "no answer";
    failure.frame = outcome.request_record;
    abort(step, frame, failure);
  }
  const bool is_error = outcome.kind == CallOutcome::Kind::error;
  const bool fitting_code =
      step.error_codes.empty() || std::find(step.error_codes.begin(), step.error_codes.end(),
                                            outcome.error_code) != step.error_codes.end();
  const bool acceptable =
      is_error ? (step.error_allowed || step.error_required) && fitting_code : !step.error_required;
  if (!acceptable) {
    Failure failure =
        recorder_.failure(step, name + ":answered", "call_error",
                          is_error ? step.name + ".req was answered with a CALLERROR"
                                   : step.name + ".req was answered although an error is required");
    failure.expected = step.error_required ? "a CALLERROR" : step.name + ".conf";
    failure.actual = is_error ? describe(outcome) : outcome.payload.to_display();
    failure.frame = outcome.response_record;
    abort(step, frame, failure);
  }
  if (frame.judged) recorder_.passed(session_.now(), name + ":answered");
  if (!is_error) {
    for (const auto& check : step.checks)
      judge(check, outcome.payload, step, frame, name + ":" + check.path.text(),
            outcome.response_record);
    capture(step, outcome.payload);
  }
  cursor.cause = outcome.answered;
  cursor.since = since;
  cursor.last = since;
  cursor.request_sent = outcome.sent;
  cursor.request_record = outcome.request_record;
}

Task<> Interpreter::do_rig(const Step& step, const Frame& frame, Cursor& cursor) {
  const Value arguments = step.arguments.is_null()
                              ? Value(Value::Object{})
                              : step.arguments.evaluate(CaseScope(world_, frame.locals));
  recorder_.step(session_.now(), step, label(step, frame), std::nullopt);
  // At the moment of the asking, which shows how long we took to come to it.
  session_.journal().write(
      session_.clock().now(), "rig",
      {{"action", step.name}, {"arguments", arguments}, {"step", label(step, frame)}});
  const std::size_t since = session_.history().size();

  struct Pending {
    rig::Rig& rig;
    std::optional<rig::Result> result;
    ~Pending() {
      if (!result) rig.cancel();
    }
  } pending{world_.rig, std::nullopt};
  base::Clock& clock = session_.clock();
  world_.rig.perform(step.name, arguments, [this, &pending, &clock](rig::Result result) {
    pending.result = std::move(result);
    session_.poke(clock.now());
  });
  while (!pending.result) co_await session_.wait(Signal::kNever);
  const rig::Result result = *pending.result;
  Value::Object fields{{"action", step.name},
                       {"adapter", result.adapter},
                       {"outcome", rig::to_string(result.outcome)}};
  if (!result.reason.empty()) fields.emplace_back("reason", result.reason);
  session_.journal().write(session_.now(), "rig_done", fields);
  if (result.outcome != rig::Outcome::done)
    abort_bench(step, frame, "bench",
                "the action " + step.name + " was not performed (" +
                    rig::to_string(result.outcome) + "): " + result.reason);
  cursor.cause = session_.now();
  cursor.since = since;
  cursor.last = since;
}

Task<> Interpreter::do_link(const Step& step, const Frame& frame, Cursor& cursor) {
  recorder_.step(session_.now(), step, label(step, frame), std::nullopt);
  session_.journal().write(session_.now(), "link", {{"fault", step.name}});
  cursor.since = cursor.last = session_.history().size();
  cursor.cause = session_.now();
  link::Link& link = session_.link();
  if (step.name == "refuse" || step.name == "restore") {
    link.refuse_connections(step.name == "refuse");
    co_return;
  }
  const auto connection = session_.connection();
  if (!connection)
    abort_bench(step, frame, "disconnected",
                "there is no connection to " + step.name + ": " + session_.last_loss());
  if (step.name == "drop") link.drop(*connection);
  if (step.name == "reset") link.reset(*connection);
  if (step.name == "close") link.close(*connection, 1000, "");
  if (step.name == "silence" || step.name == "speak")
    link.silence(*connection, step.name == "silence");
}

Task<> Interpreter::do_await(const Step& step, const Frame& frame, Cursor& cursor) {
  const Nanos deadline = cursor.cause + within(step, frame, "reboot_timeout");
  recorder_.step(session_.now(), step, label(step, frame), deadline);
  const bool wanted = step.name == "connected";
  while (session_.connected() != wanted) {
    if (co_await session_.wait(deadline)) continue;
    Failure failure = recorder_.failure(step, check_name(step, frame, step.name), "missing",
                                        wanted ? "the charge point did not connect in time"
                                               : "the charge point did not disconnect in time");
    failure.expected = step.name;
    failure.actual = wanted ? "still disconnected" : "still connected";
    abort(step, frame, failure);
  }
  if (frame.judged) recorder_.passed(session_.now(), check_name(step, frame, step.name));
  cursor.cause = session_.now();
}

Task<bool> Interpreter::set_key(std::string key, std::string value, std::string* reason) {
  const ConfigurationKey* known = session_.state().key(key);
  if (!known) {
    *reason = "the charge point has no configuration key " + key;
    co_return false;
  }
  if (known->value == value) co_return true;
  if (known->readonly) {
    *reason = "the configuration key " + key + " is read only with the value '" +
              known->value.value_or("") + "', not '" + value + "'";
    co_return false;
  }
  const Value payload = Value::object({{"key", key}, {"value", value}});
  const Nanos timeout = world_.pixit.seconds("response_timeout");
  const CallOutcome outcome =
      co_await session_.call("ChangeConfiguration", payload, timeout, "configuration " + key);
  const std::string status = outcome.payload.string_or("status", "");
  if (outcome.kind == CallOutcome::Kind::result &&
      (status == "Accepted" || status == "RebootRequired")) {
    if (status == "RebootRequired")
      recorder_.note(session_.now(), key + " takes effect after a reboot only (RebootRequired)");
    co_return true;
  }
  *reason = "ChangeConfiguration of " + key + " to '" + value + "' was answered with " +
            (outcome.kind == CallOutcome::Kind::result  ? status
             : outcome.kind == CallOutcome::Kind::error ? describe(outcome)
                                                        : "nothing");
  co_return false;
}

Task<> Interpreter::configure_entry(const suite::ConfigurationEntry& entry, const Frame& frame) {
  const Value value = entry.value.evaluate(CaseScope(world_, frame.locals));
  const std::string text = value.is_string() ? value.as_string() : value.to_display();
  std::string reason;
  if (co_await set_key(entry.key, text, &reason)) co_return;
  const ConfigurationKey* known = session_.state().key(entry.key);
  const bool cannot_be_set = !known || known->readonly;
  if (cannot_be_set && !entry.needed) {
    recorder_.note(session_.now(), reason);
    co_return;
  }
  Failure failure;
  failure.check = "configuration " + entry.key;
  failure.kind = "precondition";
  failure.message = "the configuration could not be prepared: " + reason;
  failure.place = entry.pos.to_string();
  throw Abort{std::move(failure), true};
}

Task<> Interpreter::configure(const std::vector<suite::ConfigurationEntry>& entries) {
  const Frame frame;
  for (const auto& entry : entries) co_await configure_entry(entry, frame);
}

}  // namespace plugproof::run
