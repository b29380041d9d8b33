// What the session answers, and when: at once, later, or not at all.
#include <algorithm>

#include "engine/link/handshake.hpp"
#include "engine/run/session.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Value;

void Session::answer(InboundCall& call, const Reply& reply) {
  if (call.answered) return;
  call.answered = true;
  const Nanos due = call.seen.at + reply.delay;
  if (due <= now()) return send_answer(call.seen, call.connection, reply);
  delayed_.remove_if([](const Delayed& delayed) { return delayed.task.done(); });
  Delayed& delayed = delayed_.emplace_back(Delayed{call.seen, call.connection, reply, due, {}});
  delayed.task = answer_when_due(delayed);
  delayed.task.start();
}

base::Task<> Session::answer_when_due(const Delayed& delayed) {
  while (now() < delayed.due) co_await wait(delayed.due);
  if (stopped_ || connection_ != delayed.connection) co_return;
  try {
    send_answer(delayed.seen, delayed.connection, delayed.reply);
  } catch (const JournalError&) {
    end_run_with_error();  // nobody awaits this coroutine
  }
}

void Session::send_delayed_answers() {
  for (auto& delayed : delayed_) delayed.due = std::min(delayed.due, now());
  signal_.notify();
}

void Session::send_answer(const SeenFrame& seen, link::ConnectionId connection,
                          const Reply& reply) {
  // Without a CALLRESULT the turn of the charge point ends too: by a CALLERROR, or when it gives up
  // waiting.
  const auto end_turn = [&] {
    for_monitors([&](Monitor& m) { m.on_answered(seen, Value(), now()); });
  };
  if (reply.kind == Reply::Kind::none) return end_turn();
  if (reply.kind == Reply::Kind::error) {
    send_error(connection, seen.frame.id, reply.error_code, reply.error_description);
    return end_turn();
  }
  auto response = responder_.respond(seen.frame.action, seen.frame.payload, utc());
  if (!response) {
    send_error(connection, seen.frame.id,
               ocpp::is_action(seen.frame.action) ? "NotSupported" : "NotImplemented",
               seen.frame.action + " is no request that this central system answers");
    return end_turn();
  }
  if (!reply.overlay.is_null()) response = overlay(*std::move(response), reply.overlay);
  if (connection_ != connection) return;
  Nanos sent_at{0};
  send(ocpp::write_result(seen.frame.id, *response),
       {{"type", "result"}, {"id", seen.frame.id}, {"action", seen.frame.action}}, &sent_at);
  state_.answered_by_us(seen.frame.action, seen.frame.payload, *response, sent_at);
  for_monitors([&](Monitor& m) { m.on_answered(seen, *response, sent_at); });
}

void Session::send_error(link::ConnectionId connection, const std::string& id,
                         const std::string& code, const std::string& description) {
  if (connection_ != connection) return;
  // errorDescription is at most 255 characters (OCPP-J 1.6 section 4.2.3).
  send(ocpp::write_error(id, code, link::clip_utf8(description, 250), Value(Value::Object{})),
       {{"type", "error"}, {"id", id}}, nullptr);
}

std::int64_t Session::send(const std::string& text, Value::Object fields, Nanos* sent_at) {
  const auto at = link_.send(*connection_, text);
  const Nanos when = at.value_or(now());
  if (sent_at) *sent_at = when;
  Value::Object all{{"connection", static_cast<std::int64_t>(*connection_)},
                    {"text", concealed(text)}};
  for (auto& field : fields) all.push_back(std::move(field));
  if (!at) all.emplace_back("lost", true);
  const auto record = journal_.write(when, "out", all);
  last_frame_ = record;
  return record;
}

}  // namespace plugproof::run
