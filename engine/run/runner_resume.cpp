// What a run does that goes on after it was cut off: brings the charge point back to where a case
// can begin.
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

}  // namespace plugproof::run
