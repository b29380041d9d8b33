// Steps by which we act: send, rig, link, and setting configuration keys.
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

// A null stands for a field that is left out, however deep.
void leave_out_nulls(Value& value) {
  if (value.is_object()) {
    std::erase_if(value.as_object(), [](const auto& member) { return member.second.is_null(); });
    for (auto& [key, member] : value.as_object()) leave_out_nulls(member);
  } else if (value.is_list()) {
    for (auto& item : value.as_list()) leave_out_nulls(item);
  }
}

// The name of a check on the response: it has the number after the request's.
std::string response_label(const Step& step, const Frame& frame) {
  if (!step.number) return frame.prefix + step.label + frame.suffix;
  return frame.prefix + std::to_string(*step.number + 1) + frame.suffix;
}

}  // namespace

Task<> Interpreter::do_send(const Step& step, const Frame& frame, Cursor& cursor) {
  Value payload = arguments_of(step, frame);
  leave_out_nulls(payload);
  const Nanos timeout = within(step, frame, "response_timeout");
  recorder_.step(session_.now(), step, label(step, frame), session_.now() + timeout);
  const std::size_t since = session_.history().size();
  const Nanos began = session_.now();
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
    warn(step, outcome.payload, frame, name, outcome.response_record);
    capture(step, outcome.payload);
  }
  cursor.cause = outcome.answered;
  acted(cursor, since, began);
  cursor.request_sent = outcome.sent;
  cursor.request_record = outcome.request_record;
}

Task<> Interpreter::do_rig(const Step& step, const Frame& frame, Cursor& cursor) {
  const Value arguments = arguments_of(step, frame);
  recorder_.step(session_.now(), step, label(step, frame), std::nullopt);
  const std::size_t since = session_.history().size();
  const Nanos began = session_.now();
  if (const auto* action = rig::find_action(step.name); action && action->cuts_connection)
    session_.expect_loss();

  // Gives the action up if this coroutine is destroyed before it is done.
  struct Asked {
    rig::Rig& rig;
    std::shared_ptr<std::optional<rig::Result>> result =
        std::make_shared<std::optional<rig::Result>>();
    explicit Asked(rig::Rig& r) : rig(r) {}
    ~Asked() {
      if (!*result) rig.cancel();
    }
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
  } asked(world_.rig);
  // `t` is the moment of the asking, which shows how long we took to come to it. Written first: an
  // action that this process does not live to see the end of must be known of.
  const Nanos at = world_.rig.asked_at(step.name, arguments);
  session_.journal().write(
      at, "rig", {{"action", step.name}, {"arguments", arguments}, {"step", label(step, frame)}});
  world_.rig.perform(step.name, arguments,
                     [&session = session_, &rig = world_.rig, name = step.name, arguments,
                      wanted = std::weak_ptr(asked.result)](const rig::Result& done) {
                       session.happened(done.at, [&] {
                         // A deadline before it may have ended the step.
                         const auto result = wanted.lock();
                         if (!result) return;
                         if (done.outcome == rig::Outcome::done) rig.remember(name, arguments);
                         Value::Object fields{{"action", name},
                                              {"adapter", done.adapter},
                                              {"outcome", rig::to_string(done.outcome)}};
                         if (!done.reason.empty()) fields.emplace_back("reason", done.reason);
                         session.journal().write(session.now(), "rig_done", fields);
                         *result = done;
                       });
                     });
  while (!*asked.result) co_await session_.wait(Signal::kNever);
  const rig::Result result = **asked.result;
  // What comes now was not caused by the request before: its time is no KPI of the charge point.
  cursor.request_record = 0;
  if (result.outcome != rig::Outcome::done)
    abort_bench(step, frame, "bench",
                "the action " + step.name + " was not performed (" +
                    rig::to_string(result.outcome) + "): " + result.reason);
  cursor.cause = session_.now();
  acted(cursor, since, began);
}

void Interpreter::journal_fault(const std::string& fault) {
  session_.journal().write(session_.now(), "link", {{"fault", fault}});
}

Task<> Interpreter::do_link(const Step& step, const Frame& frame, Cursor& cursor) {
  recorder_.step(session_.now(), step, label(step, frame), std::nullopt);
  acted(cursor, session_.history().size(), session_.now());
  cursor.cause = session_.now();
  link::Link& link = session_.link();
  const std::string& fault = step.name;
  if (fault == "refuse" || fault == "stall" || fault == "restore") {
    journal_fault(fault);
    refusing_ = fault == "refuse" || (refusing_ && fault != "restore");
    stalling_ = fault == "stall" || (stalling_ && fault != "restore");
    link.refuse_connections(refusing_);
    link.stall_connections(stalling_);
    co_return;
  }
  const auto connection = session_.connection();
  if (!connection)
    abort_bench(step, frame, "disconnected",
                "there is no connection to " + fault + ": " + session_.last_loss());
  journal_fault(fault);
  if (fault == "silence" || fault == "speak") {
    link.silence(*connection, fault == "silence");
    silenced_ = fault == "silence" ? connection : std::nullopt;
    co_return;
  }
  if (fault == "close") {
    link.close(*connection, 1000, "");  // when it is gone is the charge point's affair
    co_return;
  }
  if (fault == "drop")
    link.drop(*connection);
  else
    link.reset(*connection);
  // Done when it is gone, so that what the bench does next happens without a connection.
  while (session_.connection() == connection) co_await session_.wait(Signal::kNever);
  acted(cursor, session_.history().size(), session_.now());
  cursor.cause = session_.now();
}

bool Interpreter::restore_link() {
  const bool cut = refusing_ || stalling_;
  if (cut) {
    journal_fault("restore");
    session_.link().refuse_connections(false);
    session_.link().stall_connections(false);
  }
  const bool wrong_on_purpose = !session_.security().serving().is_proper();
  if (wrong_on_purpose) session_.serve({session_.security().profile()});
  const bool silent = silenced_ && silenced_ == session_.connection();
  if (silent) {
    journal_fault("speak");
    session_.link().silence(*silenced_, false);
  }
  refusing_ = stalling_ = false;
  silenced_.reset();
  return cut || wrong_on_purpose || silent;
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
