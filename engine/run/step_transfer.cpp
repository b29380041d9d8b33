// Steps about files: places that the bench opens, and what its servers saw there.
#include "engine/run/interpreter.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Task;
using base::Value;
using suite::Step;
using transfer::EventKind;

namespace {

Value facts_of(const transfer::Event& event) {
  return Value::object({{"name", event.name},
                        {"protocol", transfer::to_string(event.protocol)},
                        {"bytes", static_cast<std::int64_t>(event.bytes)},
                        {"sha256", event.sha256},
                        {"kept", event.kept}});
}

std::string told(const transfer::Event& event) {
  const std::string bytes = std::to_string(event.bytes) + " bytes";
  if (event.kind == EventKind::started) return "it was begun and did not come to an end";
  if (event.kind == EventKind::failed) return "it ended after " + bytes + ": " + event.reason;
  return "it was complete before (" + bytes + ")";
}

}  // namespace

void Interpreter::do_offer(const Step& step, const Frame& frame) {
  recorder_.step(session_.now(), step, label(step, frame), std::nullopt);
  const Value arguments = arguments_of(step, frame);
  auto opened = step.name == "firmware"
                    ? world_.transfers.offer_firmware(arguments, label(step, frame))
                    : world_.transfers.offer_folder(arguments, label(step, frame));
  if (opened.place.is_null()) abort_bench(step, frame, "bench", opened.reason);
  world_.variables[step.variable] = std::move(opened.place);
}

Task<> Interpreter::do_transfer(const Step& step, const Frame& frame, Cursor& cursor) {
  const Nanos deadline = cursor.cause + within(step, frame, "transfer_timeout");
  recorder_.step(session_.now(), step, label(step, frame), deadline);
  const auto variable = world_.variables.find(step.place);
  if (variable == world_.variables.end())
    throw base::EvaluationError("no place was offered as '" + step.place + "' yet");
  const auto place = static_cast<transfer::PlaceId>(variable->second.int_or("place", 0));
  const std::string name = check_name(step, frame, "arrives");
  bool waiting = true;
  std::optional<SeenTransfer> last;  // what came nearest to it
  while (waiting) {
    for (auto& seen : world_.transfers.history()) {
      if (seen.event.place != place) continue;
      last = seen;
      if (seen.event.kind != EventKind::done || seen.taken || seen.event.at < cursor.acted)
        continue;
      seen.taken = true;
      recorder_.match(session_.now(), label(step, frame), seen.record);
      if (frame.judged) recorder_.passed(session_.now(), name);
      const SeenTransfer taken = seen;
      for (const auto& check : step.checks)
        judge(check, facts_of(taken.event), step, frame, check_name(step, frame, check.path.text()),
              taken.record);
      cursor.cause = std::max(cursor.cause, taken.event.at);
      co_return;
    }
    waiting = co_await session_.wait(deadline);
  }
  // Who is gone cannot transfer anything.
  if (!session_.connected())
    abort_bench(step, frame, "disconnected",
                "no complete " + step.name + " was seen: " + session_.last_loss());
  Failure failure = recorder_.failure(step, name, "missing",
                                      "the file servers saw no complete " + step.name + " within " +
                                          base::format_duration(deadline - cursor.cause));
  failure.expected = "a complete " + step.name;
  failure.actual = last ? told(last->event) : "nobody came";
  failure.frame = last ? std::optional(last->record) : session_.last_frame();
  abort(step, frame, failure);
}

}  // namespace plugproof::run
