// Steps about connections and their security: await, never connection, serve, make.
#include "engine/base/expression_functions.hpp"
#include "engine/run/interpreter.hpp"
#include "engine/run/secrets.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Task;
using base::Value;
using suite::Step;

namespace {

// What a check of a connection can look at.
Value facts_of(const Attempt& attempt) {
  Value facts = attempt.facts;
  const Value* tls = facts.find("tls");
  const Value* shown = tls && tls->is_object() ? tls->find("client_certificate") : nullptr;
  static const base::Function* certificate_facts = base::find_function("certificate_facts");
  if (shown && certificate_facts) facts.set("certificate", certificate_facts->call({*shown}));
  return facts;
}

}  // namespace

Task<> Interpreter::do_await(const Step& step, const Frame& frame, Cursor& cursor) {
  if (!step.checks.empty() || !step.variable.empty()) {
    co_await await_handshake(step, frame, cursor);
    co_return;
  }
  const Nanos deadline = cursor.cause + within(step, frame, "reboot_timeout");
  recorder_.step(session_.now(), step, label(step, frame), deadline);
  const bool wanted = step.name == "connected";
  while (session_.connected() != wanted) {
    if (co_await session_.wait(deadline)) continue;
    // Whose fault it is that a connection is not made, nobody here can know.
    if (wanted)
      abort_bench(step, frame, "disconnected",
                  session_.last_loss() + ", and the charge point did not connect in time");
    Failure failure = recorder_.failure(step, check_name(step, frame, step.name), "missing",
                                        "the charge point did not disconnect in time");
    failure.expected = step.name;
    failure.actual = "still connected";
    abort(step, frame, failure);
  }
  if (frame.judged && !wanted) recorder_.passed(session_.now(), check_name(step, frame, step.name));
  cursor.cause = session_.now();
}

// A new connection since the last action of ours. Judged is the first that reached the handshake of
// WebSocket, let in or not.
Task<> Interpreter::await_handshake(const Step& step, const Frame& frame, Cursor& cursor) {
  const Nanos from = cursor.cause;
  const Nanos deadline = from + within(step, frame, "reboot_timeout");
  recorder_.step(session_.now(), step, label(step, frame), deadline);
  const std::string name = check_name(step, frame, "arrives");
  std::optional<Attempt> failed;
  bool waiting = true;
  while (waiting) {
    for (auto& attempt : session_.attempts()) {
      if (attempt.at < cursor.acted || attempt.taken) continue;
      // Without a check a handshake that was turned away is none.
      const bool counts = step.checks.empty() ? attempt.kind == link::EventKind::connected
                                              : attempt.kind != link::EventKind::failed;
      if (!counts) {
        failed = attempt;
        continue;
      }
      attempt.taken = true;
      const Attempt judged = attempt;
      recorder_.match(session_.now(), label(step, frame), judged.record);
      if (frame.judged && !step.checks.empty()) recorder_.passed(session_.now(), name);
      const Value facts = facts_of(judged);
      for (const auto& check : step.checks)
        judge(check, facts, step, frame, check_name(step, frame, check.path.text()), judged.record);
      if (!step.variable.empty())
        world_.variables[step.variable] = base::to_seconds(judged.at - from);
      cursor.cause = std::max(cursor.cause, judged.at);
      co_return;
    }
    waiting = co_await session_.wait(deadline);
  }
  if (step.may_miss && !failed) {
    world_.variables[step.variable] = Value();
    co_return;
  }
  // Suites for which the bench has no certificate are no fault of who offers them.
  if (failed)
    if (const Value* tls = failed->facts.find("tls"); tls && tls->find("lacks_certificate"))
      abort_bench(
          step, frame, "bench",
          "the bench has no " + tls->string_or("lacks_certificate", "") +
              " certificate, which the cipher suites need that the charge point offers; make "
              "a PKI with both families (plugproof pki init)");
  // Who tried and did not get through has shown whose fault it is; of who stays away nobody knows.
  if (!failed && !session_.connected())
    abort_bench(step, frame, "disconnected",
                session_.last_loss() + ", and the charge point did not connect in time");
  Failure failure = recorder_.failure(
      step, name, "missing",
      "the charge point made no new connection within " + base::format_duration(deadline - from));
  failure.expected = "a new connection";
  failure.actual = failed ? failed->reason : "the connection that there was";
  failure.frame = failed ? std::optional(failed->record) : session_.last_frame();
  abort(step, frame, failure);
}

// Handshakes that come to nothing are the bench's wish here.
Task<> Interpreter::never_connection(const Step& step, const Frame& frame, Cursor& cursor) {
  const double time =
      step.duration ? seconds(*step.duration, frame) : world_.pixit.number("quiet_time");
  const Nanos deadline = session_.now() + base::from_seconds(time);
  recorder_.step(session_.now(), step, label(step, frame), deadline);
  const std::int64_t from = session_.journal().last_sequence();
  bool waiting = true;
  while (waiting) {
    for (const auto& attempt : session_.attempts()) {
      if (attempt.record <= from || attempt.kind == link::EventKind::failed) continue;
      if (!step.variable.empty()) {
        world_.variables[step.variable] =
            attempt.kind == link::EventKind::connected ? "connection" : "handshake";
        cursor.cause = session_.now();
        co_return;
      }
      Failure failure = recorder_.failure(step, check_name(step, frame, "absent"), "unexpected",
                                          "the charge point connected although it must not");
      failure.expected = "no connection";
      failure.actual = attempt.kind == link::EventKind::connected
                           ? "a connection"
                           : "a handshake, which was refused: " + attempt.reason;
      failure.frame = attempt.record;
      abort(step, frame, failure);
    }
    waiting = co_await session_.wait(deadline);
  }
  if (!step.variable.empty())
    world_.variables[step.variable] = Value();
  else if (frame.judged)
    recorder_.passed(session_.now(), check_name(step, frame, "absent"));
  cursor.cause = session_.now();
}

void Interpreter::do_serve(const Step& step, const Frame& frame, Cursor& cursor) {
  recorder_.step(session_.now(), step, label(step, frame), std::nullopt);
  const Value wanted = arguments_of(step, frame);
  const Security& security = session_.security();
  try {
    session_.serve({static_cast<int>(wanted.int_or("profile", security.profile())),
                    wanted.string_or("certificate", "valid"),
                    wanted.string_or("tls", link::kProfileOffer)});
  } catch (const base::InputError& e) {
    abort_bench(step, frame, "bench", e.what());
  }
  acted(cursor, session_.history().size(), session_.now());
  cursor.cause = session_.now();
}

void Interpreter::do_make(const Step& step, const Frame& frame) {
  recorder_.step(session_.now(), step, label(step, frame), std::nullopt);
  const Value arguments = arguments_of(step, frame);
  auto made = session_.make(step.name, arguments);
  if (!made.reason.empty()) abort_bench(step, frame, "bench", made.reason);
  world_.variables[step.variable] = std::move(made.value);
}

}  // namespace plugproof::run
