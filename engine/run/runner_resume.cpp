// What a run does that goes on after it was cut off: says so, brings the charge point back to where
// a case can begin, and keeps what was known before.
#include "engine/run/runner.hpp"

namespace plugproof::run {

using base::Task;
using base::Value;

namespace {

Value list_of(const std::vector<std::string>& names) {
  Value::List list;
  for (const auto& name : names) list.emplace_back(name);
  return Value(std::move(list));
}

}  // namespace

// Nothing of it is judged: whatever the charge point says now may be about what was cut off, and of
// that not everything may have been recorded.
Task<> Runner::recover() {
  const Resumption& before = *settings_.resumption;
  world_.variables.clear();
  world_.variables["interrupted"] = Value::object({{"case", before.under_way},
                                                   {"requests", list_of(before.requests)},
                                                   {"actions", list_of(before.actions)}});
  std::size_t index = 0;
  for (const auto& s : selection_) {
    if (s.entry->id == before.under_way) world_.reservation_id = reservation_id(index);
    if (s.decision == suite::Decision::selected) ++index;
  }
  phase("recovery");
  const suite::TestCase none;
  Recorder recorder(journal_, none);
  Interpreter interpreter(world_, suite_, recorder);
  for (const auto& [name, state] : suite_.states()) {
    if (state.kind != "recovery") continue;
    const suite::StateUse use{name, {}, {}};  // g++ 12 destroys a temporary here twice
    try {
      co_await interpreter.use_state(use, false);
    } catch (const Abort& abort) {
      recorder.note(session_.now(), "resuming: " + abort.failure.message);
    } catch (const base::EvaluationError& e) {
      recorder.note(session_.now(), std::string("resuming: ") + e.what());
    }
  }
  co_await establish_baseline();
  if (session_.connected()) co_await restore_configuration(nullptr, interpreter, recorder);
}

void Runner::write_resume_record() {
  const Resumption& before = *settings_.resumption;
  Value::Object after{{"outcome", before.outcome}, {"reason", before.reason}};
  Value::Object fields{
      {"attempt", before.attempt},
      {"tool", settings_.tool},
      {"seed", static_cast<std::int64_t>(attempt_seed(settings_.seed, before.attempt))},
      {"after", Value(std::move(after))},
      {"judged", static_cast<std::int64_t>(before.judged.size())}};
  if (!before.under_way.empty()) fields.emplace_back("again", before.under_way);
  if (before.torn)
    fields.emplace_back("torn",
                        Value::object({{"bytes", static_cast<std::int64_t>(before.torn->bytes)},
                                       {"sha256", before.torn->sha256},
                                       {"file", before.torn->file}}));
  if (!settings_.command_line.empty()) fields.emplace_back("command_line", settings_.command_line);
  if (!settings_.instance_id.empty()) fields.emplace_back("instance", settings_.instance_id);
  const base::Nanos now = clock_.now();
  journal_.write(now, "resume", fields);
  journal_.sync();
  session_.happened(now,
                    [] {});  // what is waited for from now on is not due since the last attempt
}

}  // namespace plugproof::run
