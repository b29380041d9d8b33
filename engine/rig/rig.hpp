// Who performs a physical action: adapters, asked in the order of the PIXIT. What one cannot do is
// asked of the next; with nobody left the action is unsupported, and the case inconclusive, never
// failed.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/value.hpp"
#include "engine/rig/actions.hpp"

namespace plugproof::rig {

enum class Outcome { done, unsupported, failed, timeout };
const char* to_string(Outcome outcome);

struct Result {
  Outcome outcome = Outcome::done;
  std::string reason;   // when not done
  std::string adapter;  // who did it, or refused last
  base::Nanos at{0};    // when it ended, on the run's clock
};

class Adapter {
 public:
  using Done = std::function<void(Result)>;
  virtual ~Adapter() = default;
  virtual std::string name() const = 0;
  // Calls `done` once, never from inside this call.
  virtual void perform(const ActionInfo& action, const base::Value& arguments, Done done) = 0;
  // Gives up what is under way; `done` is not called any more.
  virtual void cancel() = 0;
};

// What the actions so far left behind, by connector: what a clean-up has to undo.
struct Traces {
  std::set<std::int64_t> plugged, halfway, faulted, unlock_failing;
  bool without_power = false, without_network = false;  // switched off and not on again

  void record(const std::string& action, const base::Value& arguments);
  // An action was asked for and nobody knows whether it was performed: what it would leave behind
  // is there, what it would undo is still there too.
  void record_unsure(const std::string& action, const base::Value& arguments);
  // {plugged: [..], halfway: [..], faulted: [..], unlock_failing: [..], without_power: ..,
  // without_network: ..}
  base::Value to_value() const;
};

class Rig {
 public:
  Rig(base::Clock& clock, std::vector<std::unique_ptr<Adapter>> adapters, base::Nanos timeout);
  virtual ~Rig();

  // When an action is asked for that comes next: it is recorded before anything of it happens.
  virtual base::Nanos asked_at(const std::string& /*action*/, const base::Value& /*arguments*/) {
    return clock_.now();
  }
  // Calls `done` once, never from inside this call. One action at a time.
  virtual void perform(const std::string& action, const base::Value& arguments, Adapter::Done done);
  virtual void cancel();

  // An action that was done, as soon as whoever asked for it takes note of it.
  void remember(const std::string& action, const base::Value& arguments) {
    traces_.record(action, arguments);
  }
  const Traces& traces() const { return traces_; }
  // What an earlier process left behind.
  void assume(Traces traces) { traces_ = std::move(traces); }

 private:
  void ask(std::size_t index, const std::string& refusals);
  void finish(Result result);
  void stop_timers();

  base::Clock& clock_;
  std::vector<std::unique_ptr<Adapter>> adapters_;
  base::Nanos timeout_;
  Traces traces_;
  const ActionInfo* action_ = nullptr;
  base::Value arguments_;
  Adapter::Done done_;
  base::Clock::Timer timer_ = base::Clock::Timer::none;
  base::Clock::Timer refusal_ = base::Clock::Timer::none;  // on its way: nobody could do it
  std::size_t asked_ = 0;
};

// An adapter over a function that answers at once: the simulator in the same process.
class FunctionAdapter final : public Adapter {
 public:
  using Function = std::function<Result(const std::string& action, const base::Value& arguments)>;
  FunctionAdapter(std::string name, base::Clock& clock, Function function);
  ~FunctionAdapter() override { cancel(); }

  std::string name() const override { return name_; }
  void perform(const ActionInfo& action, const base::Value& arguments, Done done) override;
  void cancel() override;

 private:
  std::string name_;
  base::Clock& clock_;
  Function function_;
  base::Clock::Timer timer_ = base::Clock::Timer::none;
};

}  // namespace plugproof::rig
