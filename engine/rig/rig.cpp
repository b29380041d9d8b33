#include "engine/rig/rig.hpp"

#include "engine/base/utf8.hpp"

namespace plugproof::rig {

using base::Value;

namespace {

Value to_list(const std::set<std::int64_t>& connectors) {
  Value::List list;
  for (const auto connector : connectors) list.emplace_back(connector);
  return Value(std::move(list));
}

bool flag(const Value& arguments, const char* name) {
  const Value* value = arguments.find(name);
  return value && value->is_bool() && value->as_bool();
}

}  // namespace

const char* to_string(Outcome outcome) {
  static constexpr const char* kNames[] = {"done", "unsupported", "failed", "timeout"};
  return kNames[static_cast<int>(outcome)];
}

void Traces::record(const std::string& action, const Value& arguments) {
  const std::int64_t connector = arguments.int_or("connector", 1);
  const auto mark = [&](std::set<std::int64_t>& set, bool in) {
    if (in)
      set.insert(connector);
    else
      set.erase(connector);
  };
  if (action == "plug_in" || action == "ev_plug_in") {
    mark(flag(arguments, "halfway") ? halfway : plugged, true);
  } else if (action == "plug_out") {
    mark(plugged, false);
    mark(halfway, false);
  } else if (action == "fault") {
    mark(faulted, flag(arguments, "on"));
  } else if (action == "unlock_failure") {
    mark(unlock_failing, flag(arguments, "on"));
  } else if (action == "power") {
    without_power = !flag(arguments, "on");
  } else if (action == "power_cycle") {
    without_power = false;
  } else if (action == "network") {
    without_network = !flag(arguments, "on");
  }
}

void Traces::record_unsure(const std::string& action, const Value& arguments) {
  const Traces before = *this;
  record(action, arguments);
  plugged.insert(before.plugged.begin(), before.plugged.end());
  halfway.insert(before.halfway.begin(), before.halfway.end());
  faulted.insert(before.faulted.begin(), before.faulted.end());
  unlock_failing.insert(before.unlock_failing.begin(), before.unlock_failing.end());
  without_power = without_power || before.without_power;
  without_network = without_network || before.without_network;
}

Value Traces::to_value() const {
  return Value::object({{"plugged", to_list(plugged)},
                        {"halfway", to_list(halfway)},
                        {"faulted", to_list(faulted)},
                        {"unlock_failing", to_list(unlock_failing)},
                        {"without_power", without_power},
                        {"without_network", without_network}});
}

Rig::Rig(base::Clock& clock, std::vector<std::unique_ptr<Adapter>> adapters, base::Nanos timeout)
    : clock_(clock), adapters_(std::move(adapters)), timeout_(timeout) {}

Rig::~Rig() {
  cancel();
}

void Rig::perform(const std::string& action, const Value& arguments, Adapter::Done done) {
  action_ = find_action(action);
  arguments_ = arguments;
  done_ = std::move(done);
  timer_ = clock_.after(timeout_, [this] {
    timer_ = base::Clock::Timer::none;
    if (asked_ < adapters_.size()) adapters_[asked_]->cancel();
    finish({Outcome::timeout, "the action was not done within " + base::format_duration(timeout_),
            asked_ < adapters_.size() ? adapters_[asked_]->name() : ""});
  });
  ask(0, {});
}

void Rig::ask(std::size_t index, const std::string& refusals) {
  asked_ = index;
  if (index >= adapters_.size()) {
    refusal_ = clock_.after(base::Nanos::zero(), [this, refusals] {
      finish({Outcome::unsupported,
              refusals.empty() ? "the PIXIT names no rig that could do it" : refusals,
              {}});
    });
    return;
  }
  adapters_[index]->perform(*action_, arguments_, [this, index, refusals](Result result) {
    result.adapter = adapters_[index]->name();
    // Words of a stranger, on their way into the journal.
    result.reason = base::one_line(result.reason, 1000);
    if (result.outcome != Outcome::unsupported) return finish(std::move(result));
    const std::string refusal = result.adapter + ": " + result.reason;
    ask(index + 1, refusals.empty() ? refusal : refusals + "; " + refusal);
  });
}

void Rig::stop_timers() {
  for (auto* timer : {&timer_, &refusal_})
    clock_.cancel(std::exchange(*timer, base::Clock::Timer::none));
}

void Rig::finish(Result result) {
  stop_timers();
  result.at = clock_.now();
  if (auto done = std::exchange(done_, nullptr)) done(std::move(result));
}

void Rig::cancel() {
  stop_timers();
  if (done_ && asked_ < adapters_.size()) adapters_[asked_]->cancel();
  done_ = nullptr;
}

FunctionAdapter::FunctionAdapter(std::string name, base::Clock& clock, Function function)
    : name_(std::move(name)), clock_(clock), function_(std::move(function)) {}

void FunctionAdapter::perform(const ActionInfo& action, const Value& arguments, Done done) {
  timer_ = clock_.after(base::Nanos::zero(),
                        [this, name = action.name, arguments, done = std::move(done)] {
                          timer_ = base::Clock::Timer::none;
                          done(function_(name, arguments));
                        });
}

void FunctionAdapter::cancel() {
  if (timer_ != base::Clock::Timer::none) clock_.cancel(timer_);
  timer_ = base::Clock::Timer::none;
}

}  // namespace plugproof::rig
