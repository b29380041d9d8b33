// Where the time of a run went, from the journal alone: what the charge point took, what the test
// cases prescribe, what the bench's hands took, and what the harness needed itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/value.hpp"

namespace plugproof::reports {

// In seconds. The four make up the whole.
struct TimeBudget {
  double charge_point = 0;  // waiting for a message, an answer, a connection
  double prescribed = 0;    // windows in which an absence is watched or values are collected; waits
  double rig = 0;           // physical actions, from the asking to the end
  double harness = 0;       // from the event that enabled an action of ours to that action

  double total() const { return charge_point + prescribed + rig + harness; }
  double harness_percent() const { return total() > 0 ? 100 * harness / total() : 0; }
};

// "the charge point 3 min 2 s, prescribed waits 40 s, physical actions 12 s, the harness 0.31 s
// (0.13 %)".
std::string time_text(const TimeBudget& budget);

// Follows the records in their order. The time before a record belongs to what was going on then;
// the moments of our own actions show how long they took us.
class TimeLedger {
 public:
  void take(const base::Value& record);

  const TimeBudget& run() const { return run_; }
  // Of the case whose records were taken last.
  const TimeBudget& of_case() const { return case_; }

 private:
  void spend(double TimeBudget::*part, std::int64_t until);
  void pass_time(const std::string& kind, bool own_call, std::int64_t t);
  double TimeBudget::*waiting() const;
  void note(const std::string& kind, const base::Value& record);

  TimeBudget run_, case_;
  std::optional<std::int64_t> now_;  // ns on the run's clock
  std::string step_;                 // key of the step begun last: receive, never ...
  std::int64_t deadline_ = 0;        // of that step; 0: none
  std::string asked_;                // id of our request that is not answered
  bool acting_ = false;              // a physical action is under way
};

}  // namespace plugproof::reports
